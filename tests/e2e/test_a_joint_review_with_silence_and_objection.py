"""Opening a restaurant: fire says nothing, drainage says no, the coordinator settles it, and the lead grants."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e

AGAINST = "没有油水分离设施，污水接入雨水管。"
EXIT, HEIGHT = "图上请标出第二个安全出口。", "效果图请写明招牌离地的高度。"
WHOSE = {"matter": "restaurant-opening", "by": "zhoumin", "applicant": "organisation:91361700MA00001A5K"}
SHEET: FilePayload = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
SETTLED = "油水分离器周一已装好，住建局看过；消防支队现场检查合格，没有录入系统。"


def test_the_coordinator_settles_it(city: City, opens: Opens) -> None:
    """Neither silence nor an objection is passed over, and the company hears of one case with one result."""
    company, lead = opens("zhoumin", screen="phone"), opens("hejun")
    with told("a-joint-review") as step:
        with step("The window has taken it in once, and three of the four have answered."):
            number = _six_days_ago(city)
            case = f"/desk/cases/{number}/"
        with step("Fire and rescue lets its four days go by."):
            lead.go(case)
            lead.awaits(lead.say("Not answered within the limit: goes to whoever settles it"))
        with step("The company reads one progress."):
            company.go(f"/cases/{number}/")
            company.sees("One department has not answered in time; it is being looked into")
            company.sees("You do not need to do anything now")
            expect(company.page.get_by_text(AGAINST)).to_have_count(0)
        with step("The lead cannot decide."):
            lead.go(case)
            lead.reads(AGAINST)
            expect(_decision(lead)).to_have_count(0)
        with step("The coordinator reads both, and settles it with reasons."):
            _settles(opens("luqing"), number)
        with step("The lead grants."):
            lead.go(case)
            lead.reads(AGAINST)
            lead.reads(SETTLED)
            form = lead.opens("Decide")
            form.get_by_label(lead.say("Grant"), exact=True).check()
            form.get_by_role("button").first.click()
            lead.press("Yes, grant it")
            lead.sees("Decided. The applicant sees it in the progress of the case.")
        with step("The company has one result."):
            company.awaits(company.say("Download the certificate"))
            company.sees("Granted")
            assert city.log(number).count("case.decided") == 1
            assert city.certificate(number)
        with step("Of its second shop, fire and the sign office say what they miss."):
            second = city.past(file=WHOSE | {"working_days_ago": 1}, steps=[{"do": "accept", "by": "wangqian"}])
            _misses(opens("luhao"), second, EXIT)
            _misses(opens("tanglei"), second, HEIGHT)
        with step("One request is made of it."):
            _asks_once(opens("chenli"), second)
        with step("The company is asked once, and answers once."):
            _answers_once(company, second)
            log = city.log(second)
            assert (log.count("supplement.requested"), log.count("supplement.answered")) == (1, 1)


def _six_days_ago(city: City) -> int:
    """Accepted six working days ago; fire has had its four when the worker looks."""
    said = {"chenli": ("food", "pass", "符合。"), "tanglei": ("sign", "pass", "符合。")}
    said |= {"fangting": ("building", "fail", AGAINST)}
    opinions = [
        {"do": "complete", "by": by, "node": f"opinion_{what}", "given": {"outcome": outcome, "opinion": words}}
        for by, (what, outcome, words) in said.items()
    ]
    return city.past(file=WHOSE | {"working_days_ago": 6}, steps=[{"do": "accept", "by": "wangqian"}, *opinions])


def _decision(lead: Reader) -> Locator:
    return lead.page.locator("summary", has_text=lead.say("Decide"))


def _settles(coordinator: Reader, number: int) -> None:
    coordinator.go("/desk/?matter=restaurant-opening")
    coordinator.page.locator(f"a[href='/desk/cases/{number}/']").first.click()
    coordinator.reads(AGAINST)
    coordinator.sees("Not answered within the limit: goes to whoever settles it")
    form = coordinator.opens("Finish this step")
    form.get_by_role("radio").first.check()
    form.get_by_role("textbox").fill(SETTLED)
    form.get_by_role("button").first.click()
    coordinator.sees("This step is finished.")


def _misses(officer: Reader, number: int, words: str) -> None:
    """A department says what it misses, on the page of the case."""
    officer.go(f"/desk/cases/{number}/")
    part = officer.page.locator("#missing details")
    part.locator("summary").click()
    part.get_by_role("checkbox").first.check()
    part.get_by_role("textbox").fill(words)
    part.get_by_role("button").click()
    officer.sees("Noted. Whoever asks the applicant has it in the request.")


def _asks_once(lead: Reader, number: int) -> None:
    """What all have said is in the form; whoever sends it changes nothing."""
    lead.go(f"/desk/cases/{number}/")
    form = lead.opens("Ask the applicant to complete it")
    words = form.get_by_label(lead.say("What exactly to do")).input_value()
    assert EXIT in words
    assert HEIGHT in words
    expect(form.get_by_role("checkbox", checked=True)).to_have_count(1)
    form.get_by_role("button").first.click()
    lead.press("Yes, ask for it")
    lead.sees("The applicant has been asked, once and for everything. What comes in is seen by all departments.")


def _answers_once(company: Reader, number: int) -> None:
    company.go(f"/cases/{number}/")
    company.sees("This is everything: nothing more will be asked for. Meanwhile no time is used up.")
    for words in (EXIT, HEIGHT):
        company.reads(re.compile(re.escape(words)))
    company.follow("Hand it in now")
    for field in company.page.locator("input[type=file]").all():
        field.set_input_files(files=SHEET)
    company.page.locator("main button[type=submit]").last.click()
    company.page.wait_for_url(f"**/cases/{number:016d}/")
    company.sees("You handed in what was missing")
