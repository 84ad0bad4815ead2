"""Decide and apply: the whole life of a case as pure functions.

`decide` judges a command and returns what happened, or raises `Refused`; `apply` puts what happened onto the state.
`step` does both, and links the events, for callers that want the state at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tongban.kernel.clock import Calendar
from tongban.kernel.rules import Value

from .acceptance import accept_by_silence
from .apply import apply
from .automaton import learn, recall
from .commands import Accept, Command, Complete, Deliver, File, FireTimer, Recount, Redecide, Refuse
from .definition import Definition
from .drafting import Drafting
from .errors import Refusal, Refused
from .events import Event
from .handlers import HANDLERS
from .linking import link
from .reacting import settle
from .state import NEW, OF_SILENCE, Limits, State, Status, Timer

__all__ = ["decide", "due_timers", "file", "step"]


def file(
    *,
    definition: Definition,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    limits: Limits,
    actor: str = "",
    capacity: str = "",
) -> tuple[Event, ...]:
    """The first command of a case. An instant matter may run to its end within it."""
    return decide(
        definition=definition,
        state=NEW,
        command=File(limits=limits),
        facts=facts,
        at=at,
        calendar=calendar,
        actor=actor,
        capacity=capacity,
    )


def decide(
    *,
    definition: Definition,
    state: State,
    command: Command,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    history: Sequence[Event] = (),
    actor: str = "",
    capacity: str = "",
) -> tuple[Event, ...]:
    """What comes of a command, as events that are not linked yet (see `link`).

    `history` is the log so far; only `ReturnTo` and `Recount` need it. `actor` is who does it (compared with who
    claimed a task; left empty, nobody is asked) and `capacity` as what; both are stored. Raises `Refused`; then nothing
    has changed.
    """
    draft = _decided(definition, state, command, facts, at, calendar, history, actor, capacity)
    return tuple(draft.events)


def step(
    *,
    definition: Definition,
    state: State,
    command: Command,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    history: Sequence[Event] = (),
    actor: str = "",
    capacity: str = "",
) -> tuple[tuple[Event, ...], State]:
    """`decide`, `link` and `apply` in one: the linked events and the state after them.

    A step that the automaton knows is looked up; any other is decided, and learned.
    """
    place = state.standing.place
    known = None
    if type(command) is Complete and place is not None and place.definition is definition and command.data is None:
        # The commonest of all, without a call in between.
        written = place.completed.get(command)
        if written is not None:
            known = written(state, command, at, calendar, actor, capacity)
    known = known or recall(definition, state, command, facts, at, calendar, actor, capacity)
    if known is not None:
        return known
    draft = _decided(definition, state, command, facts, at, calendar, history, actor, capacity)
    events, after = draft.events, draft.state
    linked = []
    before = state
    for number, event in enumerate(events, 1):
        linked.append(link(definition=definition, state=before, event=event, calendar=calendar))
        if number < len(events):
            before = apply(definition=definition, state=before, event=event)
    learn(definition, state, command, draft.heard, linked, after, at, calendar, actor, capacity)
    return tuple(linked), after


def _decided(
    definition: Definition,
    state: State,
    command: Command,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    history: Sequence[Event],
    actor: str,
    capacity: str,
) -> Drafting:
    _check_stage(state, command, at)
    draft = Drafting(
        definition=definition,
        state=state,
        facts=facts,
        at=at,
        calendar=calendar,
        history=history,
        actor=actor,
        capacity=capacity,
    )
    if _silence_is_over(state, command, at):
        accept_by_silence(draft)
        settle(draft)
        if isinstance(command, Refuse):
            raise Refused(Refusal.ACCEPTED_BY_SILENCE)
        if isinstance(command, Accept):
            return draft
    HANDLERS[type(command)](draft, command)
    settle(draft)
    return draft


def _check_stage(state: State, command: Command, at: datetime) -> None:
    if isinstance(command, File):
        if state.status is not Status.NEW:
            raise Refused(Refusal.ALREADY_FILED)
        return
    if state.status is Status.NEW:
        raise Refused(Refusal.NOT_FILED)
    if state.closed and not (state.decided is not None and isinstance(command, (Deliver, Redecide))):
        raise Refused(Refusal.ENDED, {"status": str(state.status)})
    if state.updated is not None and at < state.updated:
        raise Refused(Refusal.TIME_REVERSED, {"at": at.isoformat(), "last": state.updated.isoformat()})


def _silence_is_over(state: State, command: Command, at: datetime) -> bool:
    """Whether the case was accepted by silence before this command, though no worker has said so yet."""
    if isinstance(command, Recount):
        return False  # a holiday announced late may be why it is not
    due = [timer for timer in state.timers if timer.node == OF_SILENCE and timer.due < at]
    return bool(due) and not (isinstance(command, FireTimer) and command.timer == due[0].no)


def due_timers(*, state: State, at: datetime) -> tuple[Timer, ...]:
    """The timers that are due, earliest first."""
    return tuple(sorted((timer for timer in state.timers if timer.due <= at), key=lambda timer: (timer.due, timer.no)))
