"""What a case waits to be told from outside: messages and signals, by name."""

from __future__ import annotations

from typing import NamedTuple

from . import commands as c
from .definition import Definition, Kind, Node
from .propagation import awaited
from .state import State

__all__ = ["TOLD", "Expected", "arrival", "expected_events", "hears", "reportable"]

TOLD = ("message", "signal")
"""Kinds of events that somebody outside the case tells it of."""

_CATCHING = (Kind.START, Kind.CATCH, Kind.BOUNDARY)


class Expected(NamedTuple):
    """An event that would be caught now. `names` are all by which it is known, the first is what people call it."""

    kind: str
    names: tuple[str, ...]
    node: Node


def expected_events(*, definition: Definition, state: State) -> tuple[Expected, ...]:
    """The messages and signals that the case waits for, each event once, in the order of the marking."""
    if not definition.hears or state.closed:
        return ()
    found: dict[tuple[str, str], Expected] = {}
    for one in awaited(definition, state.marking):
        for trigger in one.event.triggers:
            if trigger.kind in TOLD:
                found.setdefault((trigger.kind, one.event.id), Expected(trigger.kind, trigger.names, one.event))
    return tuple(found.values())


def hears(*, definition: Definition, kind: str, name: str) -> bool:
    """Whether the process can wait for a message or signal of this name anywhere, now or not."""
    return any(
        trigger.kind == kind and name in trigger.names
        for node in definition.nodes
        if node.kind in _CATCHING
        for trigger in node.triggers
    )


def arrival(*, expected: Expected, note: str = "") -> c.Command:
    """The command that tells a case that what it waits for has come, with a few words about it."""
    name, data = expected.names[0], {"note": note} if note else {}
    if expected.kind == "signal":
        return c.ReceiveSignal(name=name, data=data)
    return c.ReceiveMessage(name=name, data=data, node=expected.node.id)


def reportable(*, definition: Definition) -> tuple[Expected, ...]:
    """The errors and escalations that something in the process catches; one that catches any has its own id for name.

    Whether what a given step reports reaches that event, `Raise` says.
    """
    return tuple(
        Expected(trigger.kind, trigger.names or (node.id,), node)
        for node in definition.nodes
        if node.kind in _CATCHING
        for trigger in node.triggers
        if trigger.kind in ("error", "escalation")
    )
