"""The legal clock: what its steps do to the date on which government must have answered."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tongban.kernel.chain import canonical
from tongban.kernel.clock import Calendar, ClockError, LegalClock, Limit, Unit, calendar_for

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = calendar_for()
TWENTY = LegalClock(Limit(20, Unit.WORKING_DAYS))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def day_of(instant: datetime | None) -> date:
    assert instant is not None
    return CHINA.local_date(instant)


# The rules, by example


def test_it_counts_from_the_day_after_the_start() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00"))
    assert clock.due(CHINA) == at("2026-03-06T23:59:59")
    assert clock.used(at("2026-02-02T23:00"), CHINA) == 0
    assert clock.used(at("2026-02-03T00:00"), CHINA) == 1
    assert clock.remaining(at("2026-03-06T23:59:59.9"), CHINA) == 0
    assert not clock.is_late(at("2026-03-06T23:59:59.9"), CHINA)
    assert clock.remaining(at("2026-03-07T00:00"), CHINA) == -1  # a Saturday: late, though no working day has passed
    assert clock.remaining(at("2026-03-09T09:00"), CHINA) == -1
    assert clock.remaining(at("2026-03-10T09:00"), CHINA) == -2


def test_the_day_of_pausing_is_used_and_the_day_of_resuming_is_not() -> None:
    clock = TWENTY.start(at("2026-03-02T10:00")).pause(at("2026-03-05T09:00"), CHINA, "hearing")
    assert clock.used(at("2026-03-20T10:00"), CHINA) == 3  # 3, 4 and 5 March
    assert clock.due(CHINA) is None
    assert clock.reason == "hearing"
    assert clock.due_if_resumed(at("2026-03-20T10:00"), CHINA) == at("2026-04-15T23:59:59")
    clock = clock.resume(at("2026-03-20T10:00"))
    assert clock.due(CHINA) == at("2026-04-15T23:59:59")  # 17 working days after 20 March, 6 April is a holiday
    assert clock.reason == ""
    assert clock.used(at("2026-03-20T18:00"), CHINA) == 3
    assert clock.used(at("2026-03-23T08:00"), CHINA) == 4


def test_an_extension_adds_its_days() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00")).extend(Limit(10, Unit.WORKING_DAYS))
    assert clock.due(CHINA) == at("2026-03-20T23:59:59")
    assert clock.total == Limit(30, Unit.WORKING_DAYS)


def test_a_restart_counts_from_the_beginning() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00")).pause(at("2026-02-09T10:00"), CHINA, "clarification")
    clock = clock.restart(at("2026-03-02T10:00"))
    assert clock == TWENTY.start(at("2026-03-02T10:00"))


def test_a_stopped_clock_keeps_what_it_showed() -> None:
    clock = TWENTY.start(at("2026-03-02T10:00")).stop(at("2026-03-05T10:00"))
    assert clock.due(CHINA) == at("2026-03-30T23:59:59")
    assert clock.used(at("2026-09-01T10:00"), CHINA) == 3
    assert clock.remaining(at("2026-09-01T10:00"), CHINA) == 17
    assert not clock.is_late(at("2026-09-01T10:00"), CHINA)
    assert (clock.is_running, clock.is_paused, clock.is_stopped) == (False, False, True)


def test_a_clock_that_stopped_late_stays_late() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00")).stop(at("2026-03-10T10:00"))
    assert clock.remaining(at("2026-09-01T10:00"), CHINA) == -2


def test_a_clock_that_stopped_on_its_last_day_is_never_late() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00")).stop(at("2026-03-06T17:00"))
    assert clock.remaining(at("2026-09-01T10:00"), CHINA) == 0
    assert not clock.is_late(at("2026-09-01T10:00"), CHINA)


def test_working_hours_are_late_in_the_evening_of_their_end() -> None:
    clock = LegalClock(Limit(1, Unit.WORKING_HOURS)).start(at("2026-03-02T16:00"))
    assert clock.remaining(at("2026-03-02T17:00"), CHINA) == 0
    assert clock.remaining(at("2026-03-02T17:00:00.000001"), CHINA) == -1


def test_a_missed_limit_is_not_cured_by_a_pause() -> None:
    # Paused on the Saturday after the last day, resumed weeks later: no working day was missed, the limit was.
    late = TWENTY.start(at("2026-02-02T10:00")).pause(at("2026-03-07T10:00"), CHINA, "inspection")
    assert late.remaining(at("2026-03-10T10:00"), CHINA) == -1
    resumed = late.resume(at("2026-03-20T10:00"))
    assert resumed.due(CHINA) == at("2026-03-06T23:59:59")
    assert resumed.remaining(at("2026-03-20T10:00"), CHINA) == -1
    extended = resumed.extend(Limit(10, Unit.WORKING_DAYS))
    assert extended.due(CHINA) == at("2026-04-03T23:59:59")
    assert extended.remaining(at("2026-03-20T10:00"), CHINA) == 10


def test_an_extension_of_nothing_cures_nothing() -> None:
    late = TWENTY.start(at("2026-02-02T10:00")).pause(at("2026-03-07T10:00"), CHINA, "inspection")
    assert late.extend(Limit(0, Unit.WORKING_DAYS)) == late


def test_an_extension_too_short_leaves_a_paused_clock_late() -> None:
    late = TWENTY.start(at("2026-02-02T10:00")).pause(at("2026-03-13T10:00"), CHINA, "inspection")
    short = late.extend(Limit(2, Unit.WORKING_DAYS))
    assert short.remaining(at("2026-03-13T10:00"), CHINA) == -3
    assert short.is_late(at("2026-03-13T10:00"), CHINA)
    assert short.resume(at("2026-03-20T10:00")).is_late(at("2026-03-20T10:00"), CHINA)


def test_a_clock_paused_on_its_last_day_ends_with_the_day_it_goes_on() -> None:
    clock = TWENTY.start(at("2026-02-02T10:00")).pause(at("2026-03-06T10:00"), CHINA, "testing")
    assert clock.remaining(at("2026-03-20T10:00"), CHINA) == 0
    assert clock.resume(at("2026-03-20T10:00")).due(CHINA) == at("2026-03-20T23:59:59")
    saturday = clock.resume(at("2026-03-21T10:00"))
    assert saturday.due(CHINA) == at("2026-03-21T23:59:59")
    assert saturday.remaining(at("2026-03-21T20:00"), CHINA) == 0
    assert saturday.remaining(at("2026-03-22T00:00"), CHINA) == -1


def test_hours_pause_to_the_instant() -> None:
    clock = LegalClock(Limit(4, Unit.WORKING_HOURS)).start(at("2026-03-02T11:00"))
    clock = clock.pause(at("2026-03-02T13:30:30"), CHINA, "call back")  # an hour and a half and 30 s used
    assert clock.used(at("2026-03-05T10:00"), CHINA) == 1
    assert clock.remaining(at("2026-03-05T10:00"), CHINA) == 3
    assert clock.resume(at("2026-03-05T16:00")).due(CHINA) == at("2026-03-06T10:29:30")
    urgent = LegalClock(Limit(2, Unit.HOURS)).start(at("2026-03-02T23:00"))
    assert urgent.due(CHINA) == at("2026-03-03T01:00")
    assert urgent.remaining(at("2026-03-03T01:00"), CHINA) == 0
    assert urgent.remaining(at("2026-03-03T01:00:00.000001"), CHINA) == -1


def test_before_the_start_nothing_is_due_or_used() -> None:
    assert TWENTY.due(CHINA) is None
    assert TWENTY.due_if_resumed(at("2026-03-02T10:00"), CHINA) is None
    assert TWENTY.used(at("2026-03-02T10:00"), CHINA) == 0
    assert TWENTY.remaining(at("2026-03-02T10:00"), CHINA) == 20
    assert (TWENTY.is_running, TWENTY.is_paused, TWENTY.is_stopped) == (False, False, False)


STARTED = TWENTY.start(at("2026-03-02T10:00"))
PAUSED = STARTED.pause(at("2026-03-05T10:00"), CHINA, "hearing")
STOPPED = STARTED.stop(at("2026-03-05T10:00"))
NOON = at("2026-03-05T12:00")
DAYS = Limit(10, Unit.WORKING_DAYS)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda: STARTED.start(NOON), "clock.already-started"),
        (lambda: STOPPED.start(NOON), "clock.already-started"),
        (lambda: TWENTY.pause(NOON, CHINA, ""), "clock.not-started"),
        (lambda: TWENTY.resume(NOON), "clock.not-started"),
        (lambda: TWENTY.extend(DAYS), "clock.not-started"),
        (lambda: TWENTY.restart(NOON), "clock.not-started"),
        (lambda: TWENTY.stop(NOON), "clock.not-started"),
        (lambda: PAUSED.pause(NOON, CHINA, ""), "clock.already-paused"),
        (lambda: STARTED.resume(NOON), "clock.not-paused"),
        (lambda: STARTED.resume(at("2026-03-01T10:00")), "clock.not-paused"),
        (lambda: STOPPED.pause(NOON, CHINA, ""), "clock.stopped"),
        (lambda: PAUSED.stop(NOON).pause(NOON, CHINA, ""), "clock.stopped"),
        (lambda: PAUSED.stop(NOON).resume(NOON), "clock.stopped"),
        (lambda: STOPPED.extend(DAYS), "clock.stopped"),
        (lambda: STOPPED.restart(NOON), "clock.stopped"),
        (lambda: STOPPED.stop(NOON), "clock.stopped"),
        (lambda: STARTED.pause(at("2026-03-02T09:59"), CHINA, ""), "clock.backwards"),
        (lambda: PAUSED.resume(at("2026-03-05T09:59")), "clock.backwards"),
        (lambda: PAUSED.restart(at("2026-03-05T09:59")), "clock.backwards"),
        (lambda: STARTED.stop(at("2026-03-01T10:00")), "clock.backwards"),
        (lambda: STARTED.extend(Limit(10, Unit.CALENDAR_DAYS)), "clock.unit-mismatch"),
        (lambda: TWENTY.start(datetime(2026, 3, 2)), "clock.naive"),  # noqa: DTZ001
        (lambda: STARTED.used(datetime(2026, 3, 5), CHINA), "clock.naive"),  # noqa: DTZ001
    ],
)
def test_a_step_that_cannot_be_is_refused(step: Callable[[], object], code: str) -> None:
    with pytest.raises(ClockError) as refusal:
        step()
    assert refusal.value.code == code
    assert str(refusal.value).startswith(f"{code}: ")


# The rules, for any history

limits = st.builds(Limit, st.integers(0, 40), st.sampled_from(Unit))
BEGINNING = datetime(2025, 12, 1, tzinfo=UTC)


@st.composite
def histories(draw: st.DrawFn, *, unit: Unit | None = None) -> tuple[LegalClock, list[datetime]]:
    """A clock that was started, then paused and resumed up to five times, and the instants of it all."""
    limit = draw(limits if unit is None else st.builds(Limit, st.integers(0, 40), st.just(unit)))
    gaps = draw(st.lists(st.integers(0, 15 * 86_400), min_size=1, max_size=11))
    instants, now = [], BEGINNING
    for gap in gaps:
        now += timedelta(seconds=gap)
        instants.append(now)
    clock = LegalClock(limit).start(instants[0])
    for number, instant in enumerate(instants[1:]):
        clock = clock.resume(instant) if number % 2 else clock.pause(instant, CHINA, "hearing")
    return clock, instants


def counted(instants: list[datetime], until: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches in which the clock ran."""
    bounds = [*instants, until] if len(instants) % 2 else instants
    return list(zip(bounds[::2], bounds[1::2], strict=True))


