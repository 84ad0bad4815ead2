"""The list of visits: whose it is, in which part of the day each stands, and that nothing more is said than needed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db


def test_it_works(visit: int, client_for: Any) -> None:
    page = client_for("chenli").get("/field/")
    assert [part.name for part in page.context["parts"]] == ["later"]
    line = page.context["parts"][0].lines[0]
    assert (line.number, line.mine) == (visit, False)
    assert "望山街 9 号" in line.place
    assert "13900000004" not in page.text, "the list calls nobody"


@pytest.mark.parametrize(("moved", "part"), [(timedelta(days=-1), "late"), (timedelta(0), "today")])
def test_late_ones_and_those_of_today(visit: int, client_for: Any, moved: timedelta, part: str) -> None:
    end = timezone.localtime().replace(hour=23, minute=59, second=59)
    Task.objects.filter(case=visit, node="inspect").update(due=end + moved)
    assert [each.name for each in client_for("chenli").get("/field/").context["parts"]] == [part]


def test_what_a_colleague_has_taken_on_is_theirs(visit: int, act: Any, client_for: Any) -> None:
    act(visit, "claim", by="huangyan", node="inspect")
    assert client_for("huangyan").get("/field/").context["parts"][0].lines[0].mine
    assert client_for("chenli").get("/field/").context["parts"] == []


def test_as_many_queries_for_three_as_for_one(visit: int, file_case: Any, act: Any, client_for: Any) -> None:
    client = client_for("chenli")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/field/")
        return len(queries)

    client.get("/field/")
    before = count()
    for _ in range(2):
        number = file_case()
        act(number, "accept", by="wangqian")
        act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="去看。")
    assert count() == before


def test_owner_stranger_and_nobody(visit: int, client_for: Any) -> None:
    assert client_for("linxiaomei").get("/field/").status_code == 403
    assert client_for("luhao").get("/field/").context["parts"] == []
    assert client_for("").get("/field/").status_code == 302
