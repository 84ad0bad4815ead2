"""What a pause, an extension or a restart would do to a limit, told before it is done."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.clock import (
    Calendar,
    ClockError,
    LegalClock,
    Limit,
    Unit,
    after_pause,
    calendar_for,
    what_if,
)

CHINA = calendar_for()
TWENTY = Limit(20, Unit.WORKING_DAYS)
RUNNING = LegalClock(TWENTY).start(datetime(2026, 3, 2, 10, tzinfo=CHINA.timezone))  # due on 30 March


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA.timezone)


def day(due: datetime | None) -> str:
    assert due is not None
    return CHINA.local_date(due).isoformat()


def test_as_it_is() -> None:
    seen = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA)
    assert (day(seen.due), seen.days_moved, seen.until, seen.is_late) == ("2026-03-30", 0, None, False)
    assert seen.clock == RUNNING


def test_if_it_is_paused_today_and_the_answer_comes_on_the_last_day() -> None:
    seen = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, pause_for=Limit.parse("10 working days"))
    assert seen.until == at("2026-03-19T23:59:59")
    assert day(seen.due) == "2026-04-14"  # ten working days later, 6 April is a holiday
    assert seen.days_moved == 10
    assert not seen.is_late


def test_if_the_answer_comes_on_a_given_day() -> None:
    seen = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, pause_until=at("2026-03-09T10:00"))
    assert (day(seen.due), seen.days_moved) == ("2026-04-01", 2)


def test_if_it_is_extended() -> None:
    seen = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, extend_by=Limit.parse("10 working days"))
    assert (day(seen.due), seen.days_moved) == ("2026-04-14", 10)
    assert seen.until is None


def test_if_it_is_extended_and_paused() -> None:
    ten = Limit.parse("10 working days")
    seen = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, extend_by=ten, pause_for=ten)
    assert (day(seen.due), seen.days_moved) == ("2026-04-28", 20)


def test_if_the_answer_gives_the_whole_time_again() -> None:
    seen = what_if(
        clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, pause_until=at("2026-03-09T10:00"), restarts=True
    )
    assert day(seen.due) == "2026-04-07"
    assert seen.clock == LegalClock(TWENTY).start(at("2026-03-09T10:00"))
    now = what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, restarts=True)
    assert day(now.due) == "2026-04-02"


def test_of_a_clock_that_is_paused_already() -> None:
    paused = RUNNING.pause(at("2026-03-05T10:00"), CHINA, "hearing")
    now = what_if(clock=paused, at=at("2026-03-09T10:00"), calendar=CHINA)
    assert (day(now.due), now.days_moved, now.clock) == ("2026-04-01", 0, paused)
    later = what_if(clock=paused, at=at("2026-03-09T10:00"), calendar=CHINA, pause_until=at("2026-03-19T10:00"))
    assert (day(later.due), later.days_moved) == ("2026-04-14", 8)
    assert later.clock.paused_at is None


def test_a_missed_limit_is_not_cured_by_asking() -> None:
    seen = what_if(clock=RUNNING, at=at("2026-04-02T10:00"), calendar=CHINA, pause_for=Limit.parse("5 working days"))
    assert (day(seen.due), seen.days_moved, seen.is_late) == ("2026-03-30", 0, True)
    longer = what_if(clock=RUNNING, at=at("2026-04-02T10:00"), calendar=CHINA, extend_by=Limit.parse("5 working days"))
    assert (day(longer.due), longer.is_late) == ("2026-04-07", False)


def test_what_the_step_refuses_is_refused_beforehand() -> None:
    for arguments, code in (
        ({"extend_by": Limit.parse("10 calendar days")}, "clock.unit-mismatch"),
        ({"pause_until": at("2026-03-04T10:00")}, "clock.backwards"),
    ):
        with pytest.raises(ClockError) as refusal:
            what_if(clock=RUNNING, at=at("2026-03-05T10:00"), calendar=CHINA, **arguments)
        assert refusal.value.code == code
    with pytest.raises(ClockError) as refusal:
        what_if(clock=LegalClock(TWENTY), at=at("2026-03-05T10:00"), calendar=CHINA, pause_for=TWENTY)
    assert refusal.value.code == "clock.not-started"
    unbegun = what_if(clock=LegalClock(TWENTY), at=at("2026-03-05T10:00"), calendar=CHINA)
    assert (unbegun.due, unbegun.days_moved, unbegun.is_late) == (None, 0, False)


def test_of_a_clock_that_stopped_while_it_was_paused_nothing_can_be_said() -> None:
    stopped = RUNNING.pause(at("2026-03-05T10:00"), CHINA, "hearing").stop(at("2026-03-06T10:00"))
    seen = what_if(clock=stopped, at=at("2026-03-09T10:00"), calendar=CHINA)
    assert (seen.due, seen.days_moved) == (None, 0)


@given(st.integers(0, 40 * 1440), st.integers(0, 30), st.integers(0, 15), st.sampled_from(Unit))
def test_what_was_foreseen_comes_true(minutes: int, pause: int, longer: int, unit: Unit) -> None:
    clock = LegalClock(Limit(20, unit)).start(at("2026-03-02T10:00"))
    now = at("2026-03-02T10:00") + timedelta(minutes=minutes)
    by = Limit(longer, unit)
    seen = what_if(clock=clock, at=now, calendar=CHINA, extend_by=by, pause_for=Limit(pause, Unit.CALENDAR_DAYS))
    assert seen.until is not None
    lived = clock.extend(by).pause(now, CHINA, "").resume(seen.until)
    assert (seen.clock, seen.due) == (lived, lived.due(CHINA))
    assert seen.is_late is lived.is_late(seen.until, CHINA)


@given(st.integers(0, 27 * 1440), st.integers(0, 30))
def test_a_pause_of_n_working_days_moves_the_date_by_n_working_days(minutes: int, n: int) -> None:
    now = at("2026-03-02T10:00") + timedelta(minutes=minutes)
    seen = what_if(clock=RUNNING, at=now, calendar=CHINA, pause_for=Limit(n, Unit.WORKING_DAYS))
    assert seen.days_moved == n
    assert seen.due == CHINA.end_of_day(CHINA.add_working_days(CHINA.local_date(at("2026-03-30T00:00")), n))


# A date within a paused limit


@pytest.mark.parametrize(
    ("due", "unit", "paused", "resumed", "expected"),
    [
        ("2026-03-05T23:59:59", Unit.WORKING_DAYS, "2026-03-02T11:00", "2026-03-10T11:00", "2026-03-13T23:59:59"),
        ("2026-03-05T23:59:59", Unit.CALENDAR_DAYS, "2026-03-02T11:00", "2026-03-10T11:00", "2026-03-13T23:59:59"),
        ("2026-03-02T15:00:00", Unit.WORKING_HOURS, "2026-03-02T11:00", "2026-03-10T11:00", "2026-03-10T15:00:00"),
        ("2026-03-02T15:00:00", Unit.HOURS, "2026-03-02T11:00", "2026-03-10T22:30", "2026-03-11T02:30:00"),
        # on the last day itself, all is used and the day of resuming is the last
        ("2026-03-05T23:59:59", Unit.WORKING_DAYS, "2026-03-05T11:00", "2026-03-10T11:00", "2026-03-10T23:59:59"),
        # missed before: it stays
        ("2026-03-05T23:59:59", Unit.WORKING_DAYS, "2026-03-06T11:00", "2026-03-10T11:00", "2026-03-05T23:59:59"),
        ("2026-03-02T10:00:00", Unit.WORKING_HOURS, "2026-03-02T10:00:01", "2026-03-10T11:00", "2026-03-02T10:00:00"),
        # no pause at all
        ("2026-03-05T23:59:59", Unit.WORKING_DAYS, "2026-03-02T11:00", "2026-03-02T11:00", "2026-03-05T23:59:59"),
        # missed over a weekend: not a working day has passed, it was missed all the same
        ("2026-03-06T23:59:59", Unit.WORKING_DAYS, "2026-03-07T11:00", "2026-03-10T11:00", "2026-03-06T23:59:59"),
    ],
)
def test_what_was_left_when_the_pause_began_is_left_when_it_ends(
    due: str, unit: Unit, paused: str, resumed: str, expected: str
) -> None:
    found = after_pause(due=at(due), unit=unit, paused_at=at(paused), resumed_at=at(resumed), calendar=CHINA)
    assert found == at(expected)


@given(
    st.builds(Limit, st.integers(0, 30), st.sampled_from(Unit)), st.integers(0, 20 * 1440), st.integers(0, 30 * 1440)
)
def test_it_moves_as_a_clock_of_the_same_limit_does(limit: Limit, minutes: int, length: int) -> None:
    start = at("2026-03-02T10:00")
    clock = LegalClock(limit).start(start)
    paused, due = start + timedelta(minutes=minutes), clock.due(CHINA)
    resumed = paused + timedelta(minutes=length)
    assert due is not None
    moved = after_pause(due=due, unit=limit.unit, paused_at=paused, resumed_at=resumed, calendar=CHINA)
    assert moved == clock.pause(paused, CHINA, "").resume(resumed).due(CHINA)


def test_over_a_change_of_clocks_nothing_slips() -> None:
    berlin: Calendar = calendar_for(country="DE", timezone="Europe/Berlin", first_year=2026, last_year=2026)
    start = datetime(2026, 3, 27, 15, tzinfo=ZoneInfo("Europe/Berlin"))  # clocks go forward on the 29th
    clock = LegalClock(Limit.parse("4 working hours")).start(start)
    assert str(clock.due(berlin)) == "2026-03-30 11:00:00+02:00"
    seen = what_if(clock=clock, at=start + timedelta(hours=1), calendar=berlin, pause_for=Limit.parse("1 working day"))
    assert str(seen.until) == "2026-03-30 23:59:59+02:00"
    assert str(seen.due) == "2026-03-31 12:00:00+02:00"  # three hours were left
