"""One running city and one browser for all stories; each story has readers with cookies of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, StorageState
from tests.e2e.reader import DESKTOP, PHONE, Reader, Screen
from tests.e2e.running import City, running_browser, running_city


@pytest.fixture(scope="package")
def city(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[City]:
    """The running city. At the end neither server nor worker may have had anything to complain of."""
    with running_city(tmp_path_factory.mktemp("city"), migrated=migrated) as running:
        yield running
        troubles = running.troubles()
    assert not troubles, "\n".join(troubles)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. It ends with this package: while Playwright's loop runs, Django takes no database calls here."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="package")
def signed_in() -> dict[str, StorageState]:
    """Who has signed in once, and with which cookies: nobody has to do it again in each story."""
    return {}


class Opens(Protocol):
    """Lets somebody come to the product."""

    def __call__(
        self,
        name: str = "",
        *,
        language: str = "zh-CN",
        screen: Screen = "desktop",
        javascript: bool = True,
        **context: Any,
    ) -> Reader: ...


@pytest.fixture
def opens(browser: Browser, city: City, signed_in: dict[str, StorageState]) -> Iterator[Opens]:
    """``opens("chenli")``: a reader who is signed in; afterwards no browser console may have complained."""
    readers: list[tuple[Reader, Callable[[], None]]] = []

    def open_browser(
        name: str = "",
        *,
        language: str = "zh-CN",
        screen: Screen = "desktop",
        javascript: bool = True,
        **context: Any,
    ) -> Reader:
        made = browser.new_context(
            viewport=PHONE if screen == "phone" else DESKTOP,
            locale=language,
            java_script_enabled=javascript,
            storage_state=signed_in.get(name),
            **context,
        )
        reader = Reader(made.new_page(), city, language)
        readers.append((reader, made.close))
        if name and name not in signed_in:
            reader.go("/account/login/")
            reader.sign_in(name)
            signed_in[name] = made.storage_state()
        return reader

    yield open_browser
    complaints = [words for reader, _ in readers for words in reader.complaints]
    for _, close in readers:
        close()
    assert not complaints, "\n".join(complaints)
