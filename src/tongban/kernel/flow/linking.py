"""The log is written already linked: each event says what was before it and what its task cost in working time.

Kept apart from `decide`: it judges nothing and changes no state, so it can be done once, when the event is written.
"""

from __future__ import annotations

from typing import Any

from tongban.kernel.clock import Calendar

from .aside import Signer, handover_of, signer_of
from .definition import Definition
from .events import Event
from .state import State, Task

__all__ = ["link"]

_OWN = Event._fields.index("previous_activity")
"""How many fields an event has before its links."""
_NO_TASK = (None,) * 5

_ENDING = frozenset(
    {"task.completed", "task.returned", "case.accepted", "case.refused", "case.decided", "case.delivered"}
)
_OF_SIGNERS = frozenset({"cosign.signed", "cosign.objected"})


def link(*, definition: Definition, state: State, event: Event, calendar: Calendar) -> Event:
    """The event with its links filled, from the state before it.

    Working minutes (office hours): `waiting` from the opening of the task to its claim, `working` from the claim to its
    end. A task that nobody claimed was only waited for. While others sign afterwards, nobody works on it.
    """
    task: Task | Signer | None = None
    ended = event.at
    if event.task and event.kind in _ENDING:
        task = state.task(event.task)
        if state.handovers:
            ended = handover_of(state, event.task).finished or ended
    elif event.kind in _OF_SIGNERS:
        task = signer_of(state, event.task)
    own: tuple[Any, ...] = event[:_OWN]
    before = (state.last_activity, state.last_department, state.last_at)
    if task is None or task.opened is None:
        return Event._make((*own, *before, *_NO_TASK))
    touched = task.claimed or ended
    waiting = calendar.working_minutes(task.opened, touched)
    working = calendar.working_minutes(touched, ended) if task.claimed is not None else 0
    return Event._make((*own, *before, task.opened, task.claimed, event.at, waiting, working))
