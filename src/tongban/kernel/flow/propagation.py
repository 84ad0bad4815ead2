"""What waits for an event, and who catches what is thrown inside the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from .definition import Definition, Kind, Node

__all__ = ["Awaited", "awaited", "catcher", "caught_at", "holder_of"]


class Awaited(NamedTuple):
    """An event that would be caught now: its node, and the token that waits for it; -1 for the process as a whole."""

    event: Node
    at: int


def awaited(definition: Definition, marking: Iterable[int]) -> Iterator[Awaited]:
    """Every event that is waited for, in the order of the marking: catching events, boundary events, event
    subprocesses of what runs.
    """
    tokens = list(dict.fromkeys(marking))
    if not tokens:
        return
    yield from _handlers(definition, 0, 0, -1, tokens)
    for token in tokens:
        standing = definition.standing(token)
        if standing is None:
            continue
        node, copy = standing
        whole = definition.holds(node, copy)
        if node.kind is Kind.CATCH and not whole:
            yield Awaited(node, token)
        elif node.kind is Kind.EVENTS:
            for flow in definition.outs[node.index]:
                target = definition.nodes[definition.flows[flow].target]
                if target.kind is Kind.CATCH:
                    yield Awaited(target, token)
        if node.loop is None or whole:
            for index in definition.boundaries[node.index]:
                yield Awaited(definition.nodes[index], token)
        if node.inner >= 0 and not whole:
            yield from _handlers(definition, node.inner, copy, token, tokens)


def _handlers(definition: Definition, scope: int, copy: int, at: int, tokens: Collection[int]) -> Iterator[Awaited]:
    """The event subprocesses of a running scope; once an interrupting one runs, none begins any more."""
    handlers = definition.scopes[scope].handlers
    if not handlers:
        return
    for start in handlers:
        node = definition.nodes[definition.scopes[definition.nodes[start].scope].node]
        if definition.nodes[start].interrupting and definition.inside(node, copy, tokens):
            return
    for start in handlers:
        yield Awaited(definition.nodes[start], at)


def catcher(
    definition: Definition, kind: str, names: Collection[str], scope: int, copy: int, marking: Iterable[int]
) -> Awaited | None:
    """The event that catches an error or escalation thrown in a scope: the nearest, one that names it before any."""
    tokens = list(dict.fromkeys(marking))
    inner: Node | None = None
    while True:
        node = definition.nodes[definition.scopes[scope].node] if scope else None
        at = -1 if node is None else definition.place(node.index) + copy * definition.size
        found = None
        if inner is None or not inner.triggered:  # what an event subprocess throws is not for those beside it
            found = _best(_handlers(definition, scope, copy, at, tokens), kind, names)
        if found is not None or node is None:
            return found
        inner = node
        copy = definition.outer(node, copy)
        found = caught_at(definition, node, copy, kind, names)
        if found is not None:
            return found
        scope = node.scope


def caught_at(definition: Definition, node: Node, copy: int, kind: str, names: Collection[str]) -> Awaited | None:
    """The boundary event of an activity that catches it."""
    at = definition.place(node.index) + copy * definition.size
    return _best((Awaited(definition.nodes[event], at) for event in definition.boundaries[node.index]), kind, names)


def _best(candidates: Iterable[Awaited], kind: str, names: Collection[str]) -> Awaited | None:
    fitting = [one for one in candidates if any(trigger.answers(kind, names) for trigger in one.event.triggers)]
    named = (one for one in fitting if any(trigger.kind == kind and trigger.names for trigger in one.event.triggers))
    return next(named, fitting[0] if fitting else None)


def holder_of(definition: Definition, event: Node, copy: int) -> int:
    """The token that a timer hangs on: that of its activity, its event, its gateway or its scope; -1 the process.

    `copy` is the one in which the token lies.
    """
    if event.attached >= 0:
        node = event.attached
    elif event.kind is Kind.START:
        around = definition.nodes[definition.scopes[event.scope].node]
        node = definition.scopes[around.scope].node
        if node < 0:
            return -1
    else:
        node = event.index
        for flow in definition.ins[event.index]:
            source = definition.nodes[definition.flows[flow].source]
            if source.kind is Kind.EVENTS:
                node = source.index
    return definition.place(node) + copy * definition.size
