"""Office hours: the line of working time, on which every working instant has a position."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tongban.kernel.clock.errors import ClockError

__all__ = ["DEFAULT_HOURS", "Hours", "WorkingTime", "instant", "microseconds", "parse_hours", "periods_of_day"]

Hours = tuple[tuple[time, time], ...]
"""Periods of a working day in local time, in order; an end of 00:00 is the midnight that closes the day."""

DEFAULT_HOURS: Hours = ((time(9), time(12)), (time(13), time(17)))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_MINUTE = 60_000_000
_MIDNIGHT = time(0)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exact (a float timestamp is not)."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(position: int) -> datetime:
    """The UTC instant so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=position)


def parse_hours(text: str) -> Hours:
    """Read `09:00-12:00 13:00-17:00`; raises `ClockError` `clock.hours-invalid`."""
    try:
        periods = [period.split("-") for period in text.replace(",", " ").split()]
        hours = tuple((time.fromisoformat(a), _MIDNIGHT if b == "24:00" else time.fromisoformat(b)) for a, b in periods)
    except ValueError:
        raise ClockError("clock.hours-invalid", hours=text) from None
    check_hours(hours)
    return hours


def check_hours(hours: Hours) -> None:
    """Raise `ClockError` `clock.hours-invalid` unless periods are in order, apart, not empty and without a zone."""
    flat = [bound for period in hours for bound in period]
    ends_at_midnight = bool(flat) and flat[-1] == _MIDNIGHT
    ordered = flat[:-1] if ends_at_midnight else flat
    apart = all(b > a if i % 2 == 0 else b >= a for i, (a, b) in enumerate(pairwise(ordered)))
    if not flat or not apart or any(bound.tzinfo for bound in flat):
        raise ClockError("clock.hours-invalid", hours=hours)


_OFF, _AS_ON_THE_WALL, _CHANGING = 0, 1, 2


class WorkingTime:
    """Working time laid end to end over the days of a calendar.

    Days and periods are held as UTC microseconds, so an hour is an hour also where clocks are put forward or back.
    On all other days, which is almost every day, the time on the wall is looked up by the minute.
    """

    __slots__ = ("_before", "_first", "_kinds", "_minutes", "_periods", "_starts")

    def __init__(self, *, first_day: date, working: Sequence[bool], hours: Hours, timezone: ZoneInfo) -> None:
        check_hours(hours)
        self._first = first_day.toordinal()
        self._minutes = _minutes_of(hours)
        self._starts: list[int] = []
        self._kinds: list[int] = []
        self._periods: list[tuple[tuple[int, int], ...]] = []
        self._before = [0]
        on_the_wall = [(_on_the_wall(opens), _on_the_wall(closes) or _DAY) for opens, closes in hours]
        regular = _AS_ON_THE_WALL if self._minutes else _CHANGING
        midnights = [_midnight(first_day + timedelta(days=n), timezone) for n in range(len(working) + 1)]
        until = 0
        for number, is_working in enumerate(working):
            (start, changes), (end, changes_then) = midnights[number : number + 2]
            self._starts.append(max(start, until))
            periods: tuple[tuple[int, int], ...] = ()
            changes |= changes_then or end - start != _DAY or until > start
            if is_working and changes:
                periods = _periods_of_changing_day(first_day + timedelta(days=number), hours, timezone, until)
            elif is_working:
                periods = tuple([(start + opens, start + closes) for opens, closes in on_the_wall])
            self._kinds.append(_CHANGING if changes else regular if is_working else _OFF)
            self._periods.append(periods)
            self._before.append(self._before[-1] + sum([closes - opens for opens, closes in periods]))
            until = periods[-1][1] if periods else until

    @property
    def total(self) -> int:
        """Microseconds of working time on the whole line."""
        return self._before[-1]

    def position(self, local: datetime) -> int:
        """Working microseconds up to an instant in the zone of the line. Raises `IndexError` outside its days."""
        index = local.toordinal() - self._first
        if index < 0:
            raise IndexError(index)
        kind = self._kinds[index]
        if kind == _AS_ON_THE_WALL:
            worked, is_open = self._minutes[local.hour * 60 + local.minute]
            worked += self._before[index]
            return worked + local.second * 1_000_000 + local.microsecond if is_open else worked
        return self._before[index] if kind == _OFF else self._position_of(microseconds(local))

    def _position_of(self, at: int) -> int:
        number = max(0, bisect_right(self._starts, at, hi=len(self._periods)) - 1)
        worked = self._before[number]
        for opens, closes in self._periods[number]:
            if at > opens:
                worked += min(at, closes) - opens
        return worked

    def reach(self, position: int) -> int:
        """The earliest instant by which `position` (1 to `total`) has been worked."""
        number = bisect_left(self._before, position) - 1
        left = position - self._before[number]
        for opens, closes in self._periods[number]:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("a day's periods add up to its working time")


