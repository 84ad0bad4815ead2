"""A day at the desk without a mouse: keys are looked up, several cases taken on, and one is worked on and left."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.kinds import FOOD
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e

OPINION = "Visited, in order; just now."


def test_by_keys_alone(opens: Opens, city: City) -> None:
    """Two cases are taken on together, an opinion is kept as a draft, the next one opened and come back."""
    accepted = {"do": "accept", "by": "wangqian"}
    filed = [{"by": by, "matter": FOOD, "working_days_ago": 9} for by in ("linxiaomei", "wuxiaochuan")]
    numbers = city.pasts([{"file": each, "steps": [accepted]} for each in filed])
    officer = opens("chenli", language="en-GB", reduced_motion="reduce")
    page, keys = officer.page, officer.page.keyboard
    with told("a-day-at-the-desk") as step:
        with step("She looks up the keys."):
            officer.go(f"/desk/?matter={FOOD}&group=free")
            keys.press("?")
            expect(page.get_by_role("dialog", name="Keys of the desk")).to_be_visible()
            keys.press("j")
            expect(page.locator("[data-row]:focus")).to_have_count(0)
            keys.press("Escape")
            expect(page.get_by_role("dialog")).to_be_hidden()
        with step("She goes down the queue and ticks two cases."):
            _ticks(officer, numbers)
        with step("She takes both on at once."):
            _takes_on(officer)
            for number in numbers:
                assert city.log(number)[-1] == "task.claimed"
        with step("She opens the first and begins an opinion."):
            officer.go(f"/desk/?matter={FOOD}&group=mine")
            keys.press("j")
            keys.press("Enter")
            expect(page).to_have_url(re.compile(r"/desk/cases/\d+/"))
            keys.press("d")
            keys.press("Space")
            keys.press("Tab")
            keys.type(OPINION)
            keys.press("Escape")
            expect(page.locator("summary:focus")).to_have_count(1)
        with step("She keeps it as a draft, and looks at the next case."):
            keys.press("s")
            expect(page.get_by_text(re.compile("You wrote this on"))).to_be_visible()
            here = page.url.partition("#")[0]
            keys.press("n")
            page.wait_for_url(lambda url: not url.startswith(here) and "/desk/cases/" in url)
            expect(page.get_by_text(OPINION)).to_have_count(0)
        with step("She comes back, and finds what she wrote."):
            keys.press("p")
            page.wait_for_url(lambda url: url.startswith(here))
            expect(page.get_by_text(re.compile("You wrote this on"))).to_be_visible()
            expect(page.locator("textarea").filter(has_text=OPINION)).to_have_count(1)
            assert city.log(here.rstrip("/").rpartition("/")[2])[-1] == "task.claimed"
        with step("She goes back to the queue, to the row where she was."):
            keys.press("q")
            expect(officer.heading("Mine")).to_be_visible()
            expect(page.locator("[data-row]:focus")).to_have_count(1)


def _ticks(officer: Reader, numbers: list[int]) -> None:
    """Down the rows; ``x`` on those of the two cases."""
    page, keys = officer.page, officer.page.keyboard
    for _ in range(page.locator("[data-row]").count()):
        keys.press("j")
        href = page.locator("[data-row]:focus").get_attribute("href") or ""
        if any(f"/{number}/" in href for number in numbers):
            keys.press("x")
    expect(page.get_by_text("Selected: 2")).to_be_visible()


def _takes_on(officer: Reader) -> None:
    """``w``, what is chosen there, and the one question; a letter in the field unticks nothing."""
    page, keys = officer.page, officer.page.keyboard
    keys.press("w")
    expect(page.get_by_label("With what is selected")).to_be_focused()
    keys.press("x")
    expect(page.get_by_text("Selected: 2")).to_be_visible()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[name=confirmed]")).to_be_visible()
    page.locator("[name=confirmed]").focus()
    keys.press("Enter")
    expect(officer.heading("2 steps taken on")).to_be_visible()
