"""Reads of cases: lists with a constant number of queries, one case whole, its timeline and its clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import Avg, Count, Q, QuerySet

from tongban.apps.cases.answers import mask_answers, open_answers
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.journal import NO_DUE
from tongban.apps.cases.models import Case, Material, Rating, Task, Timer
from tongban.apps.cases.permissions import is_owner, may_do_act, may_see
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_version
from tongban.apps.evidence.queries import CertificateView, FileView, get_certificate_of_case, list_files
from tongban.apps.ledger import queries as ledger
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names
from tongban.apps.people.sealing import open_sealed
from tongban.kernel import flow
from tongban.kernel.clock import LegalClock

__all__ = [
    "CaseRow",
    "CaseView",
    "ClockView",
    "MaterialView",
    "Page",
    "RatingView",
    "TaskView",
    "TimelineEntry",
    "count_cases",
    "count_queue",
    "get_case",
    "has_due_timers",
    "known_cursor",
    "list_cases",
    "list_late",
    "list_queue",
    "track_case",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it; ``task`` is the step in a queue, None elsewhere."""

    number: int
    matter: str
    matter_name: Text
    icon: str
    authority: str
    applicant_name: str
    status: str
    outcome: str
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    promised_due: datetime | None
    statutory_due: datetime | None
    paused: bool
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    """What the applicant thought of it."""

    grade: int
    words: str
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case whole, as one reader may see it."""

    row: CaseRow
    definition: MatterDefinition
    version: int
    state: flow.State
    history: Sequence[flow.Event]
    channel: str
    reason: str
    promised: ClockView | None
    statutory: ClockView | None
    tasks: Sequence[TaskView]
    timeline: Sequence[TimelineEntry]
    is_owner: bool
    answers: Mapping[str, Any] = field(default_factory=dict)  # masked; empty for public tracking
    materials: Sequence[MaterialView] = ()
    certificate: CertificateView | None = None
    rating: RatingView | None = None

    @property
    def number(self) -> int:
        """The case number."""
        return self.row.number

    @property
    def open_tasks(self) -> list[TaskView]:
        """Steps under way."""
        return [task for task in self.tasks if task.finished is None]

    @property
    def supplement(self) -> Mapping[str, Any] | None:
        """What the applicant is asked for at present: ``items`` and ``note``."""
        if self.state.supplement != "open":
            return None
        asked = [event for event in self.history if event.kind == "supplement.requested"]
        return asked[-1].data if asked else None

    @property
    def may_rate(self) -> bool:
        """Whether the reader may rate it now."""
        return self.is_owner and bool(self.row.outcome) and self.rating is None

    @property
    def may_withdraw(self) -> bool:
        """Whether the reader may take it back now."""
        return self.is_owner and not self.row.outcome and self.row.closed_at is None


# --- lists -----------------------------------------------------------------------------------------------------------


def list_cases(*, actor: Actor, group: str = "all", cursor: str = "", limit: int = 20) -> Page[CaseRow]:
    """Return the actor's own cases, newest first. ``group``: all, open, waiting (for the actor), done.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    own = Q(organisation__in=actor.organisations)
    for organisation, matter in sorted(actor.mandates):
        own |= Q(organisation=organisation, matter=matter)
    if actor.person_id is not None:
        own |= Q(person=actor.person_id) | Q(agent=actor.person_id, organisation=None)
    rows = Case.objects.filter(own)
    if group == "open":
        rows = rows.filter(outcome="", closed_at=None)
    elif group == "waiting":
        rows = rows.filter(status="supplement", outcome="", closed_at=None)
    elif group == "done":
        rows = rows.exclude(outcome="", closed_at=None)
    if cursor:
        at, number = _read_cursor(cursor)
        rows = rows.filter(Q(filed_at__lt=at) | Q(filed_at=at, number__lt=number))
    found = list(_slim(rows).order_by("-filed_at", "-number")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(rows=[_case_row(case) for case in page], next=_cursor(last.filed_at, last.number) if last else "")


def list_queue(
    *,
    actor: Actor,
    group: str = "department",
    matter: str = "",
    urgent_before: datetime | None = None,
    cursor: str = "",
    limit: int = 25,
) -> Page[CaseRow]:
    """Return open steps of the actor's departments, the most urgent first.

    ``group``: ``department`` (all that run), ``mine`` (claimed by me), ``free`` (claimed by nobody), ``paused`` (the
    applicant's turn, or a special procedure).
    """
    rows = _queue(actor, group)
    if matter:
        rows = rows.filter(case__matter=matter)
    if urgent_before:
        rows = rows.filter(due__lt=urgent_before)
    if cursor:
        due, number, no = _read_task_cursor(cursor)
        rows = rows.filter(Q(due__gt=due) | Q(due=due, case_id__gt=number) | Q(due=due, case_id=number, no__gt=no))
    found = list(rows.select_related("case", "claimed_by").defer(*_HEAVY).order_by("due", "case_id", "no")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(
        rows=[_case_row(task.case, task=task, actor=actor) for task in page],
        next=f"{last.due.isoformat()}~{last.case_id}~{last.no}" if last else "",
    )


def count_queue(*, actor: Actor) -> dict[str, int]:
    """Return how many steps each group of the actor's queue holds; one query."""
    rows = Task.objects.filter(finished=None, department__in=actor.departments)
    counted: dict[str, int] = rows.aggregate(
        mine=Count("no", filter=Q(claimed_by=actor.user_id)),
        free=Count("no", filter=Q(claimed_by=None, waiting=False)),
        department=Count("no", filter=Q(waiting=False)),
        paused=Count("no", filter=Q(waiting=True)),
    )
    return counted


def list_late(*, at: datetime, departments: Iterable[str] = (), cursor: str = "", limit: int = 25) -> Page[CaseRow]:
    """Return open cases by promised date, the latest first, for supervision; ``departments`` narrows it."""
    rows = Case.objects.filter(closed_at=None, outcome="", promised_due__lt=at, paused=False)
    if departments:
        rows = rows.filter(authority__in=list(departments))
    if cursor:
        due, number = _read_cursor(cursor)
        rows = rows.filter(Q(promised_due__gt=due) | Q(promised_due=due, number__gt=number))
    found = list(_slim(rows).order_by("promised_due", "number")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(
        rows=[_case_row(case) for case in page],
        next=_cursor(last.promised_due, last.number) if last and last.promised_due else "",
    )


# --- one case --------------------------------------------------------------------------------------------------------


def get_case(*, number: int, actor: Actor, at: datetime) -> CaseView:
    """Return a case as ``actor`` may see it. Raises ``UnknownCase`` for a stranger, as for a number not there."""
    case = Case.objects.filter(pk=number).first()
    if case is None:
        raise UnknownCase
    tasks = list(Task.objects.filter(case=number).select_related("claimed_by").order_by("no"))
    if not may_see(case=case, actor=actor, departments=[task.department for task in tasks]):
        raise UnknownCase
    return _case_view(case, tasks, actor=actor, at=at, public=False)


def track_case(*, number: int, phone_ending: str, at: datetime) -> CaseView:
    """Return a case without signing in, to whoever knows the last four digits of the applicant's phone.

    Raises ``UnknownCase`` alike for a wrong number and for wrong digits, so that neither can be probed for. What is
    returned has no answers, no files and no names of officers.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None or len(phone_ending) != 4 or open_sealed(case.phone_sealed)[-4:] != phone_ending:
        raise UnknownCase
    tasks = list(Task.objects.filter(case=number).order_by("no"))
    return _case_view(case, tasks, actor=Actor(id="public"), at=at, public=True)


def _case_view(case: Case, tasks: list[Task], *, actor: Actor, at: datetime, public: bool) -> CaseView:
    published = get_version(version_id=case.matter_version_id)
    definition = published.definition
    state = flow.state_from_json(case.state)
    history = ledger.get_history(case=case.number)
    names = {} if public else _names(history, tasks)
    rating = Rating.objects.filter(case=case.number).first()
    answers = {} if public else mask_answers(form=definition.form, answers=open_answers(answers=case.answers))
    return CaseView(
        row=_case_row(case),
        definition=definition,
        version=published.version,
        state=state,
        history=history,
        channel=case.channel,
        reason=case.reason,
        promised=_clock(state.promised, at),
        statutory=_clock(state.statutory, at),
        tasks=[_task_view(task, definition, actor=actor, names=names) for task in tasks],
        timeline=[_entry(seq, event, definition, names) for seq, event in enumerate(history, start=1)],
        is_owner=not public and is_owner(case=case, actor=actor),
        answers=answers,
        materials=[] if public else _materials(case, definition),
        certificate=get_certificate_of_case(case=case.number),
        rating=RatingView(grade=rating.grade, words=rating.words, rated_at=rating.rated_at) if rating else None,
    )


def _names(history: Sequence[flow.Event], tasks: Sequence[Task]) -> dict[str, tuple[str, str]]:
    ids = {event.actor for event in history} | {task.finished_by for task in tasks}
    users = get_user_names(ids=[int(each[5:]) for each in ids if each.startswith("user:")])
    return {f"user:{pk}": names for pk, names in users.items()}


def _clock(clock: LegalClock | None, at: datetime) -> ClockView | None:
    if clock is None:
        return None
    calendar = get_calendar()
    return ClockView(
        limit=str(clock.limit),
        amount=clock.limit.amount,
        unit=clock.limit.unit.value,
        due=clock.due(calendar),
        used=clock.used(at, calendar),
        remaining=clock.remaining(at, calendar),
        paused=clock.is_paused,
        started=clock.is_running or clock.is_paused,
    )


def _materials(case: Case, definition: MatterDefinition) -> list[MaterialView]:
    rows = list(Material.objects.filter(case=case.number).order_by("no"))
    files = list_files(ids=[row.file_id for row in rows])
    names = {spec.code: spec.name for spec in definition.materials}
    return [
        MaterialView(
            no=row.no,
            code=row.code,
            name=names.get(row.code, Text(zh="其他材料", en="Other material")),
            file=files[row.file_id],
            added_at=row.added_at,
        )
        for row in rows
    ]


def _entry(
    seq: int, event: flow.Event, definition: MatterDefinition, names: Mapping[str, tuple[str, str]]
) -> TimelineEntry:
    return TimelineEntry(
        seq=seq,
        kind=event.kind,
        at=event.at,
        node=_node_name(definition, event.node) if event.node else None,
        department=event.department,
        capacity=event.capacity,
        actor=event.actor,
        actor_name=names.get(event.actor),
        data=event.data,
    )


# --- rows ------------------------------------------------------------------------------------------------------------

_HEAVY = ("case__state", "case__answers", "case__phone_sealed", "case__last_hash", "case__reason")


def _slim(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.defer(*(name.removeprefix("case__") for name in _HEAVY))


def _queue(actor: Actor, group: str) -> QuerySet[Task]:
    rows = Task.objects.filter(finished=None, department__in=actor.departments)
    if group == "mine":
        return rows.filter(claimed_by=actor.user_id)
    if group == "free":
        return rows.filter(waiting=False, claimed_by=None)
    return rows.filter(waiting=group == "paused")


def _case_row(case: Case, *, task: Task | None = None, actor: Actor | None = None) -> CaseRow:
    definition = get_version(version_id=case.matter_version_id).definition
    return CaseRow(
        number=case.number,
        matter=case.matter,
        matter_name=definition.name,
        icon=definition.icon,
        authority=case.authority_id,
        applicant_name=case.applicant_name,
        status=case.status,
        outcome=case.outcome,
        filed_at=case.filed_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        closed_at=case.closed_at,
        promised_due=case.promised_due,
        statutory_due=case.statutory_due,
        paused=case.paused,
        task=_task_view(task, definition, actor=actor, names={}) if task else None,
    )


def _task_view(
    task: Task, definition: MatterDefinition, *, actor: Actor | None, names: Mapping[str, tuple[str, str]]
) -> TaskView:
    holder = task.claimed_by if task.claimed_by_id and "claimed_by" in task._state.fields_cache else None
    return TaskView(
        case=task.case_id,
        no=task.no,
        node=task.node,
        name=_node_name(definition, task.node),
        act=task.act,
        department=task.department,
        opened=task.opened,
        due=None if task.due == NO_DUE else task.due,
        claimed_by=task.claimed_by_id,
        claimed_name=(holder.name, holder.name_en) if holder else None,
        claimed=task.claimed,
        finished=task.finished,
        outcome=task.outcome,
        opinion=task.opinion,
        finished_name=names.get(task.finished_by),
        may_act=actor is not None
        and task.finished is None
        and may_do_act(act=task.act, department=task.department, actor=actor),
    )


def _node_name(definition: MatterDefinition, node: str) -> Text:
    found = definition.process.node(node)
    return Text(zh=found.name, en=found.name_en or found.name)


def _cursor(at: datetime, number: int) -> str:
    return f"{at.isoformat()}~{number}"


def known_cursor(*, cursor: str, of: str) -> str:
    """Return a cursor of the list called ``of`` (cases, queue), or "" where somebody made it up or cut it off."""
    try:
        _read_task_cursor(cursor) if of == "queue" else _read_cursor(cursor)
    except ValueError:
        return ""
    return cursor


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    at, number = cursor.split("~")
    return _read_instant(at), int(number)


def _read_task_cursor(cursor: str) -> tuple[datetime, int, int]:
    due, number, no = cursor.split("~")
    return _read_instant(due), int(number), int(no)


def _read_instant(text: str) -> datetime:
    """An instant in UTC. Raises ``ValueError`` also for one that has no zone or lies before the first year there."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def has_due_timers(*, at: datetime) -> bool:
    """Whether the clock owes anything."""
    return Timer.objects.filter(due__lte=at).exists()


def count_cases() -> int:
    """Return how many cases there are."""
    return Case.objects.count()


def list_decision_times(*, matter: str, since: datetime, limit: int) -> list[tuple[datetime, datetime]]:
    """Return when cases of a matter were filed and decided, for those decided since then, the latest first."""
    rows = Case.objects.filter(matter=matter, decided_at__gte=since).order_by("-decided_at")
    return [(filed, decided) for filed, decided in rows.values_list("filed_at", "decided_at")[:limit] if decided]


def get_mean_grade(*, matter: str, since: datetime) -> tuple[Decimal | None, int]:
    """Return the mean grade of a matter's ratings since then, to a tenth, and how many there are."""
    found = Rating.objects.filter(matter=matter, rated_at__gte=since).aggregate(mean=Avg("grade"), count=Count("case"))
    mean = found["mean"]
    return (None if mean is None else Decimal(str(round(float(mean), 1)))), found["count"]
