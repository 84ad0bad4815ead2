"""Working calendars: which days and hours count, looked up in constant time."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import NoReturn
from zoneinfo import ZoneInfo

from tongban.kernel.clock.errors import ClockError
from tongban.kernel.clock.hours import DEFAULT_HOURS, Hours, WorkingTime, instant, microseconds
from tongban.kernel.clock.limits import Limit, Unit

__all__ = ["Calendar"]

_LAST_SECOND = time(23, 59, 59)
_MINUTE = 60_000_000
# Looked up in an enumeration, each of these costs as much as the answer.
_WORKING_DAYS, _CALENDAR_DAYS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS


class Calendar:
    """The working days and hours of one place; immutable.

    Every question costs the same however far apart its dates are: running counts of working days answer
    "how many between", a list of all working days answers "which one is the n-th".
    Days outside the calendar raise `ClockError` `clock.year-outside`, naive instants `clock.naive`.
    """

    __slots__ = (
        "_count",
        "_due",
        "_ends",
        "_first",
        "_last",
        "_ordinals",
        "_provisional",
        "_time",
        "_working",
        "timezone",
    )

    timezone: ZoneInfo

    def __init__(
        self,
        *,
        timezone: ZoneInfo,
        first_day: date,
        last_day: date,
        is_working: Callable[[date], bool],
        provisional: Collection[date] = frozenset(),
        hours: Hours = DEFAULT_HOURS,
    ) -> None:
        self.timezone = timezone
        self._first = first_day.toordinal()
        self._last = last_day.toordinal()
        self._provisional = frozenset(day.toordinal() for day in provisional)
        days = [date.fromordinal(ordinal) for ordinal in range(self._first, self._last + 1)]
        self._working = [bool(is_working(day)) for day in days]
        self._count = list(accumulate(map(int, self._working)))
        self._ordinals = [day.toordinal() for day, working in zip(days, self._working, strict=True) if working]
        self._ends = [_end_of(day, timezone) for day in days]
        self._due = [end for end, working in zip(self._ends, self._working, strict=True) if working]
        self._time = WorkingTime(first_day=first_day, working=self._working, hours=hours, timezone=timezone)

    def __repr__(self) -> str:
        return f"<Calendar {self.timezone.key} {self.first_day} to {self.last_day}>"

    @property
    def first_day(self) -> date:
        """The first day that the calendar knows."""
        return date.fromordinal(self._first)

    @property
    def last_day(self) -> date:
        """The last day that the calendar knows."""
        return date.fromordinal(self._last)

    # Days

    def is_working_day(self, day: date) -> bool:
        """True on a working day, make-up days included."""
        return self._working[self._index(day.toordinal())]

    def is_provisional(self, day: date) -> bool:
        """True while no official notice covers the day: weekday rule and expected holidays only."""
        return self._first + self._index(day.toordinal()) in self._provisional

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is before `start`."""
        return self._count[self._index(end.toordinal())] - self._count[self._index(start.toordinal())]

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; 0 is the day itself."""
        return date.fromordinal(self._nth_working(day.toordinal(), n))

    def local_date(self, at: datetime) -> date:
        """The day of an instant, at the place of this calendar."""
        return self._local(at).date()

    def end_of_day(self, day: date) -> datetime:
        """The last second of a day, 23:59:59 local."""
        return self._ends[self._index(day.toordinal())]

    # Instants

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """Whole minutes of office hours from `start` to `end`; negative when `end` is before `start`."""
        worked = self._position(end) - self._position(start)
        return worked // _MINUTE if worked >= 0 else -(-worked // _MINUTE)

    def deadline(self, *, start: datetime, limit: Limit) -> datetime:
        """When `limit`, running from `start`, ends; in the zone of the calendar.

        Limits in days end at 23:59:59 local of their last day, and the day of `start` is not counted
        (行政许可法 82 counts working days). Limits in hours end at the exact instant; working hours end inside
        office hours.
        """
        unit = limit.unit
        if unit is _WORKING_DAYS and limit.amount:
            # What almost every limit is: the n-th working day after, looked up without further calls.
            index = (start if start.tzinfo is self.timezone else self._local(start)).toordinal() - self._first
            if 0 <= index < len(self._count) and (nth := self._count[index] + limit.amount) <= len(self._due):
                return self._due[nth - 1]
        return self.reach(unit=unit, start=start, amount=limit.amount * unit.grain)

    def reach(self, *, unit: Unit, start: datetime, amount: int) -> datetime:
        """When `amount` grains of `unit` (days, or microseconds for hours) after `start` have passed."""
        if unit is _WORKING_DAYS:
            return self._ends[self._nth_working(self._local(start).toordinal(), amount) - self._first]
        if unit is _CALENDAR_DAYS:
            return self._ends[self._index(self._local(start).toordinal() + amount)]
        if unit is Unit.HOURS:
            self._index(self._local(start).toordinal())
            # Through UTC, where an hour is an hour whatever the clocks on the wall do.
            end = (start.astimezone(UTC) + timedelta(microseconds=amount)).astimezone(self.timezone)
            self._index(end.toordinal())
            return end
        position = self._position(start) + amount
        if amount == 0:
            return self._local(start)
        if not 0 < position <= self._time.total:
            self._outside(self._last + 1 if amount > 0 else self._first - 1)
        return instant(self._time.reach(position)).astimezone(self.timezone)

    def count(self, *, unit: Unit, start: datetime, end: datetime) -> int:
        """Grains of `unit` (days, or microseconds for hours) after `start`, up to and including `end`."""
        if unit is _WORKING_DAYS:
            return self.working_days_between(self._local(start), self._local(end))
        if unit is Unit.CALENDAR_DAYS:
            return self._index(self._local(end).toordinal()) - self._index(self._local(start).toordinal())
        if unit is Unit.HOURS:
            self._index(self._local(start).toordinal())
            self._index(self._local(end).toordinal())
            return microseconds(end) - microseconds(start)
        return self._position(end) - self._position(start)

    # Inside

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ClockError("clock.naive", at=at.isoformat())
        return at.astimezone(self.timezone)

    def _index(self, ordinal: int) -> int:
        # A negative index would silently read from the other end of the list.
        if not self._first <= ordinal <= self._last:
            self._outside(ordinal)
        return ordinal - self._first

    def _nth_working(self, ordinal: int, n: int) -> int:
        index = self._index(ordinal)
        if n == 0:
            return ordinal
        before = self._count[index]
        number = before + n - 1 if n > 0 else before - self._working[index] + n
        if not 0 <= number < len(self._ordinals):
            self._outside(self._last + 1 if n > 0 else self._first - 1)
        return self._ordinals[number]

    def _position(self, at: datetime) -> int:
        local = at if at.tzinfo is self.timezone else self._local(at)
        try:
            return self._time.position(local)
        except IndexError:
            return self._outside(local.toordinal())

    def _outside(self, ordinal: int) -> NoReturn:
        day = date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
        raise ClockError("clock.year-outside", day=day, first=self.first_day, last=self.last_day)


def _end_of(day: date, timezone: ZoneInfo) -> datetime:
    end = datetime.combine(day, _LAST_SECOND, timezone)
    later = end.replace(fold=1)
    # Where clocks go back at midnight the last second comes twice: the day ends with the second one.
    return later if later.utcoffset() != end.utcoffset() else end
