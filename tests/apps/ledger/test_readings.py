"""A query that is written once finds what the ORM finds, each time, on each database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Case, Task
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.readings import Given, Reading, any_of, several

NUMBER = models.BigIntegerField()

steps = Reading(lambda: Task.objects.filter(case=Given("case", NUMBER)).select_related("claimed_by").order_by("no"))
cases = Reading(lambda: Case.objects.filter(filed_at__gte=Given("since", models.DateTimeField())).order_by("pk"))
events = Reading(
    lambda: Event.objects.filter(case=Given("case", NUMBER)).order_by("seq").values_list("seq", "at", "data", "hash")
)


def facts(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_works(file_case: Any, act: Any) -> None:
    first, second = file_case(), file_case()
    act(first, "claim", by="wangqian")
    for number in (first, second, first):
        own = Task.objects.filter(case=number).select_related("claimed_by").order_by("no")
        assert [facts(row) for row in steps(case=number)] == [facts(row) for row in own]
        assert [row.claimed_by for row in steps(case=number)] == [row.claimed_by for row in own]
        wanted = Event.objects.filter(case=number).order_by("seq").values_list("seq", "at", "data", "hash")
        assert [(*row[:3], bytes(row[3])) for row in events(case=number)] == [
            (*row[:3], bytes(row[3])) for row in wanted
        ]


def test_what_is_found_is_read_each_time(file_case: Any, act: Any) -> None:
    number = file_case()
    assert [row.claimed_by for row in steps(case=number)] == [None]
    act(number, "claim", by="wangqian")
    holder = steps(case=number)[0].claimed_by
    assert holder is not None
    assert holder.username == "wangqian"


def test_objects_are_whole_and_can_be_saved(file_case: Any) -> None:
    number = file_case()
    found = cases.first(since=timezone.now() - timedelta(days=1))
    assert found is not None
    assert facts(found) == facts(Case.objects.get(pk=number))
    found.applicant_name = "Lin"
    found.save(update_fields=["applicant_name"])
    assert Case.objects.get(pk=number).applicant_name == "Lin"
    assert cases.first(since=timezone.now() + timedelta(days=1)) is None


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_as_many_values_as_there_are(count: int, file_case: Any, user_for: Callable[[str], Any], act: Any) -> None:
    numbers = [file_case() for _ in range(3)]
    names = ["wangqian", "sunbei"]
    for number, name in zip(numbers, names, strict=False):
        act(number, "claim", by=name)
    wanted, whose = numbers[:count], [user_for(name).pk for name in names[:count]]
    by_number = Reading(lambda: Case.objects.filter(pk__in=several("numbers", NUMBER, count)))
    held = Reading(lambda: Task.objects.filter(any_of("claimed_by", several("whose", NUMBER, len(whose)))))
    assert {row.number for row in by_number(numbers=wanted)} == set(wanted)
    assert {row.claimed_by_id for row in held(whose=whose)} == set(whose)


def test_whoever_counts_queries_sees_it(file_case: Any) -> None:
    number = file_case()
    unseen = steps(case=number)
    with CaptureQueriesContext(connection) as queries:
        seen = steps(case=number)
    assert len(queries) == 1
    assert str(number) in queries[0]["sql"]
    assert [facts(row) for row in seen] == [facts(row) for row in unseen]
