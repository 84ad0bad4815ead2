"""What would become of a limit if it were paused now, extended or restarted; and of a date within it after a pause."""

from datetime import datetime
from typing import NamedTuple

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.legal import LegalClock
from tongban.kernel.clock.limits import Limit, Unit

__all__ = ["Forecast", "after_pause", "what_if"]


class Forecast(NamedTuple):
    """A clock as it would be.

    `until` is when it would go on after the pause that was asked about, None where there is none. `due` is None only
    for a clock that has not started, or that stopped while it was paused. `days_moved` is by how many working days
    `due` is later than before.
    """

    clock: LegalClock
    until: datetime | None
    due: datetime | None
    days_moved: int
    is_late: bool


def what_if(
    *,
    clock: LegalClock,
    at: datetime,
    calendar: Calendar,
    pause_for: Limit | None = None,
    pause_until: datetime | None = None,
    extend_by: Limit | None = None,
    restarts: bool = False,
) -> Forecast:
    """When would the limit end if, at `at`, it were extended by `extend_by` and paused, for `pause_for` or until
    `pause_until`? With nothing asked, the clock is as it is; one that is paused is taken to go on at `at`.

    `restarts`: what ends the pause gives the limit its whole time again (政府信息公开条例 30). A clock that is paused
    already stays so until then. `pause_for` counts like any limit, so the day of `at` is not counted.
    Raises `ClockError` as the steps themselves do.
    """
    before = clock.due_if_resumed(at, calendar)
    after = clock if extend_by is None else clock.extend(extend_by)
    until = pause_until
    if pause_for is not None:
        until = calendar.deadline(start=at, limit=pause_for)
    if until is not None:
        paused = after if after.is_paused else after.pause(at, calendar, "")
        after = paused.restart(until) if restarts else paused.resume(until)
    elif restarts:
        after = after.restart(at)
    due = after.due_if_resumed(at, calendar)
    return Forecast(after, until, due, _moved(before, due, calendar), after.is_late(until or at, calendar))


def _moved(before: datetime | None, after: datetime | None, calendar: Calendar) -> int:
    if before is None or after is None:
        return 0
    return calendar.working_days_between(calendar.local_date(before), calendar.local_date(after))


def after_pause(
    *, due: datetime, unit: Unit, paused_at: datetime, resumed_at: datetime, calendar: Calendar
) -> datetime:
    """When something within a paused limit, due at `due` before, is due after the pause: what was left of it when the
    pause began is left when it ends, in its own unit. What had been missed before stays missed.

    As for the limit itself, the day of pausing is used and the day of resuming is not.
    """
    left = calendar.count(unit=unit, start=paused_at, end=due)
    if due < paused_at or left < 0:
        return due
    return max(due, calendar.reach(unit=unit, start=resumed_at, amount=left))
