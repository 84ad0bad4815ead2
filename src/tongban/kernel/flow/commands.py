"""What can be asked of a case. A command says what, never who: the actor goes beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from tongban.kernel.clock import Limit

from .aside import Asked
from .state import NO_LIMITS, Limits

__all__ = [
    "Accept",
    "AddCosigner",
    "AnswerSupplement",
    "CheckConditions",
    "Claim",
    "Command",
    "CommandBase",
    "Complete",
    "DecideCase",
    "Delegate",
    "Deliver",
    "Dispatch",
    "Extend",
    "File",
    "FireTimer",
    "HandIn",
    "Object",
    "Raise",
    "Recall",
    "ReceiveMessage",
    "ReceiveSignal",
    "Recount",
    "Redecide",
    "Refuse",
    "Release",
    "RemoveCosigner",
    "RequestSupplement",
    "Resume",
    "ReturnTo",
    "RunService",
    "Sign",
    "Suspend",
    "Transfer",
    "Withdraw",
]


@dataclass(frozen=True, slots=True)
class CommandBase:
    """The common root of the commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File(CommandBase):
    """Intake: the case begins. `limits` are those of the matter as published on that day.

    `about` is what the log shall say of the filing: plain JSON, such as matter, version and digests of what was given.
    `start` is the id of the start event where the process has several that could be meant. `later` are papers that are
    not there yet, by code, each with the limit within which it may be handed in.
    """

    limits: Limits = NO_LIMITS
    about: Mapping[str, Any] = field(default_factory=dict)
    start: str = ""
    later: Sequence[tuple[str, Limit]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(CommandBase):
    """The authority takes the case on; the legal clocks start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(CommandBase):
    """The case is not accepted, and ends. A reason is owed to the applicant."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSupplement(CommandBase):
    """Ask for what is missing: once, all at once. `within` is how long the applicant has."""

    items: Sequence[str]
    note: str = ""
    within: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupplement(CommandBase):
    """The applicant has supplied what was asked for; `about` as in `File`.

    `codes` are the papers among it: what was to be handed in later is there then, too.
    """

    about: Mapping[str, Any] = field(default_factory=dict)
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn(CommandBase):
    """Papers that were to be handed in later have come; `about` as in `File`. Their limit does not shut the door."""

    codes: Sequence[str]
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(CommandBase):
    """Take a task on, so that nobody else works on it unknowingly."""

    task: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(CommandBase):
    """Put a claimed task back into the department's queue."""

    task: int


class Complete(NamedTuple):
    """Finish a task that handles, reviews, inspects or gives an opinion.

    A tuple, unlike the other commands: most steps of most cases are this, and are looked up by it.
    """

    task: int
    outcome: str = "pass"
    opinion: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTo(CommandBase):
    """Send the work behind `task` back to an earlier task, named by its node id."""

    task: int
    node: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(CommandBase):
    """Begin a special procedure; its time is not counted (Administrative Licensing Law, 45).

    Without a `limit` it is refused: the applicant is told how long it takes. When that has passed, a timer fires.
    """

    procedure: str
    reason: str
    limit: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(CommandBase):
    """The special procedure has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(CommandBase):
    """Lengthen the limit, once, with the approval of the head of the authority (42)."""

    by: Limit
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(CommandBase):
    """The applicant takes the case back, at any time before the decision."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCase(CommandBase):
    """Grant or deny on the open decision task. A denial owes its reason."""

    task: int
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(CommandBase):
    """The result has reached the applicant. Without `task`: the open delivery task, if the diagram has one."""

    way: str = ""
    task: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer(CommandBase):
    """A timer is due. Given by the worker that watches the clock."""

    timer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunService(CommandBase):
    """A service task has been carried out by the system, with these outputs."""

    task: int
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(CommandBase):
    """Say which department is responsible from now on (派单), while doing a step that dispatches.

    What is open in its lanes lies with it, claimed by nobody. Before acceptance the `limits` may change with it: what
    somebody took for a question may be a complaint. A reason is owed where it was dispatched before.
    """

    task: int
    department: str
    reason: str = ""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(CommandBase):
    """Give an open task away for good: `to` a person, or to the queue of a `department` that has a lane in the process.

    Left out, the department stays; with nobody named, the task lies in the queue. Its due date does not move.
    """

    task: int
    reason: str
    to: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate(CommandBase):
    """Let somebody else do an open task; the result comes back to its owner, who confirms it by finishing the task.

    As offices use 交办: the work is passed on, the responsibility is not.
    """

    task: int
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(CommandBase):
    """Take back what was delegated, or what lies before those who sign afterwards."""

    task: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCosigner(CommandBase):
    """Ask others to sign an open task, `before`, `beside` or `after` its work.

    `rule` is how many of them must: `all`, `any` (one suffices), or a number such as `2`.
    """

    task: int
    signers: Sequence[Asked]
    place: str = "beside"
    rule: str = "all"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(CommandBase):
    """Agree to what one was asked to sign; `task` is the number under which one was asked."""

    task: int
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(CommandBase):
    """Disagree. A reason is owed."""

    task: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCosigner(CommandBase):
    """Ask somebody no longer who has not signed; an objection is overruled by it, with the reason on record."""

    task: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMessage(CommandBase):
    """A message has come for this case. `data` is what it says; `node` the event, where several wait for it."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSignal(CommandBase):
    """A signal has been sent to all; every event of this case that waits for it catches it."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConditions(CommandBase):
    """Look again at the conditions that are waited for: answers have changed. Every other command does so too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount(CommandBase):
    """The calendar has changed: count every open limit anew. Needs the history.

    `told` is when each legal clock was said to end (`statutory`, `promised`), `notice` what announced the change,
    `days` which days it changed (ISO day to `off` or `working`), `later` the limits of papers to follow by code.
    """

    notice: str
    told: Mapping[str, datetime] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(CommandBase):
    """Something went wrong in a task (`error`), or somebody above it should know (`escalation`): by its code."""

    task: int
    name: str
    kind: str = "error"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redecide(CommandBase):
    """Put another decision in the place of the one that was made. A reason is owed, whatever it is."""

    outcome: str
    reason: str


Command: TypeAlias = CommandBase | Complete
"""Any command."""
