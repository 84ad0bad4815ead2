"""When time runs out: silence, intermediate timers, timers on tasks and subprocesses."""

from __future__ import annotations

from typing import Any

from . import commands as c
from .acceptance import accept_by_silence
from .definition import Kind, Node
from .drafting import Drafting
from .errors import Refusal, Refused
from .state import Timer
from .times import to_text
from .tokens import leave

__all__ = ["fire_timer"]


def fire_timer(draft: Drafting, command: c.FireTimer) -> None:
    """A timer is due."""
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
