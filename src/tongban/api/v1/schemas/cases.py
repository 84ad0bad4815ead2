"""Cases as JSON: in lists, whole, and as a timeline."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from tongban.api.v1.schemas.common import Words, words
from tongban.apps.cases.queries import CaseRow, CaseView, ClockView, TaskView, TimelineEntry, reason_of
from tongban.kernel import flow

__all__ = [
    "Case",
    "CasePage",
    "CaseSummary",
    "EventPage",
    "Filed",
    "MissingList",
    "MissingOf",
    "StoredFile",
    "TaskPage",
    "WaitingTask",
    "case_of",
    "event_of",
    "summary_of",
    "waiting_task",
]

# What an event says to those outside the kernel; places of tokens, timers and clocks stay inside.
_TOLD = (
    "outcome",
    "reason",
    "opinion",
    "items",
    "note",
    "procedure",
    "silent",
    "grade",
    "identifier",
    "way",
    "channel",
)


class StoredFile(BaseModel):
    """A file that was taken in. It may be used by the client that uploaded it, and by nobody else."""

    id: UUID
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str


class CaseSummary(BaseModel):
    """Where a case stands. Nothing here says who asked."""

    number: str
    matter: str
    matter_name: Words
    authority: str
    status: str = Field(description="received, supplement, accepted, suspended, not_accepted, withdrawn, concluded.")
    outcome: str | None = Field(
        description="granted, denied, passed_on, withdrawn, not_accepted, closed; null until then."
    )
    ended_as: str | None = Field(
        description="What the outcome is called in such a matter: an application is granted or denied, a request for "
        "information answered or not_provided, a complaint resolved or not_resolved. Null until then."
    )
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    promised_due: datetime | None
    statutory_due: datetime | None
    paused: bool = Field(description="Whether the legal clocks stand still.")
    href: str


class Filed(BaseModel):
    """A case that has just been filed. Where it stands, ``href`` says: some are decided at once, by rule."""

    number: str
    filed_at: datetime
    href: str


class CasePage(BaseModel):
    """Some cases, the newest first."""

    items: list[CaseSummary]
    next: str | None


class Clock(BaseModel):
    """A legal clock, in the unit of its limit."""

    limit: str
    unit: str
    due: datetime | None
    used: int
    remaining: int = Field(description="Negative when late.")
    paused: bool
    started: bool


class Step(BaseModel):
    """A step of the case and with whom it lies; ``may_act``: whether this client may do it."""

    no: int
    node: str
    name: Words
    act: str = Field(description="accept, handle, review, inspect, opinion, decide, deliver.")
    department: str
    opened: datetime
    due: datetime | None
    finished: datetime | None
    outcome: str | None
    opinion: str | None = Field(description="For departments only.")
    may_act: bool


class Supplement(BaseModel):
    """What the applicant is asked for: codes of materials, names of fields, or words."""

    items: list[str]
    note: str


class ToFollow(BaseModel):
    """A paper without which the case was filed."""

    code: str
    name: Words
    due: datetime
    late: bool = Field(description="Whether its day has passed. It is still taken, as long as nothing is decided.")


class HandedIn(BaseModel):
    """A material of the case."""

    no: int
    code: str
    name: Words
    file: StoredFile
    added_at: datetime


class Certificate(BaseModel):
    """What the case resulted in."""

    identifier: str = Field(description="GB/T 36904; verified at /verify/<identifier>/.")
    name: Words
    issued_at: datetime
    valid_until: date | None
    href: str


class Rating(BaseModel):
    """What the applicant thought of it: 5 very satisfied … 1 very dissatisfied."""

    grade: int
    words: str
    rated_at: datetime


class Case(CaseSummary):
    """A case whole, as this client may see it. Numbers of people in ``answers`` are masked."""

    applicant: str
    version: int
    channel: str
    reason: str | None
    reason_en: str | None = Field(description="The reason in English; the same words where a person wrote them.")
    promised: Clock | None
    statutory: Clock | None
    steps: list[Step]
    supplement: Supplement | None
    to_follow: list[ToFollow] = Field(description="What is to be handed in still; the work does not wait for it.")
    answers: dict[str, Any]
    materials: list[HandedIn]
    certificate: Certificate | None
    rating: Rating | None


class Happening(BaseModel):
    """One entry of the case's log."""

    seq: int
    kind: str = Field(description="case.filed, case.accepted, task.completed, …")
    at: datetime
    step: Words | None
    department: str | None
    capacity: str = Field(description="As whom somebody acted: applicant, agent, clerk, officer, clock, system.")
    details: dict[str, Any]


class EventPage(BaseModel):
    """Some of what has happened, in order."""

    items: list[Happening]
    next: str | None


class WaitingTask(BaseModel):
    """An open step of this department's queue."""

    case: CaseSummary
    applicant: str
    task: Step


