"""Slots that can be booked, held against the clocks on walls all over the world, and the days of a counter."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tongban.kernel.clock import Calendar, ClockError, Hours, opens_on, periods_of_day, slots_of_day

# Clocks change at night, at midnight (Havana, Beirut), by half an hour (Lord Howe), or a day was left out (Apia).
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
    )
]
DAYS = st.dates(date(2011, 1, 1), date(2030, 12, 31))
LENGTHS = st.sampled_from([5, 10, 15, 20, 30, 45, 60, 90])


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """One to three periods, in order, anywhere in the day."""
    marks = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=6)))
    marks = marks[: len(marks) // 2 * 2]
    bounds = [time(mark // 4, mark % 4 * 15) for mark in marks]
    return tuple(zip(bounds[::2], bounds[1::2], strict=True))


GAP = (date(2026, 3, 29), ((time(1), time(4)),), 30, ZoneInfo("Europe/Berlin"))
DOUBLED = (date(2026, 10, 25), ((time(1), time(4)),), 30, ZoneInfo("Europe/Berlin"))


@given(DAYS, hours(), LENGTHS, st.sampled_from(ZONES))
@example(*GAP)
@example(*DOUBLED)
def test_slots_are_as_long_as_they_say_and_apart(day: date, of: Hours, minutes: int, zone: ZoneInfo) -> None:
    slots = slots_of_day(day=day, hours=of, minutes=minutes, timezone=zone)
    assert all(slot.end - slot.start == timedelta(minutes=minutes) for slot in slots)
    assert all(one.end <= other.start for one, other in pairwise(slots))
    assert all(slot.start.tzinfo is UTC for slot in slots)


@given(DAYS, hours(), LENGTHS, st.sampled_from(ZONES))
@example(*GAP)
@example(*DOUBLED)
def test_every_instant_of_a_slot_is_within_the_hours_on_the_wall(
    day: date, of: Hours, minutes: int, zone: ZoneInfo
) -> None:
    # The wall is asked minute by minute, by the database of zones alone. Within an hour that comes twice a period
    # may hold instants whose wall time was passed already: the last period is then open until it comes round again.
    for slot in slots_of_day(day=day, hours=of, minutes=minutes, timezone=zone):
        assert slot.start.astimezone(zone).date() == day
        walls = [(slot.start + timedelta(minutes=n)).astimezone(zone) for n in range(minutes)]
        if walls[0].utcoffset() == walls[-1].utcoffset() and not any(_comes_twice(wall) for wall in walls):
            assert all(any(opens <= wall.time() < closes for opens, closes in of) for wall in walls)


def _comes_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@given(DAYS, hours(), LENGTHS, st.sampled_from(ZONES))
@example(*GAP)
@example(*DOUBLED)
def test_no_room_is_left_for_another(day: date, of: Hours, minutes: int, zone: ZoneInfo) -> None:
    slots = slots_of_day(day=day, hours=of, minutes=minutes, timezone=zone)
    length = timedelta(minutes=minutes)
    fitting = sum((closes - opens) // length for opens, closes in periods_of_day(day=day, hours=of, timezone=zone))
    assert len(slots) == fitting


@given(DAYS, hours(), LENGTHS)
def test_where_clocks_do_not_change_they_are_those_of_the_wall(day: date, of: Hours, minutes: int) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    walls = [
        datetime.combine(day, opens, zone) + timedelta(minutes=minutes * number)
        for opens, closes in of
        for number in range(((closes.hour - opens.hour) * 60 + closes.minute - opens.minute) // minutes)
    ]
    assert [slot.start for slot in slots_of_day(day=day, hours=of, minutes=minutes, timezone=zone)] == walls


def _shown(of: tuple[date, Hours, int, ZoneInfo]) -> list[str]:
    day, hours, minutes, zone = of
    slots = slots_of_day(day=day, hours=hours, minutes=minutes, timezone=zone)
    return [f"{slot.start.astimezone(zone):%H:%M %Z}" for slot in slots]


def test_the_hour_that_is_left_out_has_no_slots() -> None:
    assert _shown(GAP) == ["01:00 CET", "01:30 CET", "03:00 CEST", "03:30 CEST"]


def test_the_hour_that_comes_twice_has_twice_as_many() -> None:
    twice = ["02:00 CEST", "02:30 CEST", "02:00 CET", "02:30 CET"]
    assert _shown(DOUBLED) == ["01:00 CEST", "01:30 CEST", *twice, "03:00 CET", "03:30 CET"]


def test_a_day_that_was_left_out_has_none() -> None:
    # Samoa went from 29 to 31 December 2011.
    apia = ZoneInfo("Pacific/Apia")
    assert periods_of_day(day=date(2011, 12, 30), hours=((time(9), time(12)),), timezone=apia) == ()
    assert slots_of_day(day=date(2011, 12, 30), hours=((time(9), time(12)),), minutes=30, timezone=apia) == ()


def test_hours_that_are_not_in_order_are_refused() -> None:
    with pytest.raises(ClockError, match="hours-invalid"):
        periods_of_day(day=date(2026, 3, 2), hours=((time(12), time(9)),), timezone=ZONES[0])


WEEK, WITH_SATURDAYS = {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("day", "weekdays", "is_open"),
    [
        (date(2026, 3, 2), WEEK, True),  # a Monday
        (date(2026, 3, 7), WEEK, False),  # a Saturday
        (date(2026, 3, 7), WITH_SATURDAYS, True),
        (date(2026, 3, 8), WITH_SATURDAYS, False),  # the Sunday after
        (date(2026, 3, 3), {1, 3}, False),  # a Tuesday, where only Mondays and Wednesdays are served
        (date(2026, 10, 1), WITH_SATURDAYS, False),  # National Day, a Thursday
        (date(2026, 10, 3), WITH_SATURDAYS, False),  # the Saturday in its midst
        (date(2026, 2, 14), WEEK, True),  # a Saturday worked for the Spring Festival
        (date(2099, 1, 1), WEEK, False),  # beyond the calendar
    ],
)
def test_the_days_of_a_counter(china: Calendar, day: date, weekdays: set[int], *, is_open: bool) -> None:
    assert opens_on(calendar=china, weekdays=weekdays, day=day) is is_open
