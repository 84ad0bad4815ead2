"""A holiday announced late moves the dates of open cases once ``tongban redate`` has run, and nothing that is over."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task
from tongban.apps.catalog.city import get_calendar
from tongban.kernel.clock import Calendar, calendar_for


def redate() -> str:
    out = StringIO()
    call_command("redate", stdout=out)
    return out.getvalue()


@pytest.fixture
def holiday(city: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., date]:
    """Announces the next working day to be off."""

    def announce() -> date:
        before = get_calendar()
        day = before.add_working_days(before.local_date(timezone.now()), 1)
        after: Calendar = calendar_for(overrides={day: False})
        for module in ("services.way", "queries.views", "consequences"):
            monkeypatch.setattr(f"tongban.apps.cases.{module}.get_calendar", lambda: after, raising=False)
        return day

    return announce


def test_it_works(file_case: Callable[..., int], act: Any, holiday: Callable[..., date]) -> None:
    number, calendar = file_case(), get_calendar()
    act(number, "accept", by="wangqian")
    before = Case.objects.get(pk=number)
    assert before.promised_due is not None
    assert before.statutory_due is not None
    holiday()
    assert "1 open cases" in redate()
    after = Case.objects.get(pk=number)
    for name in ("promised_due", "statutory_due"):
        last = calendar.local_date(getattr(before, name))
        assert calendar.local_date(getattr(after, name)) == calendar.add_working_days(last, 1), name
    assert (after.last_seq, bytes(after.last_hash), after.state) == (
        before.last_seq,
        bytes(before.last_hash),
        before.state,
    )
    assert "0 open cases" in redate()


def test_steps_that_are_due_with_the_case_move_with_it(
    file_case: Callable[..., int], act: Any, holiday: Callable[..., date]
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    promised = Case.objects.get(pk=number).promised_due
    Task.objects.filter(case=number, finished=None).update(due=promised)
    holiday()
    redate()
    moved = Case.objects.get(pk=number).promised_due
    assert moved is not None
    assert promised is not None
    assert moved > promised
    assert all(row.due <= moved for row in Task.objects.filter(case=number, finished=None))


def test_what_is_over_or_has_no_clock_yet_is_left_alone(
    granted: Callable[..., int], file_case: Callable[..., int], holiday: Callable[..., date]
) -> None:
    over, waiting = granted(), file_case()
    rows = {row.number: row for row in Case.objects.filter(pk__in=(over, waiting))}
    assert rows[over].decided_at is not None
    assert rows[over].promised_due is not None
    holiday()
    assert "0 open cases" in redate()
    for number, row in rows.items():
        again = Case.objects.get(pk=number)
        assert (again.promised_due, again.statutory_due) == (row.promised_due, row.statutory_due)


def test_a_paused_case_is_counted_anew_when_it_goes_on(
    file_case: Callable[..., int], act: Any, actor_for: Any, holiday: Callable[..., date]
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "request_supplement", by="chenli", node="handle", items=["floor_plan"], note="", within=None)
    holiday()
    assert "0 open cases" in redate()
    at = timezone.now() + timedelta(minutes=1)
    services.answer_supplement(number=number, answers={}, materials={}, actor=actor_for("linxiaomei"), at=at)
    assert "0 open cases" in redate()
