"""What can be asked of a case. A command says what, never who: the actor goes beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongban.kernel.clock import Limit

from .state import NO_LIMITS, Limits

__all__ = [
    "Accept",
    "AnswerSupplement",
    "Claim",
    "Command",
    "Complete",
    "DecideCase",
    "Deliver",
    "Extend",
    "File",
    "FireTimer",
    "Refuse",
    "Release",
    "RequestSupplement",
    "Resume",
    "ReturnTo",
    "RunService",
    "Suspend",
    "Withdraw",
]


@dataclass(frozen=True, slots=True)
class Command:
    """The common root of all commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Command):
    """Intake: the case begins. `limits` are those of the matter as published on that day.

    `about` is what the log shall say of the filing: plain JSON, such as matter, version and digests of what was given.
    """

    limits: Limits = NO_LIMITS
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """The authority takes the case on; the legal clocks start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Command):
    """The case is not accepted, and ends. A reason is owed to the applicant."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSupplement(Command):
    """Ask for what is missing: once, all at once. `within` is how long the applicant has."""

    items: Sequence[str]
    note: str = ""
    within: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupplement(Command):
    """The applicant has supplied what was asked for; `about` as in `File`."""

    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Command):
    """Take a task on, so that nobody else works on it unknowingly."""

    task: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Put a claimed task back into the department's queue."""

    task: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(Command):
    """Finish a task that handles, reviews, inspects or gives an opinion."""

    task: int
    outcome: str = "pass"
    opinion: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTo(Command):
    """Send the work behind `task` back to an earlier task, named by its node id."""

    task: int
    node: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Command):
    """Begin a special procedure; its time is not counted (Administrative Licensing Law, 45)."""

    procedure: str
    reason: str
    limit: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """The special procedure has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    """Lengthen the limit, once, with the approval of the head of the authority (42)."""

    by: Limit
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """The applicant takes the case back, at any time before the decision."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCase(Command):
    """Grant or deny on the open decision task. A denial owes its reason."""

    task: int
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """The result has reached the applicant. Without `task`: the open delivery task, if the diagram has one."""

    way: str = ""
    task: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer(Command):
    """A timer is due. Given by the worker that watches the clock."""

    timer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunService(Command):
    """A service task has been carried out by the system, with these outputs."""

    task: int
    outputs: Mapping[str, Any] = field(default_factory=dict)
