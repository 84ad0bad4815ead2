"""Supervisors see what goes around the clock, by department and matter, and the cases behind each count."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_calendar
from tongban.apps.insight.models import Evasion, Standing
from tongban.apps.insight.services import find_standstills
from tongban.apps.ledger.services import replay

pytestmark = pytest.mark.django_db
PATH = "/supervise/patterns/"
OFFICE = "department=market-regulation&matter=food-business-licence&days=all"


def _day(after: datetime, working_days: int, hour: int = 10, minute: int = 0) -> datetime:
    calendar = get_calendar()
    day = calendar.add_working_days(calendar.local_date(after), working_days)
    return datetime.combine(day, time(hour, minute), tzinfo=calendar.timezone)


@pytest.fixture
def begun() -> datetime:
    """A working morning, long enough ago for all of it to have happened."""
    return _day(timezone.now() - timedelta(days=90), 1)


@pytest.fixture
def filed(file_case: Any, act: Any, begun: datetime) -> Callable[..., Case]:
    """A case filed on that morning and accepted so many working days later, None: not yet."""

    def make(accepted: int | None = 0) -> Case:
        number = file_case(at=begun)
        if accepted is not None:
            act(number, "accept", by="wangqian", at=_day(begun, accepted, hour=11))
        return Case.objects.get(pk=number)

    return make


def _found() -> dict[int, tuple[str, int]]:
    return {row.case: (row.pattern, row.measure) for row in Evasion.objects.all()}


def test_it_works(
    filed: Callable[..., Case], begun: datetime, act: Any, actor_for: Any, follow_log: Any, client_for: Any
) -> None:
    number = filed().number
    act(number, "suspend", by="chenli", at=_day(begun, 1), procedure="inspection", reason="To be seen.", limit=None)
    services.resume(number=number, actor=actor_for("chenli"), at=_day(begun, 26))
    follow_log("evasions")
    assert _found() == {number: ("long_pause", 25)}
    client = client_for("liangchen")
    page = client.get(f"{PATH}?days=all")
    (line,) = page.context["lines"]
    assert [count for _, count, _ in line["cells"]] == [1, 0, 0, 0, 0]
    assert "20 working days or more, also while it lasts" in page.text
    listed = client.get(line["cells"][0][2])
    assert f"/desk/cases/{number}/" in listed.text
    assert "25 working days" in listed.text
    assert "林晓梅" not in listed.text
    assert client.get(f"{PATH}?days=30").context["lines"] == []


def test_a_long_standstill_counts_while_it_lasts(
    filed: Callable[..., Case], begun: datetime, act: Any, actor_for: Any, follow_log: Any
) -> None:
    stood, over = filed().number, filed().number
    for number in (stood, over):
        act(number, "suspend", by="chenli", at=_day(begun, 1), procedure="inspection", reason="To be seen.", limit=None)
    follow_log("evasions")
    services.resume(number=over, actor=actor_for("chenli"), at=_day(begun, 3))  # the follower has not read it yet
    assert find_standstills(at=_day(begun, 20)) == 0
    assert [find_standstills(at=_day(begun, 21)) for _ in range(2)] == [1, 0]
    assert _found() == {stood: ("long_pause", 20)}
    seen = Evasion.objects.get().pk
    services.resume(number=stood, actor=actor_for("chenli"), at=_day(begun, 26))
    follow_log("evasions")
    assert _found() == {stood: ("long_pause", 25)}
    assert Evasion.objects.get().pk == seen


def test_a_short_standstill_is_none(
    filed: Callable[..., Case], begun: datetime, act: Any, actor_for: Any, follow_log: Any
) -> None:
    number = filed().number
    act(number, "suspend", by="chenli", at=_day(begun, 1), procedure="inspection", reason="To be seen.", limit=None)
    services.resume(number=number, actor=actor_for("chenli"), at=_day(begun, 19))
    follow_log("evasions")
    assert _found() == {}


def test_acceptance_and_a_request_on_the_last_day(
    filed: Callable[..., Case], begun: datetime, act: Any, follow_log: Any, actor_for: Any
) -> None:
    filed(accepted=4)
    late, asked = filed(accepted=5).number, filed(accepted=None).number
    what = {"items": ["floor_plan"], "note": "", "within": None}
    act(asked, "request_supplement", by="wangqian", at=_day(begun, 5), **what)
    follow_log("evasions")
    assert _found() == {late: ("accepted_late", 5), asked: ("asked_late", 5)}


def test_taken_back_near_the_limit(
    filed: Callable[..., Case], begun: datetime, actor_for: Any, follow_log: Any
) -> None:
    early, late, owner = filed(), filed(), actor_for("linxiaomei")
    services.withdraw(number=early.number, reason="", actor=owner, at=_day(begun, 2))
    services.withdraw(number=late.number, reason="", actor=owner, at=_day(begun, 8))
    follow_log("evasions")
    (number, (pattern, percent)) = next(iter(_found().items()))
    assert (len(_found()), number, pattern) == (1, late.number, "withdrawn_near")
    assert 80 <= percent <= 100


def test_decided_in_the_last_hour(filed: Callable[..., Case], begun: datetime, act: Any, follow_log: Any) -> None:
    numbers = [filed().number for _ in range(2)]
    for number, minute in zip(numbers, (0, 40), strict=True):
        for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
            at = _day(begun, 1, hour=14)
            act(number, "complete", by=officer, node=node, at=at, outcome="pass", opinion="Seen.")
        due = Case.objects.get(pk=number).promised_due
        assert due is not None
        decided = _day(due, 0, hour=11 if minute == 0 else 17, minute=minute)
        act(number, "decide", by="hejun", node="decide", at=decided, outcome="granted", reason="")
    follow_log("evasions")
    assert {number: pattern for number, (pattern, _) in _found().items()} == {numbers[1]: "last_hour"}
    assert not Standing.objects.filter(case__in=numbers).exists()


def test_reading_the_log_again_counts_nothing_twice(filed: Callable[..., Case], follow_log: Any) -> None:
    filed(accepted=5)
    follow_log("evasions")
    before = list(Evasion.objects.values_list("pk", flat=True))
    replay(name="evasions", since=None, at=timezone.now())
    follow_log("evasions")
    assert list(Evasion.objects.values_list("pk", flat=True)) == before


def test_only_supervisors_enter(client_for: Callable[..., Client], city: Any) -> None:
    people = ("liangchen", "admin", "hejun", "luhao", "linxiaomei")
    for path in (PATH, f"{PATH}last_hour/?{OFFICE}"):
        assert [client_for(who).get(path).status_code for who in people] == [200, 200, 403, 403, 403]
        assert client_for("").get(path).status_code == 302
    assert client_for("liangchen").get(f"{PATH}no-such/").status_code == 404


def test_the_count_of_queries_does_not_grow(
    client_for: Callable[..., Client], filed: Callable[..., Case], follow_log: Any
) -> None:
    client, counts = client_for("liangchen"), []
    for more in (1, 6):
        for _ in range(more):
            filed(accepted=5)
        follow_log("evasions")
        for path in (f"{PATH}?days=all", f"{PATH}accepted_late/?{OFFICE}"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
