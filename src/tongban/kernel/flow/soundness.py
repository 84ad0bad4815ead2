"""What a process could come to: every way through it is walked, with every answer that a gateway could give.

Used when a definition is checked before it is published. Conditions are not evaluated: each gateway may go any way
that its diagram allows, so what is found is possible by the drawing, and what is not found cannot happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, combinations

from .definition import Act, Definition, Kind, Node
from .errors import Problem, Refused
from .propagation import Awaited, awaited
from .tokens import Walk, event_firing, is_over, passed
from .walking import walk

__all__ = ["can_end", "check_process", "problems_ahead"]

_MOST_MARKINGS = 20_000
_ROUNDS = 2
_MOST_BRANCHES = 6  # of one inclusive gateway: 63 ways

_MOST_WALKS = 20_000
_MOST_VISITS = 3  # of one gateway in one walk, before it is only led out


class _Budget:
    """How many walks may still be tried: the ways through gateways multiply."""

    def __init__(self) -> None:
        self.left = _MOST_WALKS


_Key = tuple[tuple[int, ...], bool, bool]


class _Script:
    """An oracle that answers from a list, and counts how many answers were possible at each question."""

    def __init__(self, definition: Definition, answers: tuple[int, ...]) -> None:
        self.definition = definition
        self.answers = answers
        self.sizes: list[int] = []
        self.visits: Counter[int] = Counter()

    def choose(self, node: Node, copy: int = 0) -> tuple[int, ...]:
        ways = list(_ways(self.definition, node))
        # Another way each time round, so that a walk does not turn for ever where it need not.
        turn = self.visits[node.index]
        self.visits[node.index] += 1
        if turn >= _MOST_VISITS:
            return ways[turn % len(ways)]
        return ways[(self._answer(len(ways)) + turn) % len(ways)]

    def _answer(self, size: int) -> int:
        number = len(self.sizes)
        self.sizes.append(size)
        return self.answers[number] if number < len(self.answers) else 0

    def rule(self, node: Node, move: int, copy: int = 0) -> None:
        """A rule moves no token."""

    def rounds(self, node: Node, copy: int, move: int) -> int:
        """Two rounds show what more would show."""
        return _ROUNDS

    def enter(self, node: Node, copy: int, number: int, move: int) -> None:
        """Variables are not looked at."""

    def exit(self, node: Node, copy: int, move: int) -> None:
        """Variables are not looked at."""

    def end(self, node: Node, copy: int, move: int) -> None:
        """Variables are not looked at."""

    def activated(self, node: Node, copy: int, count: int) -> bool:
        """With any of its flows, and with all of them certainly."""
        return count == len(self.definition.ins[node.index]) or self._answer(2) == 1

    def tell(self, node: Node, copy: int, move: int) -> None:
        """Who listens outside is not looked at."""

    def finished(self, node: Node, copy: int, done: int, active: int, move: int) -> bool:
        """After each round it may be enough, where there is a condition; after the last it is."""
        assert node.loop is not None
        return done >= _ROUNDS or (node.loop.condition is not None and self._answer(2) == 1)


def _ways(definition: Definition, node: Node) -> Iterator[tuple[int, ...]]:
    flows = [definition.flows[index] for index in definition.outs[node.index]]
    default = [(flow.index,) for flow in flows if flow.default]
    if node.kind is Kind.EXCLUSIVE:
        # Where a process is only drawn, a flow without a condition may be taken as well.
        yield from ((flow.index,) for flow in flows if not flow.default)
        yield from default
        return
    free = not definition.executable and node.kind is Kind.INCLUSIVE
    always = tuple(flow.index for flow in flows if not (flow.condition or flow.text or flow.default or free))
    maybe = [flow.index for flow in flows if not flow.default and flow.index not in always]
    sizes = range(1, len(maybe) + 1) if len(maybe) <= _MOST_BRANCHES else (1, len(maybe))
    for some in chain.from_iterable(combinations(maybe, size) for size in sizes):
        yield tuple(sorted((*some, *always)))
    if always:
        yield always
    elif default:
        yield from default


def check_process(*, definition: Definition, most: int = _MOST_MARKINGS) -> tuple[Problem, ...]:
    """Everything that could go wrong in a running case.

    Tokens that are stuck, work that is opened twice, an end without a decision though the diagram decides, gateways
    that may find no way. Stops after `most` markings and says so.
    """
    found: dict[tuple[str, str], Problem] = {}

    def note(code: str, node: Node | None, message: str, cure: str) -> None:
        element, name, line = (definition.id, definition.name, 0) if node is None else (node.id, node.name, node.line)
        found.setdefault((code, element), Problem(code, element, name, line, message, cure))

    for node in definition.nodes if definition.executable else ():
        outs = definition.outs[node.index]
        if definition.conditional[node.index] and not any(definition.flows[flow].default for flow in outs):
            message = "No way is left when none of its conditions holds."
            note("gateway.no-default", node, message, "Make one of its flows the default.")
    budget = _Budget()
    begin = (key for begin in _begins(definition) for key in _first(definition, begin, budget))
    _explore(definition, begin, most, note, budget)
    return tuple(found.values())


def _explore(
    definition: Definition, begin: Iterable[_Key], most: int, note: Callable[..., None], budget: _Budget
) -> bool:
    """Judge everything that can be reached; whether the end of the process can."""
    decides = any(node.act is Act.DECIDE for node in definition.nodes)
    seen: set[_Key] = set()
    stack: list[_Key] = list(begin)
    ends = False
    while stack:
        key = stack.pop()
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > most:
            note("process.too-large", None, f"It can be in more than {most} markings.", "Divide it.")
            break
        marking, _, decided = key
        ends = ends or is_over(definition, marking)
        _judge(definition, marking, decided or not decides, note)
        stack.extend(_after(definition, key, budget))
    if not budget.left:
        message = f"There are more than {_MOST_WALKS} ways through its gateways."
        note("process.too-large", None, message, "Divide it.")
    return ends


def problems_ahead(
    *, definition: Definition, marking: tuple[int, ...], accepted: bool, decided: bool, most: int = _MOST_MARKINGS
) -> tuple[Problem, ...]:
    """What could go wrong from a marking on, one that no walk from the start need ever have come to.

    Nothing: whatever happens, the process comes to its end. Empty markings are over already.
    """
    found: dict[tuple[str, str], Problem] = {}

    def note(code: str, node: Node | None, message: str, cure: str) -> None:
        element, name, line = (definition.id, definition.name, 0) if node is None else (node.id, node.name, node.line)
        found.setdefault((code, element), Problem(code, element, name, line, message, cure))

    begin = (_plain(definition, marking), accepted, decided)
    if not _explore(definition, [begin], most, note, _Budget()) and not found:
        note("process.endless", None, "It cannot come to its end from here.", "Move it from another step.")
    return tuple(found.values())


def can_end(*, definition: Definition, most: int = _MOST_MARKINGS) -> tuple[bool, int]:
    """Whether some way leads from each start to the end of the process, and how many markings were looked at."""
    looked = 0
    budget = _Budget()
    for begin in _begins(definition):
        seen: set[_Key] = set()
        stack: list[Iterator[_Key]] = [_first(definition, begin, budget)]
        ends = False
        while stack and looked < most and not ends:
            key = next(stack[-1], None)
            if key is None:
                stack.pop()
                continue
            ends = is_over(definition, key[0])
            if key not in seen and not ends:
                seen.add(key)
                looked += 1
                stack.append(_after(definition, key, budget))
        if not ends:
            return False, looked if budget.left else most
    return True, looked


def _judge(definition: Definition, marking: tuple[int, ...], decided: bool, note: object) -> None:
    assert callable(note)
    if is_over(definition, marking):
        if not decided:
            note("process.undecided", None, "It can end without a decision.", "Let every way pass a decision.")
        return
    standing = [one for one in map(definition.standing, marking) if one is not None]
    waiting = [(node, copy) for node, copy in standing if node.waits and not definition.holds(node, copy)]
    if not waiting:
        flows = (definition.at(token)[1] for token in marking)
        stuck = next((definition.flows[place].target for place in flows if place < len(definition.flows)), None)
        node = None if stuck is None else definition.nodes[stuck]
        message = "A token can be stuck here for ever: the other branches never come."
        note("token.stuck", node, message, "Join exclusive branches exclusively, and parallel ones in parallel.")
    for (node, _), count in Counter(waiting).items():
        if count > 1:
            message = "It can be open more than once at a time."
            note("task.twice", node, message, "Join the parallel branches before it.")


def _begins(definition: Definition) -> list[tuple[int, ...]]:
    """The flows of what begins by itself, and of every start event alone."""
    scope = definition.scopes[0]
    every = [scope.starts or (scope.done,)]
    every += [definition.outs[start] for start in definition.starts if definition.outs[start]]
    return list(dict.fromkeys(every))


def _first(definition: Definition, begin: tuple[int, ...], budget: _Budget) -> Iterator[_Key]:
    for found in _walks(definition, (), (), begin, False, (), budget):
        yield _plain(definition, found.marking), False, False


def _walks(
    definition: Definition,
    marking: tuple[int, ...],
    emptied: tuple[int, ...],
    filled: tuple[int, ...] | Callable[[_Script], tuple[int, ...]],
    accepted: bool,
    broken: tuple[int, ...],
    budget: _Budget,
) -> Iterator[Walk]:
    """Every walk from one firing, by running through all lists of answers."""
    answers: tuple[int, ...] | None = ()
    while answers is not None and budget.left:
        budget.left -= 1
        script = _Script(definition, answers)
        try:
            places = filled if isinstance(filled, tuple) else filled(script)
            yield walk(definition, marking, emptied, places, script, accepted=accepted, broken=broken)
        except Refused:
            return  # endless: reported when the definition was read, or by the marking bound
        answers = _next(answers, script.sizes)


def _next(answers: tuple[int, ...], sizes: list[int]) -> tuple[int, ...] | None:
    """The next list of answers, as a counter whose last digit turns fastest."""
    digits = list(answers) + [0] * (len(sizes) - len(answers))
    while digits:
        last = digits.pop()
        if last + 1 < sizes[len(digits)]:
            return (*digits, last + 1)
    return None


def _after(definition: Definition, key: _Key, budget: _Budget) -> Iterator[_Key]:
    """What can come of a marking: each thing that waits is finished, runs out of time, or is met by its event."""
    marking, accepted, decided = key
    for token in sorted(set(marking)):
        standing = definition.standing(token)
        if standing is None:
            continue
        node, copy = standing
        if node.kind is Kind.TASK or node.decides_by_rule:
            if definition.holds(node, copy):
                continue
            now_accepted = accepted or node.act is Act.ACCEPT
            now_decided = decided or node.act is Act.DECIDE
            leaving = partial(_passed, definition, node, copy)
            for found in _walks(definition, marking, (token,), leaving, now_accepted, (), budget):
                yield _plain(definition, found.marking), now_accepted, now_decided
    for one in awaited(definition, marking):
        for found in _come(definition, marking, one, accepted, budget):
            yield _plain(definition, found.marking), accepted, decided


def _passed(definition: Definition, node: Node, copy: int, script: _Script) -> tuple[int, ...]:
    return passed(definition, node, script, copy)


def _plain(definition: Definition, marking: tuple[int, ...]) -> tuple[int, ...]:
    """One ended token in a scope says as much as many: reminders that come and end again make no new marking."""
    first, size = definition.scopes[0].done, definition.size
    last = first + len(definition.scopes)
    return tuple(at for n, at in enumerate(marking) if not first <= at % size < last or n == 0 or marking[n - 1] != at)


def _come(
    definition: Definition, marking: tuple[int, ...], found: Awaited, accepted: bool, budget: _Budget
) -> Iterator[Walk]:
    """An event comes. One that leaves its activity running comes once, which is enough to see where it leads."""
    event, at = found
    copy = definition.at(at)[0] if at >= 0 else 0
    if event.kind is not Kind.CATCH and not event.interrupting:
        inside = definition.nodes[definition.scopes[event.scope].node] if event.kind is Kind.START else None
        low = copy * definition.size
        outs = [flow + low for flow in definition.outs[event.index]]
        if inside is not None and definition.inside(inside, copy, marking):
            return
        if inside is None and any(out in marking or _is_open_behind(definition, marking, out) for out in outs):
            return
    emptied = event_firing(definition, event, at, marking, _Script(definition, ()), 0).emptied
    leaving = partial(_fired, definition, event, at, marking)
    broken = (event.scope,) if event.kind is not Kind.CATCH and event.interrupting else ()
    yield from _walks(definition, marking, emptied, leaving, accepted, broken, budget)


def _fired(definition: Definition, event: Node, at: int, marking: tuple[int, ...], script: _Script) -> tuple[int, ...]:
    return event_firing(definition, event, at, marking, script, 0).filled


def _is_open_behind(definition: Definition, marking: tuple[int, ...], flow: int) -> bool:
    copy, place = definition.at(flow)
    target = definition.nodes[definition.flows[place].target]
    return definition.place(target.index) + copy * definition.size in marking
