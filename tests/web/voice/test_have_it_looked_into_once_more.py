"""Whoever is not content with an answer has it looked into once more, once, within a month."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.voice.models import Inquiry

pytestmark = pytest.mark.django_db

NIGHT = "滨河路工地夜里十一点还在打桩，睡不着。"


@pytest.fixture
def answered(say: Any, act: Any) -> Any:
    def make(**given: Any) -> int:
        number: int = say(NIGHT, by="wuxiaochuan", kind="question", **given)
        act(number, "dispatch", by="xuhong", department="ecology-environment", reason="")
        act(number, "accept", by="xuhong")
        for node in ("take", "draft"):
            act(number, "complete", by="fupeng", node=node, outcome="pass", opinion="已核实。")
        act(number, "decide", by="dingning", node="decide", outcome="granted", reason="已停工。")
        return number

    return make


def test_it_works(client_for: Any, answered: Any) -> None:
    number = answered(name="夜归人")
    client = client_for("wuxiaochuan")
    assert f"/voices/{number}/once-more/" in client.get(f"/cases/{number}/").text
    assert "已停工。" in client.get(f"/voices/{number}/once-more/").text
    answer = client.post(f"/voices/{number}/once-more/", {"why": "昨天夜里又开工了。"})
    again = Case.objects.exclude(pk=number).get()
    assert answer["Location"] == f"/cases/{again.number}/"
    assert again.answers["text"].startswith("昨天夜里又开工了。")
    assert again.applicant_name == "夜归人"
    assert Inquiry.objects.get(pk=again.number).again_of_id == number
    page = client_for("xuhong").get(f"/desk/cases/{again.number}/").text
    assert "To be looked into once more; this was answered:" in page
    assert f"/desk/cases/{number:016d}/" in page


def test_it_is_asked_for_once(client_for: Any, answered: Any) -> None:
    number = answered()
    client = client_for("wuxiaochuan")
    client.post(f"/voices/{number}/once-more/", {"why": "昨天夜里又开工了。"})
    again = client.post(f"/voices/{number}/once-more/", {"why": "昨天夜里又开工了。"})
    assert again.status_code == 422
    assert "once more already" in again.text
    assert Case.objects.count() == 2


def test_what_is_not_answered_cannot_be_asked_again(client_for: Any, say: Any) -> None:
    number = say(NIGHT, by="wuxiaochuan")
    answer = client_for("wuxiaochuan").post(f"/voices/{number}/once-more/", {"why": "太慢了，没有人来。"})
    assert "It has not been answered yet" in answer.text
    assert Case.objects.count() == 1


def test_after_a_month_it_is_said_anew(client_for: Any, answered: Any) -> None:
    number = answered()
    Case.objects.filter(pk=number).update(decided_at=timezone.now() - timedelta(days=31))
    answer = client_for("wuxiaochuan").post(f"/voices/{number}/once-more/", {"why": "又开工了，睡不着。"})
    assert "more than 30 days ago" in answer.text


def test_without_words_nothing_is_asked(client_for: Any, answered: Any) -> None:
    number = answered()
    answer = client_for("wuxiaochuan").post(f"/voices/{number}/once-more/", {"why": " "})
    assert answer.status_code == 422
    assert "Say what is not right" in answer.text


@pytest.mark.parametrize(("who", "status"), [("", 302), ("linxiaomei", 404), ("fupeng", 404), ("xuhong", 404)])
def test_only_whose_it_is(client_for: Any, answered: Any, who: str, status: int) -> None:
    assert client_for(who).get(f"/voices/{answered()}/once-more/").status_code == status


def test_a_licence_is_not_looked_into_so(client_for: Any, granted: Any) -> None:
    assert client_for("linxiaomei").get(f"/voices/{granted()}/once-more/").status_code == 404
