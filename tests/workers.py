"""Which tests share a worker when they run side by side, and which are run on a second database as well.

Stories share one browser and city, pages another, and those that need two cities run them once.

xdist's own mark for this does nothing under pytest 9.2: it writes a group's name into a test's id, which pytest no
longer takes over. Without it each worker makes a city and a browser, and stories disturb each other.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

PAGES, STORIES = "tests/e2e/test_every_page.py", "tests/e2e/"
CITIES = "tests/apps/crossings/test_two_cities.py"


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it publishes no types
    """The tests in a browser in two groups, those of two cities in one, each on one worker; every other for itself."""

    def _split_scope(self, nodeid: str) -> str:
        """The group that a test belongs to, by its id."""
        return next((group for group in (PAGES, STORIES, CITIES) if nodeid.startswith(group)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Called by xdist in the process that hands the tests out."""
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark with ``database`` what touches it, itself or in a process that it starts: `-m database` runs only that.

    What is marked ``once`` is not: it walks through words, or through all that a city offers, by ways that other tests
    take on both databases; or it serves a city on a SQLite of its own.
    """
    for item in items:
        if item.get_closest_marker("once"):
            continue
        given = set(getattr(item, "fixturenames", ()))
        asks = {"db", "transactional_db"} & given or item.get_closest_marker("django_db")
        serves = item.nodeid.startswith("tests/scenarios/") or hasattr(getattr(item, "module", None), "subprocess")
        if asks or serves:
            item.add_marker("database")
