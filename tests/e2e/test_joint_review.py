"""Opening a restaurant: four departments look at the same time, and the lead decides when all have answered."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.running import City

pytestmark = pytest.mark.e2e

OFFICERS = {"chenli": "食品", "luhao": "消防", "tanglei": "店招", "fangting": "排水"}


def test_four_departments_at_once_and_the_lead_decides(city: City, opens: Opens) -> None:
    """Each department finds its part in its queue; nobody can decide before the last of them has answered."""
    number = city.past(
        file={"matter": "restaurant-opening", "by": "zhoumin", "applicant": "organisation:91361700MA00001A5K"},
        steps=[{"do": "accept", "by": "wangqian"}],
    )
    lead = opens("hejun")
    for officer, what in OFFICERS.items():
        _sees_how_far_it_is(lead, number, before=list(OFFICERS).index(officer))
        _gives_an_opinion(opens(officer), number, what)
    lead.go(f"/desk/cases/{number}/")
    for what in OFFICERS.values():
        lead.reads(f"{what}：符合。")
    decision = lead.opens("Decide")
    decision.get_by_label(lead.say("Grant"), exact=True).check()
    decision.get_by_role("button").first.click()
    lead.press("Yes, grant it")
    lead.sees("Decided. The applicant sees it in the progress of the case.")
    expect(lead.page.locator("summary", has_text=lead.say("Decide"))).to_have_count(0)
    agent = opens("zhoumin")
    agent.go(f"/cases/{number}/")
    agent.sees("Granted")


def _sees_how_far_it_is(lead: Reader, number: str | int, *, before: int) -> None:
    """The picture shows a token with each department that has not answered; to decide is not offered yet."""
    lead.go(f"/desk/cases/{number}/")
    expect(lead.page.locator(".tb-flow-scroll .tb-node--open")).to_have_count(len(OFFICERS) - before)
    expect(lead.page.locator("summary").filter(has_text=re.compile(f"^{lead.say('Decide')}$"))).to_have_count(0)


def _gives_an_opinion(officer: Reader, number: str | int, what: str) -> None:
    officer.go("/desk/?matter=restaurant-opening")
    officer.page.locator(f"a[href='/desk/cases/{number}/']").first.click()
    step = officer.opens("Finish this step")
    step.get_by_role("radio").first.check()
    step.get_by_role("textbox").fill(f"{what}：符合。")
    step.get_by_role("button").first.click()
    officer.sees("This step is finished.")
