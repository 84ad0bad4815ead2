"""What reads return: cases as lists show them, and one case whole as one reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from tongban.apps.cases.queries.counter import CounterTime, counter_time_of
from tongban.apps.cases.versions import Versions
from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition, Text
from tongban.apps.evidence.queries import CertificateView, FileView
from tongban.kernel import flow

__all__ = [
    "CaseRow",
    "CaseView",
    "CheckView",
    "ClockView",
    "LaterView",
    "MaterialView",
    "Page",
    "RatingView",
    "TaskView",
    "TimelineEntry",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list; ``next`` is the cursor of the page after it, "" on the last."""

    rows: Sequence[T]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A step of a case, with whom it lies. ``may_act`` is whether the reader may do it."""

    case: int
    no: int
    node: str
    name: Text
    act: str
    department: str
    opened: datetime
    due: datetime | None
    claimed_by: int | None
    claimed_name: tuple[str, str] | None
    claimed: datetime | None
    finished: datetime | None
    outcome: str
    opinion: str
    finished_name: tuple[str, str] | None = None
    may_act: bool = False
    withheld: bool = False  # there is an answer, and the reader may not know it (yet)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it; ``task`` is the step in a queue, None elsewhere.

    ``ended_as``: what its outcome is called in such a matter (a complaint is ``resolved``, not ``granted``).
    """

    number: int
    matter: str
    matter_name: Text
    icon: str
    authority: str
    applicant_name: str
    status: str
    outcome: str
    ended_as: str
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    promised_due: datetime | None
    statutory_due: datetime | None
    paused: bool
    procedure_due: datetime | None = None
    later_due: datetime | None = None
    task: TaskView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A legal clock now: in the unit of its limit."""

    limit: str
    amount: int
    unit: str
    due: datetime | None
    used: int
    remaining: int
    paused: bool
    started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialView:
    """A material in a case: what it counts as, and the file."""

    no: int
    code: str
    name: Text
    file: FileView
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterView:
    """A paper that is still to be handed in, and by when; ``late``: that has passed."""

    spec: MaterialSpec
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the log as people read it; ``kind`` becomes words on the screen."""

    seq: int
    kind: str
    at: datetime
    node: Text | None
    department: str
    capacity: str
    actor: str
    actor_name: tuple[str, str] | None
    data: Mapping[str, Any]
    step: str = ""  # the id of its node
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)  # of people whom ``data`` names


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    """What the applicant thought of it."""

    grade: int
    words: str
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A person was asked to look at what a rule decided: since when, by when, why, and what came of it."""

    state: str
    why: str
    words: str
    asked_at: datetime
    due: datetime
    concluded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairView:
    """An earlier end of a bar was asked for: when, by when it is answered, why, and what came of it."""

    state: str
    why: str
    words: str
    asked_at: datetime
    due: datetime
    concluded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationView:
    """What the check of a pledge found, and by when it is to be put right; ``last``: the latest that can be given.

    ``state``: ``open``, ``answered`` or ``missed`` while the check is open; ``kept``, ``broken`` or ``over`` then.
    """

    task: int
    ordered_at: datetime
    ordered_by: str
    due: datetime
    last: datetime
    words: str
    state: str
    answer: str
    answered_at: datetime | None

    @property
    def may_answer(self) -> bool:
        """Whether the holder can still say and show what was put right."""
        return self.state in ("open", "missed")

    @property
    def is_settled(self) -> bool:
        """Whether the check has ended."""
        return self.state in ("kept", "broken", "over")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case whole, as one reader may see it.

    ``tasks`` and ``timeline`` keep back what the reader may not know of others' opinions (``queries.opinions``).
    ``history`` and ``state`` are whole, for the kernel alone: no screen shows what stands in them. ``links`` are the
    places and hashes stored with the entries (none where several cases were read), ``head`` where the log ends.
    """

    row: CaseRow
    definition: MatterDefinition
    version: int
    version_id: int
    state: flow.State
    history: Sequence[flow.Event]
    links: Sequence[tuple[int, bytes]]
    head: tuple[int, bytes]
    channel: str
    reason: Text
    promised: ClockView | None
    statutory: ClockView | None
    tasks: Sequence[TaskView]
    timeline: Sequence[TimelineEntry]
    is_owner: bool
    versions: Versions
    for_organisation: bool = False
    applicant_key: str = field(default="", repr=False)  # as ``people`` calls who asks: person:7, organisation:91…
    agent_name: Text | None = None  # who filed it for the applicant; never told to the public
    answers: Mapping[str, Any] = field(default_factory=dict)  # masked; empty for public tracking
    materials: Sequence[MaterialView] = ()
    later: Sequence[LaterView] = ()  # to be handed in still, the first that is due first
    certificate: CertificateView | None = None
    rating: RatingView | None = None
    by_rule: bool = False  # a rule decided it, and no officer
    check: CheckView | None = None
    may_ask_for_check: bool = False
    rectification: RectificationView | None = None

    @property
    def number(self) -> int:
        """The case number."""
        return self.row.number

    @property
    def assisting(self) -> TimelineEntry | None:
        """The filing, where a clerk did it for who stood at a counter; None where nobody helped."""
        filed = self.timeline[0] if self.timeline else None
        return filed if filed is not None and filed.capacity == "clerk" else None

    @property
    def visit(self) -> CounterTime | None:
        """With which number of a hall whoever filed it came, and how long that took; None where nobody had one."""
        return counter_time_of(history=self.history)

    @property
    def open_tasks(self) -> list[TaskView]:
        """Steps under way."""
        return [task for task in self.tasks if task.finished is None]

    @property
    def expected(self) -> Sequence[flow.Expected]:
        """The messages and signals that it waits for."""
        return flow.expected_events(definition=self.definition.process, state=self.state)

    @property
    def supplement(self) -> Mapping[str, Any] | None:
        """What the applicant is asked for at present: ``items`` and ``note``."""
        if self.state.supplement != "open":
            return None
        asked = [event for event in self.history if event.kind == "supplement.requested"]
        if not asked:
            return None
        due = flow.supplement_due(self.history)  # a calendar that changed since may have moved it
        return asked[-1].data if due is None else {**asked[-1].data, "due": due.isoformat()}

    @property
    def may_rate(self) -> bool:
        """Whether the reader may rate it now."""
        return self.is_owner and bool(self.row.outcome) and self.rating is None

    @property
    def may_withdraw(self) -> bool:
        """Whether the reader may take it back now."""
        return self.is_owner and not self.row.outcome and self.row.closed_at is None
