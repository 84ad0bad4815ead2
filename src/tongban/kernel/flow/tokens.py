"""Tokens and single firings: what leaves a node, whether a join fires, what an event that has come does.

The oracle is asked only where the diagram asks something of the world: which way a gateway goes, what a rule says, how
often a step repeats. How firings follow one another is in `walking`.

A token is a number: copy times size plus place (see `definition`). What runs once lies on copy 0, where token and place
are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from .definition import COPIES, Definition, Kind, Node
from .errors import Refusal, Refused

__all__ = [
    "EventFiring",
    "Move",
    "Oracle",
    "Walk",
    "event_firing",
    "is_over",
    "join_enabled",
    "leave",
    "passed",
]

Move = list[list[int]]
"""One firing: the places emptied, the places filled."""


class Oracle(Protocol):
    """Answers what the diagram asks of the world. `move` is the number of the firing that the answer belongs to."""

    def choose(self, node: Node, copy: int = 0) -> tuple[int, ...]:
        """The flows on which tokens leave a node with conditions."""

    def rule(self, node: Node, move: int, copy: int = 0) -> None:
        """Evaluate a business-rule task or script that is passed."""

    def rounds(self, node: Node, copy: int, move: int) -> int:
        """How many rounds of a repeating activity begin; those of a sequential one begin one by one."""

    def enter(self, node: Node, copy: int, number: int, move: int) -> None:
        """A round, a call or an event subprocess begins, in its own copy; `number` counts rounds from 1."""

    def exit(self, node: Node, copy: int, move: int) -> None:
        """It has ended."""

    def finished(self, node: Node, copy: int, done: int, active: int, move: int) -> bool:
        """Whether a repeating activity has ended, with so many rounds finished and so many open."""

    def end(self, node: Node, copy: int, move: int) -> None:
        """A repeating activity ends as a whole."""

    def activated(self, node: Node, copy: int, count: int) -> bool:
        """Whether a complex gateway goes on, with tokens on so many of its incoming flows."""

    def tell(self, node: Node, copy: int, move: int) -> None:
        """A message, signal, escalation or error is thrown."""


class Walk(NamedTuple):
    """What happened from one firing until every token waits again."""

    moves: list[Move]
    marking: tuple[int, ...]
    # Nodes in which a token began to wait, in order, subprocesses too: copy times the number of nodes plus the index.
    entered: tuple[int, ...]
    left: tuple[int, ...]  # subprocesses and repeating activities that ended by themselves, in the same way
    broken: tuple[int, ...]  # scopes in which something was ended from outside


def leave(definition: Definition, node: int, oracle: Oracle, copy: int = 0) -> tuple[int, ...]:
    """The places that are filled when a token leaves a node."""
    if definition.conditional[node]:
        found = oracle.choose(definition.nodes[node], copy)
    else:
        found = definition.outs[node] or (definition.scopes[definition.nodes[node].scope].done,)
    return tuple(place + copy * definition.size for place in found) if copy else found


def passed(definition: Definition, node: Node, oracle: Oracle, copy: int) -> tuple[int, ...]:
    """What is filled when what waited in a node is finished: for a round of a repeating one, its count of rounds."""
    if node.loop is None:
        return leave(definition, node.index, oracle, copy)
    oracle.exit(node, copy, 0)
    return (definition.rounds[node.index] + copy // COPIES * definition.size,)


def join_enabled(definition: Definition, join: int, marking: Iterable[int], copy: int = 0) -> bool:
    """Whether an inclusive join fires, as BPMN 2.0 (13.4.3) has it.

    There is a token on one of its incoming flows, and every token elsewhere that could still arrive on an empty
    incoming flow could as well arrive on a filled one.
    """
    mask = 0
    low = copy * definition.size
    for token in marking:
        if 0 <= token - low < definition.size:
            mask |= 1 << (token - low)
    to_empty = to_filled = own = 0
    for flow, places in definition.joins[join]:
        own |= 1 << flow
        if mask >> flow & 1:
            to_filled |= places
        else:
            to_empty |= places
    return bool(mask & own) and not mask & ~own & to_empty & ~to_filled


def is_over(definition: Definition, marking: tuple[int, ...]) -> bool:
    """Whether every token of the case has ended."""
    done = definition.scopes[0].done
    return bool(marking) and all(place == done for place in marking)


class EventFiring(NamedTuple):
    """How tokens move when an event comes: what is emptied and filled, and who comes to wait by it."""

    emptied: tuple[int, ...]
    filled: tuple[int, ...]
    entered: tuple[int, ...] = ()


def event_firing(
    definition: Definition, event: Node, at: int, marking: Iterable[int], oracle: Oracle, move: int
) -> EventFiring:
    """The firing of an event that has come. `at` is the token that waits for it, -1 for the process as a whole.

    The token of the activity is part of the firing of an event that leaves it running: undoing the activity undoes
    what the event began.
    """
    copy = definition.at(at)[0] if at >= 0 else 0
    if event.kind is Kind.CATCH:
        node = definition.waiting(definition.at(at)[1])
        assert node is not None
        # Behind an event-based gateway the token waits in the gateway.
        filled = passed(definition, event, oracle, copy)
        return EventFiring((at,), filled)
    if event.kind is Kind.BOUNDARY:
        filled = leave(definition, event.index, oracle, copy)
        if not event.interrupting:
            return EventFiring((at,), (at, *filled))
        host = definition.nodes[event.attached]
        if host.kind is not Kind.SUBPROCESS and host.loop is None:
            return EventFiring((at,), filled)
        return EventFiring(_all_of(definition.inside(host, copy, marking), marking), filled)
    return _event_subprocess(definition, event, at, copy, marking, oracle, move)


def _event_subprocess(
    definition: Definition, event: Node, at: int, copy: int, marking: Iterable[int], oracle: Oracle, move: int
) -> EventFiring:
    node = definition.nodes[definition.scopes[event.scope].node]
    holder = definition.place(node.index)
    taken = set(marking)
    free = next(
        (one for one in range(1, COPIES) if holder + (copy * COPIES + one) * definition.size not in taken), None
    )
    if free is None:
        raise Refused(Refusal.ENDLESS, {"node": node.id})
    inner = copy * COPIES + free
    low = inner * definition.size
    oracle.enter(node, inner, 0, move)
    first = definition.outs[event.index] or (definition.scopes[event.scope].done,)
    began = (holder + low, *(place + low for place in first))
    entered = (node.index + inner * len(definition.nodes),)
    stays = (at,) if at >= 0 else ()
    if not event.interrupting:
        return EventFiring(stays, (*stays, *began), entered)
    inside = definition.of_scope(node.scope, copy, marking)
    return EventFiring((*stays, *_all_of(inside, marking)), (*stays, *began), entered)


def _all_of(tokens: Iterable[int], marking: Iterable[int]) -> tuple[int, ...]:
    """Those tokens as often as they lie there. A marking is a sorted tuple, or a count by token."""
    if isinstance(marking, dict):
        return tuple(token for token in sorted(tokens) for _ in range(marking[token]))
    return tuple(tokens)
