"""From acceptance to delivery: work, special procedures, extension, return, decision.

Sources: Administrative Licensing Law (行政许可法) 42 (limits and their extension), 44 (delivery), 45 (time that is not
counted).
"""

from __future__ import annotations

from typing import Any

from . import commands as c
from . import cosigning
from .aside import handover_of, signer_of
from .definition import SPECIAL, Act
from .departments import FRONT_DESK, RESPONSIBLE
from .drafting import Drafting, timers, told_clocks
from .errors import Refusal, Refused
from .finishing import conclude, require_stranger
from .requirements import (
    check_holder,
    held_task,
    require_not_suspended,
    require_reason,
    require_undecided,
    task_of,
)
from .returning import return_to
from .silences import is_settled, opposition
from .state import OF_PROCEDURE
from .times import to_text
from .values import to_json

__all__ = [
    "WORK",
    "claim",
    "complete",
    "decide_case",
    "deliver",
    "extend",
    "redecide",
    "release",
    "resume",
    "run_service",
    "send_back",
    "suspend",
    "withdraw",
]

WORK = (Act.HANDLE, Act.REVIEW, Act.INSPECT, Act.OPINION)
"""The acts that `Complete` finishes."""


def claim(draft: Drafting, command: c.Claim) -> None:
    """Take a task on."""
    signer = signer_of(draft.state, command.task)
    if signer is not None:
        cosigning.claim(draft, signer, command.by)
        return
    task, node = task_of(draft, command.task)
    if node.act is Act.SERVICE:
        raise Refused(Refusal.WRONG_ACT, {"task": task.no, "act": str(node.act)})
    if task.by:
        code = Refusal.ALREADY_CLAIMED if task.by == command.by else Refusal.CLAIMED_BY_OTHER
        raise Refused(code, {"task": task.no, "by": task.by})
    require_stranger(draft, task.no, command.by)
    draft.emit("task.claimed", {"by": command.by}, node=node, task=task.no)


def release(draft: Drafting, command: c.Release) -> None:
    """Put a task back."""
    signer = signer_of(draft.state, command.task)
    if signer is not None:
        cosigning.release(draft, signer)
        return
    task, node = task_of(draft, command.task)
    if not task.by:
        raise Refused(Refusal.NOT_CLAIMED, {"task": task.no})
    check_holder(draft, task)
    if handover_of(draft.state, task.no).owner:
        raise Refused(Refusal.DELEGATED, {"task": task.no, "by": task.by})
    draft.emit("task.released", {"by": task.by}, node=node, task=task.no)


def complete(draft: Drafting, command: c.Complete) -> None:
    """Finish a task of work."""
    task, node = held_task(draft, command.task, WORK)
    require_not_suspended(draft)
    if command.outcome not in node.outcomes:
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": command.outcome, "known": list(node.outcomes)})
    result: dict[str, Any] = {"command": "complete", "outcome": command.outcome}
    if command.opinion:
        result["opinion"] = command.opinion
    if command.data:
        result["data"] = to_json(command.data)
    conclude(draft, task, node, result)


def run_service(draft: Drafting, command: c.RunService) -> None:
    """Finish a task of the system."""
    task, node = task_of(draft, command.task)
    if node.act is not Act.SERVICE:
        raise Refused(Refusal.NOT_A_SERVICE, {"task": task.no})
    outputs = to_json(command.outputs)
    data = draft.finish(task, {"outcome": "done", **outputs})
    data |= {"outcome": "done", "operation": node.operation, "outputs": outputs}
    draft.emit("task.completed", data, node=node, task=task.no, actor="system")


def send_back(draft: Drafting, command: c.ReturnTo) -> None:
    """Return for rework."""
    task, _ = task_of(draft, command.task)
    check_holder(draft, task)
    require_undecided(draft)
    require_not_suspended(draft)
    require_reason(command.reason)
    return_to(draft, task, command)


def suspend(draft: Drafting, command: c.Suspend) -> None:
    """Begin a special procedure."""
    if draft.state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    require_undecided(draft)
    require_not_suspended(draft)
    if command.procedure not in SPECIAL:
        raise Refused(Refusal.UNKNOWN_PROCEDURE, {"procedure": command.procedure, "known": list(SPECIAL)})
    reason = require_reason(command.reason)
    if command.limit is None:
        raise Refused(Refusal.SUSPEND_NO_LIMIT, {"procedure": command.procedure})
    due = to_text(draft.calendar.deadline(start=draft.at, limit=command.limit))
    timer = {"no": draft.state.next_timer, "node": "", "due": due, "task": 0, "procedure": command.procedure}
    data: dict[str, Any] = {"procedure": command.procedure, "reason": reason, "limit": str(command.limit), "due": due}
    data["timers"] = timers([timer], [])
    draft.emit("case.suspended", data, department=RESPONSIBLE)


