"""Scripts add comfort only: without them everything still works."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import PLAN

pytestmark = pytest.mark.e2e

MATTER = "noise-complaint"


def test_filed_and_followed_without_scripts(opens: Opens) -> None:
    """A question that an answer brings up is asked on the next press, a paper is added, the receipt has the number."""
    resident = opens("linxiaomei", screen="phone", javascript=False)
    resident.begin(MATTER)
    resident.answer(MATTER, source="site", description="半夜一点还在打桩。")
    resident.press("Continue")
    resident.sees("Your answer brings up something more. Please fill that in too.")
    resident.answer(MATTER, company="明川清河建设有限公司")
    resident.press("Continue")
    heard = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011  # yesterday, wherever one is
    resident.answer(MATTER, address="明川市青屏区望山街 60 号", district="qingping", times=["night"], last_heard=heard)
    resident.press("Continue")
    resident.answer(MATTER, confidential=True, call_back="text_only")
    resident.press("Continue")
    resident.hand_in(PLAN)
    resident.press("Add the chosen files")
    resident.reads(re.compile("plan.png"))
    resident.press("Continue")
    number = resident.send()
    resident.follow("Follow it")
    expect(resident.page).to_have_url(f"{resident.city.url}/cases/{number}/")
    resident.page.locator("details.tb-menu > summary").click()
    resident.press("Sign out")
