"""Where calendars come from: official notices, holiday rules, and a city's own late announcements."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import chinese_calendar

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.errors import ClockError
from tongban.kernel.clock.hours import DEFAULT_HOURS, Hours

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["calendar_for"]

# Where the holiday rules of every country, the Chinese lunar calendar included, are computed.
_LOWEST_YEAR, _HIGHEST_YEAR = 1950, 2100


def calendar_for(
    *,
    country: str = "CN",
    subdivision: str | None = None,
    timezone: str = "Asia/Shanghai",
    hours: Hours = DEFAULT_HOURS,
    weekend: Collection[int] | None = None,
    first_year: int = 2015,
    last_year: int = 2045,
    overrides: Mapping[date, bool] | None = None,
    announced_years: Collection[int] = (),
) -> Calendar:
    """The calendar of a place, built once and cached.

    China follows the yearly notice of the State Council, make-up days included. Years without a notice use
    weekdays and the holidays that the law fixes, and are flagged provisional, never refused.
    Other countries, with the holidays of a `subdivision` such as `BY` where it has its own, follow the `holidays`
    library; a year of which a holiday is only estimated, because it hangs on the sight of the moon, is provisional too.
    `weekend` are days off each week, Monday being 0, where a place departs from its country; make-up days stay worked.
    `overrides` says for single days whether they are worked, and wins over everything: a holiday announced late.
    `announced_years` are years whose notice `overrides` holds in full, so nothing else is guessed for them.

    Raises `ClockError`: `clock.country-unknown`, `clock.subdivision-unknown`, `clock.timezone-unknown`,
    `clock.weekend-invalid`, `clock.years-invalid`, `clock.hours-invalid`, or `clock.year-outside` for an override that
    the years do not cover.
    """
    special = tuple(sorted((overrides or {}).items()))
    place = (country, subdivision, None if weekend is None else _weekend(weekend))
    return _build(place, timezone, hours, first_year, last_year, special, frozenset(announced_years))


_Place = tuple[str, str | None, frozenset[int] | None]
"""Country, subdivision, and weekend where it is not the country's own."""
_WEEKEND = frozenset({5, 6})


def _weekend(days: Collection[int]) -> frozenset[int]:
    found = frozenset(days)
    if not found < frozenset(range(7)):
        raise ClockError("clock.weekend-invalid", days=sorted(found))
    return found


@lru_cache(maxsize=64)
def _build(
    place: _Place,
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
        days, is_official = _year(place, year)
        if year in announced:
            weekend = _WEEKEND if place[2] is None else place[2]
            days, is_official = frozenset(day for day in _days_of(year) if day.weekday() not in weekend), True
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
def _year(place: _Place, year: int) -> tuple[frozenset[date], bool]:
    """The working days of a year, and whether an official notice or the law itself fixes them."""
    country, subdivision, weekend = place
    if country == "CN" and subdivision is None and year in _official_years_of_china():
        off, made_up = chinese_calendar.holidays, chinese_calendar.workdays
        free = _WEEKEND if weekend is None else weekend
        worked = (day for day in _days_of(year) if day in made_up or (day.weekday() not in free and day not in off))
        return frozenset(worked), True
    rules = _rules(country, subdivision, year)
    if weekend is None:
        worked = (day for day in _days_of(year) if rules.is_working_day(day))
    else:
        made_up = rules.weekend_workdays
        worked = (
            day for day in _days_of(year) if day in made_up or (day.weekday() not in weekend and day not in rules)
        )
    estimated = any("estimated" in name for day, name in rules.items() if day.year == year)
    is_fixed = country != "CN" and rules.start_year <= year <= rules.end_year and not estimated
    return frozenset(worked), is_fixed


def _rules(country: str, subdivision: str | None, year: int) -> "HolidayBase":
    # It loads the rules of all countries, half a second that only the first calendar of a process has to pay.
    import holidays

    try:
        # In English, or in its own words where it has no others, what is estimated is said to be.
        return holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError:
        if subdivision is not None and country in holidays.list_supported_countries():
            raise ClockError("clock.subdivision-unknown", country=country, subdivision=subdivision) from None
        raise ClockError("clock.country-unknown", country=country) from None


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
