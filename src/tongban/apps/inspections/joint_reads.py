"""Reads of joint visits: that of a case, those that an officer has to make, what notices say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongban.apps.cases.queries import CaseView, goes_together
from tongban.apps.inspections.models import Answer, JointPart, JointVisit, VisitState
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed

__all__ = [
    "JointVisitFact",
    "JointVisitView",
    "PartView",
    "get_joint_visit",
    "get_joint_visit_by_number",
    "get_joint_visit_of_owner",
    "list_joint_visit_facts",
    "list_to_go",
    "open_joint_visit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A department's part: what it says to the time, who goes (names in Chinese and English), what they recorded."""

    department: str
    task: int
    answer: str
    other_at: datetime | None
    officer: int | None
    officer_name: tuple[str, str]
    record: UUID | None
    result: str

    @property
    def goes(self) -> bool:
        """Whether somebody of it goes there."""
        return self.answer == Answer.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVisitView:
    """A joint visit. ``told``: how often the applicant was told of a time; ``wish``: why they asked for another.

    ``entry``: where the case's log says that it was fixed, or held.
    """

    number: int
    case: int
    state: str
    proposer: int
    proposer_name: tuple[str, str]
    department: str
    starts_at: datetime
    ends_at: datetime
    time: int
    told: int
    asked_at: datetime | None
    changed_at: datetime
    entry: int | None
    parts: Sequence[PartView]
    wish: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in (VisitState.PROPOSED, VisitState.FIXED, VisitState.ASKED)

    @property
    def going(self) -> list[PartView]:
        """The parts of those who go."""
        return [part for part in self.parts if part.goes]

    def part(self, task: int) -> PartView | None:
        """The part of a step."""
        return next((part for part in self.parts if part.task == task), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVisitFact:
    """What notices say of a joint visit, and to whom; people by sign-in, departments that have not answered."""

    number: int
    case: int
    state: str
    time: int
    proposer: int
    starts_at: datetime
    officers: Sequence[int]
    waiting: Mapping[str, int]


def get_joint_visit(*, view: CaseView) -> JointVisitView | None:
    """Return the newest joint visit of a case that an official has open; one query, none where there can be none."""
    if view.is_owner or not goes_together(view.definition):
        return None
    return _newest(view.number)


def get_joint_visit_of_owner(*, view: CaseView) -> JointVisitView | None:
    """Return the joint visit of which whose case it is was told; no query where their case's log knows of none."""
    if not any(event.kind == "visit.fixed" for event in view.history):
        return None
    found = _newest(view.number)
    return found if found is not None and found.told else None


def get_joint_visit_by_number(*, number: int) -> JointVisitView | None:
    """Return a joint visit; who may read it is judged by its case. One query."""
    rows = JointPart.objects.filter(visit=number).select_related("visit__proposer", "officer", "record")
    found = list(rows.order_by("pk"))
    return _view(found[0].visit, found) if found else None


def open_joint_visit(*, view: CaseView, task: int) -> tuple[JointVisitView, PartView] | None:
    """Return the fixed joint visit, and its part of a step whose officer has not recorded anything yet; or None."""
    found = get_joint_visit(view=view)
    part = found.part(task) if found is not None and found.state == VisitState.FIXED else None
    return (found, part) if found is not None and part is not None and part.goes and part.record is None else None


def list_to_go(*, actor: Actor, limit: int = 100) -> dict[tuple[int, int], JointVisitView]:
    """Return the joint visits that the actor, or who they stand in for, makes, by case and step; one query."""
    own = {actor.user_id} if actor.user_id is not None else set()
    rows = JointPart.objects.filter(
        officer__in=own | actor.absent,
        answer=Answer.YES,
        record=None,
        visit__state=VisitState.FIXED,
        visit__case__closed_at=None,
    )
    rows = rows.select_related("visit__proposer", "officer", "record").order_by("visit__starts_at", "visit", "task")
    return {(row.visit.case_id, row.task): _view(row.visit, [row]) for row in rows[:limit]}


def list_joint_visit_facts(*, cases: Collection[int] = (), numbers: Collection[int] = ()) -> dict[int, JointVisitFact]:
    """Return what notices say of these visits by number, or by case of the newest visit of these cases; two queries."""
    rows = JointVisit.objects.prefetch_related("parts")
    if numbers:
        return {row.number: _fact(row) for row in rows.filter(pk__in=list(numbers))}
    return {row.case_id: _fact(row) for row in rows.filter(case__in=list(cases)).order_by("number")}


def _newest(case: int) -> JointVisitView | None:
    rows = JointPart.objects.filter(visit__case=case).select_related("visit__proposer", "officer", "record")
    found = list(rows.order_by("-visit", "pk"))
    return _view(found[0].visit, [row for row in found if row.visit_id == found[0].visit_id]) if found else None


def _view(row: JointVisit, parts: Sequence[JointPart]) -> JointVisitView:
    return JointVisitView(
        number=row.number,
        case=row.case_id,
        state=row.state,
        proposer=row.proposer_id,
        proposer_name=(row.proposer.name, row.proposer.name_en or row.proposer.name),
        department=row.department,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time=row.times,
        told=row.fixed_times,
        asked_at=row.asked_at,
        changed_at=row.last_at,
        entry=row.entry,
        parts=[_part(part) for part in parts],
        wish=_opened(row.wish_sealed),
    )


def _part(row: JointPart) -> PartView:
    name = (row.officer.name, row.officer.name_en or row.officer.name) if row.officer else ("", "")
    return PartView(
        department=row.department,
        task=row.task,
        answer=row.answer,
        other_at=row.other_at,
        officer=row.officer_id,
        officer_name=name,
        record=row.record_id,
        result=row.record.result if row.record else "",
    )


def _fact(row: JointVisit) -> JointVisitFact:
    parts = list(row.parts.all())
    return JointVisitFact(
        number=row.number,
        case=row.case_id,
        state=row.state,
        time=row.times,
        proposer=row.proposer_id,
        starts_at=row.starts_at,
        officers=sorted({part.officer_id for part in parts if part.answer == Answer.YES and part.officer_id}),
        waiting={part.department: part.task for part in parts if part.answer == Answer.NONE},
    )


def _opened(sealed: str) -> str:
    """Nothing where the words were let go of, or their key is gone: the case itself must open all the same."""
    try:
        return open_sealed(sealed) if sealed else ""
    except SealBroken:
        return ""
