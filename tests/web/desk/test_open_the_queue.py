"""The queue: the open steps of my departments, the most urgent first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db


def _numbers(response: Any) -> list[int]:
    return [line.row.number for line in response.context["lines"]]


def _due(number: int, due: datetime) -> None:
    Task.objects.filter(case=number, finished=None).update(due=due)


def test_it_works(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    response = client_for("wangqian").get("/desk/")
    assert _numbers(response) == [number]
    assert "林晓梅" in response.text
    assert f"/desk/cases/{number}/" in response.text


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    assert client_for("").get("/desk/")["Location"] == "/account/login/?next=/desk/"


def test_a_resident_does_not_enter(client_for: Callable[..., Client]) -> None:
    assert client_for("linxiaomei").get("/desk/").status_code == 403


def test_another_department_does_not_see_it(client_for: Callable[..., Client], at_step: Any) -> None:
    at_step("handle")
    response = client_for("luhao").get("/desk/")
    assert _numbers(response) == []
    assert "Nothing is waiting here" in response.text


def test_the_most_urgent_comes_first(client_for: Callable[..., Client], file_case: Any) -> None:
    first, second, third = (file_case(username=name) for name in ("linxiaomei", "wuxiaochuan", "zhaoguoan"))
    now = timezone.now()
    for number, days in ((first, 5), (second, -1), (third, 2)):
        _due(number, now + timedelta(days=days))
    assert _numbers(client_for("wangqian").get("/desk/")) == [second, third, first]


def test_late_and_soon_are_said_in_words(client_for: Callable[..., Client], file_case: Any) -> None:
    late, today = file_case(), file_case(username="wuxiaochuan")
    _due(late, timezone.now() - timedelta(days=20))
    _due(today, timezone.localtime().replace(hour=23, minute=59, second=59))
    lines = client_for("wangqian").get("/desk/").context["lines"]
    assert [line.due.tag for line in lines] == ["Step late", "Due today"]
    assert "working days late" in lines[0].due.words
    assert lines[0].due.percent == 100


def test_groups_and_their_counts(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    mine, free, waiting = (file_case(username=name) for name in ("linxiaomei", "wuxiaochuan", "zhaoguoan"))
    act(mine, "claim", by="wangqian")
    act(waiting, "request_supplement", by="wangqian", items=["floor_plan"], note="", within=None)
    client = client_for("wangqian")
    shown = {name: _numbers(client.get(f"/desk/?group={name}")) for name in ("mine", "free", "paused")}
    assert shown == {"mine": [mine], "free": [free], "paused": [waiting]}
    links = client.get("/desk/").context["groups"][0]["links"]
    assert [link["count"] for link in links] == [2, 1, 1, 1]


def test_filter_by_matter_and_by_due_date(client_for: Callable[..., Client], file_case: Any) -> None:
    licence, card = file_case(), file_case(matter="property-registration", username="wuxiaochuan")
    _due(licence, timezone.now() + timedelta(minutes=1))
    _due(card, timezone.now() + timedelta(days=30))
    client = client_for("wangqian")
    assert _numbers(client.get("/desk/?matter=property-registration")) == [card]
    assert _numbers(client.get("/desk/?within=2")) == [licence]
    empty = client.get("/desk/?matter=property-registration&within=late")
    assert "Nothing fits this filter" in empty.text


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2026-01-01~x~1",
        "after=2026-01-01~1~1",
        "after=0001-01-01T00:00:00%2B14:00~1~1",
        "group=none",
        "within=9",
        "matter=no-such",
    ],
)
def test_a_mangled_address_is_no_error(client_for: Callable[..., Client], query: str, city: Any) -> None:
    assert client_for("wangqian").get(f"/desk/?{query}").status_code == 200


def test_page_by_page_each_step_comes_once(client_for: Callable[..., Client], file_case: Any) -> None:
    filed = {file_case() for _ in range(27)}
    client = client_for("wangqian")
    first = client.get("/desk/")
    second = client.get(first.context["next_url"])
    assert len(_numbers(first)) == 25
    assert {*_numbers(first), *_numbers(second)} == filed
    assert second.context["next_url"] == ""
    assert second.context["first_url"] == "/desk/"


def test_who_has_it_is_said(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    act(file_case(), "claim", by="sunbei")
    line = client_for("wangqian").get("/desk/").context["lines"][0]
    assert (line.holder, line.mine) == ("Sun Bei", False)


def test_the_count_of_queries_does_not_grow(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    client = client_for("wangqian")
    counts = []
    for more in (1, 24):
        for _ in range(more):
            act(file_case(), "claim", by="sunbei")
        client.get("/desk/")  # what is kept for a minute is there in both
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(_numbers(client.get("/desk/"))) in (1, 25)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
