"""How tokens run: a pure function of the definition, the marking, and the answers of an oracle.

A walk that asked nothing is remembered in the definition, so that the next case in the same marking looks it up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from .definition import COPIES, Act, Definition, Kind, Node
from .errors import Refusal, Refused
from .propagation import catcher
from .tokens import Move, Oracle, Walk, event_firing, join_enabled, leave

__all__ = ["start", "walk"]

_MOST_MOVES = 5_000
_MOST_TOKENS = 20_000
_MOST_REMEMBERED = 50_000
"""Walks of one definition; when there are more, all are forgotten."""


def start(definition: Definition, oracle: Oracle, begin: tuple[int, ...] | None = None) -> Walk:
    """The first walk of a case; `begin` are the flows of another start event than the plain one."""
    scope = definition.scopes[0]
    first = (scope.starts if begin is None else begin) or (scope.done,)
    return walk(definition, (), (), first, oracle, accepted=False)


def walk(
    definition: Definition,
    marking: tuple[int, ...],
    emptied: tuple[int, ...],
    filled: tuple[int, ...],
    oracle: Oracle,
    *,
    accepted: bool,
    broken: tuple[int, ...] = (),
    entered: tuple[int, ...] = (),
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
    walker.entered += entered
    walker.fire(emptied, filled)
    walker.run()
    found = walker.result()
    if not walker.asked and not entered:
        if len(definition.memo) >= _MOST_REMEMBERED:
            definition.memo.clear()
        definition.memo[key] = found
    return found


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
        self.turning: deque[int] = deque()
        self.entered: list[int] = []
        self.left: list[int] = []
        self.broken = list(broken)
        self.asked = False
        self.turned: dict[int, int] = {}  # how many rounds had ended when a repetition was last looked at
        self.first_round = definition.size - len(definition.rounds)

    def fire(self, emptied: Iterable[int], filled: Iterable[int]) -> None:
        counts = self.counts
        move = [list(emptied), list(filled)]
        self.moves.append(move)
        if len(self.moves) > _MOST_MOVES:
            raise Refused(Refusal.ENDLESS)
        if len(self.counts) + len(move[1]) > _MOST_TOKENS:
            raise Refused(Refusal.TOO_MANY, {"count": len(self.counts), "most": _MOST_TOKENS})
        for place in move[0]:
            rest = counts[place] - 1
            if rest:
                counts[place] = rest
            else:
                del counts[place]
        flows, size = len(self.definition.flows), self.definition.size
        for token in move[1]:
            counts[token] = counts.get(token, 0) + 1
            place = token % size if token >= size else token
            if place < flows:
                self.pending.append(token)
            elif place >= self.first_round:
                self.turning.append(token)

    def run(self) -> None:
        """Until nothing moves by itself: plain steps, then repetitions, scopes that ended, inclusive joins."""
        while True:
            while self.pending:
                token = self.pending.popleft()
                if token in self.counts:
                    self.step(token)
            if self.turning:
                self.turn(self.turning.popleft())
            elif not (self.end_scope() or self.fire_join()):
                return

    def step(self, token: int) -> None:
        """One token moves on from a sequence flow."""
        definition = self.definition
        copy, place = definition.at(token)
        node = definition.nodes[definition.flows[place].target]
        kind = node.kind
        if node.loop is not None:
            self.begin_rounds(node, token, copy)
        elif node.waits:
            if node.act is Act.ACCEPT and self.accepted:
                self.fire((token,), self.leave(node, copy))
            else:
                self.note(node, copy)
                self.fire((token,), (definition.place(node.index) + copy * definition.size,))
        elif kind is Kind.PARALLEL:
            low = token - place
            ins = definition.ins[node.index]
            if all(flow + low in self.counts for flow in ins):
                self.fire([flow + low for flow in ins], self.leave(node, copy))
        elif kind is Kind.INCLUSIVE and node.index in definition.joins:
            pass  # when all else has come to rest
        elif kind is Kind.COMPLEX and node.index in definition.joins:
            self.activate(node, copy)
        elif kind is Kind.SUBPROCESS:
            # One at a time: a token that comes while it runs waits outside.
            if definition.place(node.index) + token - place not in self.counts:
                filled = self.begin(node, copy)
                self.fire((token,), filled)
        elif kind is Kind.TERMINATE:
            self.terminate(node, copy)
        elif kind in (Kind.END, Kind.THROW) and node.triggers:
            self.throw(node, token, copy)
        else:
            if kind in (Kind.RULE, Kind.SCRIPT):
                self.asked = True
                self.oracle.rule(node, len(self.moves), copy)
            self.fire((token,), self.leave(node, copy))

    def note(self, node: Node, copy: int) -> None:
        """A token comes to wait."""
        self.entered.append(node.index + copy * len(self.definition.nodes))

    def leave(self, node: Node, copy: int) -> tuple[int, ...]:
        self.asked = self.asked or self.definition.conditional[node.index]
        return leave(self.definition, node.index, self.oracle, copy)

    def begin(self, node: Node, copy: int) -> tuple[int, ...]:
        """The places with which one run of an activity begins in its copy; what takes no time is done at once."""
        definition = self.definition
        low = copy * definition.size
        if node.waits:
            self.note(node, copy)
            return (definition.place(node.index) + low,)
        if node.kind is Kind.SUBPROCESS:
            if node.called and node.loop is None:
                self.asked = True
                self.oracle.enter(node, copy, 0, len(self.moves))
            self.note(node, copy)
            scope = definition.scopes[node.inner]
            return (definition.place(node.index) + low, *(at + low for at in scope.starts or (scope.done,)))
        if node.kind is Kind.THROW:
            self.oracle.tell(node, copy, len(self.moves))
        else:
            self.oracle.rule(node, len(self.moves), copy)
        self.oracle.exit(node, copy, len(self.moves))
        return (definition.rounds[node.index] + copy // COPIES * definition.size,)

    # Repetition

    def begin_rounds(self, node: Node, token: int, copy: int) -> None:
        """An activity that repeats begins; a token that comes meanwhile waits outside."""
        definition = self.definition
        low = copy * definition.size
        assert node.loop is not None
        if definition.place(node.index) + low in self.counts:
            return
        self.asked = True
        self.turned.pop(definition.rounds[node.index] + low, None)
        move = len(self.moves)
        count = self.oracle.rounds(node, copy, move)
        if count == 0:
            self.oracle.end(node, copy, move)
            self.fire((token,), self.leave(node, copy))
            return
        self.note(node, copy)
        filled = [definition.place(node.index) + low]
        for number in range(1, 2 if node.loop.sequential else count + 1):
            filled += self.begin_round(node, copy, number)
        self.fire((token,), filled)

    def begin_round(self, node: Node, copy: int, number: int) -> tuple[int, ...]:
        """One round, in its own copy."""
        self.oracle.enter(node, copy * COPIES + number, number, len(self.moves))
        return self.begin(node, copy * COPIES + number)

    def turn(self, token: int) -> None:
        """A round has ended: the next one, or the end of the activity."""
        definition = self.definition
        copy, place = definition.at(token)
        done = self.counts.get(token, 0)
        node = definition.nodes[definition.looping[place - self.first_round]]
        holder = definition.place(node.index) + copy * definition.size
        if not done or holder not in self.counts or self.turned.get(token) == done:
            return
        self.turned[token] = done
        assert node.loop is not None
        self.asked = True
        inside = definition.inside(node, copy, self.counts)
        rounds = [at for at in inside if at != holder and at % definition.size == holder % definition.size]
        if self.oracle.finished(node, copy, done, len(rounds), len(self.moves)):
            self.oracle.end(node, copy, len(self.moves))
            gone = [at for at in sorted(inside) for _ in range(self.counts[at])]
            if rounds:
                self.broken.append(node.scope)
            self.forget(inside, left=holder)
            self.fire(gone, self.leave(node, copy))
            self.let_in(node, copy)
        elif node.loop.sequential and not rounds:
            kept = [holder, *[token] * done]
            self.fire(kept, (*kept, *self.begin_round(node, copy, done + 1)))

    def let_in(self, node: Node, copy: int) -> None:
        """Tokens that waited outside an activity have another try."""
        low = copy * self.definition.size
        self.pending.extend(flow + low for flow in self.definition.ins[node.index] if flow + low in self.counts)

    def forget(self, tokens: Iterable[int], *, left: int = -1) -> None:
        """What came to wait in this walk and is over already is not told."""
        definition = self.definition
        known = set(tokens)
        kept = []
        for one in self.entered:
            copy, index = divmod(one, len(definition.nodes))
            if definition.place(index) + copy * definition.size not in known:
                kept.append(one)
        if left >= 0:
            copy, place = definition.at(left)
            one = place - len(definition.flows) + copy * len(definition.nodes)
            if one not in self.entered:
                self.left.append(one)
        self.entered = kept

    # Ends

    def terminate(self, node: Node, copy: int) -> None:
        """End everything in the scope of a terminating end."""
        scope = self.definition.scopes[node.scope]
        inside = self.definition.of_scope(node.scope, copy, self.counts)
        ended = [token for token in sorted(inside) for _ in range(self.counts[token])]
        self.forget(inside)
        self.broken.append(node.scope)
        self.fire(ended, (scope.done + copy * self.definition.size,))

    def throw(self, node: Node, token: int, copy: int) -> None:
        """Tell what an event tells, and let whoever catches it inside the process do so."""
        self.asked = True
        self.oracle.tell(node, copy, len(self.moves))
        raised = next((one for one in node.triggers if one.kind in ("error", "cancel")), None)
        if raised is not None:
            if not self.caught(raised.kind, raised.names, node.scope, copy):
                self.terminate(self.definition.nodes[self.outermost(node)], 0)
            return
        self.fire((token,), self.leave(node, copy))
        for one in node.triggers:
            if one.kind == "escalation":
                self.caught(one.kind, one.names, node.scope, copy)

    def outermost(self, node: Node) -> int:
        """The activity of the process itself in which a node lies."""
        while node.scope:
            node = self.definition.nodes[self.definition.scopes[node.scope].node]
        return node.index

    def caught(self, kind: str, names: tuple[str, ...], scope: int, copy: int) -> bool:
        """Hand an error or escalation to the nearest event that catches it."""
        definition = self.definition
        found = catcher(definition, kind, names, scope, copy, self.counts)
        if found is None:
            return False
        event, at = found
        firing = event_firing(definition, event, at, self.counts, self.oracle, len(self.moves))
        self.forget(set(firing.emptied) - set(firing.filled))
        self.entered += firing.entered
        if event.interrupting:
            self.broken.append(event.scope)
        self.fire(firing.emptied, firing.filled)
        return True

    def end_scope(self) -> bool:
        """End one subprocess in which every token has ended."""
        definition = self.definition
        if len(definition.scopes) == 1:
            return False
        first = definition.scopes[0].done
        for token in sorted(self.counts):
            copy, place = definition.at(token)
            if not first < place < first + len(definition.scopes):
                continue
            scope = definition.scopes[place - first]
            if len(definition.of_scope(place - first, copy, self.counts)) > 1:
                continue
            self.close(definition.nodes[scope.node], token, copy)
            return True
        return False

    def close(self, node: Node, token: int, copy: int) -> None:
        """A subprocess, or a round of one, is over: its ended tokens go, the one in it moves on."""
        definition = self.definition
        holder = definition.place(node.index) + copy * definition.size
        outer = definition.outer(node, copy)
        emptied = (holder, *[token] * self.counts[token])
        move = len(self.moves)
        if node.loop is not None or node.triggered or node.called:
            self.asked = True
            self.oracle.exit(node, copy, move)
        if node.loop is not None:
            filled: tuple[int, ...] = (definition.rounds[node.index] + outer * definition.size,)
        elif node.triggered:
            filled = (definition.scopes[node.scope].done + outer * definition.size,)
        else:
            filled = self.leave(node, copy)
        self.forget((holder,), left=holder)
        self.fire(emptied, filled)
        if node.loop is None and not node.triggered:
            self.let_in(node, copy)

    def fire_join(self) -> bool:
        """Fire one inclusive join that waits for nothing any more."""
        definition = self.definition
        if not definition.joins:
            return False
        found = set()
        for token in self.counts:
            copy, place = definition.at(token)
            if place < len(definition.flows) and definition.flows[place].target in definition.joins:
                found.add((definition.flows[place].target, copy))
        if self.reset():
            return True
        waiting = sorted(one for one in found if definition.nodes[one[0]].kind is Kind.INCLUSIVE)
        for join, copy in waiting:
            if join_enabled(definition, join, self.counts, copy):
                self.join(join, copy)
                return True
        if waiting and not any(self.waits(token) for token in self.counts):
            # Joins wait for one another, or for a token that is stuck: nothing else will ever move.
            self.join(*waiting[0])
            return True
        return False

    def activate(self, node: Node, copy: int) -> None:
        """A token has come to a complex gateway; while it takes in what is late, it does not go on again."""
        low = copy * self.definition.size
        holder = self.definition.place(node.index) + low
        filled = [flow + low for flow in self.definition.ins[node.index] if flow + low in self.counts]
        if holder in self.counts or not filled:
            return
        self.asked = True
        if self.oracle.activated(node, copy, len(filled)):
            seen = [self.definition.seen[flow - low] + low for flow in filled]
            self.fire(filled, (holder, *seen, *self.leave(node, copy)))

    def reset(self) -> bool:
        """A complex gateway that went on begins anew when each flow was taken in, has a token, or can get none."""
        definition = self.definition
        if not definition.seen:
            return False
        for token in sorted(self.counts):
            standing = definition.standing(token)
            if standing is None or standing[0].kind is not Kind.COMPLEX:
                continue
            node, copy = standing
            low = copy * definition.size
            mask = 0
            for at in self.counts:
                if 0 <= at - low < definition.size and at != token:
                    mask |= 1 << (at - low)
            reach = definition.joins[node.index]
            own = sum(1 << one.flow for one in reach)
            seen = [definition.seen[one.flow] + low for one in reach if definition.seen[one.flow] + low in self.counts]
            late = [one.flow + low for one in reach if one.flow + low in self.counts]
            if all(
                definition.seen[one.flow] + low in seen or one.flow + low in late or not mask & ~own & one.places
                for one in reach
            ):
                taken = [flow for flow in late if definition.seen[flow - low] + low not in seen]
                self.fire((token, *seen, *taken), ())
                self.let_in(node, copy)
                return True
        return False

    def waits(self, token: int) -> bool:
        node = self.definition.waiting(self.definition.at(token)[1])
        return node is not None and node.waits

    def join(self, join: int, copy: int) -> None:
        low = copy * self.definition.size
        filled = [flow + low for flow in self.definition.ins[join] if flow + low in self.counts]
        self.fire(filled, self.leave(self.definition.nodes[join], copy))

    def result(self) -> Walk:
        marking = tuple(sorted(place for place, count in self.counts.items() for _ in range(count)))
        return Walk(self.moves, marking, tuple(self.entered), tuple(self.left), tuple(self.broken))
