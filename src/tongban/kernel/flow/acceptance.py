"""From filing to acceptance: intake, acceptance by act or by silence, refusal, the one request for more.

Sources: Administrative Licensing Law (行政许可法) 32; Regulation on Open Government Information, 30.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel.clock import Limit, Unit

from . import commands as c
from .definition import Act, Definition
from .departments import RESPONSIBLE
from .drafting import Drafting, timers, told_clocks
from .dues import dues_anew
from .errors import Refusal, Refused
from .later import bring, promise
from .requirements import check_holder, require_reason, require_undecided
from .state import OF_SILENCE, Task, limits_to_json
from .times import to_text
from .tokens import leave
from .walking import start

__all__ = ["SILENCE", "accept", "accept_by_silence", "answer_supplement", "file", "refuse", "request_supplement"]

SILENCE = Limit(5, Unit.WORKING_DAYS)
"""Silence for so long after receipt is acceptance (Administrative Licensing Law, 32)."""


def _open_accept(draft: Drafting) -> list[Task]:
    nodes = draft.definition.nodes
    return [task for task in draft.state.tasks if nodes[task.node].act is Act.ACCEPT]


def _silence(draft: Drafting) -> list[int]:
    return [timer.no for timer in draft.state.timers if timer.node == OF_SILENCE]


def file(draft: Drafting, command: c.File) -> None:
    """The case begins."""
    oracle = draft.oracle()
    data = draft.told(start(draft.definition, oracle, _begin(draft.definition, command.start)), oracle)
    data["limits"] = limits_to_json(command.limits)
    if command.about:
        data["about"] = dict(command.about)
    if draft.definition.has_accept:
        _add_silence(draft, data)
    promise(draft, command.later, data)
    draft.emit("case.filed", data, department="applicant")
    if not draft.definition.has_accept:
        draft.accept_now()


def _begin(definition: Definition, wanted: str) -> tuple[int, ...] | None:
    """The flows of the start event that is meant: the one named, the only plain one, or the only one."""
    if not definition.executable or definition.assumed:
        raise Refused(Refusal.NOT_EXECUTABLE)
    starts = [definition.nodes[index] for index in definition.starts]
    if wanted:
        fitting = [node for node in starts if node.id == wanted]
    else:
        plain = [node for node in starts if not node.triggers]
        fitting = plain or starts
        if len(starts) == 1:
            return None
    if len(fitting) != 1:
        raise Refused(Refusal.START_UNKNOWN, {"start": wanted, "known": [node.id for node in starts]})
    return definition.outs[fitting[0].index]


def _add_silence(draft: Drafting, data: dict[str, Any]) -> None:
    """Set the timer whose firing accepts the case."""
    told = data.setdefault("timers", {})
    waiting = told.setdefault("set", [])
    due = draft.calendar.deadline(start=draft.at, limit=SILENCE)
    waiting.append({"no": draft.state.next_timer + len(waiting), "node": "", "due": to_text(due), "task": 0})


def accept(draft: Drafting, command: c.Accept) -> None:
    """The open acceptance step is finished; the clocks start."""
    if draft.state.accepted is not None:
        raise Refused(Refusal.ALREADY_ACCEPTED)
    if draft.state.supplement == "open":
        raise Refused(Refusal.SUPPLEMENT_OPEN)
    if not _open_accept(draft):
        raise Refused(Refusal.NO_ACCEPT_TASK)
    for task in _open_accept(draft):
        check_holder(draft, task)
    _accepted(draft, effective=draft.at, silent=False)


def accept_by_silence(draft: Drafting) -> None:
    """Nobody answered in time: accepted from the day of receipt."""
    assert draft.state.received is not None
    _accepted(draft, effective=draft.state.received, silent=True)


def _accepted(draft: Drafting, *, effective: datetime, silent: bool) -> None:
    definition = draft.definition
    tasks = _open_accept(draft)
    oracle = draft.oracle()
    nodes = [(definition.nodes[task.node], task.copy) for task in tasks]
    for node, copy in nodes:
        oracle.put(node, copy, {"outcome": "accepted"})
    data: dict[str, Any] = {}
    if tasks:
        emptied = tuple(definition.place(node.index) + copy * definition.size for node, copy in nodes)
        filled = tuple(place for node, copy in nodes for place in leave(definition, node.index, oracle, copy))
        data = draft.move(
            emptied, filled, oracle, closes=[task.no for task in tasks], cancelled=_silence(draft), accepted=True
        )
    elif _silence(draft):
        data = {"timers": timers([], _silence(draft))}
    if effective != draft.at:
        data["effective"] = to_text(effective)
    data |= draft.start_clocks(effective)
    if silent:
        data["silent"] = True
    first = nodes[0][0] if tasks else None
    no = tasks[0].no if tasks else 0
    department = "system" if silent else ""
    draft.emit("case.accepted", data, node=first, task=no, department=department, actor="system" if silent else None)


def refuse(draft: Drafting, command: c.Refuse) -> None:
    """The case is not accepted."""
    if draft.state.accepted is not None:
        raise Refused(Refusal.ALREADY_ACCEPTED)
    tasks = _open_accept(draft)
    if not tasks:
        raise Refused(Refusal.NO_ACCEPT_TASK)
    check_holder(draft, tasks[0])
    data = {"reason": require_reason(command.reason), **draft.clear()}
    draft.emit("case.refused", data, node=draft.definition.nodes[tasks[0].node], task=tasks[0].no)


def request_supplement(draft: Drafting, command: c.RequestSupplement) -> None:
    """Ask once for what is missing."""
    state = draft.state
    if state.supplement:
        raise Refused(Refusal.ALREADY_ASKED)
    require_undecided(draft)
    items = [item for item in command.items if item.strip()]
    if not items and not command.note.strip():
        raise Refused(Refusal.NOTHING_ASKED)
    data: dict[str, Any] = {"items": items, "note": command.note}
    department = ""
    if state.accepted is None:
        tasks = _open_accept(draft)
        if not tasks:
            raise Refused(Refusal.NO_ACCEPT_TASK)
        check_holder(draft, tasks[0])
        department = draft.definition.nodes[tasks[0].node].department
        if _silence(draft):
            data["timers"] = timers([], _silence(draft))
    if command.within is not None:
        data["due"] = to_text(draft.calendar.deadline(start=draft.at, limit=command.within))
        data["within"] = str(command.within)
    draft.emit("supplement.requested", data, department=department or RESPONSIBLE)


def _anew(draft: Drafting) -> dict[str, Any]:
    return dues_anew(definition=draft.definition, tasks=draft.state.tasks, at=draft.at, calendar=draft.calendar)


def answer_supplement(draft: Drafting, command: c.AnswerSupplement) -> None:
    """What was asked for has come."""
    if draft.state.supplement != "open":
        raise Refused(Refusal.SUPPLEMENT_NOT_OPEN)
    data: dict[str, Any] = {"about": dict(command.about)} if command.about else {}
    if draft.state.accepted is None:
        _add_silence(draft, data)
        data |= _anew(draft)
    bring(draft, command.codes, data)
    draft.emit("supplement.answered", data, department="applicant")
    clocks = draft.clocks()
    if draft.state.limits.restarts and clocks:
        after = {name: clock.restart(draft.at) for name, clock in clocks.items()}
        dues = _anew(draft)
        draft.emit("clock.resumed", {"restarted": True, **told_clocks(after), **dues, **draft.silences_anew(dues)})
