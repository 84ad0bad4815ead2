"""Return for rework: back to an earlier task without stranding, losing or doubling a token.

The whole log of firings is replayed as if the target task had never been finished: its token is held, and every later
firing happens again if its tokens are there. What depended on the finished task cannot happen, so it is undone, and
what it had consumed lies where it lay. The marking that comes out was reached by firings that the diagram allows: it
is a reachable one, whatever branches ran beside.

Where the target is done in several rounds, the task that goes back says which are meant: from inside a round only that
one goes back; from outside all rounds that ran side by side do, or the last of those that followed one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .commands import ReturnTo
from .definition import COPIES, Act, Definition, Kind, Node, copy_depth
from .drafting import Drafting
from .errors import Refusal, Refused
from .events import Event
from .oracle import stale_frames
from .propagation import awaited, holder_of
from .soundness import problems_ahead
from .state import Task
from .tokens import join_enabled

__all__ = ["Firing", "firings", "return_to", "returnable"]


class Firing(NamedTuple):
    """One firing that still counts, with the variables that it set and those that it dropped."""

    emptied: tuple[int, ...]
    filled: tuple[int, ...]
    sets: tuple[tuple[str, Any], ...] = ()
    unsets: tuple[str, ...] = ()


class _From(NamedTuple):
    """The task that goes back: its node, and the copy in which its token lies."""

    node: Node
    copy: int


def firings(definition: Definition, history: Iterable[Event]) -> list[Firing]:
    """What has happened and was not undone since, in order.

    What was before a move to another version is read from the move, which tells it in the words of that version; a
    token that has no place there has a number below zero.
    """
    log = list(history)
    moved = max((number for number, event in enumerate(log) if event.kind == "case.migrated"), default=0)
    found: list[Firing] = []
    for event in log[moved:]:
        if event.kind == "case.migrated":
            found = [_carried(row) for row in event.data["firings"]]
        elif event.kind == "task.returned":
            target = definition.node(event.data["to"])
            source = _From(definition.node(event.node), event.data.get("copy", 0))
            found, _ = _held_back(definition, found, _held(definition, found, target, source))
        else:
            found.extend(_firings_of(event))
    return found


def _carried(row: Sequence[Any]) -> Firing:
    emptied, filled, sets, unsets = row
    return Firing(tuple(emptied), tuple(filled), tuple((name, value) for name, value in sets), tuple(unsets))


def _firings_of(event: Event) -> Iterable[Firing]:
    moves = event.data.get("moves", ())
    if "during" in event.data:
        told = {move: (tuple(sets.items()), tuple(unsets)) for move, sets, unsets in event.data["during"]}
        for number, (emptied, filled) in enumerate(moves):
            yield Firing(tuple(emptied), tuple(filled), *told.get(number, ()))
        return
    by_rule: dict[int, list[tuple[str, Any]]] = {}
    sets = dict(event.data.get("set", {}))
    for rule in event.data.get("rules", ()):
        if "move" in rule:
            by_rule.setdefault(rule["move"], []).append((rule["variable"], rule["result"]))
            sets.pop(rule["variable"], None)
    for number, (emptied, filled) in enumerate(moves):
        own = list(sets.items()) if number == 0 else []
        yield Firing(tuple(emptied), tuple(filled), tuple(own + by_rule.get(number, [])))


def _held(definition: Definition, log: Sequence[Firing], target: Node, source: _From) -> dict[int, int]:
    """The tokens of the target that are meant, each with the last firing by which it came to wait there."""
    outer, ours = _around(definition, target), _around(definition, source.node)
    common = 0
    while common < min(len(outer), len(ours)) and outer[common] == ours[common]:
        common += 1
    prefix = source.copy // COPIES ** (copy_depth(source.copy) - min(common, copy_depth(source.copy)))
    place = definition.place(target.index)
    found: dict[int, int] = {}
    for number, one in enumerate(log):
        for token in one.filled:
            copy, where = definition.at(token)
            waits = where == place and token not in one.emptied and copy_depth(copy) == len(outer)
            if waits and copy // COPIES ** (len(outer) - common) == prefix:
                found[token] = number
    if not found:
        raise Refused(Refusal.RETURN_UNKNOWN, {"node": target.id})
    return _meant(definition, log, found, outer, common)


def _around(definition: Definition, node: Node) -> list[Node]:
    """What repeats around a node, outermost first, itself included."""
    found = [node] if node.loop is not None else []
    scope = node.scope
    while scope:
        host = definition.nodes[definition.scopes[scope].node]
        if host.loop is not None or host.triggered:
            found.append(host)
        scope = host.scope
    return found[::-1]


def _meant(
    definition: Definition, log: Sequence[Firing], found: dict[int, int], outer: Sequence[Node], level: int
) -> dict[int, int]:
    """Of the rounds at one level and below: those that began together last, or the last of a sequence."""
    if level == len(outer):
        return found
    host = outer[level]
    below = COPIES ** (len(outer) - level - 1)
    last = max(found, key=lambda token: found[token])
    groups: dict[int, dict[int, int]] = {}
    for token, number in found.items():
        groups.setdefault(definition.at(token)[0] // below, {})[token] = number
    chosen = definition.at(last)[0] // below
    if host.triggered or (host.loop is not None and host.loop.sequential):
        return _meant(definition, log, groups[chosen], outer, level + 1)
    holder = definition.place(host.index) + chosen // COPIES * definition.size
    began = max(
        (n for n, one in enumerate(log[: found[last] + 1]) if holder in one.filled and holder not in one.emptied),
        default=0,
    )
    meant: dict[int, int] = {}
    for group in groups.values():
        fresh = {token: number for token, number in group.items() if number >= began}
        if fresh:
            meant |= _meant(definition, log, fresh, outer, level + 1)
    return meant


def _held_back(
    definition: Definition, log: Sequence[Firing], held: Mapping[int, int]
) -> tuple[list[Firing], Counter[int]]:
    """The firings that remain when those tokens had stayed where they came to wait, and the marking."""
    first = min(held.values())
    marking: Counter[int] = Counter()
    kept: list[Firing] = []
    for number, one in enumerate(log):
        needed = Counter(one.emptied)
        if any(marking[at] - (1 if number > held.get(at, number) else 0) < count for at, count in needed.items()):
            continue
        if number > first and not _join_allowed(definition, one, marking):
            continue
        marking.subtract(needed)
        marking.update(one.filled)
        kept.append(one)
    return kept, +marking


def _join_allowed(definition: Definition, firing: Firing, marking: Counter[int]) -> bool:
    """An inclusive join that had fired because nothing could arrive any more may now have to wait again."""
    if not firing.emptied:
        return True
    copy, place = definition.at(firing.emptied[0])
    if not 0 <= place < len(definition.flows):
        return True
    join = definition.flows[place].target
    if join not in definition.joins or (len(firing.filled) == 1 and definition.standing(firing.filled[0]) is not None):
        return True
    return join_enabled(definition, join, (+marking).keys(), copy)


def _token(definition: Definition, task: Task) -> int:
    return definition.place(task.node) + task.copy * definition.size


def returnable(definition: Definition, history: Sequence[Event], task: Task) -> list[str]:
    """The ids of the tasks to which the work behind an open task may be returned, earliest first."""
    log = firings(definition, history)
    moved = _has_moved(history)
    finished: dict[int, int] = {}
    for number, one in enumerate(log):
        for token in one.emptied:
            finished.setdefault(definition.at(token)[1], number)
    found = []
    for node in definition.nodes:
        if node.kind is not Kind.TASK or node.act in (Act.ACCEPT, Act.SERVICE) or node.index == task.node:
            continue
        if definition.place(node.index) in finished and _undoes(definition, log, task, node, moved):
            found.append(node)
    return [node.id for node in sorted(found, key=lambda node: finished[definition.place(node.index)])]


def _has_moved(history: Iterable[Event]) -> bool:
    return any(event.kind == "case.migrated" for event in history)


def _undoes(definition: Definition, log: Sequence[Firing], task: Task, target: Node, moved: bool) -> bool:
    """Whether holding back the target would undo the opening of the task: it lies on the way that led here.

    `moved`: part of that way was gone in another version, so what comes out need not be a marking of this one. It must
    have a place for every token, and come to its end from there.
    """
    try:
        held = _held(definition, log, target, _From(definition.nodes[task.node], task.copy))
    except Refused:
        return False
    _, marking = _held_back(definition, log, held)
    before = Counter(at for one in log for at in one.filled)
    before.subtract(at for one in log for at in one.emptied)
    token = _token(definition, task)
    return marking[token] < before[token] and (not moved or _goes_on(definition, marking))


def _goes_on(definition: Definition, marking: Counter[int]) -> bool:
    tokens = tuple(sorted(marking.elements()))
    return tokens[0] >= 0 and not problems_ahead(definition=definition, marking=tokens, accepted=True, decided=False)


def return_to(draft: Drafting, task: Task, command: ReturnTo) -> None:
    """Put `task.returned` on record: what is undone, and what opens again."""
    definition = draft.definition
    index = definition.index.get(command.node)
    if index is None or definition.nodes[index].kind is not Kind.TASK:
        raise Refused(Refusal.RETURN_UNKNOWN, {"node": command.node})
    target, source = definition.nodes[index], definition.nodes[task.node]
    if target.act is Act.ACCEPT:
        raise Refused(Refusal.RETURN_ACCEPTANCE, {"node": command.node})
    log = firings(definition, draft.history)
    if index == task.node or not _undoes(definition, log, task, target, _has_moved(draft.history)):
        raise Refused(Refusal.RETURN_NOT_EARLIER, {"node": command.node})
    held = _held(definition, log, target, _From(source, task.copy))
    kept, marking = _held_back(definition, log, held)
    data = _undone(draft, held, kept, marking)
    data |= {"to": command.node, "reason": command.reason}
    if task.copy:
        data["copy"] = task.copy
    draft.emit("task.returned", data, node=source, task=task.no)


def _undone(draft: Drafting, held: Mapping[int, int], kept: Sequence[Firing], marking: Counter[int]) -> dict[str, Any]:
    """The data of the return: the net change of the marking, tasks, timers and variables."""
    definition = draft.definition
    now = Counter(draft.state.marking)
    gone, back = now - marking, marking - now
    closes: list[int] = []
    entered = sorted(held, key=lambda token: (definition.at(token)[1], token))
    for token in sorted({*gone, *back, *held}, key=lambda token: (definition.at(token)[1], token)):
        standing = definition.standing(token)
        if standing is None:
            continue
        node, copy = standing
        extra = gone[token] + (1 if token in held and now[token] >= marking[token] else 0)
        open_here = [task.no for task in draft.state.tasks if _token(definition, task) == token]
        closes += open_here[len(open_here) - extra :] if extra else []
        if node.waits or node.kind is Kind.SUBPROCESS or definition.holds(node, copy):
            entered += [token] * max(back[token] - (1 if token in held else 0), 0)
    opens, set_timers = draft.entered([_entry(definition, token) for token in entered])
    cancelled = [
        timer.no for timer in draft.state.timers if _lost(draft, timer.task, timer.node, timer.copy, closes, gone)
    ]
    set_timers += _rearmed(draft, kept, marking, cancelled, len(set_timers))
    data: dict[str, Any] = {"moves": [[sorted(gone.elements()), sorted(back.elements())]], "opens": opens}
    if closes:
        data["closes"] = closes
    told = {key: value for key, value in (("set", set_timers), ("cancelled", cancelled)) if value}
    if told:
        data["timers"] = told
    return data | _restored(draft, kept, marking)


def _entry(definition: Definition, token: int) -> int:
    copy, place = definition.at(token)
    return place - len(definition.flows) + copy * len(definition.nodes)


def _restored(draft: Drafting, kept: Sequence[Firing], marking: Counter[int]) -> dict[str, Any]:
    """The variables as the firings that still count had set them."""
    variables: dict[str, Any] = {}
    for one in kept:
        variables.update(one.sets)
        for name in one.unsets:
            variables.pop(name, None)
    stale = set(stale_frames(draft.definition, variables, marking)) if not draft.definition.steady else set()
    variables = {name: value for name, value in variables.items() if name.rpartition(".")[0] not in stale}
    before = draft.state.variables
    unset = sorted(name for name in before if name not in variables)
    restored = {name: value for name, value in variables.items() if name not in before or before[name] != value}
    return ({"unset": unset} if unset else {}) | ({"set": restored} if restored else {})


def _lost(draft: Drafting, task: int, node: int, copy: int, closes: Sequence[int], gone: Counter[int]) -> bool:
    """Whether a timer goes with what was undone."""
    if node < 0:
        return False
    if task:
        return task in closes
    return gone[holder_of(draft.definition, draft.definition.nodes[node], copy)] > 0


def _rearmed(
    draft: Drafting, kept: Sequence[Firing], marking: Counter[int], cancelled: Sequence[int], before: int
) -> list[dict[str, Any]]:
    """Timers of event subprocesses that had gone when another interrupted, which now is undone."""
    definition = draft.definition
    if definition.steady:
        return []
    set_now = {(timer.node, timer.copy) for timer in draft.state.timers if timer.no not in cancelled}
    found: list[dict[str, Any]] = []
    for event, at in awaited(definition, sorted(marking.elements())):
        copy = definition.at(at)[0] if at >= 0 else 0
        if event.kind is not Kind.START or event.timer is None or (event.index, copy) in set_now:
            continue
        began = definition.place(definition.scopes[event.scope].node)
        has_come = any(definition.at(token)[1] == began for one in kept for token in one.filled)
        entered_now = at >= 0 and at not in draft.state.marking  # set anew with its scope
        if not has_come and not entered_now:
            found += draft.timers_of([event.index], 0, copy, before + len(found))
    return found
