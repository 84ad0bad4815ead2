"""What a screen reader reads out on the way of the main job: names, roles, states, in order, recorded in ``heard/``.

The recordings are read before they are committed, as a text: does each control say what it is, in which state, and what
to do? `TONGBAN_RECORD=1 pytest tests/e2e/test_screen_reader.py` records anew what has changed on purpose. Numbers and
days change with each run and are written as such.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import PLAN, Reader

pytestmark = pytest.mark.e2e

MATTER = "food-business-licence"
HEARD = Path(__file__).resolve().parent / "heard"
CHANGING = (
    (re.compile(r"Good (morning|afternoon|evening)"), "Good day"),
    (re.compile(r"(早上|上午|中午|下午|晚上)好"), "您好"),
    (re.compile(r"\d{4} \d{4} \d{4} \d{4}"), "NUMBER"),
    (re.compile(r"\b\d{16}\b"), "NUMBER"),
    (re.compile(r"/drafts/[0-9a-f-]{36}/"), "/drafts/DRAFT/"),
    (re.compile(r"\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?"), "DAY"),
    (re.compile(r"(\d{4} 年 )?\d{1,2} 月 \d{1,2} 日"), "DAY"),
    (re.compile(r"\b\d\d:\d\d\b"), "TIME"),
    (re.compile(r"[A-Z]{2,6}-\d{4}-\d+"), "DOCUMENT"),
)


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_main_job_as_it_is_heard(opens: Opens, language: str) -> None:
    """In whose name, questions, what went wrong, papers, a last look, the receipt, the case."""
    resident = opens("zhaoguoan", language=language)
    resident.go(f"/matters/{MATTER}/start")
    wrong = [*_hears(resident, "1-start")]
    resident.page.locator("[name=applicant]").first.check()
    resident.page.locator("main button[type=submit]").last.click()
    resident.answer(MATTER, application_kind="new")
    resident.press("Continue")
    wrong += _hears(resident, "2-questions")
    resident.press("Continue")
    expect(resident.page.locator("[data-error-summary]")).to_be_focused()
    wrong += _hears(resident, "3-what-went-wrong")
    resident.answer(MATTER, shop_name="明川小馆", address="明川市临江区滨河路 16 号", area_m2="86")
    resident.press("Continue")
    wrong += _hears(resident, "4-choices")
    resident.answer(MATTER, business_format="restaurant", items=["hot_dishes"], staff_count="4", online_orders=False)
    resident.press("Continue")
    resident.answer(MATTER, safety_manager="赵国安", safety_manager_phone="13900000001")
    resident.press("Continue")
    wrong += _hears(resident, "5-papers")
    resident.hand_in(PLAN)
    resident.press("Continue")
    wrong += _hears(resident, "6-last-look")
    number = resident.send()
    wrong += _hears(resident, "7-receipt")
    resident.go(f"/cases/{number}/")
    wrong += _hears(resident, "8-case")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("name", ["head-of-a-page", "foot-of-a-page", "look-up-a-case", "elder-start-page"])
def test_what_stands_on_every_page_as_it_is_heard(opens: Opens, language: str, name: str) -> None:
    """The head and the foot, a short form, and the start page of elder mode."""
    nobody = opens(language=language)
    if name == "elder-start-page":
        nobody.page.context.add_cookies([{"name": "tb_size", "value": "elder", "url": nobody.city.url}])
    nobody.go("/" if name == "elder-start-page" else "/track/")
    part = {"head-of-a-page": "body > header", "foot-of-a-page": "body > footer"}.get(name, "main")
    wrong = _hears(nobody, name, part=part)
    assert not wrong, wrong[0]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_one_question_a_page_as_it_is_heard(opens: Opens, language: str) -> None:
    """Elder mode: a choice, what went wrong with it, words to type, and their hint."""
    resident = opens("zhaoguoan", language=language)
    resident.page.context.add_cookies([{"name": "tb_size", "value": "elder", "url": resident.city.url}])
    resident.begin(MATTER)
    expect(resident.page).to_have_url(re.compile("/about/application_kind/$"))
    resident.press("Continue")
    expect(resident.page.locator("[data-error-summary]")).to_be_focused()
    wrong = _hears(resident, "elder-question-what-went-wrong")
    resident.answer(MATTER, application_kind="new")
    resident.press("Continue")
    wrong += _hears(resident, "elder-question")
    resident.go(re.sub(r".*(/drafts/[0-9a-f-]+/).*", r"\1discard", resident.page.url))
    resident.press("Delete it")
    assert not wrong, "\n\n".join(wrong)


def _hears(reader: Reader, name: str, *, part: str = "main") -> list[str]:
    """What is different from the recording; with TONGBAN_RECORD the recording is made."""
    heard = reader.page.locator(part).aria_snapshot() + "\n"
    for pattern, word in CHANGING:
        heard = pattern.sub(word, heard)
    path = HEARD / f"{name}-{reader.short}.yaml"
    if os.environ.get("TONGBAN_RECORD"):
        path.write_text(heard, encoding="utf-8")
    kept = path.read_text(encoding="utf-8")
    return [] if heard == kept else [f"{path.name}: recorded\n{kept}\nnow\n{heard}"]
