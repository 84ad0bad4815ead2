"""Due dates of open steps when time that did not count is over: a step's own limit stands still with the case's.

Sources: Administrative Licensing Law (行政许可法) 45, time that is not counted; Regulation on Open Government
Information, 30, limits that begin anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tongban.kernel.clock import Calendar, LegalClock, after_pause

from .definition import Definition
from .state import Task
from .times import to_text

__all__ = ["dues_after_pause", "dues_anew"]


def dues_after_pause(
    *,
    definition: Definition,
    tasks: Iterable[Task],
    clocks: Iterable[LegalClock],
    at: datetime,
    calendar: Calendar,
) -> dict[str, Any]:
    """The data that moves the due dates of open steps when `clocks`, which are paused, go on at `at`.

    What was left of a step's limit when the pause began is left when it ends; of one that opened within the pause, all.
    """
    since = max((clock.paused_at for clock in clocks if clock.paused_at is not None), default=None)
    if since is None:
        return {}
    dues = {}
    for task in tasks:
        limit = definition.nodes[task.node].limit
        if limit is None or task.due is None:
            continue
        due = after_pause(
            due=task.due, unit=limit.unit, paused_at=max(since, task.opened), resumed_at=at, calendar=calendar
        )
        if due != task.due:
            dues[str(task.no)] = to_text(due)
    return {"dues": dues} if dues else {}


def dues_anew(*, definition: Definition, tasks: Iterable[Task], at: datetime, calendar: Calendar) -> dict[str, Any]:
    """The data that gives open steps their whole limit again from `at` on."""
    dues = {}
    for task in tasks:
        limit = definition.nodes[task.node].limit
        if limit is not None and task.due is not None:
            dues[str(task.no)] = to_text(calendar.deadline(start=at, limit=limit))
    return {"dues": dues} if dues else {}
