"""Two calendars compared: the one by which limits were counted last, and the one that holds now."""

from collections.abc import Iterable
from datetime import date, timedelta

from tongban.kernel.clock import Calendar

__all__ = ["changed_days", "exceptions_of"]


def exceptions_of(calendar: Calendar) -> list[str]:
    """The days on which a calendar is not what the day of the week says, as ISO dates."""
    day, found = calendar.first_day, []
    while day <= calendar.last_day:
        if calendar.is_working_day(day) != (day.weekday() < 5):
            found.append(day.isoformat())
        day += timedelta(days=1)
    return found


def changed_days(*, calendar: Calendar, before: Iterable[str]) -> dict[str, str]:
    """What each day became, ``off`` or ``working``, that is another than when ``before`` were the exceptions."""
    first, last = calendar.first_day.isoformat(), calendar.last_day.isoformat()
    days = set(exceptions_of(calendar)) ^ {day for day in before if first <= day <= last}
    return {day: "working" if calendar.is_working_day(date.fromisoformat(day)) else "off" for day in sorted(days)}
