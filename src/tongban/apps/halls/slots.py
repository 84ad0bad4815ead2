"""Which times of a hall can be booked, as instants: its own hours on the days on which it is open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.halls import Hall
from tongban.kernel.clock import Slot, opens_on, slots_of_day

__all__ = ["days_offered", "is_offered", "is_still_open", "slots_on"]


def slots_on(*, hall: Hall, day: date) -> tuple[Slot, ...]:
    """The times of a day; none on one on which the hall is closed, or books nothing."""
    calendar = get_calendar()
    if hall.booking is None or not opens_on(calendar=calendar, weekdays=hall.days, day=day):
        return ()
    return slots_of_day(day=day, hours=hall.booking.hours, minutes=hall.booking.minutes, timezone=calendar.timezone)


def days_offered(*, hall: Hall, at: datetime) -> Iterator[date]:
    """The days that can be booked now: from today as far ahead as the hall says, on which it is open."""
    today = get_calendar().local_date(at)
    for ahead in range(hall.booking.days_ahead + 1 if hall.booking is not None else 0):
        day = today + timedelta(days=ahead)
        if slots_on(hall=hall, day=day):
            yield day


def is_offered(*, hall: Hall, starts_at: datetime, at: datetime) -> Slot | None:
    """The time that begins at an instant, if it can be booked now: it lies ahead, and not too far."""
    if hall.booking is None or starts_at <= at:
        return None
    calendar = get_calendar()
    day = calendar.local_date(starts_at)
    if (day - calendar.local_date(at)).days > hall.booking.days_ahead:
        return None
    return next((slot for slot in slots_on(hall=hall, day=day) if slot.start == starts_at), None)


def is_still_open(*, hall: Hall, starts_at: datetime) -> bool:
    """Whether the hall is open at a time that was booked: a holiday that was announced since closes it."""
    return opens_on(calendar=get_calendar(), weekdays=hall.days, day=get_calendar().local_date(starts_at))