def periods_of_day(*, day: date, hours: Hours, timezone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The periods of a day as instants in UTC, whatever the clocks on the wall do on it.

    Where they jump over an end of a period, it is the instant at which they do; where an hour comes twice, a period
    that begins in it begins with the first and one that ends in it ends with the second. What nothing is left of is
    left out. Raises `ClockError` `clock.hours-invalid`.
    """
    check_hours(hours)
    start = _midnight(day, timezone)[0]
    found = _periods_of_changing_day(day, hours, timezone, start)
    return tuple((instant(opens), instant(closes)) for opens, closes in found if closes > opens)


def _midnight(day: date, timezone: ZoneInfo) -> tuple[int, bool]:
    """When a day begins, and whether clocks change just then."""
    midnight = datetime.combine(day, _MIDNIGHT, timezone)
    offset, later = midnight.utcoffset(), midnight.replace(fold=1).utcoffset()
    assert offset is not None
    return (day.toordinal() - _EPOCH_DAY) * _DAY - offset // _MICROSECOND, offset != later


def _minutes_of(hours: Hours) -> list[tuple[int, bool]]:
    """For every minute on the wall: what was worked of the day before it, and whether it is worked itself.

    Empty where office hours do not keep to minutes.
    """
    bounds = [bound for period in hours for bound in period]
    if any(bound.second or bound.microsecond for bound in bounds):
        return []
    minutes: list[tuple[int, bool]] = []
    worked = 0
    for minute in range(1440):
        now = time(minute // 60, minute % 60)
        is_open = any(opens <= now and (now < closes or closes == _MIDNIGHT) for opens, closes in hours)
        minutes.append((worked, is_open))
        worked += _MINUTE if is_open else 0
    return minutes


def _on_the_wall(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _periods_of_changing_day(day: date, hours: Hours, timezone: ZoneInfo, last: int) -> tuple[tuple[int, int], ...]:
    periods: list[tuple[int, int]] = []
    for opens, closes in hours:
        closing_day = day + timedelta(days=1) if closes == _MIDNIGHT else day
        start = max(last, _reached(datetime.combine(day, opens, timezone)))
        # Where an hour is lived twice, it closes with the second; a period that clocks jump over is empty.
        last = max(start, _reached(datetime.combine(closing_day, closes, timezone).replace(fold=1)))
        periods.append((start, last))
    return tuple(periods)


def _reached(wall: datetime) -> int:
    """When clocks on the wall show this time, or first show a later one where they jump over it."""
    first, second = (microseconds(wall.replace(fold=fold)) for fold in (0, 1))
    if second >= first:  # shown once, or twice
        return second if wall.fold else first
    naive = wall.replace(tzinfo=None, fold=0)
    while second < first:
        middle = (second + first) // 2
        if instant(middle).astimezone(wall.tzinfo).replace(tzinfo=None, fold=0) < naive:
            second = middle + 1
        else:
            first = middle
    return first
