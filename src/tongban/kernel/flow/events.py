"""What has happened to a case. Events are the only way in which its state changes.

`data` is plain JSON without floats. Whatever the tokens did rides along in it, so that `apply` judges nothing:

- `moves`: firings `[[places emptied], [places filled]]`, in order
- `opens`: tasks that opened `{no, node, department, act, due}`; `closes`: numbers of tasks that ended
- `timers`: `{set: [{no, node, due, task}], cancelled: [no]}`
- `set` / `unset`: variables; `rules`: decisions taken by rule, with the ids of the rules that held
- `clocks`: the legal clocks as they are from now on
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .times import from_text, to_text

__all__ = ["ACTIVITIES", "KINDS", "Event", "activity_of", "event_body", "event_from_body"]

KINDS: tuple[str, ...] = (
    "case.filed",
    "case.accepted",
    "case.refused",
    "supplement.requested",
    "supplement.answered",
    "task.claimed",
    "task.released",
    "task.completed",
    "task.returned",
    "clock.paused",
    "clock.resumed",
    "clock.extended",
    "case.suspended",
    "case.resumed",
    "case.withdrawn",
    "case.decided",
    "case.delivered",
    "case.closed",
    "timer.fired",
)

ACTIVITIES: frozenset[str] = frozenset(KINDS) - {
    "task.claimed",
    "task.released",
    "clock.paused",
    "clock.resumed",
    "timer.fired",
}
"""Kinds that end an activity: what the next event calls the activity before it."""


class Event(NamedTuple):
    """One entry of a case's log.

    `actor` and `capacity` are stored as given. `opened`, `claimed`, `finished`, `waiting` and `working` (working
    minutes) belong to the task that the event ends; `link` fills them and what was before.
    """

    kind: str
    at: datetime
    data: Mapping[str, Any]
    actor: str = ""
    capacity: str = ""
    department: str = ""
    node: str = ""
    task: int = 0
    previous_activity: str = ""
    previous_department: str = ""
    previous_at: datetime | None = None
    opened: datetime | None = None
    claimed: datetime | None = None
    finished: datetime | None = None
    waiting: int | None = None
    working: int | None = None


_INSTANTS = ("at", "previous_at", "opened", "claimed", "finished")


def activity_of(event: Event) -> str:
    """The label of an activity in the log: the node of a task, else the kind."""
    return event.node or event.kind


def event_body(*, event: Event, case: int, seq: int) -> dict[str, Any]:
    """The plain JSON mapping that the hash chain covers; every key is always there, instants are in UTC."""
    body: dict[str, Any] = event._asdict()
    for key in _INSTANTS:
        if body[key] is not None:
            body[key] = to_text(body[key])
    body["case"] = case
    body["seq"] = seq
    return body


def event_from_body(body: Mapping[str, Any]) -> Event:
    """The event of a body read back from the log."""
    values = {key: body[key] for key in Event._fields}
    for key in _INSTANTS:
        if values[key] is not None:
            values[key] = from_text(values[key])
    return Event(**values)
