"""Mrs Qian has no telephone: a number from the machine, a clerk, a benefit that is decided at once, and a paper."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e

MATTER = "senior-allowance"
NAME, NUMBER = "钱桂英", "361799194405010823"
_KIOSK = "from tongban.web.kiosks import kiosk_url; print(kiosk_url(hall='city-centre'))"


def test_she_goes_home_with_the_decision(city: City, opens: Opens) -> None:
    """Nobody asks her for a telephone, an account or a copy."""
    machine, clerk, hall, daughter = opens(), opens("sunbei"), opens(), opens(screen="phone")
    with told("an-elderly-person-at-the-counter") as step:
        with step("She takes a number from the machine in the hall."):
            machine.go(city.command("shell", "-v0", "-c", _KIOSK).strip())
            machine.page.locator("button[value=general]").click()
            label = machine.page.locator(".tb-ticket__label").inner_text().split()[-1]
        with step("The clerk calls it, and the screen in the hall shows where to go."):
            _calls(clerk, label)
            hall.go("/hall/city-centre/screen/")
            expect(hall.page.get_by_text(label).first).to_be_visible()
        with step("She stands there, and the clerk opens the form with her card."):
            clerk.press("They are here")
            clerk.follow("File for them")
            clerk.page.get_by_role("searchbox").first.fill("高龄津贴")
            clerk.page.keyboard.press("Enter")
            clerk.page.locator(f"a[href='/window/{MATTER}/']").first.click()
            _fill(clerk, "Identity number", NUMBER)
            _fill(clerk, "Name", NAME)
            clerk.press("Open the form with them")
        with step("The clerk asks the few questions that the card does not answer."):
            clerk.answer(MATTER, birth_date="1944-05-01")
            assert not clerk.page.locator("[name=phone]").input_value()
            clerk.press("Continue")
            clerk.answer(MATTER, residence="registered", district="linjiang", bank_name="明川农商银行")
            clerk.press("Continue")
        with step("It is decided while she stands there."):
            case = clerk.send()
            clerk.page.goto(f"{city.url}/desk/cases/{case}/")
            clerk.sees("Granted")
            assert "case.decided" in city.log(case)
        with step("She takes the receipt home on paper."):
            clerk.go(f"/cases/{case}/receipt/")
            clerk.reads(re.compile(r"(\d{4} ?){4}"))
        with step("Her daughter looks it up in the evening."):
            daughter.go("/track/")
            daughter.page.get_by_label(daughter.say("Case or order number")).fill(case)
            ending = daughter.page.get_by_label(daughter.say("Last four digits of the applicant's telephone"))
            ending.fill(NUMBER[-4:].lower())
            daughter.press("Look it up")
            daughter.sees("Granted")
            assert NAME not in daughter.page.content()
        with step("The window is free for the next."):
            clerk.go("/window/queue/")
            clerk.press("Done")
            hall.go("/hall/city-centre/screen/")
            expect(hall.page.get_by_text(label)).to_have_count(0)


def _calls(clerk: Reader, label: str) -> None:
    """Open the first window that is free, and call until it is this number's turn."""
    clerk.go("/window/queue/")
    clerk.page.locator("button[name=window]").first.click()
    clerk.press("Call the next number")
    expect(clerk.page.locator(".tb-in-hand")).to_have_text(label)


def _fill(reader: Reader, label: str, words: str) -> None:
    reader.page.get_by_label(reader.say(label), exact=True).fill(words)
