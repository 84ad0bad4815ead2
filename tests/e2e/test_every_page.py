"""Each kind of page, as people see it: no accessibility violation, nothing that moves or overflows, 50 KB at most.

A page is loaded on a phone in Chinese and on a desk in English; each of the two is tried on the other screen, in the
dark, large and with high contrast as well (see `looking`). Pages of residents are also loaded in elder mode, which has
its own templates. A page that the addresses know and nobody looks at here fails a test.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from django.http import Http404
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser
from tests.e2e.kinds import CLOSED, KINDS, NO_PAGES, RESIDENTS, TWO_STEPS, Kind
from tests.e2e.looking import Look, Windows, faults
from tests.e2e.places import SECRET, make_places
from tests.e2e.running import City, running_city
from tests.e2e.saying import VOICE_KINDS, VOICE_NO_PAGES, say_things

pytestmark = pytest.mark.e2e

ALL_KINDS = (*KINDS, *VOICE_KINDS)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[City]:
    """A city in which nothing happens while its pages are looked at."""
    with running_city(tmp_path_factory.mktemp("pages"), migrated=migrated, worker=False) as running:
        yield running
        troubles = running.troubles()
    assert not troubles, "\n".join(troubles)


@pytest.fixture(scope="module")
def places(city: City, browser: Browser) -> dict[str, str]:
    """Cases in several states, a draft, a cart, an order, to fill the addresses with."""
    return make_places(city, browser) | say_things(city)


@pytest.fixture(scope="module")
def windows(browser: Browser, city: City) -> Iterator[Windows]:
    """All windows, closed at the end."""
    made = Windows(browser, city, codes={TWO_STEPS: SECRET})
    yield made
    made.close()


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_page(kind: Kind, windows: Windows, places: dict[str, str]) -> None:
    found = [fault for look in kind.looks for fault in _faults(kind, look, windows, places)]
    assert not found, f"{kind.path}\n" + "\n".join(found)


def _faults(kind: Kind, look: Look, windows: Windows, places: dict[str, str]) -> list[str]:
    window = windows.window(look, kind.who)
    reader = window.reader
    reader.complaints.clear()
    window.weight()
    reader.go(kind.path.format(**places))
    weight = window.weight()
    if kind.press:
        reader.press(kind.press)
        reader.page.wait_for_load_state()
    if kind.do:
        kind.do(reader, places)
        weight = window.weight() or weight  # what is done there need not lead to another page
    staff = kind.who not in RESIDENTS or kind.path == "/design/desk"
    return faults(look=look, window=window, weight=weight, staff=staff)


# --- every route is looked at -----------------------------------------------------------------------------------------

SAMPLE = "0000000000000000"
NO_ONE = UUID(int=0)


def test_every_route_that_shows_a_page_is_looked_at() -> None:
    """Add what is missing to KINDS, or say above that it is no page."""
    missing = (
        set(_routes(get_resolver())) - {_route_of(kind) for kind in ALL_KINDS} - NO_PAGES - VOICE_NO_PAGES - CLOSED
    )
    assert missing == set()


def _routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            if each.name:
                yield f"{space}{each.name}"
        elif str(each.pattern) != "api/v1/":
            yield from _routes(each, f"{space}{each.namespace}:" if each.namespace else space)


def _route_of(kind: Kind) -> str:
    if kind.reaches:
        return kind.reaches
    sample = dict.fromkeys(re.findall(r"{(\w+)}", kind.path), SAMPLE)
    sample |= dict.fromkeys(("draft", "on_file"), f"/drafts/{NO_ONE}/")
    sample |= dict.fromkeys(("cart", "cart_on_file"), f"/carts/{NO_ONE}/")
    sample |= {"shared": f"/shared/{SAMPLE}/", "day": "2026-01-02", "proof": f"{SAMPLE}/{'0' * 66}"}
    with suppress(Http404):
        return resolve(kind.path.partition("?")[0].format(**sample)).view_name
    return ""
