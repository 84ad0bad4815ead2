"""Somebody says which department is responsible (派单): its lanes are that department's from then on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import commands as c
from .aside import Handover, handover_of, rounds_of
from .definition import Definition
from .departments import RESPONSIBLE
from .drafting import Drafting
from .errors import Refusal, Refused
from .requirements import check_holder, require_reason, require_undecided, task_of
from .state import State, Task, limits_to_json

__all__ = ["dispatch", "responsible_tasks"]


def responsible_tasks(definition: Definition, state: State) -> Iterator[Task]:
    """The open tasks that lie with whichever department is responsible."""
    return (task for task in state.tasks if definition.nodes[task.node].department == RESPONSIBLE)


def dispatch(draft: Drafting, command: c.Dispatch) -> None:
    """The case is that department's; what is open in its lanes is claimed by nobody."""
    task, node = task_of(draft, command.task)
    if not node.dispatches:
        raise Refused(Refusal.DISPATCH_NOT_HERE, {"task": task.no})
    require_undecided(draft)
    check_holder(draft, task)
    state = draft.state
    if command.limits is not None and state.accepted is not None:
        raise Refused(Refusal.DISPATCH_LIMITS)
    limits = None if command.limits == state.limits else command.limits
    if command.department == state.dispatched and limits is None:
        raise Refused(Refusal.DISPATCH_SAME, {"department": command.department})
    data: dict[str, Any] = {"from": state.dispatched, "to": command.department, "reason": command.reason}
    if state.dispatched:
        require_reason(command.reason)
    if command.department != state.dispatched and (moved := list(responsible_tasks(draft.definition, state))):
        for each in moved:
            if handover_of(state, each.no) != Handover(each.no) or rounds_of(state, each.no):
                raise Refused(Refusal.DISPATCH_HANDED, {"task": each.no})
        data["moved"] = [each.no for each in moved]
    if limits is not None:
        data["limits"] = limits_to_json(limits)
    draft.emit("case.dispatched", data, node=node, task=task.no)
