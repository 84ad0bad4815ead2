"""Dates beyond the years 1 to 9999, to which Python's own are limited; FEEL goes to the year 999,999,999 either way.

The calendar repeats every 400 years to the day, the weekday included. So such a date is a date of Python's within one
such era, and how many eras away it is. Whatever can be a date of Python's is one: these values never stand for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, TypeAlias

__all__ = [
    "MAX_YEAR", "Dated", "FarDay", "FarMoment", "between", "day_of", "in_zone", "move_days", "move_months",
    "parted", "placed",
]  # fmt: skip

MAX_YEAR = 999_999_999
_ERA = 400
_ERA_DAYS = 146_097
# Years of the era in which far dates are kept: it begins with one divisible by 400, and Python has room on both sides.
_FIRST = 2000


@dataclass(frozen=True, slots=True)
class FarDay:
    """A date outside Python's years: `within` is the same day `eras` eras later or earlier."""

    eras: int
    within: date

    @property
    def year(self) -> int:
        return self.within.year + _ERA * self.eras

    @property
    def month(self) -> int:
        return self.within.month

    @property
    def day(self) -> int:
        return self.within.day


@dataclass(frozen=True, slots=True)
class FarMoment:
    """A date and time outside Python's years."""

    eras: int
    within: datetime

    @property
    def year(self) -> int:
        return self.within.year + _ERA * self.eras

    @property
    def month(self) -> int:
        return self.within.month

    @property
    def day(self) -> int:
        return self.within.day

    @property
    def tzinfo(self) -> tzinfo | None:
        return self.within.tzinfo


Dated: TypeAlias = date | datetime | FarDay | FarMoment


def parted(value: Dated) -> tuple[int, Any]:
    """A date, or date and time, as its era and its place within: pairs that compare as the dates do."""
    if isinstance(value, (FarDay, FarMoment)):
        return value.eras, value.within
    eras, year = divmod(value.year - _FIRST, _ERA)
    return eras, value.replace(year=_FIRST + year)


def placed(eras: int, within: date) -> Dated:
    """The reverse of `parted`, for any place within; Python's own type where it has such a date.

    Raises ValueError beyond the years that FEEL knows.
    """
    more, year = divmod(within.year - _FIRST, _ERA)
    eras += more
    whole = _FIRST + year + _ERA * eras
    if 1 <= whole <= 9999:
        return within.replace(year=whole)
    if abs(whole) > MAX_YEAR:
        raise ValueError(whole)
    kept = within.replace(year=_FIRST + year)
    return FarMoment(eras, kept) if isinstance(kept, datetime) else FarDay(eras, kept)


def day_of(year: int, month: int, day: int) -> Dated:
    """A date of any year. Raises ValueError for one that the calendar has not."""
    if 1 <= year <= 9999:
        return date(year, month, day)
    eras, rest = divmod(year - _FIRST, _ERA)
    return placed(eras, date(_FIRST + rest, month, day))


def move_days(value: Dated, length: timedelta) -> Dated:
    """A date or date and time moved along the calendar; its clock is not asked for its zone."""
    eras, within = parted(value)
    more, days = divmod(length.days, _ERA_DAYS)
    rest = timedelta(days, length.seconds, length.microseconds)
    if not isinstance(within, datetime):
        moved: date = (datetime.combine(within, time()) + rest).date()
        return placed(eras + more, moved)
    return placed(eras + more, within + rest)


def move_months(value: Dated, months: int) -> Dated:
    """The same day `months` later, or the last day of that month."""
    eras, within = parted(value)
    year, month = divmod(within.year * 12 + within.month - 1 + months, 12)
    more, rest = divmod(year - _FIRST, _ERA)
    first = date(_FIRST + rest, month + 1, 1)
    last = (date(first.year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    moved = within.replace(year=first.year, month=month + 1, day=min(within.day, last))
    return placed(eras + more, moved)


def in_zone(value: Dated, zone: tzinfo) -> Dated:
    """The same instant by the clock of another zone."""
    eras, within = parted(value)
    assert isinstance(within, datetime)
    return placed(eras, within.astimezone(zone))


def between(later: Dated, earlier: Dated) -> timedelta:
    """How long from one to the other; both dates, or both dates and times in one zone. OverflowError if too long."""
    eras, within = parted(later)
    others, place = parted(earlier)
    rest: timedelta = within - place
    return timedelta(days=(eras - others) * _ERA_DAYS) + rest
