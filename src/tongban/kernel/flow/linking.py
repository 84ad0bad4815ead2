"""The log is written already linked: each event says what was before it and what its task cost in working time.

Kept apart from `decide`: it judges nothing and changes no state, so it can be done once, when the event is written.
"""

from __future__ import annotations

from tongban.kernel.clock import Calendar

from .definition import Definition
from .events import Event
from .state import State

__all__ = ["link"]

_ENDING = frozenset(
    {"task.completed", "task.returned", "case.accepted", "case.refused", "case.decided", "case.delivered"}
)


def link(*, definition: Definition, state: State, event: Event, calendar: Calendar) -> Event:
    """The event with its links filled, from the state before it.

    Working minutes (office hours): `waiting` from the opening of the task to its claim, `working` from the claim to its
    end. A task that nobody claimed was only waited for.
    """
    task = state.task(event.task) if event.task and event.kind in _ENDING else None
    if task is None:
        return event._replace(
            previous_activity=state.last_activity, previous_department=state.last_department, previous_at=state.last_at
        )
    touched = task.claimed or event.at
    return event._replace(
        previous_activity=state.last_activity,
        previous_department=state.last_department,
        previous_at=state.last_at,
        opened=task.opened,
        claimed=task.claimed,
        finished=event.at,
        waiting=calendar.working_minutes(task.opened, touched),
        working=calendar.working_minutes(touched, event.at) if task.claimed is not None else 0,
    )
