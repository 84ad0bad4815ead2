"""A small restaurant's licence, from the first search to the rating: what the product is for, on phone and desk."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from tests.e2e.conftest import Opens
from tests.e2e.reader import PLAN, SCAN, Reader, Screen
from tests.e2e.running import City

pytestmark = pytest.mark.e2e

MATTER = "food-business-licence"
NAME = {"zh": "食品经营许可（餐饮服务）", "en": "Food business licence (catering)"}
SEARCH = {"zh": "我要开个小饭馆", "en": "open a restaurant"}
WHO = {"zh": "linxiaomei", "en": "zhoumin"}
FOR = {"zh": "林晓梅", "en": "明川小馆餐饮有限公司"}
LOG = [
    *("case.filed", "supplement.requested", "supplement.answered", "case.accepted", "task.claimed"),
    *("task.completed", "clock.paused", "task.completed", "clock.resumed", "task.completed"),
    *("case.decided", "certificate.issued", "task.completed", "case.rated"),
]
"""What is on record in the end, each once: the press of a button twice has left nothing."""
SHOP = {"zh": "明川小馆", "en": "Riverside Bistro"}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_from_search_to_rating(city: City, opens: Opens, screen: Screen, language: str) -> None:
    """One case: found, begun, left, resumed, sent twice, completed, inspected, granted, downloaded, verified, rated."""
    resident = opens(language=language, screen=screen)
    _finds_the_matter(resident)
    _begins_and_leaves(resident)
    _resumes_and_completes(resident)
    number = _sends_it_twice(resident)

    clerk = opens("wangqian", language=language, screen=screen)
    _asks_for_a_better_plan(clerk, number)
    assert city.log(number) == LOG[:2]
    _answers(resident, number)
    _accepts(clerk, number)

    handler = opens("chenli", language=language, screen=screen)
    _handles_and_inspects(handler, resident, number)
    _reviews_and_grants(opens("hejun", language=language, screen=screen), number)

    identifier = _downloads(resident, number)
    stranger = opens(language=language, screen=screen)
    _verifies(stranger, identifier)
    _tracks(stranger, number)
    _rates(resident, number)
    assert city.log(number) == LOG


def _finds_the_matter(resident: Reader) -> None:
    resident.go("/")
    resident.page.locator("[data-search]").fill(SEARCH[resident.short])
    resident.press("Search")
    resident.page.get_by_role("link", name=NAME[resident.short]).first.click()
    expect(resident.heading(NAME[resident.short])).to_be_visible()
    resident.page.locator(f"a[href$='/matters/{MATTER}/start']").locator("visible=true").first.click()
    resident.sign_in(WHO[resident.short])


def _begins_and_leaves(resident: Reader) -> None:
    """In their own name, or as an agent in a company's. What is wrong is said in a summary, which has the focus."""
    resident.page.get_by_label(re.compile(FOR[resident.short])).check()
    resident.page.locator("main button[type=submit]").last.click()
    resident.leaves_what_is_on_file()
    resident.answer(MATTER, application_kind="new")
    resident.press("Continue")
    resident.answer(MATTER, shop_name=SHOP[resident.short], address="明川市临江区滨河路 16 号", area_m2="large")
    resident.press("Continue")
    summary = resident.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    area = resident.page.locator("#id_area_m2")
    expect(area).to_be_focused()
    expect(area).to_have_attribute("aria-invalid", "true")
    area.fill("86.5")
    resident.press("Save and leave")
    resident.sees("Your answers are kept. Go on whenever you like.")


def _resumes_and_completes(resident: Reader) -> None:
    """Later, from the list of cases: it goes on where it stopped, and every answer is still there."""
    resident.go("/cases/")
    resident.page.get_by_role("link", name=resident.say("Go on: %(matter)s", matter=NAME[resident.short])).first.click()
    resident.press("Back")
    expect(resident.page.locator("#id_area_m2")).to_have_value("86.5")
    resident.press("Continue")
    resident.answer(MATTER, business_format="restaurant", items=["hot_dishes"], staff_count=6, online_orders=False)
    resident.press("Continue")
    resident.answer(MATTER, safety_manager="林晓梅", safety_manager_phone="13900000001")
    resident.press("Continue")
    resident.press("Continue")
    expect(resident.page.locator("[data-error-summary]")).to_be_focused()
    resident.hand_in(PLAN)
    resident.press("Continue")
    expect(resident.heading(resident.say("Check before you send it"))).to_be_visible()
    resident.reads(SHOP[resident.short])
    resident.reads(re.compile("plan.png"))


def _sends_it_twice(resident: Reader) -> str:
    """Two requests at once and then the button: one case."""
    resident.page.get_by_role("checkbox").check()
    landed = resident.page.evaluate(
        """() => { const form = document.querySelector('form[action$="/submit"]');
        const send = () => fetch(form.action, {method: 'POST', body: new FormData(form)}).then(answer => answer.url);
        return Promise.all([send(), send()]) }"""
    )
    resident.press("Send it")
    expect(resident.heading(resident.say("We have received it"))).to_be_visible()
    assert {resident.page.url} == set(landed)
    number = resident.page.url.split("/")[-3]
    assert len(number) == 16
    resident.reads(" ".join(number[at : at + 4] for at in range(0, 16, 4)))
    resident.go("/cases/")
    expect(resident.page.locator(f"main a[href='/cases/{number}/']")).to_have_count(1)
    return number


