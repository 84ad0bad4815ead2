"""Where calendars come from: notices, rules, and what a city adds."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from tongban.kernel.clock import Calendar, ClockError, calendar_for


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


def test_the_same_calendar_is_built_once() -> None:
    assert calendar_for() is calendar_for()
    assert calendar_for(overrides={}) is calendar_for()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"country": "XX"}, "clock.country-unknown"),
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
