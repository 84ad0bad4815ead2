"""Working time, compared with looking at every minute, also where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.clock import DEFAULT_HOURS, Calendar, ClockError, Hours, Limit, Unit, parse_hours

ROUND_THE_CLOCK: Hours = ((time(0), time(0)),)
NIGHT: Hours = ((time(1), time(4)), (time(4), time(5, 30)), (time(22), time(0)))
# Bounds inside the hour that clocks jump over in Berlin.
JUMPED: Hours = ((time(1), time(2, 15)), (time(2, 30), time(2, 45)), (time(2, 50), time(4)))
# Around a change of clocks: forward, back, back by half an hour, a whole day left out, and none at all.
PLACES = [
    ("Europe/Berlin", date(2026, 3, 27)),
    ("America/New_York", date(2026, 10, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("America/Sao_Paulo", date(2018, 2, 15)),  # back at midnight
    ("America/Sao_Paulo", date(2018, 11, 2)),  # forward at midnight: the day begins at one o'clock
    ("America/St_Johns", date(2011, 11, 4)),  # back at a minute past midnight, into the day before
    ("Asia/Shanghai", date(2026, 2, 13)),
]


@cache
def calendar_at(zone: str, first: date, hours: Hours) -> Calendar:
    return Calendar(
        timezone=ZoneInfo(zone),
        first_day=first,
        last_day=first + timedelta(days=27),
        is_working=lambda day: day.toordinal() % 7 != 3,
        hours=hours,
    )


def is_open(calendar: Calendar, hours: Hours, at: datetime) -> bool:
    local = at.astimezone(calendar.timezone)
    if not calendar.is_working_day(local.date()):
        return False
    return any(opens <= local.time() and (local.time() < closes or closes == time(0)) for opens, closes in hours)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[Calendar, Hours, datetime, int]:
    zone, first = draw(st.sampled_from(PLACES))
    hours = draw(st.sampled_from([DEFAULT_HOURS, ROUND_THE_CLOCK, NIGHT, *([JUMPED] if "Berlin" in zone else [])]))
    calendar = calendar_at(zone, first, hours)
    midnight = datetime.combine(first, time(0), calendar.timezone).astimezone(UTC)
    start = midnight + timedelta(minutes=draw(st.integers(0, 4 * 1440)))
    return calendar, hours, start, draw(st.integers(0, 3 * 1440))


@given(stretches())
def test_working_minutes_are_the_open_ones(stretch: tuple[Calendar, Hours, datetime, int]) -> None:
    calendar, hours, start, length = stretch
    minutes = sum(is_open(calendar, hours, start + timedelta(minutes=n)) for n in range(length))
    end = start + timedelta(minutes=length)
    assert calendar.working_minutes(start, end) == minutes
    assert calendar.working_minutes(end, start) == -minutes


@given(stretches(), st.integers(1, 40), st.integers(0, 59_999_999))
def test_a_deadline_in_working_hours_is_the_first_instant_that_fills_them(
    stretch: tuple[Calendar, Hours, datetime, int], amount: int, late: int
) -> None:
    calendar, hours, start, _ = stretch
    start += timedelta(microseconds=late)
    due = calendar.deadline(start=start, limit=Limit(amount, Unit.WORKING_HOURS))
    # A difference of local times is wall time, so go through UTC.
    just_before = due.astimezone(UTC) - timedelta(microseconds=1)
    assert calendar.working_minutes(start, due) == amount * 60
    assert calendar.working_minutes(start, just_before) == amount * 60 - 1
    assert is_open(calendar, hours, just_before)
    assert due.tzinfo is calendar.timezone


@given(stretches(), st.integers(0, 100))
def test_hours_are_real_hours(stretch: tuple[Calendar, Hours, datetime, int], amount: int) -> None:
    calendar, _, start, _ = stretch
    due = calendar.deadline(start=start.astimezone(calendar.timezone), limit=Limit(amount, Unit.HOURS))
    assert due.astimezone(UTC) - start == timedelta(hours=amount)


def test_an_hour_that_does_not_exist_is_not_waited_for() -> None:
    calendar = calendar_at("Europe/Berlin", date(2026, 3, 27), ROUND_THE_CLOCK)
    start = datetime(2026, 3, 29, 1, 0, tzinfo=calendar.timezone)
    due = calendar.deadline(start=start, limit=Limit(2, Unit.WORKING_HOURS))
    assert due.isoformat() == "2026-03-29T04:00:00+02:00"


def test_an_hour_lived_twice_is_worked_twice_and_counted_once_each() -> None:
    hours: Hours = ((time(1), time(1, 30)), (time(1, 30), time(2)))
    calendar = calendar_at("America/New_York", date(2026, 10, 30), hours)
    start = datetime(2026, 11, 1, 0, 0, tzinfo=calendar.timezone)
    assert calendar.working_minutes(start, start + timedelta(hours=10)) == 120


def test_parts_of_a_minute_are_not_rounded_up() -> None:
    calendar = calendar_at("Asia/Shanghai", date(2026, 2, 13), DEFAULT_HOURS)
    start = datetime(2026, 2, 16, 9, 0, tzinfo=calendar.timezone)
    assert calendar.working_minutes(start, start + timedelta(seconds=119)) == 1
    assert calendar.working_minutes(start + timedelta(seconds=119), start) == -1


def test_hours_are_read_from_text() -> None:
    assert parse_hours("09:00-12:00 13:00-17:00") == DEFAULT_HOURS
    assert parse_hours("00:00-24:00") == ROUND_THE_CLOCK
    assert parse_hours("01:00-04:00, 04:00-05:30, 22:00-00:00") == NIGHT


@pytest.mark.parametrize(
    "text",
    ["", "nine to five", "09:00", "12:00-09:00", "09:00-09:00", "09:00-12:00 11:00-17:00", "13:00-17:00 09:00-12:00",
     "09:00-24:00 13:00-17:00", "09:00-12:00-13:00", "25:00-26:00", "00:00-00:00 01:00-00:00"],
)  # fmt: skip
def test_hours_that_are_out_of_order_are_refused(text: str) -> None:
    with pytest.raises(ClockError) as refusal:
        parse_hours(text)
    assert refusal.value.code == "clock.hours-invalid"


def test_a_calendar_refuses_invalid_hours_too() -> None:
    with pytest.raises(ClockError) as refusal:
        calendar_at("Asia/Shanghai", date(2026, 2, 13), ((time(12), time(9)),))
    assert refusal.value.code == "clock.hours-invalid"


def test_office_hours_that_do_not_keep_to_minutes_are_counted_to_the_second() -> None:
    for hours, worked in (
        ("09:00:30-12:00", 179 * 60 + 30),
        ("09:00-12:00:45", 180 * 60 + 45),
        ("09:00-11:59:59.5", 179 * 60 + 59),
    ):
        calendar = calendar_at("Asia/Shanghai", date(2026, 2, 13), parse_hours(hours))
        day = datetime(2026, 2, 24, tzinfo=calendar.timezone)
        counted = calendar.count(unit=Unit.WORKING_HOURS, start=day, end=day.replace(hour=23))
        assert counted // 1_000_000 == worked, hours


def test_the_very_first_and_the_very_last_instant_of_working_time_can_be_reached() -> None:
    calendar = Calendar(
        timezone=ZoneInfo("Asia/Shanghai"),
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 3),
        is_working=lambda _: True,
    )
    opens = datetime(2026, 3, 2, 9, tzinfo=calendar.timezone)
    first = calendar.reach(unit=Unit.WORKING_HOURS, start=opens, amount=1)
    assert first == opens.replace(microsecond=1)
    assert calendar.deadline(start=opens, limit=Limit(14, Unit.WORKING_HOURS)) == opens.replace(day=3, hour=17)
    assert calendar.deadline(start=opens, limit=Limit(1, Unit.WORKING_DAYS)) == calendar.end_of_day(date(2026, 3, 3))
