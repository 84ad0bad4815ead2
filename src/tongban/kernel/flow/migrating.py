"""A running case moves to another version of its process: whether it can, and what becomes of it.

A case moves when everything that it holds has its place in the new version, and when from there the new version comes
to its end whatever happens. Nothing is guessed: what does not fit is told, element by element, and the case stays.
What has happened before is carried along in the words of the new version, so that a return for rework still finds its
way; what the new version has no words for cannot be returned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tongban.kernel.clock import Calendar
from tongban.kernel.rules import Value

from .apply import apply
from .aside import handover_of
from .bridging import Bridge, Note, Obstacle
from .definition import Definition, Kind, Node
from .departments import meant_by
from .drafting import Drafting, timers
from .errors import Refusal, Refused
from .events import Event
from .handing import department_of
from .linking import link
from .propagation import awaited
from .returning import Firing, firings
from .soundness import problems_ahead
from .state import State, Status, Timer
from .tokens import join_enabled

__all__ = ["Plan", "migrate", "plan_migration"]


class Plan(NamedTuple):
    """What stands against a move, what to know of it, and the marking that would come of it."""

    obstacles: tuple[Note, ...]
    notes: tuple[Note, ...] = ()
    marking: tuple[int, ...] = ()


_AHEAD = {
    "token.stuck": Obstacle.STUCK,
    "process.undecided": Obstacle.UNDECIDED,
    "task.twice": Obstacle.TWICE,
    "process.endless": Obstacle.STUCK,
    "process.too-large": Obstacle.UNKNOWN,
}


def plan_migration(*, bridge: Bridge, state: State) -> Plan:
    """Whether a case in this state can move over the bridge. Changes nothing."""
    if state.closed or state.status is Status.NEW:
        return Plan((Note(Obstacle.OVER, detail=str(state.status)),))
    obstacles: list[Note] = []
    marking: list[int] = []
    for token in state.marking:
        found = bridge.token(token)
        if isinstance(found, Note):
            obstacles.append(found)
        else:
            marking.append(found)
            obstacles += _joins(bridge, token)
    if obstacles:
        return Plan(tuple(dict.fromkeys(obstacles)))
    after = tuple(sorted(marking))
    obstacles += _rested(bridge.new, after)
    obstacles += _ahead(bridge, state, after)
    obstacles += _asked_for(bridge, state, after)
    return Plan(tuple(dict.fromkeys(obstacles)), tuple(_notes(bridge, state, after)), after)


def _joins(bridge: Bridge, token: int) -> Iterator[Note]:
    """A token that waits on a flow waits for others: they must be the same ones."""
    _, place = bridge.old.at(token)
    if place < len(bridge.old.flows):
        target = bridge.old.nodes[bridge.old.flows[place].target]
        if not bridge.joins_alike(target.index):
            yield Note(Obstacle.JOIN_OTHER, target.id, target.name)


def _rested(new: Definition, marking: tuple[int, ...]) -> Iterator[Note]:
    """Nothing may begin to move by the move itself: an inclusive join that waits for nobody there."""
    for token in marking:
        copy, place = new.at(token)
        target = new.flows[place].target if place < len(new.flows) else -1
        if target in new.joins and join_enabled(new, target, marking, copy):
            yield Note(Obstacle.JOIN_OTHER, new.nodes[target].id, new.nodes[target].name)


def _ahead(bridge: Bridge, state: State, marking: tuple[int, ...]) -> tuple[Note, ...]:
    key = (marking, state.accepted is not None, state.decided is not None)
    if key not in bridge.ahead:
        found = problems_ahead(definition=bridge.new, marking=marking, accepted=key[1], decided=key[2])
        bridge.ahead[key] = tuple(Note(_AHEAD[one.code], one.element, one.name) for one in found)
    return bridge.ahead[key]


def _asked_for(bridge: Bridge, state: State, marking: tuple[int, ...]) -> Iterator[Note]:
    """Conditions ahead that ask for a step which is new, is not done, and does not lie ahead either."""
    new = bridge.new
    known = {target.index for index in range(len(bridge.old.nodes)) if isinstance(target := bridge.node(index), Node)}
    ahead = _reachable(new, marking)
    missed = {
        node.variable for node in new.nodes if node.kind in (Kind.TASK, Kind.RULE) and node.index not in known | ahead
    } - set(state.variables)
    if not missed:
        return
    for flow in new.flows:
        if flow.condition is not None and flow.source in ahead:
            for name in sorted(missed & flow.condition.names):
                yield Note(Obstacle.VARIABLE, flow.id, flow.name, name)


def _reachable(definition: Definition, marking: Iterable[int]) -> set[int]:
    """The nodes that a token could still come to, or stands in; more rather than less."""
    stack = []
    for token in marking:
        _, place = definition.at(token)
        node = definition.waiting(place)
        if place < len(definition.flows):
            stack.append(definition.flows[place].target)
        elif node is not None:
            stack.append(node.index)
    seen: set[int] = set()
    while stack:
        index = stack.pop()
        if index in seen:
            continue
        seen.add(index)
        node = definition.nodes[index]
        stack += [definition.flows[flow].target for flow in definition.outs[index]]
        stack += definition.boundaries[index]
        if node.inner >= 0:
            stack += [one.index for one in definition.nodes if one.scope == node.inner and one.kind is Kind.START]
        if node.scope:
            stack.append(definition.scopes[node.scope].node)
    return seen


def _notes(bridge: Bridge, state: State, marking: tuple[int, ...]) -> Iterator[Note]:
    _, gone, fresh = _timers(bridge, state, marking)
    for timer in gone:
        node = bridge.old.nodes[timer.node]
        yield Note(Obstacle.TIMER_GONE, node.id, node.name)
    for node, _ in fresh:
        yield Note(Obstacle.TIMER_NEW, node.id, node.name)
    for row in _tasks(bridge, state):
        if row.get("moved"):
            yield Note(Obstacle.DEPARTMENT, row["node"], detail=f"{row['moved']} → {row['department']}")


def _timers(
    bridge: Bridge, state: State, marking: tuple[int, ...]
) -> tuple[list[tuple[Timer, Node]], list[Timer], list[tuple[Node, int]]]:
    """Timers that stay, with their node there; those that go; and what is timed in the new version only."""
    kept: list[tuple[Timer, Node]] = []
    gone: list[Timer] = []
    for timer in state.timers:
        if timer.node < 0:
            continue
        found = bridge.node(timer.node)
        if isinstance(found, Node) and _still_timed(bridge, bridge.old.nodes[timer.node], found):
            kept.append((timer, found))
        else:
            gone.append(timer)
    known = {
        target.index
        for node in bridge.old.nodes
        if node.timer is not None and isinstance(target := bridge.node(node.index), Node)
    }
    fresh = [
        (event, at)
        for event, at in awaited(bridge.new, marking)
        if event.timer is not None and event.index not in known
    ]
    return kept, gone, fresh


def _still_timed(bridge: Bridge, old: Node, new: Node) -> bool:
    if old.attached >= 0:
        host = bridge.node(old.attached)
        if isinstance(host, Note) or host.index != new.attached:
            return False
    return new.timer is not None or (old.kind is Kind.TASK and bool(new.special))


def _tasks(bridge: Bridge, state: State) -> Iterator[dict[str, Any]]:
    for task in state.tasks:
        node = bridge.node(task.node)
        assert isinstance(node, Node)  # its token has a place
        before = department_of(bridge.old, state, task)
        handover = handover_of(state, task.no)
        row: dict[str, Any] = {
            "no": task.no,
            "node": node.id,
            "act": str(node.act),
            "department": handover.department or meant_by(node.department, bridge.new.departments, state.dispatched),
        }
        if row["department"] != before and not handover.owner:
            row["moved"] = before
        yield row


def migrate(
    *,
    bridge: Bridge,
    state: State,
    history: Sequence[Event],
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    versions: tuple[int, int],
    reason: str = "",
    actor: str = "",
    capacity: str = "",
) -> tuple[tuple[Event, ...], State]:
    """Move a case: the linked events, and the state under the new version. `versions` are told from and to.

    Limits, due dates and clocks stay as they are; a step that pauses the clock there and not here pauses it from now.
    Raises `Refused` with the obstacles where there are any.
    """
    if state.updated is not None and at < state.updated:
        raise Refused(Refusal.TIME_REVERSED, {"at": at.isoformat(), "last": state.updated.isoformat()})
    plan = plan_migration(bridge=bridge, state=state)
    if plan.obstacles:
        raise Refused(Refusal.CANNOT_MIGRATE, {"obstacles": [str(note) for note in plan.obstacles]})
    draft = Drafting(
        definition=bridge.new,
        state=state,
        facts=facts,
        at=at,
        calendar=calendar,
        history=history,
        actor=actor,
        capacity=capacity,
    )
    data = _data(bridge, draft, plan, history)
    data = {"from": versions[0], "to": versions[1], "reason": reason, **data}
    draft.emit("case.migrated", data, department="system")
    migrated = draft.state
    draft.settle()
    return _linked(bridge.new, state, migrated, draft.events, calendar), draft.state


def _linked(
    new: Definition, before: State, migrated: State, events: Sequence[Event], calendar: Calendar
) -> tuple[Event, ...]:
    found = [link(definition=new, state=before, event=events[0], calendar=calendar)]
    state = migrated
    for event in events[1:]:
        found.append(link(definition=new, state=state, event=event, calendar=calendar))
        state = apply(definition=new, state=state, event=event)
    return tuple(found)


def _data(bridge: Bridge, draft: Drafting, plan: Plan, history: Sequence[Event]) -> dict[str, Any]:
    state = draft.state
    kept, gone, fresh = _timers(bridge, state, plan.marking)
    data: dict[str, Any] = {
        "marking": list(plan.marking),
        "tasks": list(_tasks(bridge, state)),
        "keeps": [[timer.no, node.id] for timer, node in kept],
        "firings": _told(bridge, firings(bridge.old, history)),
    }
    set_now: list[dict[str, Any]] = []
    for node, token in fresh:
        copy = bridge.new.at(token)[0] if token >= 0 else 0
        task = next((t.no for t in state.tasks if token >= 0 and bridge.token(_token(bridge.old, t)) == token), 0)
        set_now += draft.timers_of([node.index], task, copy, len(set_now))
    if set_now or gone:
        data["timers"] = timers(set_now, [timer.no for timer in gone])
    renamed = _renamed(bridge)
    values = {renamed[name]: value for name, value in state.variables.items() if name in renamed}
    if values:
        data |= {"set": values, "unset": sorted(name for name in state.variables if name in renamed)}
    return data


def _token(definition: Definition, task: Any) -> int:
    return definition.place(task.node) + int(task.copy) * definition.size


def _renamed(bridge: Bridge) -> dict[str, str]:
    """Variables that have another name in the new version, because their step has another id."""
    found = {}
    for old_id, new_id in bridge.mapping.items():
        if old_id in bridge.old.index and new_id in bridge.new.index:
            before, after = bridge.old.node(old_id).variable, bridge.new.node(new_id).variable
            if before != after:
                found[before] = after
    return found


def _told(bridge: Bridge, log: Sequence[Firing]) -> list[list[Any]]:
    """What has happened, in the tokens of the new version; one that it does not have gets a number below zero."""
    renamed = _renamed(bridge)
    ghosts: dict[int, int] = {}
    last = min((token for one in log for token in (*one.emptied, *one.filled)), default=0)

    def told(tokens: Iterable[int]) -> list[int]:
        found = []
        for token in tokens:
            there = token if token < 0 else bridge.token(token)
            if isinstance(there, Note):
                there = ghosts.setdefault(token, min(last, 0) - 1 - len(ghosts))
            found.append(there)
        return found

    return [
        [
            told(one.emptied),
            told(one.filled),
            [[renamed.get(name, name), value] for name, value in one.sets],
            [renamed.get(name, name) for name in one.unsets],
        ]
        for one in log
    ]
