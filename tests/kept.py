"""What a process of tests makes once and keeps to its end, instead of making it or looking through it anew."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

__all__ = [
    "begin_to_keep",
    "keep_for_good",
    "pytest_collection_finish",
    "pytest_configure",
    "styles_and_scripts_are_found_once",
]


def begin_to_keep() -> None:
    """Do not look for garbage in what is made from now on: it stays to the end."""
    gc.disable()


def keep_for_good() -> None:
    """Look for garbage from now on, but never in what is there now.

    Python went through all that is imported, collected and loaded again and again, for a tenth of the time of tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """What is imported and collected from now on stays; a process that only hands tests out collects none."""
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        begin_to_keep()


def pytest_collection_finish() -> None:
    """Now tests begin."""
    keep_for_good()


@pytest.fixture(scope="session", autouse=True)
def styles_and_scripts_are_found_once() -> Iterator[None]:
    """Every client of a test has middleware of its own, which would look through all static files anew."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[str, Any] = {}

    def find_once(self: Any) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        find = WhiteNoiseMiddleware.add_files_from_finders
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield
