"""Whole steps, remembered: the process as an automaton that grows as it is walked.

A *place* of the automaton is everything about a case that can change what a command does: its standing, and of its
tasks, timers and clocks what is no instant and no person. Cases of one definition that are in the same place and are
given the same command do the same; they differ in when, by whom, and in what the facts say at a gateway. So the first
such step is decided by the handlers and written down as a `Template`, with holes for instants and actors, under the
place, the command, and the answers that the facts gave on the way. The next one is a look-up (see `templates`).

What is understood of a step, and so written down, is listed in `learning`. Whatever else happens in one is decided by
the handlers each time. A property test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from tongban.kernel.clock import Calendar, LegalClock
from tongban.kernel.rules import Value

from . import commands as c
from .definition import Definition, Node
from .events import Event
from .learning import taken_down
from .oracle import Heard, Question, answer
from .state import State, Task
from .templates import Written

__all__ = ["Place", "learn", "place_of", "recall"]

_MOST_PLACES = 20_000
"""Of one definition; when there are more, all are forgotten. A process without loops has a few hundred."""


class Place:
    """One place of the automaton, with the steps known from there. One object for all cases of a definition in it."""

    __slots__ = ("completed", "definition", "steps")

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps: dict[tuple[Any, ...], _Found] = {}
        self.completed: dict[c.Complete, Written] = {}  # the commonest, without a question and without words


class _Asked(NamedTuple):
    """A step that goes on as the facts answer: which flows leave the node."""

    node: Node
    sets: Mapping[str, Any]  # variables set in this step before the question is asked
    answers: dict[tuple[int, ...], _Found]


class _ByHand:
    """Steps of which something is not understood here: decided each time."""


_Found: TypeAlias = "Written | _Asked | _ByHand"
_BY_HAND = _ByHand()


# Keys


_KEYS: Mapping[type[c.Command], Callable[[Any], tuple[Any, ...]]] = {
    c.Complete: lambda command: (c.Complete, command.task, command.outcome, bool(command.opinion), bool(command.data)),
    c.Claim: lambda command: (c.Claim, command.task),
    c.Release: lambda command: (c.Release, command.task),
    c.Deliver: lambda command: (c.Deliver, command.task),
    c.File: lambda command: (c.File, command.limits, bool(command.about), command.start, bool(command.later)),
    c.Accept: lambda command: (c.Accept,),
    c.DecideCase: lambda command: (c.DecideCase, command.task, command.outcome, bool(command.reason.strip())),
}
"""What tells one command from another, but for what only fills a hole. Other commands are decided each time."""


_TASK = Task._fields.index("due") + 1
_STATE = State._fields.index("seq") + 1
"""Any field that comes after these is compared by value."""


def _task(task: Task) -> tuple[Any, ...]:
    return (task.no, task.node, bool(task.by), *task[_TASK:])


def _clock(clock: LegalClock | None) -> object:
    return None if clock is None else (clock.is_paused, clock.is_stopped)


def _outcomes(variables: Mapping[str, Any]) -> object:
    """The variables, where they are only outcomes of tasks; None where there is anything that is a case's own."""
    found = []
    for name, value in variables.items():
        if type(value) is not dict or value.keys() != {"outcome"}:
            return None
        found.append((name, value["outcome"]))
    return tuple(found)


def place_of(definition: Definition, state: State) -> Place | None:
    """The place of this state; None when the state holds something that cannot be compared.

    Where a task was handed on or others sign it, what a command does depends on who gives it: each is decided by hand.
    So is each while a paper may be handed in later: its day is the case's own.
    """
    if state.handovers or state.rounds or state.later:
        return None
    key = (
        state.standing,
        tuple(map(_task, state.tasks)),
        tuple([(timer.no, timer.node, timer[3:]) for timer in state.timers]),
        _outcomes(state.variables),
        _clock(state.statutory),
        _clock(state.promised),
        state.received is None,
        state.accepted is None,
        state.decided is None,
        state[_STATE:],
    )
    met = definition.met
    try:
        found = met.get(key)
    except TypeError:
        return None
    if found is None:
        if len(met) >= _MOST_PLACES:
            met.clear()
        found = met[key] = Place(definition)
    return found


# Looking up


def recall(
    definition: Definition,
    state: State,
    command: Any,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    actor: str,
    capacity: str,
) -> tuple[tuple[Event, ...], State] | None:
    """The step as `step` gives it, when such a one is known; None when it has to be decided. Raises `Refused`."""
    place = state.standing.place
    if place is None or place.definition is not definition:
        place = state.standing.place = place_of(definition, state) if definition.steady else None
        if place is None:
            return None
    if type(command) is c.Complete and command.data is None:
        written = place.completed.get(command)
        if written is not None:
            return written(state, command, at, calendar, actor, capacity)
    keyed = _KEYS.get(type(command))
    found = None if keyed is None else place.steps.get(keyed(command))
    if found is None or (state.updated is not None and at < state.updated):
        return None
    while type(found) is _Asked:
        variables = {**state.variables, **found.sets}
        found = found.answers.get(answer(definition, found.node, facts, variables, at, calendar.timezone))
    return found(state, command, at, calendar, actor, capacity) if callable(found) else None


# Writing down


def learn(
    definition: Definition,
    state: State,
    command: c.Command,
    heard: Heard,
    events: Sequence[Event],
    after: State,
    at: datetime,
    calendar: Calendar,
    actor: str,
    capacity: str,
) -> None:
    """Remember a step that was decided by the handlers, with the questions that were asked on the way."""
    place = state.standing.place
    keyed = _KEYS.get(type(command))
    if keyed is None or place is None or actor == "system":
        return
    key: Any = keyed(command)
    ours: dict[Any, _Found] = place.steps
    for question in heard.questions:
        known = ours.get(key)
        if not isinstance(known, _Asked):
            known = _Asked(definition.nodes[question.node], _since(state, question), {})
            ours[key] = known
        ours, key = known.answers, question.answer
    if key not in ours:
        step = None
        reached = None if heard.other else place_of(definition, after)
        if reached is not None:
            variables = None if _outcomes(after.variables) is None else after.variables
            step = taken_down(definition, state, command, events, after, variables, at, calendar, actor, capacity)
        if step is None:
            ours[key] = _BY_HAND
            return
        after.standing.place = reached
        ours[key] = step
        if isinstance(command, c.Complete) and not command.opinion and not heard.questions:
            place.completed[command._replace(data=None)] = step


def _since(state: State, question: Question) -> dict[str, Any]:
    before = state.variables
    return {
        name: value for name, value in question.variables.items() if name not in before or before[name] is not value
    }
