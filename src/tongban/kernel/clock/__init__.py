"""Working calendars and legal time limits.

A `Calendar` knows the working days and office hours of a place; a `Limit` is what the law or a promise allows; a
`LegalClock` is one limit as it runs in one case. Nothing here reads the clock: instants are passed in, aware.
"""

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.errors import ClockError, LimitError
from tongban.kernel.clock.foresight import Forecast, after_pause, what_if
from tongban.kernel.clock.hours import DEFAULT_HOURS, Hours, parse_hours, periods_of_day
from tongban.kernel.clock.legal import LegalClock
from tongban.kernel.clock.limits import Limit, Unit
from tongban.kernel.clock.slots import Slot, opens_on, slots_of_day
from tongban.kernel.clock.sources import calendar_for

__all__ = [
    "DEFAULT_HOURS",
    "Calendar",
    "ClockError",
    "Forecast",
    "Hours",
    "LegalClock",
    "Limit",
    "LimitError",
    "Slot",
    "Unit",
    "after_pause",
    "calendar_for",
    "opens_on",
    "parse_hours",
    "periods_of_day",
    "slots_of_day",
    "what_if",
]
