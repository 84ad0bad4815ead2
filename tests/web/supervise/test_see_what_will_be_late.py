"""Supervisors see what will be late: the likeliest first, and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.catalog.city import get_calendar
from tongban.apps.insight.chances import BOUNDS, bound_of
from tongban.apps.insight.models import StepTime

pytestmark = pytest.mark.django_db
MATTER, PATH = "food-business-licence", "/supervise/likely/"


def _working(minutes: int, *, after: datetime) -> datetime:
    """So many working minutes later, or with a negative count before."""
    calendar, step = get_calendar(), timedelta(minutes=1 if minutes > 0 else -1)
    at = after
    while abs(calendar.working_minutes(after, at)) < abs(minutes):
        at += step * 15
    return at


@pytest.fixture
def opened(file_case: Any, act: Any) -> Callable[..., int]:
    """An accepted case whose open step has used and has left so many working minutes."""

    def make(*, used: int, left: int, **given: Any) -> int:
        now, number = timezone.now(), file_case(**given)
        act(number, "accept", by="wangqian")
        since, due = _working(-used, after=now), _working(left, after=now)
        Task.objects.filter(case=number, finished=None).update(opened=since, due=due)
        return int(number)

    return make


def _took(*minutes: int, node: str = "handle") -> None:
    for each in minutes:
        row, _made = StepTime.objects.get_or_create(matter=MATTER, node=node, bound=bound_of(each))
        row.steps += 1
        row.save()


def _numbers(page: Any) -> list[int]:
    return [line.row.case for line in page.context["lines"]]


def test_it_works(client_for: Callable[..., Client], opened: Callable[..., int]) -> None:
    _took(*[60] * 10, *[600] * 7, *[3000] * 3)
    safe, risky = opened(used=120, left=2000), opened(used=120, left=240)
    page = client_for("liangchen").get(PATH)
    assert _numbers(page) == [risky, safe]
    first, second = page.context["lines"]
    # Ten had taken longer than two hours; all of those took more than six, three more than the other has left.
    assert ((first.row.longer, first.row.known), (second.row.longer, second.row.known)) == ((10, 10), (3, 10))
    assert "10 of 10 earlier ones that had taken as long by then took longer than what is left." in page.text
    assert (first.chance, second.chance) == ("Likely late", "In time so far")
    assert f"/desk/cases/{risky}/" in page.text


def test_too_little_known_is_said_and_ranked_by_the_share(client_for: Any, opened: Callable[..., int]) -> None:
    _took(*[3000] * 4)
    little, much = opened(used=60, left=1000), opened(used=900, left=100)
    page = client_for("liangchen").get(PATH)
    assert _numbers(page) == [much, little]
    assert {line.chance for line in page.context["lines"]} == {"Too little known"}
    assert "Fewer than 5 earlier ones to compare with" in page.text


def test_times_of_another_step_do_not_count(client_for: Callable[..., Client], opened: Callable[..., int]) -> None:
    _took(*[3000] * 9, node="inspect")
    opened(used=60, left=300)
    (line,) = client_for("liangchen").get(PATH).context["lines"]
    assert (line.row.known, line.row.is_known) == (0, False)


def test_what_is_late_or_stands_still_is_elsewhere(client_for: Any, opened: Callable[..., int], act: Any) -> None:
    late, paused = opened(used=600, left=60), opened(used=600, left=60)
    Task.objects.filter(case=late, finished=None).update(due=timezone.now() - timedelta(minutes=1))
    act(paused, "request_supplement", by="chenli", items=["floor_plan"], note="", within=None)
    page = client_for("liangchen").get(PATH)
    assert _numbers(page) == []
    assert "Nothing is due soon" in page.text


def test_one_department_alone(client_for: Callable[..., Client], opened: Callable[..., int]) -> None:
    number, client = opened(used=60, left=300), client_for("liangchen")
    assert _numbers(client.get(f"{PATH}?department=market-regulation")) == [number]
    assert _numbers(client.get(f"{PATH}?department=fire-rescue")) == []
    assert _numbers(client.get(f"{PATH}?department=no-such")) == [number]


def test_times_are_counted_along_the_log(granted: Callable[..., int], follow_log: Callable[[str], None]) -> None:
    granted()
    follow_log("step-times")
    found = dict(StepTime.objects.filter(matter=MATTER).values_list("node", "steps"))
    assert found == {"accept": 1, "handle": 1, "inspect": 1, "review": 1, "decide": 1}


def test_a_bound_holds_what_is_counted_with_it() -> None:
    assert [bound_of(each) for each in (0, 15, 16, 10**9)] == [15, 15, BOUNDS[1], BOUNDS[-1]]
    assert list(BOUNDS) == sorted(set(BOUNDS))


def test_only_supervisors_enter(client_for: Callable[..., Client], city: Any) -> None:
    people = ("liangchen", "admin", "hejun", "luhao", "linxiaomei")
    assert [client_for(who).get(PATH).status_code for who in people] == [200, 200, 403, 403, 403]
    assert client_for("").get(PATH)["Location"] == f"/account/login/?next={PATH}"


def test_the_count_of_queries_does_not_grow(client_for: Callable[..., Client], opened: Callable[..., int]) -> None:
    client, counts = client_for("liangchen"), []
    for more in (1, 9):
        for _ in range(more):
            opened(used=60, left=300)
        _took(*[60 * more] * 5)
        client.get(PATH)
        with CaptureQueriesContext(connection) as queries:
            client.get(PATH)
        counts.append(len(queries))
    assert counts[0] == counts[1]
