"""What a process could come to: every way through it is walked, with every answer that a gateway could give.

Used when a definition is checked before it is published. Conditions are not evaluated: each gateway may go any way
that its diagram allows, so what is found is possible by the drawing, and what is not found cannot happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations

from .definition import Act, Definition, Kind, Node
from .errors import Problem, Refused
from .tokens import Walk, is_over, walk

__all__ = ["check_process"]

_MOST_MARKINGS = 20_000
_MOST_BRANCHES = 6  # of one inclusive gateway: 63 ways

_Key = tuple[tuple[int, ...], bool, bool]


class _Script:
    """An oracle that answers from a list, and counts how many answers were possible at each question."""

    def __init__(self, definition: Definition, answers: tuple[int, ...]) -> None:
        self.definition = definition
        self.answers = answers
        self.sizes: list[int] = []

    def choose(self, node: Node) -> tuple[int, ...]:
        ways = list(_ways(self.definition, node))
        number = len(self.sizes)
        self.sizes.append(len(ways))
        return ways[self.answers[number] if number < len(self.answers) else 0]

    def rule(self, node: Node, move: int) -> None:
        """A rule moves no token."""


def _ways(definition: Definition, node: Node) -> Iterator[tuple[int, ...]]:
    flows = [definition.flows[index] for index in definition.outs[node.index]]
    always = tuple(flow.index for flow in flows if flow.condition is None and not flow.default)
    maybe = [flow.index for flow in flows if flow.condition is not None]
    default = [(flow.index,) for flow in flows if flow.default]
    if node.kind is Kind.EXCLUSIVE:
        yield from ((flow,) for flow in maybe)
        yield from default
        return
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

    for node in definition.nodes:
        outs = definition.outs[node.index]
        if definition.conditional[node.index] and not any(definition.flows[flow].default for flow in outs):
            message = "No way is left when none of its conditions holds."
            note("gateway.no-default", node, message, "Make one of its flows the default.")
    decides = any(node.act is Act.DECIDE for node in definition.nodes)
    seen: set[_Key] = set()
    stack: list[_Key] = [(_plain(definition, after.marking), False, False) for after in _first(definition)]
    while stack:
        key = stack.pop()
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > most:
            note("process.too-large", None, f"It can be in more than {most} markings.", "Divide it.")
            break
        marking, _, decided = key
        _judge(definition, marking, decided or not decides, note)
        stack.extend(_after(definition, key))
    return tuple(found.values())


def _judge(definition: Definition, marking: tuple[int, ...], decided: bool, note: object) -> None:
    assert callable(note)
    if is_over(definition, marking):
        if not decided:
            note("process.undecided", None, "It can end without a decision.", "Let every way pass a decision.")
        return
    waiting = [node for node in map(definition.waiting, marking) if node is not None and node.waits]
    if not waiting:
        stuck = next((definition.flows[place].target for place in marking if place < len(definition.flows)), None)
        node = None if stuck is None else definition.nodes[stuck]
        message = "A token can be stuck here for ever: the other branches never come."
        note("token.stuck", node, message, "Join exclusive branches exclusively, and parallel ones in parallel.")
    for index, count in Counter(node.index for node in waiting).items():
        if count > 1:
            message = "It can be open more than once at a time."
            note("task.twice", definition.nodes[index], message, "Join the parallel branches before it.")


def _first(definition: Definition) -> Iterator[Walk]:
    yield from _walks(definition, (), (), definition.scopes[0].starts, False, ())


def _walks(
    definition: Definition,
    marking: tuple[int, ...],
    emptied: tuple[int, ...],
    filled: tuple[int, ...] | int,
    accepted: bool,
    broken: tuple[int, ...],
) -> Iterator[Walk]:
    """Every walk from one firing, by running through all lists of answers."""
    answers: tuple[int, ...] | None = ()
    while answers is not None:
        script = _Script(definition, answers)
        try:
            places = filled if isinstance(filled, tuple) else _leaving(definition, filled, script)
            yield walk(definition, marking, emptied, places, script, accepted=accepted, broken=broken)
        except Refused:
            return  # endless: reported when the definition was read, or by the marking bound
        answers = _next(answers, script.sizes)


def _leaving(definition: Definition, node: int, script: _Script) -> tuple[int, ...]:
    if definition.conditional[node]:
        return script.choose(definition.nodes[node])
    return definition.outs[node] or (definition.scopes[definition.nodes[node].scope].done,)


def _next(answers: tuple[int, ...], sizes: list[int]) -> tuple[int, ...] | None:
    """The next list of answers, as a counter whose last digit turns fastest."""
    digits = list(answers) + [0] * (len(sizes) - len(answers))
    while digits:
        last = digits.pop()
        if last + 1 < sizes[len(digits)]:
            return (*digits, last + 1)
    return None


def _after(definition: Definition, key: _Key) -> Iterator[_Key]:
    """What can come of a marking: each thing that waits is finished, or runs out of time."""
    marking, accepted, decided = key
    for place in sorted(set(marking)):
        node = definition.waiting(place)
        if node is None:
            continue
        if node.waits:
            now_accepted = accepted or node.act is Act.ACCEPT
            now_decided = decided or node.act is Act.DECIDE
            for found in _walks(definition, marking, (place,), node.index, now_accepted, ()):
                yield _plain(definition, found.marking), now_accepted, now_decided
        for index in definition.boundaries[node.index]:
            for found in _timed(definition, marking, place, node, definition.nodes[index], accepted):
                yield _plain(definition, found.marking), accepted, decided


def _plain(definition: Definition, marking: tuple[int, ...]) -> tuple[int, ...]:
    """One ended token in a scope says as much as many: reminders that come and end again make no new marking."""
    first = definition.scopes[0].done
    return tuple(at for n, at in enumerate(marking) if at < first or n == 0 or marking[n - 1] != at)


def _timed(
    definition: Definition, marking: tuple[int, ...], place: int, host: Node, event: Node, accepted: bool
) -> Iterator[Walk]:
    outs = definition.outs[event.index]
    if not event.interrupting:
        # Once is enough to see where it leads: a reminder may come again, which the diagram need not fear.
        if not any(flow in marking or _is_open_behind(definition, marking, flow) for flow in outs):
            yield from _walks(definition, marking, (place,), (place, *outs), accepted, ())
    elif host.kind is Kind.SUBPROCESS:
        inside = definition.scopes[host.inner].places
        emptied = (place, *(at for at in marking if at in inside))
        yield from _walks(definition, marking, emptied, outs, accepted, (host.inner,))
    else:
        yield from _walks(definition, marking, (place,), outs, accepted, ())


def _is_open_behind(definition: Definition, marking: tuple[int, ...], flow: int) -> bool:
    return definition.place(definition.flows[flow].target) in marking
