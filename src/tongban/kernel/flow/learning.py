"""A step that the handlers have decided, taken down as a `Template`, with holes for instants, people and words.

Only what is understood is taken down: kinds of events, keys of their data and changes of the state that are listed
here. Of what depends on when it happens that is: a legal clock that starts or stops, the due date of a step by its own
limit, a timer and when it fires. Anything else in a step (a clock that pauses, a rule, a due date that moves, anything
that is added to the kernel later) makes it one that is decided each time. So does a template that, tried at once on
the step it was taken from, gives anything but that step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel.chain import ChainError
from tongban.kernel.clock import Calendar, LegalClock

from . import commands as c
from .acceptance import SILENCE
from .definition import Definition, Kind
from .events import ACTIVITIES, Event, texts_around
from .state import OF_SILENCE, State, Task
from .templates import Due, Line, Template, Written, written

__all__ = ["taken_down"]

_KINDS = frozenset(
    {
        "case.filed",
        "case.accepted",
        "case.decided",
        "case.closed",
        "case.delivered",
        "task.claimed",
        "task.released",
        "task.completed",
    }
)
_FIXED = frozenset({"moves", "closes", "set", "outcome", "limits"})
"""Keys of an event's data that follow from the place, the command's key and the answers."""
_SAID = frozenset({"opinion", "about", "by", "way", "reason"})
"""Keys that are filled in anew: what the command says, or whose the task was."""
_TIMED = frozenset({"opens", "timers", "clocks"})
"""Keys in which instants may stand."""

_UNTOUCHED = ("handovers", "rounds")


def taken_down(
    definition: Definition,
    state: State,
    command: c.Command,
    events: Sequence[Event],
    after: State,
    variables: Mapping[str, Any] | None,
    at: datetime,
    calendar: Calendar,
    actor: str,
    capacity: str,
) -> Written | None:
    """The function of a step; None when anything in it is not understood.

    `variables` are all that there are afterwards, where they follow from the place; None where cases have their own.
    """
    try:
        template = _template(definition, state, command, events, after, variables)
    except ChainError:  # what can never be put on record
        template = None
    if template is None:
        return None
    found = written(template)
    return found if found(state, command, at, calendar, actor, capacity) == (tuple(events), after) else None


def _template(
    definition: Definition,
    state: State,
    command: c.Command,
    events: Sequence[Event],
    after: State,
    variables: Mapping[str, Any] | None,
) -> Template | None:
    old = {task.no: number for number, task in enumerate(state.tasks)}
    clocks = _clocks(state, after)
    dues: list[Due] = []
    lines = _lines(definition, old, events, clocks, dues)
    sets = {name: value for event in events for name, value in event.data.get("set", {}).items()}
    if (
        lines is None
        or clocks is None
        or after.variables != {**state.variables, **sets}
        or any(getattr(state, name) != getattr(after, name) for name in _UNTOUCHED)
    ):
        return None
    kept = {task.no for task in after.tasks}
    own = old.get(getattr(command, "task", None) or 0, -1)
    ended = tuple(number for no, number in old.items() if no not in kept)
    timers = {timer.no: number for number, timer in enumerate(state.timers)}
    going = {timer.no for timer in after.timers}
    return Template(
        lines=lines,
        dues=tuple(dues),
        tasks=len(state.tasks),
        own=own,
        held=ended if own < 0 else (own,),
        change={c.Claim: "claim", c.Release: "release"}.get(type(command), ""),
        kept=tuple(number for no, number in old.items() if no in kept),
        opens=tuple(_opened(definition, task, dues) for task in after.tasks if task.no not in old),
        timers=len(state.timers),
        timers_kept=tuple(number for no, number in timers.items() if no in going),
        timers_set=tuple(
            (timer.no, timer.node, _number(dues, _due_of_timer(definition, timer.node)), tuple(timer[3:]))
            for timer in after.timers
            if timer.no not in timers
        ),
        silence=any(timer.node == OF_SILENCE for timer in state.timers),
        clocks=clocks,
        sets=sets,
        variables=variables,
        receives=state.received is None and after.received is not None,
        accepts=state.accepted is None and after.accepted is not None,
        decides=state.decided is None and after.decided is not None,
        acts=any(event.kind in ACTIVITIES for event in events),
        standing=after.standing,
    )


# Clocks and due dates


def _clocks(state: State, after: State) -> Mapping[str, LegalClock | None] | None:
    """The clocks that start, with their limit and nothing else, and those that stop; None for what else may happen."""
    found: dict[str, LegalClock | None] = {}
    for name in ("statutory", "promised"):
        before, now = getattr(state, name), getattr(after, name)
        if before == now:
            continue
        if now is None or (before is not None and not now.is_stopped):
            return None
        found[name] = LegalClock(now.limit) if before is None else None
    return found


def _number(dues: list[Due], due: Due) -> int:
    if due not in dues:
        dues.append(due)
    return dues.index(due)


def _due_of_timer(definition: Definition, node: int) -> Due:
    if node < 0:
        return SILENCE
    one = definition.nodes[node]
    due = one.limit if one.kind is Kind.TASK else one.timer
    assert due is not None
    return due


def _opened(definition: Definition, task: Task, dues: list[Due]) -> tuple[int, int, int, int]:
    limit = definition.nodes[task.node].limit
    return task.no, task.node, -1 if limit is None else _number(dues, limit), task.copy


# Events


def _lines(
    definition: Definition,
    tasks: Mapping[int, int],
    events: Sequence[Event],
    clocks: Mapping[str, LegalClock | None] | None,
    dues: list[Due],
) -> tuple[Line, ...] | None:
    lines = []
    just_now = False
    for event in events:
        filled = _filled(definition, event, dues)
        understood = event.kind in _KINDS and filled is not None and (event.finished is None or event.task in tasks)
        if not understood or filled is None or not set(event.data.get("clocks", ())) <= set(clocks or ()):
            return None
        lines.append(
            Line(
                kind=event.kind,
                data={name: None if name in filled else value for name, value in event.data.items()},
                texts=texts_around(event.data, filled),
                filled=filled,
                system=event.capacity == event.actor == "system",
                department=event.department,
                node=event.node,
                task=event.task,
                previous_activity=event.previous_activity,
                previous_department=event.previous_department,
                just_now=just_now,
                ends=-1 if event.finished is None else tasks[event.task],
            )
        )
        just_now = just_now or event.kind in ACTIVITIES
    return tuple(lines)


def _filled(definition: Definition, event: Event, dues: list[Due]) -> dict[str, Any] | None:
    """The keys of an event's data that are filled in anew, with what is known of them; None if one is not understood.

    Of `opens` and `timers` that is each row with its due date left open, and the number of that date, -1 for none. All
    keys stay in their places.
    """
    found: dict[str, Any] = {}
    for key, value in event.data.items():
        if key in _SAID:
            found[key] = None
        elif key == "clocks":
            found[key] = tuple(value)
        elif key == "opens":
            limits = [definition.nodes[definition.index[row["node"]]].limit for row in value]
            if any(limit is not None for limit in limits):
                found[key] = tuple(_row(row, limit, dues) for row, limit in zip(value, limits, strict=True))
        elif key == "timers":
            if any("procedure" in row for row in value.get("set", ())):
                return None  # an officer says how long
            if "set" in value:
                nodes = [definition.index[row["node"]] if row["node"] else OF_SILENCE for row in value["set"]]
                rows = zip(value["set"], nodes, strict=True)
                dated = tuple(_row(row, _due_of_timer(definition, node), dues) for row, node in rows)
                found[key] = dated, value.get("cancelled")
        elif key not in _FIXED:
            return None
    return found


def _row(row: Mapping[str, Any], due: Due | None, dues: list[Due]) -> tuple[dict[str, Any], int]:
    return {**row, "due": None}, -1 if due is None else _number(dues, due)
