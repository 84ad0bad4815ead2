"""Times that can be booked: on which days a counter is open, and the slots of a day, as instants."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.errors import ClockError
from tongban.kernel.clock.hours import Hours, periods_of_day

__all__ = ["Slot", "opens_on", "slots_of_day"]

_SATURDAY = 6
_DAY = timedelta(days=1)


class Slot(NamedTuple):
    """From when to when, in UTC. The start names it: no two slots of a place begin together."""

    start: datetime
    end: datetime


def opens_on(*, calendar: Calendar, weekdays: Collection[int], day: date) -> bool:
    """Whether a counter that opens on these weekdays (1 is Monday) is open on a day.

    Never on a public holiday; on a make-up working day whatever weekday it is. One that opens on weekends as well
    stays closed on a weekend that is part of a holiday, which the working days beside it tell. False outside the
    calendar.
    """
    weekday = day.isoweekday()
    try:
        if calendar.is_working_day(day):
            return weekday in weekdays or weekday >= _SATURDAY
        if weekday not in weekdays or weekday < _SATURDAY:
            return False
        friday = day - _DAY * (weekday - _SATURDAY + 1)
        return calendar.is_working_day(friday) and calendar.is_working_day(friday + 3 * _DAY)
    except ClockError:
        return False


def slots_of_day(*, day: date, hours: Hours, minutes: int, timezone: ZoneInfo) -> tuple[Slot, ...]:
    """The slots of so many minutes that fit into the hours of a day one after the other, as instants.

    A slot is as long as it says also where clocks are put forward or back: a day of 23 hours has fewer of them, and
    those of an hour that comes twice differ. What is left at the end of a period is no slot.
    """
    length = timedelta(minutes=minutes)
    return tuple(
        Slot(opens + length * number, opens + length * (number + 1))
        for opens, closes in periods_of_day(day=day, hours=hours, timezone=timezone)
        for number in range((closes - opens) // length)
    )
