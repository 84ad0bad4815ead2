"""The halls of the city as they are today: found by code, and whether they are open."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions.halls import Hall, HallGroup
from tongban.apps.halls.errors import UnknownHall
from tongban.kernel.clock import opens_on, periods_of_day

__all__ = [
    "find_group",
    "find_hall",
    "is_open",
    "is_taken_for",
    "is_window_open",
    "opening",
    "opens_next",
    "windows_for",
]

EARLY = timedelta(minutes=30)
"""So long before its first window opens, numbers are given for a group: whoever stands there need not wait twice."""
_AHEAD = 14
"""Days ahead in which it is looked when a window opens next."""


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


def is_window_open(*, hall: Hall, window: str, at: datetime) -> bool:
    """Whether a window is open at an instant by hours of its own; one that has none is not closed by them."""
    day = get_calendar().local_date(at)
    return not hall.windows[window].hours or any(start <= at < end for start, end in _periods(hall, window, day))


def windows_for(*, hall: Hall, windows: Collection[str], start: datetime, end: datetime) -> tuple[str, ...]:
    """Those of these windows that are open from ``start`` to ``end``, in their order."""
    day = get_calendar().local_date(start)
    return tuple(
        code
        for code in windows
        if not hall.windows[code].hours
        or any(opens <= start and end <= closes for opens, closes in _periods(hall, code, day))
    )


def is_taken_for(*, hall: Hall, group: str, at: datetime) -> bool:
    """Whether numbers of a group are given while its hall is open: one of its windows is open then, or opens soon."""
    windows = hall.groups[group].windows
    if any(not hall.windows[code].hours for code in windows):
        return True  # as long as the hall
    day = get_calendar().local_date(at)
    return any(start - EARLY <= at < end for code in windows for start, end in _periods(hall, code, day))


def opens_next(*, hall: Hall, windows: Collection[str], at: datetime) -> datetime | None:
    """When the first of these windows opens that is closed now; None where one is open, or none opens in two weeks."""
    if any(is_window_open(hall=hall, window=code, at=at) for code in windows):
        return None
    today = get_calendar().local_date(at)
    for ahead in range(_AHEAD + 1):
        day = today + timedelta(days=ahead)
        starts = [start for code in windows for start, _end in _periods(hall, code, day) if start > at]
        if starts:
            return min(starts)
    return None


def _periods(hall: Hall, window: str, day: date) -> list[tuple[datetime, datetime]]:
    """From when to when a window with hours of its own is open on a day, if its hall is.

    On a make-up working day it opens as on all of its days.
    """
    if opening(hall=hall, day=day) is None:
        return []
    calendar, own = get_calendar(), hall.windows[window].hours
    wanted: list[tuple[time, time]] = []
    for each in sorted(own, key=lambda period: period.opens):
        if not opens_on(calendar=calendar, weekdays=each.days, day=day):
            continue
        if wanted and each.opens <= wanted[-1][1]:  # of two weekdays, on a day that is both
            wanted[-1] = (wanted[-1][0], max(wanted[-1][1], each.closes))
        else:
            wanted.append((each.opens, each.closes))
    return list(periods_of_day(day=day, hours=tuple(wanted), timezone=calendar.timezone)) if wanted else []