@given(histories(unit=Unit.WORKING_DAYS), st.integers(0, 60 * 86_400))
def test_used_is_the_working_days_of_the_running_stretches(
    history: tuple[LegalClock, list[datetime]], later: int
) -> None:
    clock, instants = history
    now = instants[-1] + timedelta(seconds=later)
    days = 0
    for start, end in counted(instants, now):
        day, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
        while day < last:
            day += timedelta(days=1)
            days += CHINA.is_working_day(day)
    assert clock.used(now, CHINA) == days
    left = clock.limit.amount - days
    assert clock.remaining(now, CHINA) == (min(left, -1) if clock.is_late(now, CHINA) else left)


@given(histories(), st.integers(0, 60 * 86_400))
def test_remaining_is_negative_exactly_when_late(history: tuple[LegalClock, list[datetime]], later: int) -> None:
    clock, instants = history
    now = instants[-1] + timedelta(seconds=later)
    due = clock.due_if_resumed(now, CHINA)
    assert due is not None
    late = day_of(now) > day_of(due) if clock.limit.unit.in_days else now > due
    assert clock.is_late(now, CHINA) is late
    assert (clock.remaining(now, CHINA) < 0) is late
    assert (clock.due(CHINA) is None) is clock.is_paused


@given(histories(), st.integers(0, 60 * 86_400), st.integers(0, 60 * 86_400))
def test_a_stopped_clock_shows_for_ever_what_it_showed_when_it_stopped(
    history: tuple[LegalClock, list[datetime]], until: int, later: int
) -> None:
    clock, instants = history
    end = instants[-1] + timedelta(seconds=until)
    stopped, now = clock.stop(end), end + timedelta(seconds=later)
    assert stopped.used(now, CHINA) == clock.used(end, CHINA)
    assert stopped.remaining(now, CHINA) == clock.remaining(end, CHINA)
    assert stopped.is_late(now, CHINA) is clock.is_late(end, CHINA)
    assert stopped.due(CHINA) == clock.due(CHINA)


