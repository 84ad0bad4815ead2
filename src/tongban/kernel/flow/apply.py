"""Events onto state. Nothing is judged here: whatever an event says has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tongban.kernel.clock import LegalClock

from .aside import ASIDE, apply_aside
from .definition import Definition
from .events import ACTIVITIES, Event, activity_of
from .state import (
    NEW,
    OF_LATER,
    OF_PROCEDURE,
    OF_SILENCE,
    Later,
    Outcome,
    Standing,
    State,
    Status,
    Task,
    Timer,
    limits_from_json,
)
from .times import from_text

__all__ = ["apply", "replay"]

_Changes = dict[str, Any]
_STANDING = {name: number for number, name in enumerate(Standing._fields)}
_FIELDS = {name: number for number, name in enumerate(State._fields)}


def apply(*, definition: Definition, state: State, event: Event) -> State:
    """The state after the event. Total for events that `decide` gave for this state."""
    data = event.data
    changes: _Changes = {"seq": state.seq + 1, "updated": event.at}
    if "moves" in data:
        changes["marking"] = _moved(state.marking, data["moves"])
    if "opens" in data or "closes" in data:
        _change_tasks(definition, state, event, changes)
    if "dues" in data:
        _move_dues(state, data["dues"], changes)
    if "timers" in data:
        _change_timers(definition, state, data["timers"], changes)
    if "set" in data or "unset" in data:
        changes["variables"] = _assigned(state.variables, data)
    if "clocks" in data:
        for name, clock in data["clocks"].items():
            changes[name] = LegalClock.from_json(clock)
    if state.later:
        _change_later(state, data, changes)
    own = _OWN.get(event.kind)
    if own is not None:
        own(state, event, changes)
    elif event.kind == "case.migrated":
        _migrated(definition, state, event, changes)
    if state.rounds or state.handovers or event.kind in ASIDE:
        apply_aside(state, event, changes)
    if event.kind in ACTIVITIES:
        changes["last_activity"] = activity_of(event)
        changes["last_department"] = event.department
        changes["last_at"] = event.at
    changes["status"] = _status(definition, state, changes)
    # Three times as fast as `_replace`, and every step of every case comes here.
    standing: list[Any] = list(state.standing)
    values: list[Any] = list(state)
    for name, value in changes.items():
        if name in _STANDING:
            standing[_STANDING[name]] = value
        else:
            values[_FIELDS[name]] = value
    values[0] = Standing._make(standing)
    return State._make(values)


def replay(*, definition: Definition, events: Iterable[Event], former: Mapping[int, Definition] | None = None) -> State:
    """The state that a whole log leads to.

    `definition` is what the case is on at the end of the log. A log with migrations in it needs the `former` ones too,
    by the version that the migration names.
    """
    log = list(events)
    moves = [event for event in log if event.kind == "case.migrated"]
    current = definition if not moves else (former or {})[moves[0].data["from"]]
    state = NEW
    for event in log:
        if event.kind == "case.migrated":
            moves.pop(0)
            current = (former or {})[moves[0].data["from"]] if moves else definition
        state = apply(definition=current, state=state, event=event)
    return state


def _moved(marking: tuple[int, ...], moves: list[list[list[int]]]) -> tuple[int, ...]:
    places = list(marking)
    for emptied, filled in moves:
        for place in emptied:
            places.remove(place)
        places += filled
    places.sort()
    return tuple(places)


def _change_tasks(definition: Definition, state: State, event: Event, changes: _Changes) -> None:
    closed = event.data.get("closes", ())
    tasks = [task for task in state.tasks if task.no not in closed] if closed else list(state.tasks)
    last = state.next_task - 1
    for opened in event.data.get("opens", ()):
        due = opened.get("due")
        last = opened["no"]
        node = definition.index[opened["node"]]
        tasks.append(
            Task(last, node, event.at, "", None, None if due is None else from_text(due), opened.get("copy", 0))
        )
    changes["tasks"] = tuple(tasks)
    changes["next_task"] = last + 1


def _move_dues(state: State, dues: Mapping[str, str], changes: _Changes) -> None:
    tasks = changes.get("tasks", state.tasks)
    changes["tasks"] = tuple(
        task._replace(due=from_text(dues[str(task.no)])) if str(task.no) in dues else task for task in tasks
    )


def _change_timers(definition: Definition, state: State, data: Mapping[str, Any], changes: _Changes) -> None:
    cancelled = data.get("cancelled", ())
    timers = [timer for timer in state.timers if timer.no not in cancelled]
    last = state.next_timer - 1
    for new in data.get("set", ()):
        last = new["no"]
        of_none = OF_PROCEDURE if "procedure" in new else OF_LATER if "later" in new else OF_SILENCE
        node = definition.index[new["node"]] if new["node"] else of_none
        timers.append(Timer(last, node, from_text(new["due"]), new["task"], new.get("copy", 0), new.get("left", 0)))
    changes["timers"] = tuple(timers)
    changes["next_timer"] = last + 1


def _change_later(state: State, data: Mapping[str, Any], changes: _Changes) -> None:
    """What has come is not awaited any more; what has not come in time is late."""
    brought, late = data.get("brought", ()), data.get("late", ())
    if brought or late:
        kept = (one for one in state.later if one.code not in brought)
        changes["later"] = tuple(one._replace(late=True) if one.code in late else one for one in kept)


def _assigned(variables: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    gone = data.get("unset", ())
    kept = {name: value for name, value in variables.items() if name not in gone}
    kept.update(data.get("set", {}))
    return kept


def _status(definition: Definition, state: State, changes: _Changes) -> Status:
    new = changes.get
    if new("closed", state.closed) or new("decided", state.decided) is not None:
        outcome = new("outcome", state.outcome)
        if outcome is Outcome.WITHDRAWN:
            return Status.WITHDRAWN
        return Status.NOT_ACCEPTED if outcome is Outcome.NOT_ACCEPTED else Status.CONCLUDED
    if new("supplement", state.supplement) == "open":
        return Status.SUPPLEMENT
    if new("accepted", state.accepted) is None:
        return Status.RECEIVED
    if new("suspension", state.suspension):
        return Status.SUSPENDED
    if definition.has_special and any(definition.nodes[task.node].special for task in new("tasks", state.tasks)):
        return Status.SUSPENDED
    return Status.ACCEPTED


def _filed(state: State, event: Event, changes: _Changes) -> None:
    changes["received"] = event.at
    changes["limits"] = limits_from_json(event.data.get("limits", {}))
    if "later" in event.data:
        changes["later"] = tuple(Later(code, from_text(due)) for code, due in sorted(event.data["later"].items()))


def _accepted(state: State, event: Event, changes: _Changes) -> None:
    effective = event.data.get("effective")
    changes["accepted"] = event.at if effective is None else from_text(effective)


def _answered(state: State, event: Event, changes: _Changes) -> None:
    changes["supplement"] = "answered"
    if state.accepted is None:
        changes["received"] = event.at  # what was asked for has been received today


def _recounted(state: State, event: Event, changes: _Changes) -> None:
    days = event.data.get("later", {})
    if days:
        changes["later"] = tuple(
            one._replace(due=from_text(days[one.code])) if one.code in days else one for one in state.later
        )


def _claimed(state: State, event: Event, changes: _Changes) -> None:
    _hold(state, event.task, event.data["by"], event.at, changes)


def _released(state: State, event: Event, changes: _Changes) -> None:
    _hold(state, event.task, "", None, changes)


def _hold(state: State, no: int, by: str, claimed: datetime | None, changes: _Changes) -> None:
    changes["tasks"] = tuple(task._replace(by=by, claimed=claimed) if task.no == no else task for task in state.tasks)


def _dispatched(state: State, event: Event, changes: _Changes) -> None:
    moved = event.data.get("moved", ())
    changes["dispatched"] = event.data["to"]
    changes["tasks"] = tuple(
        task._replace(by="", claimed=None) if task.no in moved else task for task in changes.get("tasks", state.tasks)
    )
    if "limits" in event.data:
        changes["limits"] = limits_from_json(event.data["limits"])


def _ended(outcome: Outcome) -> Callable[[State, Event, _Changes], None]:
    def end(state: State, event: Event, changes: _Changes) -> None:
        changes["outcome"] = outcome
        changes["closed"] = True
        changes["later"] = ()

    return end


def _decided(state: State, event: Event, changes: _Changes) -> None:
    changes["outcome"] = Outcome(event.data["outcome"])
    changes["decided"] = event.at
    changes["later"] = ()  # whoever decides has decided without it


def _redecided(state: State, event: Event, changes: _Changes) -> None:
    changes["outcome"] = Outcome(event.data["outcome"])


def _closed(state: State, event: Event, changes: _Changes) -> None:
    changes["outcome"] = state.outcome or Outcome.CLOSED
    changes["closed"] = True
    changes["marking"] = ()
    changes["later"] = ()


def _migrated(definition: Definition, state: State, event: Event, changes: _Changes) -> None:
    """Every index is one of the new definition from now on."""
    data = event.data
    rows = {row["no"]: row for row in data["tasks"]}
    nodes = {no: definition.index[node] for no, node in data["keeps"]}
    changes["marking"] = tuple(data["marking"])
    changes["tasks"] = tuple(_replaced(definition, task, rows[task.no]) for task in state.tasks)
    changes["timers"] = tuple(
        timer._replace(node=nodes[timer.no]) if timer.no in nodes else timer
        for timer in changes.get("timers", state.timers)
    )


def _replaced(definition: Definition, task: Task, row: Mapping[str, Any]) -> Task:
    moved = task._replace(node=definition.index[row["node"]])
    return moved._replace(by="", claimed=None) if "moved" in row else moved


def _field(name: str, value: object) -> Callable[[State, Event, _Changes], None]:
    def change(state: State, event: Event, changes: _Changes) -> None:
        changes[name] = value

    return change


def _suspended(state: State, event: Event, changes: _Changes) -> None:
    changes["suspension"] = event.data["procedure"]


_OWN: dict[str, Callable[[State, Event, _Changes], None]] = {
    "case.filed": _filed,
    "case.accepted": _accepted,
    "case.refused": _ended(Outcome.NOT_ACCEPTED),
    "case.withdrawn": _ended(Outcome.WITHDRAWN),
    "case.decided": _decided,
    "case.redecided": _redecided,
    "case.closed": _closed,
    "case.dispatched": _dispatched,
    "case.delivered": _field("delivered", True),
    "case.suspended": _suspended,
    "case.resumed": _field("suspension", ""),
    "clock.extended": _field("extended", True),
    "clock.recounted": _recounted,
    "supplement.requested": _field("supplement", "open"),
    "supplement.answered": _answered,
    "task.claimed": _claimed,
    "task.released": _released,
}
