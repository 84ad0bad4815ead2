"""Events that come from outside or from within: messages, signals, conditions, errors, and what follows by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import commands as c
from .definition import Kind, Node
from .drafting import Drafting
from .errors import Refusal, Refused
from .propagation import Awaited, awaited, catcher, caught_at, holder_of
from .requirements import check_holder, task_of
from .tokens import event_firing
from .values import to_json

__all__ = ["check_conditions", "fire", "raise_event", "receive_message", "receive_signal", "settle"]

_MOST_REACTIONS = 200


def fire(
    draft: Drafting, found: Awaited, *, value: Mapping[str, Any] | None = None, cancelled: Iterable[int] = ()
) -> dict[str, Any]:
    """An event has come: the data of what it does. `value` is what came with it, under the name of its node."""
    definition = draft.definition
    event, at = found
    copy = definition.at(at)[0] if at >= 0 else 0
    oracle = draft.oracle()
    if value is not None and event.kind is not Kind.START:
        oracle.put(event, copy, dict(value))
    if any(trigger.kind == "conditional" for trigger in event.triggers) and not event.interrupting:
        oracle.assign(_met(event, copy), True)
    firing = event_firing(definition, event, at, draft.state.marking, oracle, 0)
    if value is not None and event.kind is Kind.START:
        inner, index = divmod(firing.entered[0], len(definition.nodes))
        oracle.assign(event.variable, dict(value), frame=f"{definition.nodes[index].id}#{inner}")
    stopped = list(cancelled)
    if event.kind is Kind.CATCH:
        stopped += [no for no in _hanging(draft, at) if no not in stopped]
    ended = event.kind is not Kind.CATCH and event.interrupting
    if ended and event.kind is Kind.START:
        stopped += _of_scope(draft, event, at)
    return draft.move(
        firing.emptied,
        firing.filled,
        oracle,
        cancelled=stopped,
        broken=(event.scope,) if ended else (),
        entered=firing.entered,
    )


def _hanging(draft: Drafting, token: int) -> list[int]:
    """The timers that go with a token that moves on: one for each event, where several tokens wait alike."""
    definition = draft.definition
    found: dict[int, int] = {}
    for timer in draft.state.timers:
        if timer.node >= 0 and not timer.task:
            node = definition.nodes[timer.node]
            if holder_of(definition, node, timer.copy) == token:
                found.setdefault(timer.node, timer.no)
    return list(found.values())


def _of_scope(draft: Drafting, event: Node, at: int) -> list[int]:
    """The timers of the event subprocesses of a scope: once one interrupts it, no other begins."""
    definition = draft.definition
    around = definition.nodes[definition.scopes[event.scope].node].scope
    handlers = definition.scopes[around].handlers
    return [
        timer.no
        for timer in draft.state.timers
        if timer.node in handlers and holder_of(definition, definition.nodes[timer.node], timer.copy) == at
    ]


def _waiting(draft: Drafting, kind: str, name: str, node: str = "") -> list[Awaited]:
    return [
        one
        for one in awaited(draft.definition, draft.state.marking)
        if any(trigger.kind == kind and name in trigger.names for trigger in one.event.triggers)
        and node in ("", one.event.id)
    ]


def receive_message(draft: Drafting, command: c.ReceiveMessage) -> None:
    """Deliver a message to the first event that waits for it."""
    found = _waiting(draft, "message", command.name, command.node)
    if not found:
        raise Refused(Refusal.NOT_AWAITED, {"name": command.name})
    value = to_json(command.data)
    data = fire(draft, found[0], value=value) | {"name": command.name, "data": value}
    draft.emit("message.received", data, node=found[0].event)


def receive_signal(draft: Drafting, command: c.ReceiveSignal) -> None:
    """Deliver a signal to every event that waits for it."""
    if not _signal(draft, command.name, to_json(command.data)):
        raise Refused(Refusal.NOT_AWAITED, {"name": command.name})


def _signal(draft: Drafting, name: str, value: Any) -> bool:
    found = _waiting(draft, "signal", name)
    for one in found:
        if one in _waiting(draft, "signal", name):  # the one before may have ended it
            data = fire(draft, one, value=value) | {"name": name, "data": value}
            draft.emit("signal.received", data, node=one.event)
    return bool(found)


def raise_event(draft: Drafting, command: c.Raise) -> None:
    """An error or escalation of a task, handed to the nearest event that catches it."""
    definition = draft.definition
    task, node = task_of(draft, command.task)
    check_holder(draft, task)
    if command.kind not in ("error", "escalation"):
        raise Refused(Refusal.NOT_CAUGHT, {"name": command.name})
    names = (command.name,)
    copy = definition.outer(node, task.copy)
    found = caught_at(definition, node, copy, command.kind, names)
    found = found or catcher(definition, command.kind, names, node.scope, copy, draft.state.marking)
    if found is None:
        raise Refused(Refusal.NOT_CAUGHT, {"name": command.name})
    data = fire(draft, found) | {"name": command.name, "kind": command.kind, "event": found.event.id}
    if command.reason:
        data["reason"] = command.reason
    draft.emit("error.raised", data, node=node, task=task.no)


def check_conditions(draft: Drafting, command: c.CheckConditions) -> None:
    """What was awaited may hold now that the answers have changed."""
    if not _meet(draft):
        raise Refused(Refusal.NOT_AWAITED, {"name": ""})


def settle(draft: Drafting) -> None:
    """What follows by itself: decisions by rule, clocks, signals sent inside the case, conditions, the end."""
    if not draft.definition.reacts:
        draft.settle()
        return
    seen = 0
    for _ in range(_MOST_REACTIONS):
        while seen < len(draft.events):
            told = draft.events[seen].data.get("throws", ())
            seen += 1
            for one in told:
                if one["kind"] == "signal":
                    _signal(draft, one["name"], {})
        if draft.state.closed or not _meet(draft):
            draft.settle()
        if seen == len(draft.events):
            return
    raise Refused(Refusal.ENDLESS)


def _meet(draft: Drafting) -> bool:
    """Let one event come whose condition holds; one that leaves its activity running comes once for each run of it."""
    definition = draft.definition
    for one in awaited(definition, draft.state.marking):
        copy = definition.at(one.at)[0] if one.at >= 0 else 0
        if not one.event.interrupting and draft.state.variables.get(_met(one.event, copy)):
            continue
        oracle = draft.oracle()
        for trigger in one.event.triggers:
            if trigger.condition is not None and oracle.holds(one.event, trigger.condition, copy):
                draft.emit("condition.met", fire(draft, one), node=one.event, department="system", actor="system")
                return True
    return False


def _met(event: Node, copy: int) -> str:
    """The variable that says that a condition has come for this run of its activity."""
    return f"{event.id}#{copy}.met"
