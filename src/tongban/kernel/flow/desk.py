"""What an officer may do with a case now, and what it would do to the clock, said before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.kernel.clock import Calendar, LegalClock, Limit
from tongban.kernel.rules import Value

from . import commands as c
from .aside import SIGNED, Round, Signer, handover_of, rounds_of
from .case import step
from .cosigning import SIGNABLE
from .definition import Act, Definition
from .events import Event
from .handing import department_of
from .handling import WORK
from .returning import returnable
from .state import State, Status, Task

__all__ = [
    "COMMANDS",
    "Available",
    "ClockView",
    "OpenTask",
    "Preview",
    "available_commands",
    "clock_view",
    "open_tasks",
    "preview",
    "return_targets",
]

COMMANDS: Mapping[str, type[c.Command]] = {
    "file": c.File,
    "accept": c.Accept,
    "refuse": c.Refuse,
    "request_supplement": c.RequestSupplement,
    "answer_supplement": c.AnswerSupplement,
    "hand_in": c.HandIn,
    "claim": c.Claim,
    "release": c.Release,
    "complete": c.Complete,
    "return_to": c.ReturnTo,
    "suspend": c.Suspend,
    "resume": c.Resume,
    "extend": c.Extend,
    "withdraw": c.Withdraw,
    "decide": c.DecideCase,
    "deliver": c.Deliver,
    "fire_timer": c.FireTimer,
    "run_service": c.RunService,
    "dispatch": c.Dispatch,
    "transfer": c.Transfer,
    "delegate": c.Delegate,
    "recall": c.Recall,
    "add_cosigner": c.AddCosigner,
    "sign": c.Sign,
    "object": c.Object,
    "remove_cosigner": c.RemoveCosigner,
    "receive_message": c.ReceiveMessage,
    "receive_signal": c.ReceiveSignal,
    "check_conditions": c.CheckConditions,
    "raise": c.Raise,
    "recount": c.Recount,
    "redecide": c.Redecide,
}
"""Every command by the name that screens, routes and the API use."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task with what its node says about it."""

    no: int
    node: str
    name: str
    name_en: str
    act: Act
    department: str
    opened: datetime
    by: str
    claimed: datetime | None
    due: datetime | None
    special: str
    operation: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Available:
    """Names of commands (see `COMMANDS`): for the case as a whole, and for each open task by number."""

    case: tuple[str, ...]
    tasks: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ClockView:
    """One legal clock at one instant. While paused, `due` is what it would be if it went on now."""

    limit: Limit
    due: datetime | None
    remaining: int
    paused: bool
    stopped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command would bring: its events, the status, and each legal clock before and after."""

    events: tuple[Event, ...]
    status: Status
    before: Mapping[str, ClockView]
    after: Mapping[str, ClockView]


def open_tasks(*, definition: Definition, state: State) -> tuple[OpenTask, ...]:
    """The open tasks, in the order in which they opened."""
    return tuple(_open(definition, state, task) for task in state.tasks)


def _open(definition: Definition, state: State, task: Task) -> OpenTask:
    node = definition.nodes[task.node]
    assert node.act is not None
    return OpenTask(
        no=task.no,
        node=node.id,
        name=node.name,
        name_en=node.name_en,
        act=node.act,
        department=department_of(definition, state, task),
        opened=task.opened,
        by=task.by,
        claimed=task.claimed,
        due=task.due,
        special=node.special,
        operation=node.operation,
        outcomes=node.outcomes,
    )


def available_commands(*, definition: Definition, state: State, actor: str = "") -> Available:
    """What is possible now by the state of the case; whether the person may is not judged here.

    With `actor`, tasks that somebody else has claimed offer nothing. Those who are asked to sign have a number among
    the tasks as well.
    """
    tasks = {task.no: _of_task(definition, state, task, actor) for task in state.tasks}
    for one in state.rounds:
        tasks |= {signer.no: _of_signer(state, one, signer, actor) for signer in one.signers}
    return Available(case=_of_case(definition, state), tasks=tasks)


def _of_case(definition: Definition, state: State) -> tuple[str, ...]:
    if state.status is Status.NEW:
        return ("file",)
    delivering = any(definition.nodes[task.node].act is Act.DELIVER for task in state.tasks)
    deliverable = delivering or (state.decided is not None and not state.delivered)
    if state.closed or state.decided is not None:
        return ("deliver",) if deliverable and state.decided is not None else ()
    accepting = any(definition.nodes[task.node].act is Act.ACCEPT for task in state.tasks)
    accepted = state.accepted is not None
    found = ["deliver"] if delivering else []
    if state.supplement == "open":
        found.append("answer_supplement")
    if state.later:
        found.append("hand_in")
    if accepting and not accepted:
        found += ["refuse"] if state.supplement == "open" else ["accept", "refuse"]
    if not state.supplement and (accepted or accepting):
        found.append("request_supplement")
    if accepted:
        found.append("resume" if state.suspension else "suspend")
        if state.statutory is not None and state.limits.extension is not None and not state.extended:
            found.append("extend")
    return (*found, "withdraw")


def _of_task(definition: Definition, state: State, task: Task, actor: str) -> tuple[str, ...]:
    node = definition.nodes[task.node]
    handover = handover_of(state, task.no)
    if actor and task.by and task.by != actor:
        return ("recall",) if handover.owner == actor else ()
    if node.act is Act.SERVICE:
        return ("run_service",)
    found = [] if handover.owner else ["release" if task.by else "claim"]
    stopped = bool(state.suspension)
    ready = not handover.result and not rounds_of(state, task.no, "before", *(() if handover.owner else ("beside",)))
    if node.act in WORK and not stopped and ready:
        found.append("complete")
    if node.act is Act.DECIDE and not stopped and state.supplement != "open" and ready:
        found += ["decide"] if state.accepted is not None and state.decided is None else []
    if node.act is Act.DELIVER:
        found.append("deliver")
    if node.act is Act.ACCEPT and state.accepted is None:
        found += ["refuse"] if state.supplement == "open" else ["accept", "refuse"]
    elif not stopped and state.decided is None:
        found.append("return_to")
    if handover.owner or handover.result:
        found.append("recall")
    else:
        found += ["transfer", "delegate"] if task.by or actor else ["transfer"]
    if node.dispatches and state.decided is None:
        found.append("dispatch")
    if node.act in SIGNABLE and not handover.result:
        found.append("add_cosigner")
    return tuple(found)


def _of_signer(state: State, one: Round, signer: Signer, actor: str) -> tuple[str, ...]:
    task = state.task(one.task)
    found: list[str] = []
    holder = signer.by or signer.who
    if signer.opened is not None and not signer.answer and (not actor or holder in ("", actor)):
        if not signer.who:
            found.append("release" if signer.by else "claim")
        found += [] if state.suspension else ["sign", "object"]
    if task is not None and (not actor or task.by in ("", actor)) and signer.answer != SIGNED:
        found.append("remove_cosigner")
    return tuple(found)


def return_targets(*, definition: Definition, state: State, history: Sequence[Event], task: int) -> tuple[str, ...]:
    """The node ids to which the work behind an open task can be returned, earliest first; empty when there are none."""
    found = state.task(task)
    if found is None or state.decided is not None:
        return ()
    return tuple(returnable(definition, history, found))


def clock_view(*, clock: LegalClock, at: datetime, calendar: Calendar) -> ClockView:
    """How a legal clock stands."""
    return ClockView(
        limit=clock.total,
        due=clock.due_if_resumed(at, calendar),
        remaining=clock.remaining(at, calendar),
        paused=clock.is_paused,
        stopped=clock.is_stopped,
        reason=clock.reason,
    )


def _views(state: State, at: datetime, calendar: Calendar) -> dict[str, ClockView]:
    clocks = {"statutory": state.statutory, "promised": state.promised}
    return {
        name: clock_view(clock=clock, at=at, calendar=calendar) for name, clock in clocks.items() if clock is not None
    }


def preview(
    *,
    definition: Definition,
    state: State,
    command: c.Command,
    facts: Mapping[str, Value],
    at: datetime,
    calendar: Calendar,
    history: Sequence[Event] = (),
    actor: str = "",
) -> Preview:
    """What the command would do, without doing it. Raises `Refused` as `decide` would."""
    events, after = step(
        definition=definition,
        state=state,
        command=command,
        facts=facts,
        at=at,
        calendar=calendar,
        history=history,
        actor=actor,
    )
    return Preview(events, after.status, _views(state, at, calendar), _views(after, at, calendar))
