"""An open task changes hands: transferred for good, or delegated and reported back. No limit moves by it."""

from __future__ import annotations

from typing import Any

from . import commands as c
from .aside import handover_of
from .definition import Act, Definition, Node
from .departments import meant_by
from .drafting import Drafting
from .errors import Refusal, Refused
from .finishing import asked_anew, require_stranger
from .requirements import check_holder, require_reason, task_of
from .state import State, Task

__all__ = ["delegate", "department_of", "departments_allowed", "recall", "transfer"]


def departments_allowed(definition: Definition) -> frozenset[str]:
    """The departments to which the process lets a task go: those that have a lane in it."""
    return frozenset(
        meant_by(each.department, definition.departments, "") for each in definition.lanes if each.department
    )


def department_of(definition: Definition, state: State, task: Task) -> str:
    """With which department a task lies: that of its lane, unless it was transferred."""
    moved = handover_of(state, task.no).department
    return moved or meant_by(definition.nodes[task.node].department, definition.departments, state.dispatched)


def transfer(draft: Drafting, command: c.Transfer) -> None:
    """Somebody else's from now on (转办)."""
    task, node = _own(draft, command.task)
    reason = require_reason(command.reason)
    before = department_of(draft.definition, draft.state, task)
    departments, dispatched = draft.definition.departments, draft.state.dispatched
    after = meant_by(command.department, departments, dispatched) or before
    if after != before and after not in departments_allowed(draft.definition):
        raise Refused(Refusal.TRANSFER_UNKNOWN, {"department": command.department})
    if after == before and command.to == task.by:
        raise Refused(Refusal.TRANSFER_SAME, {"task": task.no})
    require_stranger(draft, task.no, command.to)
    data: dict[str, Any] = {
        "from": task.by,
        "to": command.to,
        "from_department": before,
        "to_department": after,
        "department": "" if after == meant_by(node.department, departments, dispatched) else after,
        "reason": reason,
    }
    draft.emit("task.transferred", data, node=node, task=task.no)


def delegate(draft: Drafting, command: c.Delegate) -> None:
    """Somebody else does it, and its owner confirms it (交办)."""
    task, node = _own(draft, command.task)
    owner = task.by or draft.actor
    if not owner:
        raise Refused(Refusal.NOT_CLAIMED, {"task": task.no})
    if command.to in (owner, ""):
        raise Refused(Refusal.TRANSFER_SAME, {"task": task.no})
    require_stranger(draft, task.no, command.to)
    draft.emit("task.delegated", {"by": owner, "to": command.to, "reason": command.reason}, node=node, task=task.no)


def recall(draft: Drafting, command: c.Recall) -> None:
    """What was delegated comes back undone; what lies before those who sign afterwards is taken from them."""
    task, node = task_of(draft, command.task)
    handover = handover_of(draft.state, task.no)
    if handover.owner:
        if draft.actor and not {draft.actor, draft.stands_for} & {handover.owner, task.by}:
            raise Refused(Refusal.CLAIMED_BY_OTHER, {"task": task.no, "by": task.by})
        draft.emit("task.recalled", {"from": task.by, "to": handover.owner}, node=node, task=task.no)
        return
    check_holder(draft, task)
    if not handover.result:
        raise Refused(Refusal.NOTHING_TO_RECALL, {"task": task.no})
    draft.emit("task.recalled", {"asks": asked_anew(draft, task.no)}, node=node, task=task.no)


def _own(draft: Drafting, no: int) -> tuple[Task, Node]:
    """A task that one may give away: a person's, mine or nobody's, and neither delegated nor before others."""
    task, node = task_of(draft, no)
    if node.act is Act.SERVICE:
        raise Refused(Refusal.WRONG_ACT, {"task": no, "act": str(node.act)})
    handover = handover_of(draft.state, no)
    if handover.owner:
        raise Refused(Refusal.DELEGATED, {"task": no, "by": task.by})
    if handover.result:
        raise Refused(Refusal.PROPOSED, {"task": no})
    check_holder(draft, task)
    return task, node
