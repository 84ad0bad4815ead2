"""How tokens move: a pure function of the definition, the marking, and the answers of an oracle.

The oracle is asked only where the diagram asks something of the world: which way a gateway goes, what a rule says.
A walk that asked nothing is remembered in the definition, so that the next case in the same marking looks it up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from .definition import Act, Definition, Kind, Node
from .errors import Refusal, Refused

__all__ = ["Move", "Oracle", "Walk", "is_over", "join_enabled", "leave", "start", "walk"]

Move = list[list[int]]
"""One firing: the places emptied, the places filled."""

_MOST_MOVES = 5_000


class Oracle(Protocol):
    """Answers what the diagram asks of the world."""

    def choose(self, node: Node) -> tuple[int, ...]:
        """The flows on which tokens leave a node with conditions."""

    def rule(self, node: Node, move: int) -> None:
        """Evaluate a business-rule task that is passed by the firing number `move` of this walk."""


class Walk(NamedTuple):
    """What happened from one firing until every token waits again."""

    moves: list[Move]
    marking: tuple[int, ...]
    entered: tuple[int, ...]  # nodes in which a token began to wait, in order; subprocesses too
    left: tuple[int, ...]  # subprocesses that ended by themselves
    broken: tuple[int, ...]  # scopes that were ended from outside, with all that was in them


def leave(definition: Definition, node: int, oracle: Oracle) -> tuple[int, ...]:
    """The places that are filled when a token leaves a node."""
    if definition.conditional[node]:
        return oracle.choose(definition.nodes[node])
    return definition.outs[node] or (definition.scopes[definition.nodes[node].scope].done,)


def start(definition: Definition, oracle: Oracle) -> Walk:
    """The first walk of a case."""
    return walk(definition, (), (), definition.scopes[0].starts, oracle, accepted=False)


def walk(
    definition: Definition,
    marking: tuple[int, ...],
    emptied: tuple[int, ...],
    filled: tuple[int, ...],
    oracle: Oracle,
    *,
    accepted: bool,
    broken: tuple[int, ...] = (),
) -> Walk:
    """Fire once as told, then let every token run until it waits.

    `accepted`: acceptance steps are passed, for a case is accepted once. Raises `Refused` from the oracle, or when the
    tokens never come to rest.
    """
    key = (marking, emptied, filled, accepted, broken)
    known = definition.memo.get(key)
    if known is not None:
        return known
    walker = _Walker(definition, marking, oracle, accepted, broken)
    walker.fire(emptied, filled)
    walker.run()
    found = walker.result()
    if not walker.asked:
        definition.memo[key] = found
    return found


def join_enabled(definition: Definition, join: int, marking: Iterable[int]) -> bool:
    """Whether an inclusive join fires, as BPMN 2.0 (13.4.3) has it.

    There is a token on one of its incoming flows, and every token elsewhere that could still arrive on an empty
    incoming flow could as well arrive on a filled one.
    """
    mask = 0
    for place in marking:
        mask |= 1 << place
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


class _Walker:
    """One walk under way."""

    def __init__(
        self, definition: Definition, marking: tuple[int, ...], oracle: Oracle, accepted: bool, broken: tuple[int, ...]
    ) -> None:
        self.definition = definition
        self.oracle = oracle
        self.accepted = accepted
        self.counts: dict[int, int] = {}
        for place in marking:
            self.counts[place] = self.counts.get(place, 0) + 1
        self.moves: list[Move] = []
        self.pending: deque[int] = deque()
        self.entered: list[int] = []
        self.left: list[int] = []
        self.broken = list(broken)
        self.asked = False

    def fire(self, emptied: Iterable[int], filled: Iterable[int]) -> None:
        counts = self.counts
        move = [list(emptied), list(filled)]
        self.moves.append(move)
        if len(self.moves) > _MOST_MOVES:
            raise Refused(Refusal.ENDLESS)
        for place in move[0]:
            rest = counts[place] - 1
            if rest:
                counts[place] = rest
            else:
                del counts[place]
        flows = len(self.definition.flows)
        for place in move[1]:
            counts[place] = counts.get(place, 0) + 1
            if place < flows:
                self.pending.append(place)

    def run(self) -> None:
        """Until nothing moves by itself: first plain steps, then scopes that ended, then inclusive joins."""
        while True:
            while self.pending:
                place = self.pending.popleft()
                if place in self.counts:
                    self.step(place)
            if not (self.end_scope() or self.fire_join()):
                return

    def step(self, place: int) -> None:
        definition = self.definition
        node = definition.nodes[definition.flows[place].target]
        kind = node.kind
        if node.waits:
            if node.act is Act.ACCEPT and self.accepted:
                self.fire((place,), self.leave(node))
            else:
                self.enter(node, place, ())
        elif kind is Kind.PARALLEL:
            ins = definition.ins[node.index]
            if all(flow in self.counts for flow in ins):
                self.fire(ins, self.leave(node))
        elif kind is Kind.INCLUSIVE and node.index in definition.joins:
            pass  # when all else has come to rest
        elif kind is Kind.SUBPROCESS:
            # One at a time: a token that comes while it runs waits outside.
            if definition.place(node.index) not in self.counts:
                self.enter(node, place, definition.scopes[node.inner].starts)
        elif kind is Kind.TERMINATE:
            self.terminate(node)
        elif kind is Kind.RULE:
            self.asked = True
            self.oracle.rule(node, len(self.moves))
            self.fire((place,), self.leave(node))
        else:
            self.fire((place,), self.leave(node))

    def enter(self, node: Node, place: int, starts: tuple[int, ...]) -> None:
        self.entered.append(node.index)
        self.fire((place,), (self.definition.place(node.index), *starts))

    def leave(self, node: Node) -> tuple[int, ...]:
        self.asked = self.asked or self.definition.conditional[node.index]
        return leave(self.definition, node.index, self.oracle)

    def terminate(self, node: Node) -> None:
        scope = self.definition.scopes[node.scope]
        ended = sorted(place for place in scope.places for _ in range(self.counts.get(place, 0)))
        inside = {at for at in self.entered if self.definition.place(at) in scope.places}
        self.entered = [at for at in self.entered if at not in inside]
        self.broken.append(node.scope)
        self.fire(ended, (scope.done,))

    def end_scope(self) -> bool:
        """End one subprocess in which every token has ended."""
        for scope in self.definition.scopes[1:]:
            place = self.definition.place(scope.node)
            ended = self.counts.get(scope.done, 0)
            if not ended or any(at in self.counts for at in scope.places if at != scope.done):
                continue
            node = self.definition.nodes[scope.node]
            if scope.node in self.entered:
                self.entered.remove(scope.node)
            else:
                self.left.append(scope.node)
            self.fire((place, *[scope.done] * ended), self.leave(node))
            self.pending.extend(flow for flow in self.definition.ins[scope.node] if flow in self.counts)
            return True
        return False

    def fire_join(self) -> bool:
        """Fire one inclusive join that waits for nothing any more."""
        joins = self.definition.joins
        if not joins:
            return False
        waiting = [join for join in joins if any(flow in self.counts for flow in self.definition.ins[join])]
        for join in waiting:
            if join_enabled(self.definition, join, self.counts):
                self.join(join)
                return True
        if waiting and not any(self.waits(place) for place in self.counts):
            # Joins wait for one another, or for a token that is stuck: nothing else will ever move.
            self.join(waiting[0])
            return True
        return False

    def waits(self, place: int) -> bool:
        node = self.definition.waiting(place)
        return node is not None and node.waits

    def join(self, join: int) -> None:
        filled = [flow for flow in self.definition.ins[join] if flow in self.counts]
        outs = self.leave(self.definition.nodes[join])
        self.fire(filled, outs)

    def result(self) -> Walk:
        marking = tuple(sorted(place for place, count in self.counts.items() for _ in range(count)))
        return Walk(self.moves, marking, tuple(self.entered), tuple(self.left), tuple(self.broken))
