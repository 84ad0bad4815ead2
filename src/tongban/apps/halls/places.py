"""The halls of the city as they are today: found by code, and whether they are open."""

from datetime import date, datetime

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions.halls import Hall, HallGroup
from tongban.apps.halls.errors import UnknownHall
from tongban.kernel.clock import opens_on, periods_of_day

__all__ = ["find_group", "find_hall", "is_open", "opening"]


def find_hall(*, hall: str) -> Hall:
    """Return a hall by its code. Raises ``UnknownHall``."""
    found = get_halls().get(hall)
    if found is None:
        raise UnknownHall
    return found


def find_group(*, hall: Hall, group: str) -> HallGroup:
    """Return a group of a hall by its code. Raises ``UnknownHall``."""
    found = hall.groups.get(group)
    if found is None:
        raise UnknownHall
    return found


def opening(*, hall: Hall, day: date) -> tuple[datetime, datetime] | None:
    """From when to when a hall is open on a day; None when it is not."""
    calendar = get_calendar()
    if not opens_on(calendar=calendar, weekdays=hall.days, day=day):
        return None
    periods = periods_of_day(day=day, hours=((hall.opens, hall.closes),), timezone=calendar.timezone)
    return periods[0] if periods else None


def is_open(*, hall: Hall, at: datetime) -> bool:
    """Whether a hall is open at an instant."""
    found = opening(hall=hall, day=get_calendar().local_date(at))
    return found is not None and found[0] <= at < found[1]
