"""The five stories: each a first-time resident on a phone, from the start page to what becomes of it.

What they look for and answer stands in said.yaml.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from playwright.sync_api import Locator, expect
from tests.e2e.films.camera import Film

__all__ = ["STORIES", "Story"]

MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class Story:
    """Who plays, in which language, and what they do."""

    who: str
    plays: Callable[[Film], None]
    language: str = "zh-CN"


def newborn(film: Film) -> None:
    """A daughter was born ten days ago and her mother is employed: six matters, filed together."""
    _files_a_bundle(film, "birth", **_said("newborn"))
    _looks_into_the_inbox(film)


def restaurant(film: Film) -> None:
    """A sole trader fits out a shop, with seats at its door: licence, joint review, drains, seats, health check."""
    _files_a_bundle(film, "restaurant", **_said("restaurant"))
    _looks_into_the_inbox(film)


def retirement(film: Film) -> None:
    """A man who has worked on past sixty retires: pension, health insurance, housing fund and senior card."""
    _files_a_bundle(film, "retirement", **_said("retirement"))
    _looks_into_the_inbox(film)


def lost_card(film: Film) -> None:
    """An identity card was lost yesterday: a new one is asked for, paid at the (sandbox) cashier, and followed."""
    number = _files_a_matter(film, "lost-id-card", **_said("lost-card"))
    page = film.reader.page
    film.turns(page.locator("main form[action$='/fee/pay'] button").first)
    film.turns(page.locator("button.go"))
    film.turns(_seen(page.locator(f"a[href='/cases/{number}/']")))


def complaint(film: Film) -> None:
    """A building site is loud at night: told with a recording, looked into, answered."""
    said = dict(_said("complaint"))
    steps = said.pop("steps")
    number = _files_a_matter(film, "noise-complaint", **said)
    film.turns(_seen(film.reader.page.locator(f"main a[href='/cases/{number}/']")))
    film.reader.city.goes_on(number, steps=steps)
    _looks_into_the_inbox(film)


# --- what they have in common -----------------------------------------------------------------------------------------


def _files_a_bundle(
    film: Film, bundle: str, *, looks_for: str, guide: Mapping[str, str], answers: Mapping[str, Any]
) -> None:
    page, say = film.reader.page, film.reader.say
    _searches(film, looks_for)
    film.turns(_seen(page.locator(f"main a[href='/bundles/{bundle}/']")))
    film.turns(_seen(page.get_by_role("link", name=say("See what applies to me"))))
    for question, value in guide.items():
        film.chooses(page.locator(f"input[type=radio][name={question}][value='{value}']"))
        film.turns(_button(film, "Continue"))
    film.turns(_seen(page.get_by_role("link", name=say("File together"))))
    _signs_in(film)
    _fills_in_all(film, answers)
    film.turns(_button(film, "Send it all"))
    expect(film.reader.heading(say("We have received it"))).to_be_visible()


def _files_a_matter(film: Film, matter: str, *, looks_for: str, answers: Mapping[str, Any]) -> str:
    page = film.reader.page
    _searches(film, looks_for)
    film.turns(_seen(page.locator(f"main a[href*='/{matter}/']")))
    film.turns(_seen(page.locator(f"a[href$='/matters/{matter}/start']")))
    _signs_in(film)
    mine = page.locator("[name=applicant]").first
    if not mine.is_checked():
        film.chooses(mine)
    _fills_in_all(film, answers)
    film.turns(_button(film, "Send it"))
    expect(film.reader.heading(film.reader.say("We have received it"))).to_be_visible()
    return page.url.split("/")[-3]


def _searches(film: Film, words: str) -> None:
    film.opens("/")
    film.types(film.reader.page.locator("main [name=q]").first, words)
    film.turns(film.reader.page.locator("main form:has([name=q]) button[type=submit]").first)


def _signs_in(film: Film) -> None:
    reader = film.reader
    film.types(reader.page.get_by_label(reader.say("User name"), exact=True), film.who)
    film.types(reader.page.get_by_label(reader.say("Password"), exact=True), reader.city.password)
    film.turns(_button(film, "Sign in"))


def _fills_in_all(film: Film, answers: Mapping[str, Any]) -> None:
    """From the first page that asks something to the one that has all answers to be checked, ticked."""
    page = film.reader.page
    for _ in range(MOST_PAGES):
        if page.locator("[name=declared]").count():
            film.chooses(page.locator("[name=declared]"))
            return
        if re.search(r"/carts/[^/]+/$", page.url):
            film.turns(page.locator(".tb-actions a.tb-button--large").first)
        elif page.locator("[name=consent]").count():
            for each in page.locator("[name=consent]").all():
                film.chooses(each)
            film.turns(page.locator("main form button[name=action][value=look]"))
        else:
            film.fills_in(answers)
            film.turns(_seen(page.locator("main form button.tb-button--large[type=submit]")))
    raise AssertionError(f"No end of pages, at {page.url}")


def _looks_into_the_inbox(film: Film) -> None:
    """Once all notices have come: what government tells, and the page that it leads to."""
    film.waits_until_still(film.reader.page.locator("a[href='/inbox/']").locator("visible=true").first)
    film.turns(_seen(film.reader.page.locator("a[href='/inbox/']")))
    film.turns(_seen(film.reader.page.locator("main .tb-inbox a")))


def _button(film: Film, english: str) -> Locator:
    return _seen(film.reader.page.get_by_role("button", name=film.reader.say(english), exact=True))


def _seen(found: Locator) -> Locator:
    return found.locator("visible=true").first


@cache
def _said(story: str) -> Mapping[str, Any]:
    said: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text("utf-8"))[story]
    return {**said, "answers": {name: _on_the_day(value) for name, value in said["answers"].items()}}


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _on_the_day(value: Any) -> Any:
    match value:
        case {"days": days}:
            return (_today() + timedelta(days=days)).isoformat()
        case {"month": day}:
            return _today().replace(day=day).isoformat()
        case _:
            return value


STORIES: Mapping[str, Story] = MappingProxyType(
    {
        "newborn": Story("linxiaomei", newborn),
        "restaurant": Story("wuxiaochuan", restaurant),
        "retirement": Story("zhaoguoan", retirement),
        "lost-card": Story("zhoumin", lost_card),
        "complaint": Story("wuxiaochuan", complaint),
    }
)
