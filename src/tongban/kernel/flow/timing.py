"""When time runs out: silence, special procedures, timers of the diagram on their own, on steps and on subprocesses."""

from __future__ import annotations

from typing import Any

from . import commands as c
from .acceptance import accept_by_silence
from .definition import Kind, Node
from .drafting import Drafting, timers
from .errors import Refusal, Refused
from .later import miss
from .propagation import Awaited, awaited, holder_of
from .reacting import fire
from .state import OF_LATER, OF_PROCEDURE, OF_SILENCE, Timer
from .times import to_text

__all__ = ["fire_timer"]


def fire_timer(draft: Drafting, command: c.FireTimer) -> None:
    """A timer is due."""
    timer = next((timer for timer in draft.state.timers if timer.no == command.timer), None)
    if timer is None:
        raise Refused(Refusal.NO_TIMER, {"timer": command.timer})
    if timer.due > draft.at:
        raise Refused(Refusal.TIMER_NOT_DUE, {"timer": timer.no, "due": to_text(timer.due)})
    if timer.node == OF_SILENCE:
        accept_by_silence(draft)
        return
    if timer.node == OF_PROCEDURE:
        _overdue(draft, timer, draft.state.suspension, None)
        return
    if timer.node == OF_LATER:
        miss(draft, timer)
        return
    node = draft.definition.nodes[timer.node]
    if node.kind is Kind.TASK:
        _overdue(draft, timer, node.special, node)
        return
    found = Awaited(node, holder_of(draft.definition, node, timer.copy))
    if found not in awaited(draft.definition, draft.state.marking):
        raise Refused(Refusal.NO_TIMER, {"timer": timer.no})
    data = fire(draft, found, value={"outcome": "silent"} if node.silence else None, cancelled=[timer.no])
    if node.silence:
        data["silent"] = node.silence
    if node.interrupting and timer.task:
        # Of several tokens in one step it is this one's task that is taken away.
        data["closes"] = [timer.task, *(no for no in data.get("closes", ()) if no != timer.task)]
    if timer.left:
        _again(draft, timer, data)
    draft.emit(
        "timer.fired", data | {"timer": timer.no}, node=node, task=timer.task, department="system", actor="system"
    )


def _overdue(draft: Drafting, timer: Timer, procedure: str, node: Node | None) -> None:
    """A special procedure takes longer than the applicant was told: on record, and nothing else changes."""
    data = {"timer": timer.no, "overdue": procedure, "timers": timers([], [timer.no])}
    draft.emit("timer.fired", data, node=node, task=timer.task, department="system", actor="system")


def _again(draft: Drafting, timer: Timer, data: dict[str, Any]) -> None:
    """A cycle is set again, counted from when it was due."""
    node = draft.definition.nodes[timer.node]
    assert node.timer is not None
    told = data.setdefault("timers", timers([], []))
    waiting = told.setdefault("set", [])
    due = node.timer.after(start=timer.due, calendar=draft.calendar)
    one: dict[str, Any] = {
        "no": draft.state.next_timer + len(waiting), "node": node.id, "due": to_text(due), "task": timer.task,
    }  # fmt: skip
    if timer.copy:
        one["copy"] = timer.copy
    left = timer.left - 1 if timer.left > 0 else -1
    if left:
        one["left"] = left
    waiting.append(one)