@given(histories(), st.integers(0, 60 * 86_400))
def test_pauses_never_shorten_what_remains(history: tuple[LegalClock, list[datetime]], later: int) -> None:
    clock, instants = history
    now = instants[-1] + timedelta(seconds=later)
    unpaused = LegalClock(clock.limit).start(instants[0])
    assert clock.remaining(now, CHINA) >= unpaused.remaining(now, CHINA)
    due, due_unpaused = clock.due_if_resumed(now, CHINA), unpaused.due(CHINA)
    assert due is not None
    assert due_unpaused is not None
    assert due >= due_unpaused


@given(histories(), st.integers(0, 10 * 86_400), st.integers(0, 23 * 3600), st.integers(0, 23 * 3600))
def test_pausing_and_resuming_on_one_day_changes_no_date(
    history: tuple[LegalClock, list[datetime]], later: int, one: int, two: int
) -> None:
    clock, instants = history
    if clock.is_paused:
        clock = clock.resume(instants[-1])
    morning = (instants[-1] + timedelta(seconds=later)).astimezone(SHANGHAI) + timedelta(days=1)
    morning = morning.replace(hour=0, minute=0, second=0, microsecond=0)
    first, second = (morning + timedelta(seconds=s) for s in sorted((one, two)))
    if clock.limit.unit.in_days:
        again = clock.pause(first, CHINA, "").resume(second)
    else:
        again = clock.pause(first, CHINA, "").resume(first)
    assert day_of(again.due(CHINA)) == day_of(clock.due(CHINA))
    if clock.limit.unit is Unit.HOURS or clock.limit.unit is Unit.WORKING_DAYS:
        assert again.due(CHINA) == clock.due(CHINA)
    night = second + timedelta(days=3)
    assert again.remaining(night, CHINA) == clock.remaining(night, CHINA)


