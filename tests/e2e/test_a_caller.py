"""Mr Zhao telephones: nothing personal before he has shown who he is, then a complaint filed on his word."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e

MATTER, NUMBER = "noise-complaint", "361799195803070076"
_NOISE = {"source": "square", "description": "广场舞音响，夜里十点还在放。"}
_WHERE = {"address": "明川市临江区滨河广场", "district": "linjiang", "times": ["night"], "last_heard": "2026-03-15"}


def test_he_complains_by_telephone(city: City, opens: Opens) -> None:
    """What he said he was is compared; what he agreed to is kept; what he was promised is on a list."""
    clerk, he = opens("wangqian"), opens("zhaoguoan", screen="phone")
    with told("a-caller") as step:
        with step("The clerk begins the call."):
            clerk.go("/window/phone/")
            clerk.press("Begin the call")
            clerk.sees("Nobody yet")
            there = clerk.page.url
        with step("He asks about something else first."):
            _finds(clerk, "高龄津贴", "senior-allowance")
            clerk.sees("This cannot be filed by telephone. Tell the caller the other ways.")
            clerk.page.locator("a[href='?say=en']").click()
            clerk.reads("Allowance for the very old")
        with step("He must show who he is before anything is filed for him."):
            clerk.page.goto(there)
            _shows(clerk, NUMBER[:-1] + "8")
            expect(clerk.page.get_by_role("heading", name="赵国安")).to_have_count(0)
            clerk.sees("Nobody yet")
        with step("The second try fits."):
            _shows(clerk, NUMBER)
            expect(clerk.page.get_by_role("heading", name="赵国安")).to_be_visible()
        with step("The clerk fills in the complaint with him."):
            _finds(clerk, "广场舞", MATTER)
            clerk.press("Fill it in with them")
            clerk.answer(MATTER, **_NOISE)
            clerk.press("Continue")
            clerk.answer(MATTER, **_WHERE)
            clerk.press("Continue")
            expect(clerk.page.locator("[name=contact_name]")).to_have_value("赵国安")
            clerk.answer(MATTER, confidential=True, call_back="day")
            clerk.press("Continue")
            while not clerk.heading(clerk.say("Read it back before it is filed")).count():
                clerk.press("Continue")  # no file to hand in
        with step("She reads it back, and he says yes."):
            clerk.page.get_by_role("checkbox").check()
            clerk.page.locator("main form button[type=submit]").last.click()
            clerk.page.wait_for_url("**/cases/*/")
            case = clerk.page.url.split("/")[-2]
        with step("She promises him a call."):
            clerk.page.goto(there)
            clerk.follow("Promise a call")
            clerk.page.locator("[name=question]").fill("今晚有没有人到现场。")
            clerk.page.locator("[name=telephone]").fill("139 0000 0003")
            clerk.page.locator("[name=department]").select_option("window")
            clerk.press("Promise it")
            clerk.go("/window/phone/call-backs/")
            clerk.page.locator("a[href*='call-backs/']").locator("visible=true").last.click()
            clerk.reads("今晚有没有人到现场。")
        with step("The call ends."):
            clerk.page.goto(there)
            clerk.press("End the call")
            clerk.page.goto(there)
            assert clerk.page.url != there
            expect(clerk.page.locator("main")).not_to_contain_text("赵国安")
        with step("His daughter shows him online what became of it."):
            he.go(f"/cases/{case}/")
            he.reads(re.compile("王倩"))
            he.go("/me/looks/")
            why = he.say("To help by telephone somebody who showed that they are you")
            expect(he.page.locator("main").get_by_text(why).first).to_be_attached()


def _finds(clerk: Reader, words: str, matter: str) -> None:
    clerk.page.get_by_label(clerk.say("In the words of the caller")).fill(words)
    clerk.page.keyboard.press("Enter")
    clerk.page.locator(f"a[href$='/matters/{matter}/']").first.click()


def _shows(clerk: Reader, number: str) -> None:
    clerk.page.locator("a[href='?way=by-telephone']").click()
    for name, words in {"telephone": "13900000003", "name": "赵国安", "identity_number": number}.items():
        clerk.page.locator(f"[name={name}]").fill(words)
    clerk.press("Compare")
