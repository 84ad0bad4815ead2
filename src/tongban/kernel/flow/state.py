"""The state of a case: one small immutable value, the same whether lived or replayed.

Everything is by number: a token is the number of the place it lies on, a task knows its node by index.
It has two parts: the standing, which many cases share, and the instants, people and values that are a case's own.
Form answers are not part of it; they are passed in with each command.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from tongban.kernel.clock import LegalClock, Limit

from .aside import Handover, Round

if TYPE_CHECKING:
    from .automaton import Place

__all__ = [
    "GB_STATUS",
    "NEW",
    "NO_LIMITS",
    "OF_LATER",
    "OF_PROCEDURE",
    "OF_SILENCE",
    "Later",
    "Limits",
    "Outcome",
    "Standing",
    "State",
    "Status",
    "Task",
    "Timer",
    "limits_from_json",
    "limits_to_json",
]


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"  # not filed yet: never on record
    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    CONCLUDED = "concluded"


GB_STATUS: Mapping[Status, str] = {
    Status.RECEIVED: "02",
    Status.ACCEPTED: "05",
    Status.SUPPLEMENT: "06",
    Status.NOT_ACCEPTED: "07",
    Status.CONCLUDED: "10",
    Status.WITHDRAWN: "10",
    Status.SUSPENDED: "11",
}
"""Case status codes of GB/T 39046-2020. A withdrawn case is concluded there; its outcome tells the two apart."""


class Outcome(StrEnum):
    """How a case ended."""

    GRANTED = "granted"
    DENIED = "denied"
    PASSED_ON = "passed_on"  # to whoever is competent: conclusion 4 of GB/T 39046
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    CLOSED = "closed"  # the process came to its end without a decision


class Limits(NamedTuple):
    """The time limits of the matter, as published when the case was filed.

    `restarts`: the answer to a request for more gives the authority its whole time again
    (information requests, Regulation on Open Government Information, 30), instead of what was left of it.
    """

    statutory: Limit | None = None
    promised: Limit | None = None
    extension: Limit | None = None
    restarts: bool = False


NO_LIMITS = Limits()


class Task(NamedTuple):
    """An open task: its number in the case, its node by index, and who has it since when."""

    no: int
    node: int
    opened: datetime
    by: str = ""
    claimed: datetime | None = None
    due: datetime | None = None
    copy: int = 0  # of the places on which its token lies


OF_SILENCE, OF_PROCEDURE, OF_LATER = -1, -2, -3
"""What a timer is of, where it is of no node."""


class Timer(NamedTuple):
    """A set timer; `task` is the task it hangs on, 0 for none.

    `node` is `OF_SILENCE` for the silence after filing, `OF_PROCEDURE` for the end of a special procedure that an
    officer has begun, `OF_LATER` for the last day of papers that may be handed in later. A timer on the node of a task
    is the end of the special procedure that the task is. `copy` is that of the token it hangs on; `left` how often it
    fires after the next time, -1 without end.
    """

    no: int
    node: int
    due: datetime
    task: int = 0
    copy: int = 0
    left: int = 0


class Later(NamedTuple):
    """A paper without which the case was filed: by when it is to be handed in, and whether that has passed.

    Its limit runs beside the process and the legal clocks, and stops neither.
    """

    code: str
    due: datetime
    late: bool = False


class _Standing(NamedTuple):
    status: Status = Status.NEW
    outcome: Outcome | None = None
    marking: tuple[int, ...] = ()
    limits: Limits = NO_LIMITS
    closed: bool = False
    delivered: bool = False
    supplement: str = ""  # "", "open", "answered"
    suspension: str = ""  # the special procedure that an officer has begun, or ""
    extended: bool = False
    last_activity: str = ""
    last_department: str = ""
    next_task: int = 1
    next_timer: int = 1
    dispatched: str = ""  # the department that is responsible, where the diagram leaves that to a dispatch


class Standing(_Standing):
    """What of a case is no instant, no person and no answer. `marking` is the sorted multiset of token places.

    A new field that can change what a command does belongs here, and must be hashable: see `automaton`, which keeps in
    `place` where it has met this standing. That is no part of the value.
    """

    place: Place | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Standing._make, (tuple(self),)


_NEW = Standing()


class State(NamedTuple):
    """A case at one instant: where it stands, and what differs between cases that stand alike."""

    standing: Standing = _NEW
    tasks: tuple[Task, ...] = ()
    timers: tuple[Timer, ...] = ()
    variables: Mapping[str, Any] = {}  # never changed in place
    statutory: LegalClock | None = None
    promised: LegalClock | None = None
    received: datetime | None = None
    accepted: datetime | None = None
    decided: datetime | None = None
    last_at: datetime | None = None
    updated: datetime | None = None  # the last event of any kind
    seq: int = 0
    handovers: tuple[Handover, ...] = ()
    rounds: tuple[Round, ...] = ()
    later: tuple[Later, ...] = ()

    def task(self, no: int) -> Task | None:
        """The open task of that number."""
        for task in self.tasks:
            if task.no == no:
                return task
        return None

    # What stands in `standing`, read as if it were here.

    @property
    def status(self) -> Status:
        """See `Status`."""
        return self.standing.status

    @property
    def outcome(self) -> Outcome | None:
        """How it ended."""
        return self.standing.outcome

    @property
    def marking(self) -> tuple[int, ...]:
        """The places of its tokens, sorted."""
        return self.standing.marking

    @property
    def limits(self) -> Limits:
        """As published when it was filed, or as it was dispatched."""
        return self.standing.limits

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.standing.closed

    @property
    def delivered(self) -> bool:
        """Whether the result has reached the applicant."""
        return self.standing.delivered

    @property
    def supplement(self) -> str:
        """`""`, `open` or `answered`."""
        return self.standing.supplement

    @property
    def suspension(self) -> str:
        """The special procedure that an officer has begun, or nothing."""
        return self.standing.suspension

    @property
    def extended(self) -> bool:
        """Whether the limit was lengthened, which is done once."""
        return self.standing.extended

    @property
    def last_activity(self) -> str:
        """What the next event calls the activity before it."""
        return self.standing.last_activity

    @property
    def last_department(self) -> str:
        """Whose that was."""
        return self.standing.last_department

    @property
    def next_task(self) -> int:
        """The number of the next task."""
        return self.standing.next_task

    @property
    def next_timer(self) -> int:
        """The number of the next timer."""
        return self.standing.next_timer

    @property
    def dispatched(self) -> str:
        """The department that it was dispatched to, or nothing."""
        return self.standing.dispatched


NEW = State()


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """Only what is set."""
    found: dict[str, Any] = {}
    for key in ("statutory", "promised", "extension"):
        limit = getattr(limits, key)
        if limit is not None:
            found[key] = str(limit)
    if limits.restarts:
        found["restarts"] = True
    return found


def limits_from_json(data: Mapping[str, Any]) -> Limits:
    """The reverse of `limits_to_json`."""

    def read(key: str) -> Limit | None:
        text = data.get(key)
        return None if text is None else Limit.parse(text)

    return Limits(read("statutory"), read("promised"), read("extension"), bool(data.get("restarts", False)))
