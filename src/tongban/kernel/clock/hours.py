"""Office hours: the line of working time, on which every working instant has a position."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tongban.kernel.clock.errors import ClockError

__all__ = ["DEFAULT_HOURS", "Hours", "WorkingTime", "instant", "microseconds", "parse_hours"]

Hours = tuple[tuple[time, time], ...]
"""Periods of a working day in local time, in order; an end of 00:00 is the midnight that closes the day."""

DEFAULT_HOURS: Hours = ((time(9), time(12)), (time(13), time(17)))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_MIDNIGHT = time(0)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exact (a float timestamp is not)."""
    since = at.astimezone(UTC) - _EPOCH
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


class WorkingTime:
    """Working time laid end to end over the given days.

    Periods are held as UTC microseconds, so an hour is an hour also where clocks are put forward or back.
    """

    __slots__ = ("_before", "_nominal", "_periods")

    def __init__(self, *, ordinals: Sequence[int], hours: Hours, timezone: ZoneInfo) -> None:
        check_hours(hours)
        self._periods = [_periods_of(date.fromordinal(ordinal), hours, timezone) for ordinal in ordinals]
        self._before = [0]
        for periods in self._periods:
            self._before.append(self._before[-1] + sum(end - start for start, end in periods))
        # An ordinary day's working time: divides a position to within a day of where it lies.
        self._nominal = max(1, self._before[-1] // max(1, len(ordinals)))

    @property
    def total(self) -> int:
        """Microseconds of working time on the whole line."""
        return self._before[-1]

    def position(self, *, before: int, is_working: bool, at: int) -> int:
        """Working microseconds up to `at`, which falls after `before` working days, on a working day or not."""
        worked = self._before[before]
        if is_working:
            for start, end in self._periods[before]:
                if at <= start:
                    break
                worked += min(at, end) - start
        return worked

    def reach(self, position: int) -> int:
        """The earliest instant by which `position` (1 to `total`) has been worked."""
        days = self._before
        number = min(position // self._nominal, len(self._periods) - 1)
        # Days differ only where clocks change, so these loops take a step or two.
        while days[number] >= position:
            number -= 1
        while days[number + 1] < position:
            number += 1
        left = position - days[number]
        for start, end in self._periods[number]:
            if left <= end - start:
                return start + left
            left -= end - start
        raise AssertionError("a day's periods add up to its working time")


def _periods_of(day: date, hours: Hours, timezone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    midnight, next_midnight = (datetime.combine(day + timedelta(days=n), _MIDNIGHT, timezone) for n in (0, 1))
    offset = midnight.utcoffset()
    if offset is not None and offset == next_midnight.utcoffset():
        # Almost every day: clocks do not change, so its periods lie as on the wall.
        start = (midnight.toordinal() - _EPOCH_DAY) * _DAY - offset // _MICROSECOND
        return tuple((start + _on_the_wall(a), start + (_on_the_wall(b) or _DAY)) for a, b in hours)
    return _periods_of_changing_day(day, hours, timezone)


def _on_the_wall(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _periods_of_changing_day(day: date, hours: Hours, timezone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    periods: list[tuple[int, int]] = []
    last = 0
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
