"""The supervisor's board: what is late, what is about to be, and where."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised(file_case: Any, act: Any) -> Callable[[timedelta], int]:
    """An accepted case that is promised by so long from now."""

    def make(ahead: timedelta, **given: Any) -> int:
        number: int = file_case(**given)
        act(number, "accept", by="wangqian")
        due: datetime = timezone.now() + ahead
        Case.objects.filter(pk=number).update(promised_due=due)
        return number

    return make


def _numbers(page: Any) -> list[int]:
    return [line.row.number for line in page.context["lines"]]


def test_it_works(client_for: Callable[..., Client], promised: Any) -> None:
    later = promised(timedelta(days=40))
    soon, late = promised(timedelta(hours=3)), promised(timedelta(days=-9))
    page = client_for("liangchen").get("/supervise/")
    assert _numbers(page) == [late, soon]
    assert later not in _numbers(page)
    assert [stat["value"] for stat in page.context["stats"]] == [1, 1, 0, 3]
    assert page.context["lines"][0].due.tag == "Late"
    assert f"/desk/cases/{late}/" in page.text


def test_a_paused_case_is_not_late(client_for: Callable[..., Client], promised: Any, act: Any) -> None:
    number = promised(timedelta(days=-9))
    act(number, "request_supplement", by="chenli", items=["floor_plan"], note="", within=None)
    page = client_for("liangchen").get("/supervise/")
    assert _numbers(page) == []
    assert [stat["value"] for stat in page.context["stats"]] == [0, 0, 1, 1]
    assert "Nothing is late" in page.text


def test_one_department_alone(client_for: Callable[..., Client], promised: Any) -> None:
    licence = promised(timedelta(days=-9))
    home = promised(timedelta(days=-9), matter="property-registration")
    client = client_for("liangchen")
    assert _numbers(client.get("/supervise/?department=market-regulation")) == [licence]
    assert _numbers(client.get("/supervise/?department=natural-resources")) == [home]
    assert len(_numbers(client.get("/supervise/?department=no-such&after=x"))) == 2


def test_page_by_page_each_case_comes_once(client_for: Callable[..., Client], promised: Any) -> None:
    late = {promised(timedelta(days=-3)) for _ in range(27)}
    client = client_for("liangchen")
    first = client.get("/supervise/")
    second = client.get("/supervise/" + first.context["next_url"])
    assert len(_numbers(first)) == 25
    assert {*_numbers(first), *_numbers(second)} == late
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~1", "0001-01-01T00:00:00+14:00~1"])
def test_a_made_up_cursor_begins_anew(client_for: Callable[..., Client], promised: Any, cursor: str) -> None:
    late = promised(timedelta(days=-9))
    assert _numbers(client_for("liangchen").get("/supervise/", {"after": cursor})) == [late]


def test_only_supervisors_enter(client_for: Callable[..., Client], city: Any) -> None:
    statuses = [client_for(who).get("/supervise/").status_code for who in ("liangchen", "admin", "hejun", "linxiaomei")]
    assert statuses == [200, 200, 403, 403]
    assert client_for("").get("/supervise/")["Location"] == "/account/login/?next=/supervise/"


def test_the_count_of_queries_does_not_grow(client_for: Callable[..., Client], promised: Any) -> None:
    client = client_for("liangchen")
    counts = []
    for more in (1, 11):
        for _ in range(more):
            promised(timedelta(days=-3))
        client.get("/supervise/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/supervise/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 9


def test_a_special_procedure_past_its_time_is_seen(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    number = file_case(at=long_ago)
    act(number, "accept", by="wangqian", at=long_ago)
    act(number, "suspend", by="chenli", at=long_ago, procedure="inspection", reason="To be seen.", limit=None)
    page = client_for("liangchen").get("/supervise/")
    assert [line.row.number for line in page.context["procedures"]] == [number]
    assert "Special procedures past their time" in page.text
    elsewhere = client_for("liangchen").get("/supervise/?department=fire-rescue")
    assert elsewhere.context["procedures"] == []
    assert "The special procedure is past its time" in client_for("chenli").get(f"/desk/cases/{number}/").text
    assert "special procedure past its time" in client_for("chenli").get("/desk/?group=paused").text
