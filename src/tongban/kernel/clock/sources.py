"""Where calendars come from: official notices, holiday rules, and a city's own late announcements."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import chinese_calendar

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.errors import ClockError
from tongban.kernel.clock.hours import DEFAULT_HOURS, Hours

__all__ = ["calendar_for"]

# Where the holiday rules of every country, the Chinese lunar calendar included, are computed.
_LOWEST_YEAR, _HIGHEST_YEAR = 1950, 2100


def calendar_for(
    *,
    country: str = "CN",
    timezone: str = "Asia/Shanghai",
    hours: Hours = DEFAULT_HOURS,
    first_year: int = 2015,
    last_year: int = 2045,
    overrides: Mapping[date, bool] | None = None,
    announced_years: Collection[int] = (),
) -> Calendar:
    """The calendar of a place, built once and cached.

    China follows the yearly notice of the State Council, make-up days included. Years without a notice use
    weekdays and the holidays that the law fixes, and are flagged provisional, never refused.
    `overrides` says for single days whether they are worked, and wins over everything: a holiday announced late.
    `announced_years` are years whose notice `overrides` holds in full, so nothing else is guessed for them.

    Raises `ClockError`: `clock.country-unknown`, `clock.timezone-unknown`, `clock.years-invalid`,
    `clock.hours-invalid`, or `clock.year-outside` for an override that the years do not cover.
    """
    special = tuple(sorted((overrides or {}).items()))
    return _build(country, timezone, hours, first_year, last_year, special, frozenset(announced_years))


@lru_cache(maxsize=64)
def _build(
    country: str,
    timezone: str,
    hours: Hours,
    first_year: int,
    last_year: int,
    overrides: tuple[tuple[date, bool], ...],
    announced: frozenset[int],
) -> Calendar:
    if not _LOWEST_YEAR <= first_year <= last_year <= _HIGHEST_YEAR:
        raise ClockError(
            "clock.years-invalid", first=first_year, last=last_year, lowest=_LOWEST_YEAR, highest=_HIGHEST_YEAR
        )
    first_day, last_day = date(first_year, 1, 1), date(last_year, 12, 31)
    special = dict(overrides)
    for day in special:
        if not first_day <= day <= last_day:
            raise ClockError("clock.year-outside", day=day, first=first_day, last=last_day)
    worked: set[date] = set()
    provisional: set[date] = set()
    for year in range(first_year, last_year + 1):
        days, is_official = _year(country, year)
        if year in announced:
            days, is_official = frozenset(day for day in _days_of(year) if day.weekday() < 5), True
        worked |= days
        if not is_official:
            provisional.update(_days_of(year))
    return Calendar(
        timezone=_zone(timezone),
        first_day=first_day,
        last_day=last_day,
        is_working=lambda day: special.get(day, day in worked),
        provisional=provisional - special.keys(),
        hours=hours,
    )


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> tuple[frozenset[date], bool]:
    """The working days of a year, and whether an official notice or the law itself fixes them."""
    if country == "CN" and year in _official_years_of_china():
        off, made_up = chinese_calendar.holidays, chinese_calendar.workdays
        days = (day for day in _days_of(year) if day in made_up or (day.weekday() < 5 and day not in off))
        return frozenset(days), True
    # It loads the rules of all countries, half a second that only the first calendar of a process has to pay.
    import holidays

    try:
        rules = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise ClockError("clock.country-unknown", country=country) from None
    days = (day for day in _days_of(year) if rules.is_working_day(day))
    return frozenset(days), country != "CN" and rules.start_year <= year <= rules.end_year


@lru_cache(maxsize=1)
def _official_years_of_china() -> frozenset[int]:
    # The library moves on with each notice; asking it keeps us from naming a last year that goes stale.
    official = set()
    for year in range(_LOWEST_YEAR, _HIGHEST_YEAR + 1):
        try:
            chinese_calendar.is_workday(date(year, 12, 31))
        except NotImplementedError:
            continue
        official.add(year)
    return frozenset(official)


def _days_of(year: int) -> list[date]:
    return [date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ClockError("clock.timezone-unknown", timezone=name) from None
