"""The legal life of a case: what each command requires, and what it puts on record.

Sources: Administrative Licensing Law (行政许可法), articles 32 (acceptance and supplement), 42 (limits and their
extension), 44 (delivery), 45 (time that is not counted); Regulation on Open Government Information, 30.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tongban.kernel.clock import Limit, Unit

from . import commands as c
from .definition import SPECIAL, Act, Kind, Node
from .drafting import Drafting, timers, told_clocks
from .errors import Refusal, Refused
from .returning import return_to
from .state import Task, Timer, limits_to_json
from .times import to_text
from .tokens import leave, start
from .values import to_json

__all__ = ["HANDLERS", "SILENCE", "WORK", "accept_by_silence", "held_task"]

SILENCE = Limit(5, Unit.WORKING_DAYS)
"""Silence for so long after receipt is acceptance (Administrative Licensing Law, 32)."""

WORK = (Act.HANDLE, Act.REVIEW, Act.INSPECT, Act.OPINION)
"""The acts that `Complete` finishes."""


def held_task(draft: Drafting, no: int, acts: tuple[Act, ...]) -> tuple[Task, Node]:
    """The open task, which nobody else holds and which is for one of these acts."""
    task, node = _task(draft, no)
    if node.act not in acts:
        raise Refused(Refusal.WRONG_ACT, {"task": no, "act": str(node.act)})
    _check_holder(draft, task)
    return task, node


def _task(draft: Drafting, no: int) -> tuple[Task, Node]:
    task = draft.state.task(no)
    if task is None:
        raise Refused(Refusal.NO_TASK, {"task": no})
    return task, draft.definition.nodes[task.node]


def _check_holder(draft: Drafting, task: Task) -> None:
    if task.by and draft.actor and task.by != draft.actor:
        raise Refused(Refusal.CLAIMED_BY_OTHER, {"task": task.no, "by": task.by})


def _open_accept(draft: Drafting) -> list[Task]:
    nodes = draft.definition.nodes
    return [task for task in draft.state.tasks if nodes[task.node].act is Act.ACCEPT]


def _silence(draft: Drafting) -> list[int]:
    return [timer.no for timer in draft.state.timers if timer.node < 0]


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    return reason


def _require_undecided(draft: Drafting) -> None:
    if draft.state.decided is not None:
        raise Refused(Refusal.DECIDED)


def _require_not_suspended(draft: Drafting) -> None:
    if draft.state.suspension:
        raise Refused(Refusal.SUSPENDED, {"procedure": draft.state.suspension})


def _file(draft: Drafting, command: c.File) -> None:
    oracle = draft.oracle()
    data = draft.told(start(draft.definition, oracle), oracle)
    data["limits"] = limits_to_json(command.limits)
    if command.about:
        data["about"] = dict(command.about)
    if draft.definition.has_accept:
        _add_silence(draft, data)
    draft.emit("case.filed", data, department="applicant")
    if not draft.definition.has_accept:
        draft.accept_now()


def _add_silence(draft: Drafting, data: dict[str, Any]) -> None:
    """Set the timer whose firing accepts the case."""
    told = data.setdefault("timers", {})
    waiting = told.setdefault("set", [])
    due = draft.calendar.deadline(start=draft.at, limit=SILENCE)
    waiting.append({"no": draft.state.next_timer + len(waiting), "node": "", "due": to_text(due), "task": 0})


def _accept(draft: Drafting, command: c.Accept) -> None:
    if draft.state.accepted is not None:
        raise Refused(Refusal.ALREADY_ACCEPTED)
    if draft.state.supplement == "open":
        raise Refused(Refusal.SUPPLEMENT_OPEN)
    if not _open_accept(draft):
        raise Refused(Refusal.NO_ACCEPT_TASK)
    for task in _open_accept(draft):
        _check_holder(draft, task)
    _accepted(draft, effective=draft.at, silent=False)


def accept_by_silence(draft: Drafting) -> None:
    """Nobody answered in time: accepted from the day of receipt."""
    assert draft.state.received is not None
    _accepted(draft, effective=draft.state.received, silent=True)


def _accepted(draft: Drafting, *, effective: datetime, silent: bool) -> None:
    definition = draft.definition
    tasks = _open_accept(draft)
    oracle = draft.oracle()
    nodes = [definition.nodes[task.node] for task in tasks]
    for node in nodes:
        oracle.assign(node.id, {"outcome": "accepted"})
    data: dict[str, Any] = {}
    if tasks:
        emptied = tuple(definition.place(node.index) for node in nodes)
        filled = tuple(place for node in nodes for place in leave(definition, node.index, oracle))
        data = draft.move(
            emptied, filled, oracle, closes=[task.no for task in tasks], cancelled=_silence(draft), accepted=True
        )
    elif _silence(draft):
        data = {"timers": timers([], _silence(draft))}
    data["effective"] = to_text(effective)
    data |= draft.start_clocks(effective)
    if silent:
        data["silent"] = True
    first = nodes[0] if tasks else None
    no = tasks[0].no if tasks else 0
    department = "system" if silent else ""
    draft.emit("case.accepted", data, node=first, task=no, department=department, actor="system" if silent else None)


def _refuse(draft: Drafting, command: c.Refuse) -> None:
    if draft.state.accepted is not None:
        raise Refused(Refusal.ALREADY_ACCEPTED)
    tasks = _open_accept(draft)
    if not tasks:
        raise Refused(Refusal.NO_ACCEPT_TASK)
    _check_holder(draft, tasks[0])
    data = {"reason": _require_reason(command.reason), **draft.clear()}
    draft.emit("case.refused", data, node=draft.definition.nodes[tasks[0].node], task=tasks[0].no)


def _request_supplement(draft: Drafting, command: c.RequestSupplement) -> None:
    state = draft.state
    if state.supplement:
        raise Refused(Refusal.ALREADY_ASKED)
    _require_undecided(draft)
    items = [item for item in command.items if item.strip()]
    if not items and not command.note.strip():
        raise Refused(Refusal.NOTHING_ASKED)
    data: dict[str, Any] = {"items": items, "note": command.note}
    department = ""
    if state.accepted is None:
        tasks = _open_accept(draft)
        if not tasks:
            raise Refused(Refusal.NO_ACCEPT_TASK)
        _check_holder(draft, tasks[0])
        department = draft.definition.nodes[tasks[0].node].department
        if _silence(draft):
            data["timers"] = timers([], _silence(draft))
    if command.within is not None:
        data["due"] = to_text(draft.calendar.deadline(start=draft.at, limit=command.within))
    draft.emit("supplement.requested", data, department=department or "authority")


def _answer_supplement(draft: Drafting, command: c.AnswerSupplement) -> None:
    if draft.state.supplement != "open":
        raise Refused(Refusal.SUPPLEMENT_NOT_OPEN)
    data: dict[str, Any] = {"about": dict(command.about)} if command.about else {}
    if draft.state.accepted is None:
        _add_silence(draft, data)
    draft.emit("supplement.answered", data, department="applicant")
    clocks = draft.clocks()
    if draft.state.limits.restarts and clocks:
        after = {name: clock.restart(draft.at) for name, clock in clocks.items()}
        draft.emit("clock.resumed", {"restarted": True, **told_clocks(after)})


def _claim(draft: Drafting, command: c.Claim) -> None:
    task, node = _task(draft, command.task)
    if node.act is Act.SERVICE:
        raise Refused(Refusal.WRONG_ACT, {"task": task.no, "act": str(node.act)})
    if task.by:
        code = Refusal.ALREADY_CLAIMED if task.by == command.by else Refusal.CLAIMED_BY_OTHER
        raise Refused(code, {"task": task.no, "by": task.by})
    draft.emit("task.claimed", {"by": command.by}, node=node, task=task.no)


def _release(draft: Drafting, command: c.Release) -> None:
    task, node = _task(draft, command.task)
    if not task.by:
        raise Refused(Refusal.NOT_CLAIMED, {"task": task.no})
    _check_holder(draft, task)
    draft.emit("task.released", {"by": task.by}, node=node, task=task.no)


def _complete(draft: Drafting, command: c.Complete) -> None:
    task, node = held_task(draft, command.task, WORK)
    _require_not_suspended(draft)
    if command.outcome not in node.outcomes:
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": command.outcome, "known": list(node.outcomes)})
    data = draft.finish(task, {"outcome": command.outcome})
    data["outcome"] = command.outcome
    if command.opinion:
        data["opinion"] = command.opinion
    if command.data:
        data["data"] = to_json(command.data)
    draft.emit("task.completed", data, node=node, task=task.no)


def _run_service(draft: Drafting, command: c.RunService) -> None:
    task, node = _task(draft, command.task)
    if node.act is not Act.SERVICE:
        raise Refused(Refusal.NOT_A_SERVICE, {"task": task.no})
    outputs = to_json(command.outputs)
    data = draft.finish(task, {"outcome": "done", **outputs})
    data |= {"outcome": "done", "operation": node.operation, "outputs": outputs}
    draft.emit("task.completed", data, node=node, task=task.no, actor="system")


def _return_to(draft: Drafting, command: c.ReturnTo) -> None:
    task, _ = _task(draft, command.task)
    _check_holder(draft, task)
    _require_undecided(draft)
    _require_not_suspended(draft)
    _require_reason(command.reason)
    return_to(draft, task, command)


def _suspend(draft: Drafting, command: c.Suspend) -> None:
    if draft.state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    _require_undecided(draft)
    _require_not_suspended(draft)
    if command.procedure not in SPECIAL:
        raise Refused(Refusal.UNKNOWN_PROCEDURE, {"procedure": command.procedure, "known": list(SPECIAL)})
    data: dict[str, Any] = {"procedure": command.procedure, "reason": _require_reason(command.reason)}
    if command.limit is not None:
        data["limit"] = str(command.limit)
        data["due"] = to_text(draft.calendar.deadline(start=draft.at, limit=command.limit))
    draft.emit("case.suspended", data, department="authority")


def _resume(draft: Drafting, command: c.Resume) -> None:
    if not draft.state.suspension:
        raise Refused(Refusal.NOT_SUSPENDED)
    draft.emit("case.resumed", {"procedure": draft.state.suspension}, department="authority")


def _extend(draft: Drafting, command: c.Extend) -> None:
    state = draft.state
    if state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    _require_undecided(draft)
    if state.extended:
        raise Refused(Refusal.EXTENDED)
    allowed, clock = state.limits.extension, state.statutory
    if allowed is None or clock is None:
        raise Refused(Refusal.EXTEND_NOT_ALLOWED)
    if command.by.unit is not allowed.unit or command.by.unit is not clock.limit.unit:
        raise Refused(Refusal.EXTEND_UNIT, {"allowed": str(allowed)})
    if not 0 < command.by.amount <= allowed.amount:
        raise Refused(Refusal.EXTEND_TOO_LONG, {"allowed": str(allowed)})
    _require_reason(command.reason)
    if not command.approved_by.strip():
        raise Refused(Refusal.EXTEND_NO_APPROVAL)
    if clock.is_late(draft.at, draft.calendar):
        raise Refused(Refusal.EXTEND_LATE)
    # The promise moves with the law where both count in the same unit.
    after = {n: x.extend(command.by) for n, x in draft.clocks().items() if x.limit.unit is command.by.unit}
    data = {"by": str(command.by), "reason": command.reason, "approved_by": command.approved_by, **told_clocks(after)}
    draft.emit("clock.extended", data, department="authority")


def _withdraw(draft: Drafting, command: c.Withdraw) -> None:
    _require_undecided(draft)
    draft.emit("case.withdrawn", {"reason": command.reason, **draft.clear()}, department="applicant")


def _decide_case(draft: Drafting, command: c.DecideCase) -> None:
    task, node = held_task(draft, command.task, (Act.DECIDE,))
    _require_undecided(draft)
    if draft.state.accepted is None:
        raise Refused(Refusal.NOT_ACCEPTED)
    if draft.state.supplement == "open":
        raise Refused(Refusal.SUPPLEMENT_OPEN)
    _require_not_suspended(draft)
    if command.outcome not in ("granted", "denied"):
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": command.outcome, "known": ["granted", "denied"]})
    if command.outcome == "denied":
        _require_reason(command.reason)
    data = draft.finish(task, {"outcome": command.outcome})
    data |= {"outcome": command.outcome, "reason": command.reason, **draft.stopped()}
    draft.emit("case.decided", data, node=node, task=task.no)


def _deliver(draft: Drafting, command: c.Deliver) -> None:
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
    draft.emit("case.delivered", {"way": command.way}, department="window")


def _fire_timer(draft: Drafting, command: c.FireTimer) -> None:
    timer = next((timer for timer in draft.state.timers if timer.no == command.timer), None)
    if timer is None:
        raise Refused(Refusal.NO_TIMER, {"timer": command.timer})
    if timer.due > draft.at:
        raise Refused(Refusal.TIMER_NOT_DUE, {"timer": timer.no, "due": to_text(timer.due)})
    if timer.node < 0:
        accept_by_silence(draft)
        return
    node = draft.definition.nodes[timer.node]
    data = _timed_out(draft, timer, node)
    draft.emit(
        "timer.fired", data | {"timer": timer.no}, node=node, task=timer.task, department="system", actor="system"
    )


def _timed_out(draft: Drafting, timer: Timer, node: Node) -> dict[str, Any]:
    definition = draft.definition
    oracle = draft.oracle()
    filled = leave(definition, node.index, oracle)
    if node.kind is Kind.CATCH:
        return draft.move((definition.place(node.index),), filled, oracle, cancelled=[timer.no])
    host = definition.nodes[node.attached]
    place = definition.place(host.index)
    if not node.interrupting:
        # The token of the activity is part of the firing: undoing the activity undoes its reminder.
        return draft.move((place,), (place, *filled), oracle, cancelled=[timer.no])
    if host.kind is not Kind.SUBPROCESS:
        return draft.move((place,), filled, oracle, closes=[timer.task], cancelled=[timer.no])
    inside = definition.scopes[host.inner].places
    emptied = (place, *(at for at in draft.state.marking if at in inside))
    others = [t.no for t in draft.state.timers if t.node >= 0 and definition.nodes[t.node].attached == host.index]
    return draft.move(emptied, filled, oracle, cancelled=others, broken=(host.inner,))


HANDLERS: dict[type[c.Command], Callable[[Drafting, Any], None]] = {
    c.File: _file,
    c.Accept: _accept,
    c.Refuse: _refuse,
    c.RequestSupplement: _request_supplement,
    c.AnswerSupplement: _answer_supplement,
    c.Claim: _claim,
    c.Release: _release,
    c.Complete: _complete,
    c.ReturnTo: _return_to,
    c.Suspend: _suspend,
    c.Resume: _resume,
    c.Extend: _extend,
    c.Withdraw: _withdraw,
    c.DecideCase: _decide_case,
    c.Deliver: _deliver,
    c.FireTimer: _fire_timer,
    c.RunService: _run_service,
}
