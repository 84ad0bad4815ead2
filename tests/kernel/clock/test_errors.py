"""A refusal says what was asked, where the limit lies, and what to do: word for word."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tongban.kernel.clock import Calendar, ClockError, LegalClock, Limit, Unit, calendar_for, parse_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = Calendar(timezone=SHANGHAI, first_day=date(2026, 3, 2), last_day=date(2026, 3, 8), is_working=lambda _: True)
AT = datetime(2026, 3, 4, 10, tzinfo=SHANGHAI)
NAIVE = datetime(2026, 3, 4, 10)  # noqa: DTZ001
CLOCK = LegalClock(Limit(5, Unit.WORKING_DAYS)).start(AT)
COVERS = "covers 2026-03-02 to 2026-03-08: build it with an earlier first_year or a later last_year"


def read(**members: Any) -> LegalClock:
    return LegalClock.from_json({**CLOCK.to_json(), **members})


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (lambda: WEEK.local_date(NAIVE), "clock.naive: the instant 2026-03-04T10:00:00 has no time zone"),
        (lambda: WEEK.working_minutes(NAIVE, AT), "clock.naive: the instant 2026-03-04T10:00:00 has no time zone"),
        (lambda: CLOCK.used(NAIVE, WEEK), "clock.naive: the instant 2026-03-04T10:00:00 has no time zone"),
        (lambda: WEEK.is_working_day(date(2026, 3, 1)), f"2026-03-01 is outside the calendar, which {COVERS}"),
        (lambda: WEEK.is_working_day(date(2026, 3, 9)), f"2026-03-09 is outside the calendar, which {COVERS}"),
        (lambda: WEEK.is_working_day(date.min), f"0001-01-01 is outside the calendar, which {COVERS}"),
        (lambda: WEEK.is_working_day(date.max), f"9999-12-31 is outside the calendar, which {COVERS}"),
        (lambda: WEEK.add_working_days(date(2026, 3, 8), 1), f"2026-03-09 is outside the calendar, which {COVERS}"),
        (lambda: WEEK.add_working_days(date(2026, 3, 2), -1), f"2026-03-01 is outside the calendar, which {COVERS}"),
        (
            lambda: WEEK.deadline(start=AT, limit=Limit(99_999, Unit.CALENDAR_DAYS)),
            f"2299-12-17 is outside the calendar, which {COVERS}",
        ),
        (
            lambda: WEEK.deadline(start=AT, limit=Limit(99, Unit.WORKING_HOURS)),
            f"2026-03-09 is outside the calendar, which {COVERS}",
        ),
        (
            lambda: WEEK.reach(unit=Unit.WORKING_HOURS, start=AT, amount=-(10**15)),
            f"2026-03-01 is outside the calendar, which {COVERS}",
        ),
        (
            lambda: WEEK.working_minutes(AT, AT.replace(day=9, hour=0)),
            f"2026-03-09 is outside the calendar, which {COVERS}",
        ),
        (
            lambda: WEEK.working_minutes(AT.replace(day=1), AT),
            f"2026-03-01 is outside the calendar, which {COVERS}",
        ),
        (
            lambda: calendar_for(first_year=1900, last_year=2200),
            "clock.years-invalid: no calendar can be built for the years 1900 to 2200: use 1950 to 2100",
        ),
        (
            lambda: calendar_for(first_year=2026, last_year=2027, overrides={date(2028, 1, 1): True}),
            "2028-01-01 is outside the calendar, which covers 2026-01-01 to 2027-12-31",
        ),
        (lambda: calendar_for(country="XX"), "no public holidays are known for country XX"),
        (
            lambda: calendar_for(country="DE", subdivision="XX"),
            "clock.subdivision-unknown: DE has no subdivision XX with holidays of its own",
        ),
        (lambda: calendar_for(weekend=[7, 3]), "clock.weekend-invalid: [3, 7] is no weekend"),
        (lambda: calendar_for(timezone="Mars/Olympus"), "time zone Mars/Olympus is unknown"),
        (lambda: parse_hours("9 to 5"), "office hours 9 to 5 are not periods in order without overlap"),
        (lambda: parse_hours(""), "office hours () are not periods in order"),
        (
            lambda: CLOCK.extend(Limit(10, Unit.CALENDAR_DAYS)),
            "a limit in working_days cannot be extended by 10 calendar days: extend it in its own unit",
        ),
        (
            lambda: CLOCK.stop(AT.replace(hour=9)),
            "2026-03-04T01:00:00+00:00 is before 2026-03-04T02:00:00+00:00, when the clock last changed",
        ),
        (lambda: read(spent="1"), "not a clock in JSON (a count or the reason has the wrong type)"),
        (lambda: read(extension=-1), "not a clock in JSON (a count or the reason has the wrong type)"),
        (lambda: read(reason=1), "not a clock in JSON (a count or the reason has the wrong type)"),
        (lambda: LegalClock.from_json({}), "not a clock in JSON ('limit')"),
        (
            lambda: LegalClock.from_json({"limit": "5 working days", "since": "2026-03-04T10:00:00+08:00"}),
            "not a clock in JSON (its instants do not fit together)",
        ),
        (
            lambda: LegalClock.from_json({"limit": "5 working days", "stopped_at": "2026-03-04T10:00:00+08:00"}),
            "not a clock in JSON (its instants do not fit together)",
        ),
        (
            lambda: LegalClock.from_json({"limit": "5 working days", "lapsed_at": "2026-03-04T10:00:00+08:00"}),
            "not a clock in JSON (its instants do not fit together)",
        ),
        (lambda: Limit.parse("soon"), "limit.format: 'soon' is not a limit: write it as '20 working days'"),
        (lambda: Limit.parse("2 moons"), "limit.unit: 'moons' is not a unit"),
        (lambda: Limit(100_000, Unit.HOURS), "limit.amount: a limit of 100000 cannot be kept: use 0 to 99999"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(question: Callable[[], object], words: str) -> None:
    with pytest.raises(ClockError) as refusal:
        question()
    assert words in str(refusal.value)
    assert refusal.value.args == (refusal.value.code, refusal.value.params)


def test_office_hours_that_are_none_are_shown_as_they_were_given() -> None:
    hours = ((time(13), time(12)),)
    with pytest.raises(ClockError) as refusal:
        Calendar(
            timezone=SHANGHAI,
            first_day=date(2026, 3, 2),
            last_day=date(2026, 3, 2),
            is_working=lambda _: True,
            hours=hours,
        )
    assert refusal.value.params == {"hours": hours}


def test_what_is_left_out_is_the_national_calendar_of_thirty_one_years() -> None:
    calendar = calendar_for()
    assert (calendar.first_day, calendar.last_day) == (date(2015, 1, 1), date(2045, 12, 31))
    assert calendar.timezone.key == "Asia/Shanghai"
    assert calendar.working_minutes(AT.replace(hour=0), AT.replace(hour=23)) == 7 * 60