class MissingOf(BaseModel):
    """What one department of a joint review misses: it goes into the one request to the applicant."""

    department: str
    items: list[str] = Field(description="Codes of materials.")
    words: str
    at: datetime


class MissingList(BaseModel):
    """What the departments miss, the first that said so first."""

    items: list[MissingOf]
    until: datetime | None = Field(description="Until when it can be said; null when it cannot any more.")


class TaskPage(BaseModel):
    """Open steps, the most urgent first."""

    items: list[WaitingTask]
    next: str | None


def summary_of(row: CaseRow, *, href: str) -> CaseSummary:
    """A case in a list."""
    return CaseSummary(**_summary(row, href))


def waiting_task(row: CaseRow, *, href: str) -> WaitingTask:
    """An open step with its case."""
    assert row.task is not None
    return WaitingTask(
        case=summary_of(row, href=href), applicant=row.applicant_name, task=_step(row.task, official=True)
    )


def case_of(view: CaseView, *, official: bool, href: str) -> Case:
    """A case whole."""
    asked = view.supplement
    return Case(
        **_summary(view.row, href),
        applicant=view.row.applicant_name,
        version=view.version,
        channel=view.channel,
        reason=view.reason.zh or None,
        reason_en=view.reason.en or None,
        promised=_clock(view.promised),
        statutory=_clock(view.statutory),
        steps=[_step(task, official=official) for task in view.tasks],
        supplement=None if asked is None else Supplement(items=list(asked["items"]), note=asked.get("note", "")),
        to_follow=[
            ToFollow(code=each.spec.code, name=words(each.spec.name), due=each.due, late=each.late)
            for each in view.later
        ],
        answers=dict(view.answers),
        materials=_materials(view),
        certificate=_certificate(view, href),
        rating=Rating(grade=view.rating.grade, words=view.rating.words, rated_at=view.rating.rated_at)
        if view.rating
        else None,
    )


def event_of(entry: TimelineEntry, *, official: bool) -> Happening:
    """One entry of the log. Opinions are the departments' own, and so is what they say to one another on the way."""
    hidden = () if official else _TOLD if entry.kind in flow.ASIDE else ("opinion",)
    return Happening(
        seq=entry.seq,
        kind=entry.kind,
        at=entry.at,
        step=words(entry.node) if entry.node else None,
        department=entry.department or None,
        capacity=entry.capacity if official else entry.capacity.partition(":")[0],
        details=_details(entry, hidden),
    )


def _details(entry: TimelineEntry, hidden: Sequence[str]) -> dict[str, Any]:
    told = {name: entry.data[name] for name in _TOLD if name in entry.data and name not in hidden}
    return told | ({"reason_en": reason_of(entry.data).en} if told.get("reason") else {})


def _summary(row: CaseRow, href: str) -> dict[str, Any]:
    return {
        "number": f"{row.number:016d}",
        "matter": row.matter,
        "matter_name": words(row.matter_name),
        "authority": row.authority,
        "status": row.status,
        "outcome": row.outcome or None,
        "ended_as": row.ended_as or None,
        "filed_at": row.filed_at,
        "accepted_at": row.accepted_at,
        "decided_at": row.decided_at,
        "closed_at": row.closed_at,
        "promised_due": row.promised_due,
        "statutory_due": row.statutory_due,
        "paused": row.paused,
        "href": href,
    }


def _clock(clock: ClockView | None) -> Clock | None:
    if clock is None:
        return None
    return Clock(
        limit=clock.limit,
        unit=clock.unit,
        due=clock.due,
        used=clock.used,
        remaining=clock.remaining,
        paused=clock.paused,
        started=clock.started,
    )


def _step(task: TaskView, *, official: bool) -> Step:
    return Step(
        no=task.no,
        node=task.node,
        name=words(task.name),
        act=task.act,
        department=task.department,
        opened=task.opened,
        due=task.due,
        finished=task.finished,
        outcome=task.outcome or None,
        opinion=(task.opinion or None) if official else None,
        may_act=task.may_act,
    )


def _materials(view: CaseView) -> list[HandedIn]:
    return [
        HandedIn(
            no=each.no,
            code=each.code,
            name=words(each.name),
            file=StoredFile(
                id=each.file.id,
                name=each.file.name,
                media_type=each.file.media_type,
                size=each.file.size,
                sha256=each.file.sha256,
            ),
            added_at=each.added_at,
        )
        for each in view.materials
    ]


def _certificate(view: CaseView, href: str) -> Certificate | None:
    found = view.certificate
    if found is None:
        return None
    return Certificate(
        identifier=found.identifier,
        name=Words(zh=found.name_zh, en=found.name_en),
        issued_at=found.issued_at,
        valid_until=found.valid_until,
        href=f"{href}/certificate",
    )
