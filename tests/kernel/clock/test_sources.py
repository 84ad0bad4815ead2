"""Where calendars come from: notices, rules, and what a city adds."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from tongban.kernel.clock import Calendar, ClockError, Limit, calendar_for


def year_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def worked_in(calendar: Calendar, year: int) -> int:
    return sum(map(calendar.is_working_day, year_of(year)))


def test_the_years_have_the_working_days_of_their_notices(china: Calendar) -> None:
    assert worked_in(china, 2025) == 248
    assert worked_in(china, 2026) == 248


@pytest.mark.parametrize("day", [date(2025, 1, 26), date(2026, 2, 14)])
def test_make_up_days_are_worked(china: Calendar, day: date) -> None:
    assert day.weekday() >= 5
    assert china.is_working_day(day)


@pytest.mark.parametrize("year", [2015, 2020, 2026])
def test_official_years_agree_with_the_notice_day_by_day(china: Calendar, year: int) -> None:
    for day in year_of(year):
        assert china.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert not china.is_provisional(day)


def last_official_year() -> int:
    return int(max(chinese_calendar.holidays).year)


def test_years_without_a_notice_are_provisional_and_never_refused(china: Calendar) -> None:
    for year in range(last_official_year() + 1, 2046):
        assert all(map(china.is_provisional, year_of(year)))
        # Weekends and thirteen days of holidays, some of which fall on weekends and move.
        assert 246 <= worked_in(china, year) <= 251, year


def test_expected_holidays_are_off_and_nothing_is_made_up(china: Calendar) -> None:
    year = last_official_year() + 1
    assert not china.is_working_day(date(year, 1, 1))
    assert not china.is_working_day(date(year, 10, 1))
    assert not china.is_working_day(date(year, 5, 1))
    assert not any(china.is_working_day(day) for day in year_of(year) if day.weekday() >= 5)
    spring_festival = [day for day in year_of(year) if day.month <= 2 and day.weekday() < 5]
    assert sum(not china.is_working_day(day) for day in spring_festival) >= 4


def test_an_announcement_wins_and_is_no_longer_provisional() -> None:
    year = last_official_year() + 1
    weekday = next(day for day in year_of(year) if day.month == 3 and day.weekday() == 2)
    saturday = weekday + timedelta(days=3)
    calendar = calendar_for(overrides={weekday: False, saturday: True})
    assert not calendar.is_working_day(weekday)
    assert calendar.is_working_day(saturday)
    assert not calendar.is_provisional(weekday)
    assert calendar.is_provisional(weekday + timedelta(days=1))
    # The calendar without it is another one, and unharmed by the cache.
    assert calendar_for().is_working_day(weekday)


def test_a_year_announced_in_full_guesses_nothing() -> None:
    year = last_official_year() + 1
    new_year = date(year, 1, 1)
    calendar = calendar_for(overrides={new_year: False}, announced_years=[year])
    assert not any(map(calendar.is_provisional, year_of(year)))
    off = [day for day in year_of(year) if day.weekday() < 5 and not calendar.is_working_day(day)]
    assert off == [new_year] * (new_year.weekday() < 5)


def test_other_countries_follow_their_own_law() -> None:
    berlin = calendar_for(country="DE", timezone="Europe/Berlin", first_year=2024, last_year=2027)
    assert not berlin.is_working_day(date(2026, 10, 3))
    assert not berlin.is_working_day(date(2026, 12, 25))
    assert berlin.is_working_day(date(2026, 10, 1))
    assert not berlin.is_provisional(date(2027, 1, 1))
    # The weekend of the Emirates moved from Friday and Saturday to Saturday and Sunday in 2022.
    dubai = calendar_for(country="AE", timezone="Asia/Dubai", first_year=2021, last_year=2023)
    assert dubai.is_working_day(date(2021, 3, 7))
    assert not dubai.is_working_day(date(2023, 3, 5))
    rules = holidays.country_holidays("AE", years=2023)
    assert all(dubai.is_working_day(day) == rules.is_working_day(day) for day in year_of(2023))


FRIDAY_SATURDAY, THURSDAY_FRIDAY, FRIDAY_SUNDAY, SATURDAY_SUNDAY = {4, 5}, {3, 4}, {4, 6}, {5, 6}


@pytest.mark.parametrize(
    ("country", "subdivision", "timezone", "weekend", "off", "worked"),
    [
        ("DE", None, "Europe/Berlin", SATURDAY_SUNDAY, ["2026-04-03", "2026-10-03"], ["2026-06-04", "2026-01-06"]),
        ("DE", "BY", "Europe/Berlin", SATURDAY_SUNDAY, ["2026-06-04", "2026-01-06"], ["2026-10-30"]),
        ("US", "CA", "America/Los_Angeles", SATURDAY_SUNDAY, ["2026-03-31", "2026-07-03"], ["2026-10-12"]),
        ("US", "NY", "America/New_York", SATURDAY_SUNDAY, ["2026-02-12", "2026-11-03"], ["2026-03-31"]),
        ("JP", None, "Asia/Tokyo", SATURDAY_SUNDAY, ["2026-05-06", "2026-09-22"], ["2026-05-07"]),
        ("GB", "SCT", "Europe/London", SATURDAY_SUNDAY, ["2026-01-02", "2026-11-30"], ["2026-04-06"]),
        ("SA", None, "Asia/Riyadh", FRIDAY_SATURDAY, ["2026-09-23", "2026-02-22"], ["2026-03-01", "2026-01-01"]),
        ("EG", None, "Africa/Cairo", FRIDAY_SATURDAY, ["2026-01-07", "2026-04-13"], ["2026-03-01"]),
        ("BN", None, "Asia/Brunei", FRIDAY_SUNDAY, ["2026-02-23", "2026-07-15"], ["2026-02-28"]),
        ("AU", "VIC", "Australia/Melbourne", SATURDAY_SUNDAY, ["2026-11-03", "2026-04-25"], ["2026-10-05"]),
    ],
)
def test_countries_follow_their_own_law(
    country: str, subdivision: str | None, timezone: str, weekend: set[int], off: list[str], worked: list[str]
) -> None:
    calendar = calendar_for(
        country=country, subdivision=subdivision, timezone=timezone, first_year=2025, last_year=2027
    )
    rules = holidays.country_holidays(country, subdiv=subdivision, years=[2026])
    for day in year_of(2026):
        assert calendar.is_working_day(day) == (day.weekday() not in weekend and day not in rules), day
    assert not any(calendar.is_working_day(date.fromisoformat(day)) for day in off)
    assert all(calendar.is_working_day(date.fromisoformat(day)) for day in worked)
    # And its limits: ten working days from the second of March, counted on the fingers.
    start = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo(timezone))
    left, day = 10, start.date()
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    due = calendar.deadline(start=start, limit=Limit.parse("10 working days"))
    assert due == datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone))


def test_a_place_has_a_weekend_of_its_own() -> None:
    sharjah = calendar_for(
        country="AE", timezone="Asia/Dubai", weekend=FRIDAY_SATURDAY | {6}, first_year=2026, last_year=2026
    )
    assert [day.weekday() for day in year_of(2026)[:31] if sharjah.is_working_day(day)].count(4) == 0
    assert sharjah.is_working_day(date(2026, 1, 5))
    assert not sharjah.is_working_day(date(2026, 12, 2))
    six_days = calendar_for(weekend={6}, first_year=2026, last_year=2026)
    assert six_days.is_working_day(date(2026, 3, 7))
    assert six_days.is_working_day(date(2026, 2, 28))  # a Saturday, and a make-up day
    assert not six_days.is_working_day(date(2026, 3, 8))
    assert not six_days.is_working_day(date(2026, 10, 3))
    no_weekend = calendar_for(country="DE", weekend=(), first_year=2026, last_year=2026)
    assert worked_in(no_weekend, 2026) == 365 - len(holidays.country_holidays("DE", years=2026))


def test_a_make_up_day_stays_worked_whatever_the_weekend() -> None:
    # 14 February 2026 is a Saturday that the notice makes a working day.
    assert calendar_for(weekend={4, 5}, first_year=2026, last_year=2026).is_working_day(date(2026, 2, 14))


def test_a_year_announced_in_full_keeps_the_weekend_of_the_place() -> None:
    calendar = calendar_for(
        country="SA", timezone="Asia/Riyadh", weekend=FRIDAY_SATURDAY, announced_years=[2030], last_year=2030
    )
    assert {day.weekday() for day in year_of(2030) if not calendar.is_working_day(day)} == FRIDAY_SATURDAY
    assert not calendar.is_provisional(date(2030, 6, 1))


def test_feasts_that_hang_on_the_moon_make_a_year_provisional() -> None:
    dubai = calendar_for(country="AE", timezone="Asia/Dubai", first_year=2023, last_year=2030)
    assert not dubai.is_provisional(date(2023, 6, 1))
    assert dubai.is_provisional(date(2030, 6, 1))
    cairo = calendar_for(country="EG", timezone="Africa/Cairo", first_year=2030, last_year=2030)
    assert cairo.is_provisional(date(2030, 1, 1))
    accra = calendar_for(country="GH", timezone="Africa/Accra", first_year=2030, last_year=2030)
    assert not accra.is_working_day(date(2030, 3, 6))  # a country whose days have names in its own words only


def test_the_same_calendar_is_built_once() -> None:
    assert calendar_for() is calendar_for()
    assert calendar_for(overrides={}) is calendar_for()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"country": "XX"}, "clock.country-unknown"),
        ({"country": "XX", "subdivision": "BY"}, "clock.country-unknown"),
        ({"country": "DE", "subdivision": "XX"}, "clock.subdivision-unknown"),
        ({"weekend": range(7)}, "clock.weekend-invalid"),
        ({"weekend": [7]}, "clock.weekend-invalid"),
        ({"timezone": "Asia/Nowhere"}, "clock.timezone-unknown"),
        ({"timezone": "../etc/passwd"}, "clock.timezone-unknown"),
        ({"timezone": ""}, "clock.timezone-unknown"),
        ({"first_year": 2030, "last_year": 2029}, "clock.years-invalid"),
        ({"last_year": 2101}, "clock.years-invalid"),
        ({"first_year": 1949}, "clock.years-invalid"),
        ({"overrides": {date(2050, 1, 1): True}}, "clock.year-outside"),
    ],
)
def test_what_cannot_be_built_is_refused_by_code(arguments: dict[str, object], code: str) -> None:
    with pytest.raises(ClockError) as refusal:
        calendar_for(**arguments)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert str(refusal.value).startswith(f"{code}: ")
