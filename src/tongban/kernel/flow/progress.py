"""How far a case is in its process: what is done, what is open since when, what lies ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .definition import Act, Definition, Flow, Kind, Lane, Node
from .departments import meant_by
from .events import Event
from .returning import firings
from .state import State, Task

__all__ = ["Described", "Phase", "Progress", "describe", "name_of", "progress", "say_steps"]


class Phase(StrEnum):
    """Where a node stands in a case."""

    DONE = "done"
    OPEN = "open"
    PAUSED = "paused"  # open, and the legal clock does not count meanwhile
    WAITING = "waiting"  # for a timer, or at a gateway for other branches
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Progress:
    """The phase of every node, the flows that were taken, and where tokens lie."""

    phases: tuple[Phase, ...]
    taken: frozenset[int]
    tokens: Mapping[int, int]  # place -> how many
    tasks: Mapping[int, tuple[Task, ...]]  # node -> its open tasks


@dataclass(frozen=True, slots=True)
class Described:
    """One step of the text alternative."""

    node: str
    name: str
    department: str
    act: Act | None
    phase: Phase
    opened: datetime | None
    due: datetime | None
    claimed: bool
    waiting: int | None  # working minutes of the last time it was done, where the history says
    working: int | None
    text: str


def name_of(thing: Node | Lane | Flow, language: str) -> str:
    """Its name in that language, or in the other, or nothing."""
    if language.startswith("zh"):
        return thing.name or thing.name_en
    return thing.name_en or thing.name


def progress(*, definition: Definition, state: State | None, history: Sequence[Event] = ()) -> Progress:
    """Read from the state where the tokens are, and from the history which way they came."""
    tokens = Counter(_places(definition, () if state is None else state.marking))
    log = firings(definition, history)
    emptied = {definition.at(token)[1] for one in log for token in one.emptied}
    taken = {place for place in emptied if 0 <= place < len(definition.flows)} | _by_events(definition, emptied)
    left = {place for place in emptied if place >= len(definition.flows)}
    tasks: dict[int, tuple[Task, ...]] = {}
    for task in () if state is None else state.tasks:
        tasks[task.node] = (*tasks.get(task.node, ()), task)
    phases = tuple(_phase(definition, node, tokens, taken, left, bool(log)) for node in definition.nodes)
    return Progress(phases, frozenset(taken), tokens, tasks)


def _places(definition: Definition, marking: Iterable[int]) -> Iterator[int]:
    """Where tokens lie, in whichever round; the token of all rounds of a task says no more than those of each."""
    for token in marking:
        copy, place = definition.at(token)
        node = definition.waiting(place)
        if node is None or node.kind is Kind.SUBPROCESS or not definition.holds(node, copy):
            yield place


def _by_events(definition: Definition, emptied: set[int]) -> set[int]:
    """From an event-based gateway to the event that came, and from a link to its end, no token is seen to move."""
    found = set()
    for node in definition.nodes:
        if node.kind is Kind.EVENTS:
            for flow in definition.outs[node.index]:
                beyond = definition.outs[definition.flows[flow].target]
                if any(out in emptied for out in beyond):
                    found.add(flow)
    return found


def _phase(
    definition: Definition, node: Node, tokens: Counter[int], taken: set[int], left: set[int], begun: bool
) -> Phase:
    place = definition.place(node.index)
    if tokens[place]:
        if node.kind in (Kind.CATCH, Kind.EVENTS, Kind.COMPLEX):
            return Phase.WAITING
        return Phase.PAUSED if node.special else Phase.OPEN
    if any(tokens[flow] for flow in definition.ins[node.index]):
        return Phase.WAITING
    if node.kind is Kind.SUBPROCESS and node.triggered:
        return Phase.DONE if place in left else Phase.AHEAD
    if node.kind is Kind.START:
        return Phase.DONE if begun and any(flow in taken for flow in definition.outs[node.index]) else Phase.AHEAD
    if node.kind is Kind.BOUNDARY:
        return Phase.DONE if any(flow in taken for flow in definition.outs[node.index]) else Phase.AHEAD
    if node.waits or node.kind is Kind.SUBPROCESS:
        passed = place in left or any(flow in taken and node.kind is Kind.CATCH for flow in definition.ins[node.index])
        return Phase.DONE if passed else Phase.AHEAD
    return Phase.DONE if any(flow in taken for flow in definition.ins[node.index]) else Phase.AHEAD


_WORDS: Mapping[str, Mapping[Phase, str]] = {
    "zh": {
        Phase.DONE: "已完成",
        Phase.OPEN: "正在办理",
        Phase.PAUSED: "正在进行，时限暂停计算",
        Phase.WAITING: "等待中",
        Phase.AHEAD: "尚未开始",
    },
    "en": {
        Phase.DONE: "done",
        Phase.OPEN: "in hand",
        Phase.PAUSED: "in hand, the clock is paused",
        Phase.WAITING: "waiting",
        Phase.AHEAD: "not begun",
    },
}

_TOLD = (Kind.TASK, Kind.RULE, Kind.SCRIPT, Kind.CATCH, Kind.THROW)


def describe(
    *, definition: Definition, state: State | None = None, history: Sequence[Event] = (), language: str = "zh"
) -> tuple[Described, ...]:
    """The picture in words: every step in the order of the diagram, and where it stands."""
    found = progress(definition=definition, state=state, history=history)
    last = {event.node: event for event in history if event.finished is not None}
    steps = []
    for node in _told(definition):
        tasks = found.tasks.get(node.index, ())
        first = min(tasks, key=lambda task: task.opened, default=None)
        event = last.get(node.id)
        phase = found.phases[node.index]
        steps.append(
            Described(
                node=node.id,
                name=name_of(node, language) or node.variable,
                department=meant_by(node.department, definition.departments, "" if state is None else state.dispatched),
                act=node.act,
                phase=phase,
                opened=None if first is None else first.opened,
                due=None if first is None else first.due,
                claimed=any(task.by for task in tasks),
                waiting=None if event is None else event.waiting,
                working=None if event is None else event.working,
                text=_say(definition, node, phase, language),
            )
        )
    return tuple(steps)


def say_steps(*, definition: Definition, phases: Sequence[Phase], language: str) -> list[str]:
    """The picture in words as `describe` has them, for nodes that stand in these phases."""
    return [_say(definition, node, phases[node.index], language) for node in _told(definition)]


def _told(definition: Definition) -> Iterator[Node]:
    """The nodes that words tell of."""
    for node in definition.nodes:
        if node.kind in _TOLD and (node.kind is not Kind.THROW or node.name):
            yield node


def _say(definition: Definition, node: Node, phase: Phase, language: str) -> str:
    """“Review (Health Commission): in hand”."""
    chinese = language.startswith("zh")
    name = name_of(node, language) or node.variable
    lane = name_of(definition.lanes[node.lane], language) if node.lane >= 0 else ""
    words = _WORDS["zh" if chinese else "en"][phase]
    where = (f"（{lane}）" if chinese else f" ({lane})") if lane else ""
    return f"{name}{where}：{words}" if chinese else f"{name}{where}: {words}"
