"""The state of a case: one small immutable value, the same whether lived or replayed.

Everything is by number: a token is the number of the place it lies on, a task knows its node by index.
Form answers are not part of it; they are passed in with each command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from tongban.kernel.clock import LegalClock, Limit

from .times import from_text, to_text

__all__ = [
    "GB_STATUS",
    "NEW",
    "NO_LIMITS",
    "Limits",
    "Outcome",
    "State",
    "Status",
    "Task",
    "Timer",
    "limits_from_json",
    "limits_to_json",
    "state_from_json",
    "state_to_json",
]


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"  # not filed yet: never on record
    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    CONCLUDED = "concluded"


GB_STATUS: Mapping[Status, str] = {
    Status.RECEIVED: "02",
    Status.ACCEPTED: "05",
    Status.SUPPLEMENT: "06",
    Status.NOT_ACCEPTED: "07",
    Status.CONCLUDED: "10",
    Status.WITHDRAWN: "10",
    Status.SUSPENDED: "11",
}
"""Case status codes of GB/T 39046-2020. A withdrawn case is concluded there; its outcome tells the two apart."""


class Outcome(StrEnum):
    """How a case ended."""

    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    CLOSED = "closed"  # the process came to its end without a decision


class Limits(NamedTuple):
    """The time limits of the matter, as published when the case was filed.

    `restarts`: the answer to a request for more gives the authority its whole time again
    (information requests, Regulation on Open Government Information, 30), instead of what was left of it.
    """

    statutory: Limit | None = None
    promised: Limit | None = None
    extension: Limit | None = None
    restarts: bool = False


NO_LIMITS = Limits()


class Task(NamedTuple):
    """An open task: its number in the case, its node by index, and who has it since when."""

    no: int
    node: int
    opened: datetime
    by: str = ""
    claimed: datetime | None = None
    due: datetime | None = None


class Timer(NamedTuple):
    """A set timer. `node` is -1 for silence after filing; `task` is the task it hangs on, 0 for none."""

    no: int
    node: int
    due: datetime
    task: int = 0


class State(NamedTuple):
    """A case at one instant. `marking` is the sorted multiset of token places."""

    status: Status = Status.NEW
    outcome: Outcome | None = None
    marking: tuple[int, ...] = ()
    tasks: tuple[Task, ...] = ()
    timers: tuple[Timer, ...] = ()
    variables: Mapping[str, Any] = {}  # never changed in place
    statutory: LegalClock | None = None
    promised: LegalClock | None = None
    limits: Limits = NO_LIMITS
    received: datetime | None = None
    accepted: datetime | None = None
    decided: datetime | None = None
    closed: bool = False
    delivered: bool = False
    supplement: str = ""  # "", "open", "answered"
    suspension: str = ""  # the special procedure that an officer has begun, or ""
    extended: bool = False
    last_activity: str = ""
    last_department: str = ""
    last_at: datetime | None = None
    updated: datetime | None = None  # the last event of any kind
    next_task: int = 1
    next_timer: int = 1
    seq: int = 0

    def task(self, no: int) -> Task | None:
        """The open task of that number."""
        for task in self.tasks:
            if task.no == no:
                return task
        return None


NEW = State()


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """Only what is set."""
    found: dict[str, Any] = {}
    for key in ("statutory", "promised", "extension"):
        limit = getattr(limits, key)
        if limit is not None:
            found[key] = str(limit)
    if limits.restarts:
        found["restarts"] = True
    return found


def limits_from_json(data: Mapping[str, Any]) -> Limits:
    """The reverse of `limits_to_json`."""

    def read(key: str) -> Limit | None:
        text = data.get(key)
        return None if text is None else Limit.parse(text)

    return Limits(read("statutory"), read("promised"), read("extension"), bool(data.get("restarts", False)))


_INSTANTS = ("received", "accepted", "decided", "last_at", "updated")
_CLOCKS = ("statutory", "promised")


def state_to_json(state: State) -> str:
    """Compact JSON: keys sorted, what has its initial value left out. Equal states give equal bytes."""
    data: dict[str, Any] = {}
    values: tuple[Any, ...] = state
    for key, value, initial in zip(State._fields, values, NEW, strict=True):
        if value == initial:
            continue
        if key in _INSTANTS:
            value = to_text(value)
        elif key in _CLOCKS:
            value = value.to_json()
        elif key == "limits":
            value = limits_to_json(value)
        elif key == "tasks":
            value = [_task_to_json(task) for task in value]
        elif key == "timers":
            value = [[timer.no, timer.node, to_text(timer.due), timer.task] for timer in value]
        data[key] = value
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def state_from_json(text: str) -> State:
    """The reverse of `state_to_json`."""
    data: dict[str, Any] = json.loads(text)
    for key in _INSTANTS:
        if key in data:
            data[key] = from_text(data[key])
    for key in _CLOCKS:
        if key in data:
            data[key] = LegalClock.from_json(data[key])
    if "limits" in data:
        data["limits"] = limits_from_json(data["limits"])
    data["status"] = Status(data.get("status", Status.NEW))
    if "outcome" in data:
        data["outcome"] = Outcome(data["outcome"])
    data["marking"] = tuple(data.get("marking", ()))
    data["tasks"] = tuple(_task_from_json(task) for task in data.get("tasks", ()))
    data["timers"] = tuple(Timer(no, node, from_text(due), task) for no, node, due, task in data.get("timers", ()))
    return State(**data)


def _task_to_json(task: Task) -> list[Any]:
    claimed = None if task.claimed is None else to_text(task.claimed)
    due = None if task.due is None else to_text(task.due)
    return [task.no, task.node, to_text(task.opened), task.by, claimed, due]


def _task_from_json(data: list[Any]) -> Task:
    no, node, opened, by, claimed, due = data
    return Task(
        no,
        node,
        from_text(opened),
        by,
        None if claimed is None else from_text(claimed),
        None if due is None else from_text(due),
    )
