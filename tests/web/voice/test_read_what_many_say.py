"""Everybody reads what many people say: counts of all, the words of public inquiries, and what government answers."""

from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import NOISE

from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.services import publish, withhold
from tongban.apps.voice.whole.services import answer_topic, merge_topics

ANSWER = "已要求工地夜间停工，三日内复查。"


@pytest.fixture
def told(say_often: Any, gather: Any, actor_for: Any) -> dict[str, Any]:
    numbers = say_often(NOISE, 4, published=True, district="361701")
    gather()
    who = actor_for("xuhong")
    publish(number=numbers[1], subject="工地打桩", text="桂花苑工地夜间打桩", actor=who, at=timezone.now())
    gather()
    number = Inquiry.objects.get(pk=numbers[0]).topic
    return {"numbers": numbers, "topic": number, "path": f"/voices/topics/{number}/", "who": who}


def test_it_works(told: Any, client_for: Any) -> None:
    page = client_for().get("/voices/topics/").text
    assert "工地打桩" in page
    assert "4 people say so" in page
    page = client_for().get(told["path"]).text
    assert "4 people have said so." in page
    assert "桂花苑工地夜间打桩" in page
    assert "请管一管" not in page
    assert f"/voices/{told['numbers'][1]}/" in page
    assert "Linjiang" in page


def test_the_answer_is_read_by_everybody(told: Any, client_for: Any) -> None:
    answer_topic(number=told["topic"], words=ANSWER, actor=told["who"], at=timezone.now())
    page = client_for("linxiaomei").get(told["path"]).text
    assert ANSWER in page
    assert "Answered" in page


def test_without_anything_public_it_is_not_there(told: Any, client_for: Any) -> None:
    withhold(number=told["numbers"][1], reason="personal", actor=told["who"], at=timezone.now())
    assert "No public topic yet" in client_for().get("/voices/topics/").text
    assert client_for().get(told["path"]).status_code == 404
    assert client_for().get("/voices/topics/1234567890123456/").status_code == 404


def test_what_went_into_another_leads_there(told: Any, client_for: Any, say_often: Any, gather: Any) -> None:
    other = say_often("青石路路灯整夜不亮", 2, first=60)
    gather()
    number = Inquiry.objects.get(pk=other[0]).topic
    assert number is not None
    merge_topics(number=told["topic"], others=[number], actor=told["who"], at=timezone.now())
    gather()
    assert client_for().get(f"/voices/topics/{number}/").headers["Location"] == told["path"]


def test_it_is_narrowed_and_paged(told: Any, client_for: Any) -> None:
    assert "工地打桩" in client_for().get("/voices/topics/?district=361701").text
    assert "Nothing fits this filter" in client_for().get("/voices/topics/?district=361702").text
    assert client_for().get("/voices/topics/?after=x").status_code == 302
    assert client_for().get(told["path"] + "?before=x").status_code == 302