def _asks_for_a_better_plan(clerk: Reader, number: str) -> None:
    """The clerk finds it in the queue and asks once for all that is missing; it is asked back before it counts."""
    clerk.go("/desk/?matter=" + MATTER)
    clerk.page.locator(f"a[href='/desk/cases/{number}/']").first.click()
    asking = clerk.opens("Ask the applicant to complete it")
    asking.get_by_role("checkbox").first.check()
    asking.get_by_label(clerk.say("What exactly to do")).fill("图上请标出洗消间。Please mark the washing-up room.")
    asking.get_by_role("button").first.click()
    clerk.press("Yes, ask for it")
    clerk.sees("The applicant has been asked.")


def _answers(resident: Reader, number: str) -> None:
    resident.go(f"/cases/{number}/")
    resident.sees("Something is missing")
    resident.reads(re.compile("Please mark the washing-up room"))
    resident.follow("Hand it in now")
    resident.hand_in(SCAN)
    resident.press("Hand it in")
    resident.sees("Thank you, we have it. The case goes on.")


def _accepts(clerk: Reader, number: str) -> None:
    clerk.go(f"/desk/cases/{number}/")
    clerk.press("Accept the case")
    clerk.sees("Accepted. The clock is running, and the applicant sees it in the progress of the case.")


def _handles_and_inspects(handler: Reader, resident: Reader, number: str) -> None:
    """The handler takes the step on; while the place is inspected the clock stands still, and the applicant sees it."""
    handler.go("/desk/?matter=" + MATTER)
    row = handler.page.get_by_role("row").filter(has=handler.page.locator(f"a[href='/desk/cases/{number}/']"))
    row.get_by_role("button").click()
    handler.sees("You have taken this step on. Put it back any time before you finish it.")
    handler.go(f"/desk/cases/{number}/")
    _finishes(handler, "图纸符合。The plan is in order.")
    handler.sees("The clock is stopped")
    resident.go(f"/cases/{number}/")
    resident.sees("Clock paused")
    _finishes(handler, "现场符合。The place is as drawn.")


def _finishes(officer: Reader, opinion: str) -> None:
    step = officer.opens("Finish this step")
    step.get_by_role("radio").first.check()
    step.get_by_label(re.compile(officer.say("Your opinion"))).fill(opinion)
    step.get_by_role("button").first.click()
    officer.sees("This step is finished.")


def _reviews_and_grants(decider: Reader, number: str) -> None:
    decider.go(f"/desk/cases/{number}/")
    decider.reads(re.compile("The place is as drawn"))
    _finishes(decider, "同意。Agreed.")
    decision = decider.opens("Decide")
    decision.get_by_label(decider.say("Grant"), exact=True).check()
    decision.get_by_role("button").first.click()
    expect(decider.heading(decider.say("Grant this application?"))).to_be_visible()
    decider.press("Yes, grant it")
    decider.sees("Decided. The applicant sees it in the progress of the case.")


def _downloads(resident: Reader, number: str) -> str:
    """The certificate is a PDF whose words can be read by machines too; its number stands on it."""
    resident.go(f"/cases/{number}/")
    with resident.page.expect_download() as coming:
        resident.follow("Download the certificate")
    content = Path(coming.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "食品经营许可证" in text
    assert "Food business licence" in text
    assert SHOP[resident.short] in text
    found = re.search(r"1\.2\.156\.3005\.2\.[0-9A-Z.]+", re.sub(r"\s", "", text))
    assert found, text
    return found.group()


def _verifies(stranger: Reader, identifier: str) -> None:
    """Anybody can tell a genuine certificate from a mistyped number."""
    stranger.go("/verify/")
    stranger.page.locator("[name=identifier]").fill(identifier)
    stranger.press("Check")
    expect(stranger.heading(stranger.say("Genuine"))).to_be_visible()
    stranger.go("/verify/" + identifier[:-1] + ("0" if identifier[-1] != "0" else "1") + "/")
    expect(stranger.page.locator("[name=identifier]")).to_have_attribute("aria-invalid", "true")


def _tracks(stranger: Reader, number: str) -> None:
    """With the number and four digits of the telephone, without signing in; with other digits nothing is told."""
    stranger.go("/track/")
    for digits in ("9999", "0001"):
        stranger.page.locator("[name=number]").fill(number)
        stranger.page.locator("[name=phone]").fill(digits)
        stranger.press("Look it up")
        if digits == "9999":
            expect(stranger.page.locator("[data-error-summary]")).to_be_focused()
    expect(stranger.heading(NAME[stranger.short])).to_be_visible()
    stranger.sees("Granted")


def _rates(resident: Reader, number: str) -> None:
    """Five grades and a few words, once."""
    resident.go(f"/cases/{number}/")
    resident.follow("Rate it")
    resident.page.get_by_role("radio").first.check()
    resident.page.get_by_role("textbox").first.fill("很快，谢谢。Quick, thank you.")
    resident.press("Send")
    resident.go(f"/cases/{number}/")
    resident.sees("Your rating")
    resident.go(f"/cases/{number}/rate/")
    expect(resident.page.get_by_role("radio")).to_have_count(0)
