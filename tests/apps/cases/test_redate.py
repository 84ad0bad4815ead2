"""A holiday announced late moves the days of open cases once ``tongban redate`` has run, on record, and only once."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Recount, Recounted, Task, Timer
from tongban.apps.cases.services import redating, save_all
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger.queries import get_history
from tongban.kernel import flow
from tongban.kernel.clock import Calendar, calendar_for

NOTICE = "明政办发〔2026〕31号"


def redate(*more: str) -> str:
    out = StringIO()
    call_command("redate", f"--notice={NOTICE}", *more, stdout=out)
    return out.getvalue()


def days_of(number: int) -> tuple[Any, ...]:
    """Every row that says when something of a case is due."""
    case = Case.objects.get(pk=number)
    steps = Task.objects.filter(case=number, finished=None).order_by("no").values_list("no", "due")
    timers = Timer.objects.filter(case=number).order_by("due").values_list("due", flat=True)
    return (case.promised_due, case.statutory_due, case.later_due, list(steps), list(timers))


@pytest.fixture
def turn(city: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[date, bool]], None]:
    """Changes the calendar, as it was put down before."""
    services.note_calendar(at=timezone.now())

    def change(overrides: Mapping[date, bool]) -> None:
        after: Calendar = calendar_for(overrides=overrides)
        for module in ("services.way", "services.redating", "queries.views", "consequences"):
            monkeypatch.setattr(f"tongban.apps.cases.{module}.get_calendar", lambda: after, raising=False)

    return change


@pytest.fixture
def holiday(turn: Callable[[Mapping[date, bool]], None]) -> Callable[..., date]:
    """Announces the next working day to be off."""

    def announce() -> date:
        before = get_calendar()
        day = before.add_working_days(before.local_date(timezone.now()), 1)
        turn({day: False})
        return day

    return announce


def test_it_works(file_case: Callable[..., int], act: Any, holiday: Callable[..., date]) -> None:
    number, calendar = file_case(), get_calendar()
    act(number, "accept", by="wangqian")
    before = Case.objects.get(pk=number)
    assert before.promised_due is not None
    assert before.statutory_due is not None
    day = holiday()
    out = redate()
    assert f"{day}: off now" in out
    assert "days moved in 1, 0 late" in out
    after = Case.objects.get(pk=number)
    for name in ("promised_due", "statutory_due"):
        last = calendar.local_date(getattr(before, name))
        assert calendar.local_date(getattr(after, name)) == calendar.add_working_days(last, 1), name
    event = get_history(case=number)[-1]
    assert (event.kind, event.data["notice"], event.data["days"]) == (
        "clock.recounted",
        NOTICE,
        {day.isoformat(): "off"},
    )
    assert flow.state_to_json(flow.replay(definition=_process(after), events=get_history(case=number))) == after.state
    row = Recounted.objects.get(case=number)
    assert (row.promised_before, row.promised_after) == (before.promised_due, after.promised_due)


def _process(case: Case) -> flow.Definition:
    return get_version(version_id=case.matter_version_id).definition.process


def test_a_second_run_changes_nothing(file_case: Callable[..., int], act: Any, holiday: Callable[..., date]) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    holiday()
    redate()
    days, length = days_of(number), len(get_history(case=number))
    assert "days moved in 0" in redate()
    assert (days_of(number), len(get_history(case=number))) == (days, length)
    assert Recount.objects.exclude(notice="").count() == 1


def test_it_wants_to_know_by_which_notice(city: Any) -> None:
    with pytest.raises(CommandError, match="--notice"):
        call_command("redate")


def test_a_dry_run_tells_and_writes_nothing(
    file_case: Callable[..., int], act: Any, holiday: Callable[..., date]
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    days = days_of(number)
    holiday()
    assert "days would move in 1" in redate("--dry-run")
    assert days_of(number) == days
    assert not Recounted.objects.exists()
    assert get_history(case=number)[-1].kind != "clock.recounted"


def test_killed_in_the_middle_it_goes_on_from_there(
    file_case: Callable[..., int], act: Any, holiday: Callable[..., date], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = sorted(file_case() for _ in range(4))
    for number in numbers:
        act(number, "accept", by="wangqian")
    holiday()
    monkeypatch.setattr(redating, "BATCH", 2)
    wrote: list[int] = []

    def killed(journals: Any) -> None:
        if wrote:
            raise KeyboardInterrupt
        wrote.append(1)
        save_all(journals)

    monkeypatch.setattr(redating, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        redate()
    assert sorted(Recounted.objects.values_list("case", flat=True)) == numbers[:2]
    monkeypatch.setattr(redating, "save", save_all)
    redate()
    assert sorted(Recounted.objects.values_list("case", flat=True)) == numbers
    for number in numbers:
        assert [event.kind for event in get_history(case=number)].count("clock.recounted") == 1
    assert Recount.objects.filter(finished_at=None).count() == 0


def test_reads_do_not_grow_with_the_cases(file_case: Callable[..., int], holiday: Callable[..., date]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            redate("--dry-run")
        return len(seen)

    file_case()
    holiday()
    queries()  # what is kept in memory is there
    few = queries()
    for _ in range(3):
        file_case()
    assert queries() == few


def test_the_silence_that_accepts_waits_a_day_longer(
    file_case: Callable[..., int], holiday: Callable[..., date]
) -> None:
    number, calendar = file_case(), get_calendar()
    (before,) = days_of(number)[4]
    holiday()
    redate()
    (after,) = days_of(number)[4]
    last = calendar.local_date(before)
    assert calendar.local_date(after) == calendar.add_working_days(last, 1)
    (timer,) = flow.state_from_json(Case.objects.get(pk=number).state).timers
    assert Timer.objects.get(case=number).no == timer.no


def test_a_day_made_up_for_leaves_the_promise_where_it_was(
    file_case: Callable[..., int], act: Any, turn: Callable[[Mapping[date, bool]], None]
) -> None:
    number, calendar = file_case(), get_calendar()
    act(number, "accept", by="wangqian")
    promised, statutory, *_ = days_of(number)
    day = calendar.local_date(timezone.now()) + timedelta(days=1)
    while calendar.is_working_day(day):
        day += timedelta(days=1)
    turn({day: True})
    redate()
    after = days_of(number)
    assert after[0] == promised
    assert after[1] < statutory
    assert Recounted.objects.get(case=number).kept == 1


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


def test_a_promise_that_was_kept_or_broken_is_left_alone(
    granted: Callable[..., int], holiday: Callable[..., date]
) -> None:
    over = granted()
    rows = {row.number: row for row in Case.objects.filter(pk=over)}
    assert rows[over].decided_at is not None
    assert rows[over].promised_due is not None
    length = len(get_history(case=over))
    holiday()
    redate()
    assert len(get_history(case=over)) == length
    for number, row in rows.items():
        again = Case.objects.get(pk=number)
        assert (again.promised_due, again.statutory_due) == (row.promised_due, row.statutory_due)


def test_a_paused_case_is_counted_by_the_new_calendar_when_it_goes_on(
    file_case: Callable[..., int], act: Any, actor_for: Any, holiday: Callable[..., date]
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "request_supplement", by="chenli", node="handle", items=["floor_plan"], note="", within=None)
    holiday()
    redate()
    at = timezone.now() + timedelta(minutes=1)
    services.answer_supplement(number=number, answers={}, materials={}, actor=actor_for("linxiaomei"), at=at)
    assert "days moved in 0" in redate()
