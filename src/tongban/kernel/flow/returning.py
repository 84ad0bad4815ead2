"""Return for rework: back to an earlier task without stranding, losing or doubling a token.

The whole log of firings is replayed as if the target task had never been finished: its token is held, and every later
firing happens again if its tokens are there. What depended on the finished task cannot happen, so it is undone, and
what it had consumed lies where it lay. The marking that comes out was reached by firings that the diagram allows: it
is a reachable one, whatever branches ran beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .commands import ReturnTo
from .definition import Act, Definition, Kind
from .drafting import Drafting
from .errors import Refusal, Refused
from .events import Event
from .state import Task
from .tokens import join_enabled

__all__ = ["Firing", "firings", "return_to", "returnable"]


class Firing(NamedTuple):
    """One firing that still counts, with the variables that it set."""

    emptied: tuple[int, ...]
    filled: tuple[int, ...]
    sets: tuple[tuple[str, Any], ...] = ()


def firings(definition: Definition, history: Iterable[Event]) -> list[Firing]:
    """What has happened and was not undone since, in order."""
    found: list[Firing] = []
    for event in history:
        if event.kind == "task.returned":
            target = definition.index[event.data["to"]]
            found, _ = _held_back(definition, found, target)
        else:
            found.extend(_firings_of(event))
    return found


def _firings_of(event: Event) -> Iterable[Firing]:
    by_rule: dict[int, list[tuple[str, Any]]] = {}
    sets = dict(event.data.get("set", {}))
    for rule in event.data.get("rules", ()):
        if "move" in rule:
            by_rule.setdefault(rule["move"], []).append((rule["variable"], rule["result"]))
            sets.pop(rule["variable"], None)
    for number, (emptied, filled) in enumerate(event.data.get("moves", ())):
        own = list(sets.items()) if number == 0 else []
        yield Firing(tuple(emptied), tuple(filled), tuple(own + by_rule.get(number, [])))


def _held_back(definition: Definition, log: Sequence[Firing], target: int) -> tuple[list[Firing], Counter[int]]:
    """The firings that remain when the last token that came to wait in `target` had stayed there, and the marking."""
    place = definition.place(target)
    last = max(
        (number for number, one in enumerate(log) if place in one.filled and place not in one.emptied), default=None
    )
    if last is None:
        raise Refused(Refusal.RETURN_UNKNOWN, {"node": definition.nodes[target].id})
    marking: Counter[int] = Counter()
    kept: list[Firing] = []
    for number, one in enumerate(log):
        needed = Counter(one.emptied)
        held = 1 if number > last else 0
        if any(marking[at] - (held if at == place else 0) < count for at, count in needed.items()):
            continue
        if number > last and not _join_allowed(definition, one, marking):
            continue
        marking.subtract(needed)
        marking.update(one.filled)
        kept.append(one)
    return kept, +marking


def _join_allowed(definition: Definition, firing: Firing, marking: Counter[int]) -> bool:
    """An inclusive join that had fired because nothing could arrive any more may now have to wait again."""
    if not firing.emptied or firing.emptied[0] >= len(definition.flows):
        return True
    join = definition.flows[firing.emptied[0]].target
    if join not in definition.joins or (len(firing.filled) == 1 and firing.filled[0] >= len(definition.flows)):
        return True
    return join_enabled(definition, join, (+marking).keys())


def returnable(definition: Definition, history: Sequence[Event], task: Task) -> list[str]:
    """The ids of the tasks to which the work behind an open task may be returned, earliest first."""
    log = firings(definition, history)
    found = []
    for node in definition.nodes:
        if node.kind is not Kind.TASK or node.act in (Act.ACCEPT, Act.SERVICE) or node.index == task.node:
            continue
        if any(definition.place(node.index) in one.emptied for one in log) and _undoes(
            definition, log, task, node.index
        ):
            found.append(node.index)
    first = {at: next(n for n, one in enumerate(log) if definition.place(at) in one.emptied) for at in found}
    return [definition.nodes[at].id for at in sorted(found, key=lambda at: first[at])]


def _undoes(definition: Definition, log: Sequence[Firing], task: Task, target: int) -> bool:
    """Whether holding back the target would undo the opening of the task: it lies on the way that led here."""
    try:
        _, marking = _held_back(definition, log, target)
    except Refused:
        return False
    before = Counter(at for one in log for at in one.filled)
    before.subtract(at for one in log for at in one.emptied)
    place = definition.place(task.node)
    return marking[place] < before[place]


def return_to(draft: Drafting, task: Task, command: ReturnTo) -> None:
    """Put `task.returned` on record: what is undone, and what opens again."""
    definition = draft.definition
    index = definition.index.get(command.node)
    if index is None or definition.nodes[index].kind is not Kind.TASK:
        raise Refused(Refusal.RETURN_UNKNOWN, {"node": command.node})
    if definition.nodes[index].act is Act.ACCEPT:
        raise Refused(Refusal.RETURN_ACCEPTANCE, {"node": command.node})
    log = firings(definition, draft.history)
    if index == task.node or not _undoes(definition, log, task, index):
        raise Refused(Refusal.RETURN_NOT_EARLIER, {"node": command.node})
    kept, marking = _held_back(definition, log, index)
    data = _undone(draft, index, kept, marking)
    data |= {"to": command.node, "reason": command.reason}
    draft.emit("task.returned", data, node=definition.nodes[task.node], task=task.no)


def _undone(draft: Drafting, target: int, kept: Sequence[Firing], marking: Counter[int]) -> dict[str, Any]:
    """The data of the return: the net change of the marking, tasks, timers and variables."""
    definition = draft.definition
    now = Counter(draft.state.marking)
    gone, back = now - marking, marking - now
    closes: list[int] = []
    entered = [target]
    for node in definition.nodes:
        place = definition.place(node.index)
        extra = gone[place] + (1 if node.index == target and now[place] >= marking[place] else 0)
        open_here = [task.no for task in draft.state.tasks if task.node == node.index]
        closes += open_here[len(open_here) - extra :] if extra else []
        if node.waits or node.kind is Kind.SUBPROCESS:
            fresh = back[place] - (1 if node.index == target else 0)
            entered += [node.index] * max(fresh, 0)
    opens, set_timers = draft.entered(entered)
    cancelled = [timer.no for timer in draft.state.timers if _lost(draft, timer.task, timer.node, closes, gone)]
    data: dict[str, Any] = {"moves": [[sorted(gone.elements()), sorted(back.elements())]], "opens": opens}
    if closes:
        data["closes"] = closes
    told = {key: value for key, value in (("set", set_timers), ("cancelled", cancelled)) if value}
    if told:
        data["timers"] = told
    variables: dict[str, Any] = {}
    for one in kept:
        variables.update(one.sets)
    unset = sorted(name for name in draft.state.variables if name not in variables)
    restored = {name: value for name, value in variables.items() if draft.state.variables.get(name) != value}
    return data | ({"unset": unset} if unset else {}) | ({"set": restored} if restored else {})


def _lost(draft: Drafting, task: int, node: int, closes: Sequence[int], gone: Counter[int]) -> bool:
    """Whether a timer goes with what was undone."""
    if node < 0:
        return False
    if task:
        return task in closes
    attached = draft.definition.nodes[node].attached
    return gone[draft.definition.place(attached if attached >= 0 else node)] > 0
