"""Day arithmetic, compared with counting on the fingers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.clock import Calendar, ClockError, Limit, Unit

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
SHANGHAI = ZoneInfo("Asia/Shanghai")
days = st.sampled_from(DAYS)
worked_days = st.sets(days, min_size=1)


def calendar_of(worked: set[date]) -> Calendar:
    return Calendar(timezone=SHANGHAI, first_day=FIRST, last_day=LAST, is_working=worked.__contains__)


@given(worked_days, days, days)
def test_between_counts_after_the_start_up_to_the_end(worked: set[date], start: date, end: date) -> None:
    calendar = calendar_of(worked)
    counted = sum(start < day <= end for day in worked)
    if start <= end:
        assert calendar.working_days_between(start, end) == counted
        assert calendar.working_days_between(end, start) == -counted


@given(worked_days, days, st.integers(1, 90))
def test_adding_gives_the_nth_working_day(worked: set[date], day: date, n: int) -> None:
    calendar = calendar_of(worked)
    after = sorted(other for other in worked if other > day)
    before = sorted((other for other in worked if other < day), reverse=True)
    for found, others in ((n, after), (-n, before)):
        if len(others) >= n:
            assert calendar.add_working_days(day, found) == others[n - 1]
        else:
            with pytest.raises(ClockError) as refusal:
                calendar.add_working_days(day, found)
            assert refusal.value.code == "clock.year-outside"
    assert calendar.add_working_days(day, 0) == day


@given(worked_days, days)
def test_working_days_are_told_apart(worked: set[date], day: date) -> None:
    assert calendar_of(worked).is_working_day(day) is (day in worked)


@given(worked_days, st.integers(0, 20 * 86_400), st.integers(1, 20))
def test_a_deadline_ends_the_last_of_the_days_after_the_start(worked: set[date], seconds: int, n: int) -> None:
    calendar = calendar_of(worked | set(DAYS[-20:]))
    start = at("2026-01-01T00:00") + timedelta(seconds=seconds)
    due = calendar.deadline(start=start.astimezone(UTC), limit=Limit(n, Unit.WORKING_DAYS))
    assert (due.hour, due.minute, due.second, due.microsecond) == (23, 59, 59, 0)
    assert due.utcoffset() == timedelta(hours=8)
    assert calendar.is_working_day(due.date())
    assert calendar.working_days_between(start.date(), due.date()) == n


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # The law's examples: the Spring Festival and the long October holiday lie in between.
        ("2026-02-02T10:00", "20 working days", "2026-03-06T23:59:59"),
        ("2026-02-02T00:00", "20 working days", "2026-03-06T23:59:59"),
        ("2026-02-02T23:59:59.999999", "20 working days", "2026-03-06T23:59:59"),
        ("2025-09-22T10:00", "20 working days", "2025-10-24T23:59:59"),
        # 2026-02-14 is a Saturday on which everyone works for the holiday that follows.
        ("2026-02-13T10:00", "1 working day", "2026-02-14T23:59:59"),
        ("2026-02-14T10:00", "1 working day", "2026-02-24T23:59:59"),
        ("2026-02-02T10:00", "15 calendar days", "2026-02-17T23:59:59"),
        ("2026-02-02T10:00", "0 working days", "2026-02-02T23:59:59"),
        ("2026-02-17T10:00", "0 working days", "2026-02-17T23:59:59"),
        ("2026-02-17T10:00", "0 calendar days", "2026-02-17T23:59:59"),
        ("2026-02-17T10:00", "0 working hours", "2026-02-17T10:00"),
        ("2026-02-17T10:00", "0 hours", "2026-02-17T10:00"),
        ("2026-02-02T10:00", "24 hours", "2026-02-03T10:00"),
        ("2026-02-02T10:00:30.5", "2 hours", "2026-02-02T12:00:30.5"),
        # Office hours 9 to 12 and 13 to 17.
        ("2026-02-02T10:00", "2 working hours", "2026-02-02T12:00"),
        ("2026-02-02T10:00:00.000001", "2 working hours", "2026-02-02T13:00:00.000001"),
        ("2026-02-02T11:30", "1 working hour", "2026-02-02T13:30"),
        ("2026-02-02T12:20", "1 working hour", "2026-02-02T14:00"),
        ("2026-02-02T16:30", "1 working hour", "2026-02-03T09:30"),
        ("2026-02-02T08:00", "7 working hours", "2026-02-02T17:00"),
        ("2026-02-02T18:00", "7 working hours", "2026-02-03T17:00"),
        ("2026-02-14T16:30", "1 working hour", "2026-02-24T09:30"),
        ("2026-02-18T03:00", "1 working hour", "2026-02-24T10:00"),
    ],
)
def test_deadlines_of_china(china: Calendar, start: str, limit: str, due: str) -> None:
    found = china.deadline(start=at(start), limit=Limit.parse(limit))
    assert found.isoformat() == at(due).isoformat()
    assert china.deadline(start=at(start).astimezone(UTC), limit=Limit.parse(limit)).isoformat() == found.isoformat()


def test_the_day_of_an_instant_is_the_local_one(china: Calendar) -> None:
    assert china.local_date(datetime(2026, 2, 2, 15, 59, 59, tzinfo=UTC)) == date(2026, 2, 2)
    assert china.local_date(datetime(2026, 2, 2, 16, 0, tzinfo=UTC)) == date(2026, 2, 3)


def test_outside_the_calendar_the_cure_is_named(china: Calendar) -> None:
    for question in (
        lambda: china.is_working_day(date(2046, 1, 1)),
        lambda: china.is_working_day(date(2014, 12, 31)),
        lambda: china.is_provisional(date(2046, 1, 1)),
        lambda: china.end_of_day(date(2014, 12, 31)),
        lambda: china.working_days_between(date(2014, 12, 31), date(2015, 1, 5)),
        lambda: china.working_days_between(date(2015, 1, 5), date(9999, 12, 31)),
        lambda: china.add_working_days(date(2045, 12, 29), 10),
        lambda: china.add_working_days(date(2015, 1, 5), -10),
    ):
        with pytest.raises(ClockError) as refusal:
            question()
        assert refusal.value.code == "clock.year-outside"
        assert "last_year" in str(refusal.value)


@pytest.mark.parametrize("unit", Unit)
def test_a_limit_that_leaves_the_calendar_is_refused(china: Calendar, unit: Unit) -> None:
    with pytest.raises(ClockError) as refusal:
        china.deadline(start=at("2045-12-31T22:00"), limit=Limit(9, unit))
    assert refusal.value.code == "clock.year-outside"


@pytest.mark.parametrize("unit", Unit)
def test_naive_instants_are_refused(china: Calendar, unit: Unit) -> None:
    naive = datetime(2026, 2, 2, 10)  # noqa: DTZ001
    with pytest.raises(ClockError) as refusal:
        china.deadline(start=naive, limit=Limit(1, unit))
    assert refusal.value.code == "clock.naive"


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second() -> None:
    # Until 2018 Brazil put its clocks back at midnight, so 23:00 to 24:00 was lived twice.
    zone = ZoneInfo("America/Sao_Paulo")
    day = date(2018, 2, 17)
    calendar = Calendar(timezone=zone, first_day=day, last_day=day, is_working=lambda _: True)
    assert calendar.end_of_day(day).astimezone(UTC) == datetime(2018, 2, 18, 2, 59, 59, tzinfo=UTC)


def test_it_tells_what_it_covers(china: Calendar) -> None:
    assert (china.first_day, china.last_day) == (date(2015, 1, 1), date(2045, 12, 31))
    assert repr(china) == "<Calendar Asia/Shanghai 2015-01-01 to 2045-12-31>"
