"""When a timer of a diagram is due: ISO 8601 durations and dates, and durations in working days."""

from __future__ import annotations

import calendar as months
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from tongban.kernel.clock import Calendar, Limit, Unit

__all__ = ["TimerRule", "add_months", "cycle_rule", "date_rule", "duration_rule"]

_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>\d[^/]*)/)?(?P<every>P[^/]*)")
_MOST_ROUNDS = 100_000
_LONGEST_DAYS = 366 * 200


class TimerRule(NamedTuple):
    """A fixed instant, or a time after the timer was set; `repeats` is how often a cycle fires, -1 without end."""

    at: datetime | None = None
    months: int = 0
    days: int = 0
    seconds: int = 0
    working_days: int = 0
    repeats: int = 0

    def due(self, *, start: datetime, calendar: Calendar) -> datetime:
        """The instant at which the timer fires when it is set at `start`."""
        if self.at is not None:
            return self.at
        return self.after(start=start, calendar=calendar)

    def after(self, *, start: datetime, calendar: Calendar) -> datetime:
        """One duration later: when a cycle fires again."""
        if self.working_days:
            return calendar.deadline(start=start, limit=Limit(self.working_days, Unit.WORKING_DAYS))
        later = add_months(start, self.months) if self.months else start
        return later + timedelta(days=self.days, seconds=self.seconds)


def duration_rule(text: str, *, working: bool = False) -> TimerRule:
    """Read `P10D`, `PT36H`, `P1M` and so on; with `working`, `P10D` counts working days. Raises `ValueError`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or text.strip().endswith(("P", "T")):
        raise ValueError("not an ISO 8601 duration")
    part = {name: int(value or 0) for name, value in match.groupdict().items()}
    days = part["weeks"] * 7 + part["days"]
    seconds = part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"]
    if part["years"] * 366 + part["months"] * 31 + days + seconds // 86400 > _LONGEST_DAYS:
        raise ValueError("longer than 200 years")
    if not working:
        return TimerRule(months=part["years"] * 12 + part["months"], days=days, seconds=seconds)
    if part["years"] or part["months"] or part["weeks"] or seconds or not days:
        raise ValueError("working days are written P<n>D")
    return TimerRule(working_days=days)


def date_rule(text: str) -> TimerRule:
    """Read an ISO 8601 instant with its offset. Raises `ValueError`."""
    at = datetime.fromisoformat(text.strip())
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset, such as +08:00")
    return TimerRule(at=at)


def cycle_rule(text: str, *, working: bool = False) -> TimerRule:
    """Read `R3/PT10H`, `R/P1D` or `R3/2026-03-02T09:00:00+08:00/P1D`. Raises `ValueError`."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not an ISO 8601 repetition")
    count = int(match["count"]) if match["count"] else -1
    if not count or count > _MOST_ROUNDS:
        raise ValueError(f"it repeats not at all, or more than {_MOST_ROUNDS} times")
    rule = duration_rule(match["every"], working=working)
    if not any(rule[1:]):
        raise ValueError("its rounds take no time")
    start = date_rule(match["start"]).at if match["start"] else None
    return rule._replace(at=start, repeats=count)


def add_months(at: datetime, count: int) -> datetime:
    """The same day so many months later, or the last day of that month when it has no such day."""
    year, month = divmod(at.year * 12 + at.month - 1 + count, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, months.monthrange(year, month + 1)[1]))