@given(histories(unit=Unit.WORKING_DAYS), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_of_n_working_days_moves_the_end_by_n_working_days(
    history: tuple[LegalClock, list[datetime]], into: int, n: int
) -> None:
    clock, instants = history
    if clock.is_paused:
        clock = clock.resume(instants[-1])
    due = clock.due(CHINA)
    assert due is not None
    pause_on = CHINA.add_working_days(day_of(instants[-1]), into + 1)
    assume(pause_on <= day_of(due))
    resume_on = CHINA.add_working_days(pause_on, n)
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI) for day in (pause_on, resume_on)]
    moved = clock.pause(noons[0], CHINA, "").resume(noons[1])
    assert day_of(moved.due(CHINA)) == CHINA.add_working_days(day_of(due), n)


@given(histories(), st.integers(0, 40), st.integers(0, 40), st.integers(0, 60 * 86_400))
def test_the_end_never_comes_nearer_by_extension(
    history: tuple[LegalClock, list[datetime]], less: int, more: int, later: int
) -> None:
    clock, instants = history
    now = instants[-1] + timedelta(seconds=later)
    less, more = sorted((less, more))
    ends = [clock, *(clock.extend(Limit(by, clock.limit.unit)) for by in (less, more))]
    dues = [end.due_if_resumed(now, CHINA) for end in ends]
    assert all(due is not None for due in dues)
    assert dues == sorted(due for due in dues if due is not None)
    left = [end.remaining(now, CHINA) for end in ends]
    assert left == sorted(left)


