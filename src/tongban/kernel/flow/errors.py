"""What can go wrong: a definition that cannot be executed, a command that is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

__all__ = ["DefinitionError", "Problem", "Refusal", "Refused"]


class Problem(NamedTuple):
    """One thing in a diagram that keeps it from being executed, and what to do about it."""

    code: str
    element: str
    name: str
    line: int
    message: str
    cure: str

    def __str__(self) -> str:
        named = f" “{self.name}”" if self.name else ""
        return f"line {self.line}: {self.element}{named}: {self.message} {self.cure}"


class DefinitionError(Exception):
    """A diagram was refused. Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem], *, source: str = "") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__("\n".join(f"{source}: {problem}" if source else str(problem) for problem in self.problems))


class Refusal(StrEnum):
    """Every reason for which a command is refused. The value is the code that screens turn into words."""

    NOT_FILED = "case.not-filed"  # nothing has been filed yet
    ALREADY_FILED = "case.already-filed"
    ENDED = "case.ended"  # withdrawn, not accepted, or closed
    ALREADY_ACCEPTED = "case.already-accepted"
    ACCEPTED_BY_SILENCE = (
        "case.accepted-by-silence"  # the 5 working days have passed (Administrative Licensing Law, 32)
    )
    NOT_ACCEPTED = "case.not-accepted"  # the act needs an accepted case
    DECIDED = "case.decided"
    OPPOSED = "decide.opposed"  # a department stands against it, and whoever settles that has not found for it
    NOT_DECIDED = "case.not-decided"
    SUSPENDED = "case.suspended"  # a special procedure asked for by an officer is under way
    NOT_SUSPENDED = "case.not-suspended"
    DELIVERED = "case.delivered"
    TIME_REVERSED = "case.time-reversed"  # the command is dated before the last event
    NO_ACCEPT_TASK = "accept.not-open"  # the acceptance step is not open now
    ALREADY_ASKED = "supplement.already-asked"  # once, all at once (32)
    SUPPLEMENT_OPEN = "supplement.open"  # waiting for the applicant
    SUPPLEMENT_NOT_OPEN = "supplement.not-open"
    NOTHING_ASKED = "supplement.nothing-asked"
    NOT_LATER = "material.not-awaited"  # nothing of that kind is to be handed in later
    SUPPLEMENT_TOO_LATE = "supplement.after-acceptance"  # a city that asks before acceptance only
    NO_TASK = "task.not-open"
    CLAIMED_BY_OTHER = "task.claimed-by-other"
    ALREADY_CLAIMED = "task.already-claimed"  # by the same person
    NOT_CLAIMED = "task.not-claimed"
    WRONG_ACT = "task.wrong-act"  # this task is finished by another command
    UNKNOWN_OUTCOME = "task.unknown-outcome"
    SAME_OUTCOME = "redecide.same"  # another decision is one with another outcome
    NO_REASON = "reason.missing"
    RETURN_UNKNOWN = "return.unknown-node"
    RETURN_NOT_EARLIER = "return.not-earlier"  # that task is not what led to this one
    RETURN_ACCEPTANCE = "return.acceptance"  # acceptance is not undone: the legal clock runs since then
    EXTENDED = "extend.already"
    EXTEND_NOT_ALLOWED = "extend.not-allowed"  # the matter knows no extension
    EXTEND_TOO_LONG = "extend.too-long"
    EXTEND_UNIT = "extend.unit"
    EXTEND_LATE = "extend.late"  # the limit has passed already
    EXTEND_NO_APPROVAL = "extend.no-approval"
    UNKNOWN_PROCEDURE = "suspend.unknown-procedure"
    SUSPEND_NO_LIMIT = "suspend.no-limit"  # the applicant is told how long it takes (Administrative Licensing Law, 45)
    NO_TIMER = "timer.not-set"
    TIMER_NOT_DUE = "timer.not-due"
    NOT_A_SERVICE = "task.not-a-service"
    TRANSFER_SAME = "transfer.same"  # it lies there already
    TRANSFER_UNKNOWN = "transfer.unknown-department"  # no lane of the process is that department's
    DISPATCH_NOT_HERE = "dispatch.not-here"  # this step does not say who is responsible
    DISPATCH_SAME = "dispatch.same"  # it is responsible already, and nothing else changes
    DISPATCH_LIMITS = "dispatch.limits"  # the legal clocks run already
    DISPATCH_HANDED = "dispatch.handed-on"  # a step that would move was handed on, or waits for signatures
    DELEGATED = "task.delegated"  # somebody else is doing it on the owner's behalf
    NOTHING_TO_RECALL = "task.nothing-to-recall"
    PROPOSED = "task.proposed"  # the result lies before those who sign afterwards
    CANNOT_MIGRATE = "migrate.obstacle"  # the new version has no place for what the case holds
    COSIGN_PLACE = "cosign.unknown-place"
    COSIGN_RULE = "cosign.rule"  # more signatures than signers, or no number
    COSIGN_NOBODY = "cosign.nobody"
    COSIGN_TWICE = "cosign.twice"
    COSIGN_SELF = "cosign.own-work"  # nobody signs their own work
    COSIGN_WAITING = "cosign.waiting"
    COSIGN_OBJECTED = "cosign.objected"
    COSIGN_NOT_YET = "cosign.not-yet"  # those who sign afterwards wait for the result
    COSIGN_ANSWERED = "cosign.answered"
    NO_BRANCH = "flow.no-branch"  # no condition holds and there is no default
    ENDLESS = "flow.endless"  # gateways lead to one another without anything happening
    CONDITION_FAILED = "flow.condition"  # a condition has no yes or no
    NO_DECISION = "flow.no-decision"  # a rule that decides gave neither granted nor denied
    RULE_FAILED = "flow.rule"
    NOT_EXECUTABLE = "flow.not-executable"  # the process was loaded to be drawn and analysed only
    START_UNKNOWN = "start.unknown"  # several starts could be meant, or the one that is named does not exist
    NOT_AWAITED = "event.not-awaited"  # nothing in the case waits for this message, signal or condition
    NOT_CAUGHT = "event.not-caught"  # no event catches this error or escalation
    NO_ROUNDS = "loop.no-rounds"  # what says how often something is done is neither a number nor a list
    TOO_MANY = "loop.too-many"  # more rounds than may run


class Refused(Exception):
    """The command is not possible now. Nothing has changed."""

    def __init__(self, code: Refusal | str, params: Mapping[str, Any] | None = None) -> None:
        self.code = str(code)
        self.params: dict[str, Any] = dict(params or {})
        super().__init__(f"{self.code} {self.params}" if self.params else self.code)