def resume(draft: Drafting, command: c.Resume) -> None:
    """End it."""
    if not draft.state.suspension:
        raise Refused(Refusal.NOT_SUSPENDED)
    data: dict[str, Any] = {"procedure": draft.state.suspension}
    if of_procedure := [timer.no for timer in draft.state.timers if timer.node == OF_PROCEDURE]:
        data["timers"] = timers([], of_procedure)
    draft.emit("case.resumed", data, department=RESPONSIBLE)


def extend(draft: Drafting, command: c.Extend) -> None:
    """Lengthen the limit."""
    state = draft.state
    if state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    require_undecided(draft)
    if state.extended:
        raise Refused(Refusal.EXTENDED)
    allowed, clock = state.limits.extension, state.statutory
    if allowed is None or clock is None:
        raise Refused(Refusal.EXTEND_NOT_ALLOWED)
    if command.by.unit is not allowed.unit or command.by.unit is not clock.limit.unit:
        raise Refused(Refusal.EXTEND_UNIT, {"allowed": str(allowed)})
    if not 0 < command.by.amount <= allowed.amount:
        raise Refused(Refusal.EXTEND_TOO_LONG, {"allowed": str(allowed)})
    require_reason(command.reason)
    if not command.approved_by.strip():
        raise Refused(Refusal.EXTEND_NO_APPROVAL)
    if clock.is_late(draft.at, draft.calendar):
        raise Refused(Refusal.EXTEND_LATE)
    # The promise moves with the law where both count in the same unit.
    after = {n: x.extend(command.by) for n, x in draft.clocks().items() if x.limit.unit is command.by.unit}
    data = {"by": str(command.by), "reason": command.reason, "approved_by": command.approved_by, **told_clocks(after)}
    draft.emit("clock.extended", data, department=RESPONSIBLE)


def withdraw(draft: Drafting, command: c.Withdraw) -> None:
    """The applicant takes the case back."""
    require_undecided(draft)
    draft.emit("case.withdrawn", {"reason": command.reason, **draft.clear()}, department="applicant")


_DECISIONS = ("granted", "denied", "passed_on")


def decide_case(draft: Drafting, command: c.DecideCase) -> None:
    """Grant or deny, or pass it on to whoever is competent."""
    task, node = held_task(draft, command.task, (Act.DECIDE,))
    require_undecided(draft)
    if draft.state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    if draft.state.supplement == "open":
        raise Refused(Refusal.SUPPLEMENT_OPEN)
    require_not_suspended(draft)
    if command.outcome not in _DECISIONS:
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": command.outcome, "known": list(_DECISIONS)})
    if command.outcome != "granted":
        require_reason(command.reason)
    elif not is_settled(definition=draft.definition, state=draft.state):
        opposed = opposition(definition=draft.definition, state=draft.state)
        if opposed:
            raise Refused(Refusal.OPPOSED, {"steps": [one.node.id for one in opposed]})
    conclude(draft, task, node, {"command": "decide", "outcome": command.outcome, "reason": command.reason})


def deliver(draft: Drafting, command: c.Deliver) -> None:
    """The result has reached the applicant."""
    nodes = draft.definition.nodes
    no = command.task
    if no is None:
        no = next((task.no for task in draft.state.tasks if nodes[task.node].act is Act.DELIVER), None)
    if no is not None:
        task, node = held_task(draft, no, (Act.DELIVER,))
        data = draft.finish(task, {"outcome": "delivered"})
        draft.emit("case.delivered", data | {"way": command.way}, node=node, task=task.no)
        return
    if draft.state.decided is None:
        raise Refused(Refusal.NOT_DECIDED)
    if draft.state.delivered:
        raise Refused(Refusal.DELIVERED)
    draft.emit("case.delivered", {"way": command.way}, department=FRONT_DESK)


def redecide(draft: Drafting, command: c.Redecide) -> None:
    """Another decision takes the place of the one that was made: what was decided wrongly is put right by who decided.

    The process is not run again, and no clock starts: what follows of the new decision is its caller's to do.
    """
    before = draft.state.outcome
    if draft.state.decided is None or before is None:
        raise Refused(Refusal.NOT_DECIDED)
    if command.outcome not in _DECISIONS:
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": command.outcome, "known": list(_DECISIONS)})
    if command.outcome == before:
        raise Refused(Refusal.SAME_OUTCOME, {"outcome": command.outcome})
    require_reason(command.reason)
    data = {"outcome": command.outcome, "was": str(before), "reason": command.reason}
    draft.emit("case.redecided", data, department=RESPONSIBLE)