@given(histories(), st.integers(1, 40))
def test_extensions_add_up(history: tuple[LegalClock, list[datetime]], by: int) -> None:
    clock, _ = history
    one = Limit(1, clock.limit.unit)
    stepwise = clock
    for _ in range(by):
        stepwise = stepwise.extend(one)
    assert stepwise == clock.extend(Limit(by, clock.limit.unit))


@given(histories(), st.booleans(), st.integers(0, 30), st.text(max_size=20))
def test_json_gives_the_same_clock_to_the_byte(
    history: tuple[LegalClock, list[datetime]], stops: bool, by: int, reason: str
) -> None:
    clock, instants = history
    clock = clock.extend(Limit(by, clock.limit.unit))
    if not clock.is_paused:
        clock = clock.pause(instants[-1], CHINA, reason)
    if stops:
        clock = clock.stop(instants[-1] + timedelta(microseconds=1))
    written = clock.to_json()
    again = LegalClock.from_json(json.loads(json.dumps(written)))
    assert again == clock
    assert json.dumps(again.to_json()) == json.dumps(written)
    assert not any(isinstance(member, float) for member in written.values())
    assert again.due_if_resumed(instants[-1] + timedelta(days=1), CHINA) == clock.due_if_resumed(
        instants[-1] + timedelta(days=1), CHINA
    )


def test_json_is_small_and_canonical() -> None:
    assert TWENTY.to_json() == {"limit": "20 working days"}
    assert canonical(STARTED.to_json()) == (
        b'{"limit":"20 working days","since":"2026-03-02T02:00:00+00:00","started_at":"2026-03-02T02:00:00+00:00"}'
    )


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"limit": "20 days"},
        {"limit": 20},
        {"limit": "20 working days", "colour": "red"},
        {"limit": "20 working days", "since": "2026-03-02T02:00:00+00:00"},
        {"limit": "20 working days", "stopped_at": "2026-03-02T02:00:00+00:00"},
        {"limit": "20 working days", "started_at": "2026-03-02T02:00:00", "since": "2026-03-02T02:00:00"},
        {"limit": "20 working days", "started_at": "yesterday", "since": "yesterday"},
        {"limit": "20 working days", "spent": "3"},
        {"limit": "20 working days", "spent": True},
        {"limit": "20 working days", "extension": -1},
        {"limit": "20 working days", "extension": 1.0},
        {"limit": "20 working days", "reason": 3},
    ],
)
def test_json_that_is_no_clock_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(ClockError) as refusal:
        LegalClock.from_json(value)
    assert refusal.value.code == "clock.json-invalid"


def test_a_calendar_amended_during_the_run_moves_the_end() -> None:
    clock = TWENTY.start(at("2026-03-02T10:00"))
    amended: Calendar = calendar_for(overrides={date(2026, 3, 20): False})
    assert clock.due(CHINA) == at("2026-03-30T23:59:59")
    assert clock.due(amended) == at("2026-03-31T23:59:59")
