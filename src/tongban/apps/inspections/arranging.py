"""Commands about one visit of several departments: proposed, answered, fixed and told, asked to be moved, held.

The Administrative Licensing Law (行政许可法), 34, lets an authority look at the place, and 26 has several departments
do together what one applicant would otherwise have done to them one by one. It names no clock that stands still for
it (45 does not list it): the limits of the steps run on, and a time after one of them is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError

from tongban.apps.cases import services as cases
from tongban.apps.cases.queries import CaseView, TaskView, capacity_in, capacity_of, may_do_act, to_go_together
from tongban.apps.catalog.city import get_calendar
from tongban.apps.inspections.errors import (
    OfficerUnfit,
    OtherDayAsked,
    TimeUnfit,
    VisitMoved,
    VisitThere,
    VisitTooLate,
    VisitWithoutOthers,
)
from tongban.apps.inspections.joint_record import arranged, begin_visit
from tongban.apps.inspections.models import Answer, Inspection, JointPart, JointVisit, VisitState
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues
from tongban.apps.people.sealing import seal
from tongban.apps.people.services import Resealed, reseal_column

__all__ = [
    "LONGEST_WISH",
    "answer_visit",
    "ask_for_another_day",
    "call_off_visit",
    "close_visit",
    "fix_visit",
    "may_arrange",
    "part_to_record",
    "propose_visit",
    "reseal_wishes",
    "take",
]

LONGEST_WISH = 300
_ROLES = ("handler", "reviewer", "decider")
_OPEN = (VisitState.PROPOSED, VisitState.FIXED, VisitState.ASKED)


def may_arrange(*, view: CaseView, actor: Actor) -> bool:
    """Whether the actor may propose a joint visit, fix it and call it off.

    Whoever has one of the steps to do, the lead department, and who settles disagreement in this matter.
    """
    if view.is_owner or view.state.closed or view.state.decided is not None:
        return False
    settling = {node.department for node in view.definition.process.nodes if node.settles}
    leading = any(
        actor.has_role(role, department=where) for where in {view.row.authority, *settling} for role in _ROLES
    )
    return leading or any(task.may_act for task in to_go_together(view))


def propose_visit(*, view: CaseView, starts_at: datetime, ends_at: datetime, actor: Actor, at: datetime) -> None:
    """Propose a time to all departments that have an open step; whose own step it is says yes with it.

    Proposed anew, where others could not or the applicant cannot, answers to the time before do not count any more.
    Raises ``VisitWithoutOthers``, ``TimeUnfit``, ``VisitTooLate``, ``VisitThere`` once a time is fixed or the visit was
    made, ``VisitMoved`` for who may not.
    """
    steps = to_go_together(view)
    if not may_arrange(view=view, actor=actor) or actor.user_id is None:
        raise VisitMoved
    if len({step.department for step in steps}) < 2:
        raise VisitWithoutOthers
    _check_time(steps, starts_at, ends_at, at)
    own = [step for step in steps if step.may_act and (step.claimed_by is None or actor.has_in_hand(step.claimed_by))]
    department = own[0].department if own else _leading(view, actor)
    departments = sorted({step.department for step in steps})
    try:
        with whole():
            standing = (*_OPEN, VisitState.HELD)
            row = JointVisit.objects.select_for_update().filter(case=view.number, state__in=standing).first()
            if row is not None and row.state in (VisitState.FIXED, VisitState.HELD):
                raise VisitThere
            row = row or JointVisit(case_id=view.number, times=0)
            begun, row.times = row.times > 0, row.times + 1
            row.proposer_id, row.department, row.state = actor.user_id, department, VisitState.PROPOSED
            row.starts_at, row.ends_at = starts_at, ends_at
            if begun:
                data = {"from": starts_at.isoformat(), "to": ends_at.isoformat(), "departments": departments}
                _arranged(row, "joint_visit.proposed", data, department, actor, at)
            else:
                begin_visit(row, departments=departments, actor_id=actor.id, at=at)
            _ask(row, steps, {step.no for step in own}, actor, at)
            _settle(row, actor, at)
    except IntegrityError as error:
        raise VisitThere from error


def _ask(row: JointVisit, steps: Sequence[TaskView], own: set[int], actor: Actor, at: datetime) -> None:
    """A part for each open step; that a department need not go stays said, whatever the time."""
    unneeded = set(JointPart.objects.filter(visit=row, answer=Answer.NO_NEED).values_list("task", flat=True))
    JointPart.objects.filter(visit=row).exclude(answer=Answer.NO_NEED).delete()
    JointPart.objects.bulk_create(
        JointPart(
            visit=row,
            department=step.department,
            task=step.no,
            answer=Answer.YES if step.no in own else Answer.NONE,
            officer_id=actor.user_id if step.no in own else None,
            answered_by_id=actor.user_id if step.no in own else None,
            answered_at=at if step.no in own else None,
        )
        for step in steps
        if step.no not in unneeded
    )


def answer_visit(
    *,
    view: CaseView,
    task: int,
    time: int,
    said: str,
    officer: int | None,
    other_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Say for a department whether it can come: ``yes`` with the ``officer`` (by sign-in) who goes, ``other`` with when
    it could, ``no_need``. Said again it counts anew, until a time is fixed.

    ``time`` is which proposal is answered. When all have said yes or that they need not, the time is fixed and the
    applicant is told. Raises ``VisitMoved``, ``OfficerUnfit``, ``TimeUnfit``.
    """
    step = next((each for each in to_go_together(view) if each.no == task and each.may_act), None)
    if step is None or said not in (Answer.YES, Answer.OTHER, Answer.NO_NEED):
        raise VisitMoved
    if said == Answer.YES and officer not in _able(step):
        raise OfficerUnfit
    if said == Answer.OTHER and (other_at is None or other_at <= at):
        raise TimeUnfit
    with whole():
        row = _locked(view, time=time)
        part = JointPart.objects.filter(visit=row, task=task).first()
        if row.state != VisitState.PROPOSED or part is None:
            raise VisitMoved
        part.answer, part.officer_id = said, officer if said == Answer.YES else None
        part.other_at = other_at if said == Answer.OTHER else None
        part.answered_by_id, part.answered_at = actor.user_id, at
        part.save()
        data = {"answer": said} | ({"officer": f"user:{officer}"} if said == Answer.YES else {})
        data |= {"from": other_at.isoformat()} if said == Answer.OTHER and other_at else {}
        capacity = capacity_of(act=step.act, department=step.department, holder=step.claimed_by, actor=actor)
        arranged(
            row,
            "joint_visit.answered",
            data=data,
            department=step.department,
            actor_id=actor.id,
            capacity=capacity,
            at=at,
        )
        _settle(row, actor, at)


def fix_visit(*, view: CaseView, time: int, actor: Actor, at: datetime) -> None:
    """Fix the time with those who have said yes, without waiting for the others; the applicant is told.

    Raises ``VisitMoved``, ``TimeUnfit`` where it is over.
    """
    _require(view, actor)
    with whole():
        row = _locked(view, time=time)
        parts = JointPart.objects.filter(visit=row)
        if row.state != VisitState.PROPOSED or not parts.filter(answer=Answer.YES).exists():
            raise VisitMoved
        parts.filter(answer__in=(Answer.NONE, Answer.OTHER)).update(answer=Answer.LEFT_OUT)
        _fix(row, actor, at)


def call_off_visit(*, view: CaseView, reason: str, actor: Actor, at: datetime) -> None:
    """Call the visit off; an applicant who was told of a time is told, with the reason. Raises ``VisitMoved``."""
    _require(view, actor)
    with whole():
        row = _locked(view)
        if row.fixed_times and not reason.strip():
            raise VisitMoved
        _off(row, actor, at, reason=reason.strip())


def close_visit(*, view: CaseView, actor: Actor, at: datetime) -> None:
    """Close a visit that has begun, without the records that have not come. Raises ``VisitMoved``."""
    _require(view, actor)
    with whole():
        row = _locked(view)
        if row.state != VisitState.FIXED or at < row.starts_at:
            raise VisitMoved
        _hold(row, actor, at)


def ask_for_another_day(*, view: CaseView, wish: str, actor: Actor, at: datetime) -> None:
    """Whose case it is cannot receive them then: once, before it begins. ``wish`` says when they could.

    The time does not hold any more, and the departments propose another. Raises ``OtherDayAsked``, ``VisitMoved``.
    """
    with whole():
        row = _locked(view)
        if row.state != VisitState.FIXED:
            raise VisitMoved
        if row.asked_at is not None or at >= row.starts_at:
            raise OtherDayAsked
        row.state, row.asked_at, row.wish_sealed = VisitState.ASKED, at, seal(wish.strip()[:LONGEST_WISH])
        row.last_at = at
        row.save()
        data = {"visit": str(row.number), "from": row.starts_at.isoformat()}
        cases.ask_for_another_day(number=view.number, data=data, actor=actor, at=at)


def part_to_record(*, case: int, task: int) -> JointPart | None:
    """Return the part of a fixed visit for which nothing is recorded yet; its visit is locked until the transaction
    ends, before its case is, as every command here does."""
    row = JointVisit.objects.select_for_update().filter(case=case, state=VisitState.FIXED).first()
    if row is None:
        return None
    parts = JointPart.objects.select_related("visit").filter(visit=row, task=task, answer=Answer.YES, record=None)
    return parts.first()


def take(*, part: JointPart, record: Inspection, actor: Actor, at: datetime) -> None:
    """Let a record be this part of its visit, in the caller's transaction; the last one closes the visit."""
    part.record = record
    part.save(update_fields=["record"])
    if not JointPart.objects.filter(visit=part.visit_id, answer=Answer.YES, record=None).exists():
        _hold(part.visit, actor, at)


def reseal_wishes(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal what applicants wrote anew; yields after each batch."""
    yield from reseal_column(model=JointVisit, column="wish_sealed", batch=batch)


# --- inside -----------------------------------------------------------------------------------------------------------


def _require(view: CaseView, actor: Actor) -> None:
    if not may_arrange(view=view, actor=actor):
        raise VisitMoved


def _locked(view: CaseView, *, time: int = 0) -> JointVisit:
    row = JointVisit.objects.select_for_update().filter(case=view.number, state__in=_OPEN).first()
    if row is None or (time and row.times != time):
        raise VisitMoved
    return row


def _check_time(steps: Sequence[TaskView], starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    calendar = get_calendar()
    day = calendar.local_date(starts_at)
    if not calendar.first_day <= day <= calendar.last_day:
        raise TimeUnfit
    minutes = round((ends_at - starts_at).total_seconds() / 60)
    whole_day = day == calendar.local_date(ends_at) and calendar.is_working_day(day)
    if day <= calendar.local_date(at) or minutes <= 0 or not whole_day:
        raise TimeUnfit
    if calendar.working_minutes(starts_at, ends_at) != minutes:
        raise TimeUnfit
    until = min((step.due for step in steps if step.due is not None), default=None)
    if until is not None and ends_at > until:
        raise VisitTooLate(until=calendar.local_date(until))


def _able(step: TaskView) -> set[int | None]:
    serving = list_colleagues(departments=[step.department])
    return {each.user_id for each in serving if may_do_act(act=step.act, department=step.department, actor=each)}


def _leading(view: CaseView, actor: Actor) -> str:
    """As whose the actor proposes who has no step of their own: the lead's, or of who settles."""
    if any(actor.has_role(role, department=view.row.authority) for role in _ROLES):
        return view.row.authority
    settling = {node.department for node in view.definition.process.nodes if node.settles}
    return next(iter(sorted(settling & actor.departments)), view.row.authority)


def _arranged(
    row: JointVisit, kind: str, data: Mapping[str, object], department: str, actor: Actor, at: datetime
) -> None:
    capacity = capacity_in(roles=_ROLES, department=department, actor=actor)
    arranged(row, kind, data=data, department=department, actor_id=actor.id, capacity=capacity, at=at)


def _settle(row: JointVisit, actor: Actor, at: datetime) -> None:
    """Fix the time once nobody is left to answer; with nobody who needs to see the place there is no visit."""
    answers = list(JointPart.objects.filter(visit=row).values_list("answer", flat=True))
    if Answer.NONE in answers or Answer.OTHER in answers:
        return
    if Answer.YES in answers:
        _fix(row, actor, at)
    else:
        _off(row, actor, at, reason="")


def _fix(row: JointVisit, actor: Actor, at: datetime) -> None:
    if row.starts_at <= at:
        raise TimeUnfit
    row.state, row.fixed_times, row.last_at = VisitState.FIXED, row.fixed_times + 1, at
    going = JointPart.objects.filter(visit=row, answer=Answer.YES).values_list("department", flat=True)
    data = {"from": row.starts_at.isoformat(), "to": row.ends_at.isoformat(), "departments": sorted(set(going))}
    row.entry = _on_record(row, cases.VISIT_FIXED, data | {"time": row.fixed_times}, actor, at)
    row.save()


def _off(row: JointVisit, actor: Actor, at: datetime, *, reason: str) -> None:
    row.state, row.last_at = VisitState.OFF, at
    if row.fixed_times:
        _on_record(row, cases.VISIT_CALLED_OFF, {"reason": reason, "from": row.starts_at.isoformat()}, actor, at)
    row.save()


def _hold(row: JointVisit, actor: Actor, at: datetime) -> None:
    row.state, row.last_at = VisitState.HELD, at
    parts = list(JointPart.objects.filter(visit=row, answer=Answer.YES).select_related("record").order_by("pk"))
    results = {part.department: part.record.result for part in parts if part.record is not None}
    absent = sorted({part.department for part in parts if part.record is None})
    row.entry = _on_record(row, cases.VISIT_HELD, {"results": results, "absent": absent}, actor, at)
    row.save()


def _on_record(row: JointVisit, kind: str, data: Mapping[str, object], actor: Actor, at: datetime) -> int:
    return cases.put_visit_on_record(
        number=row.case_id, kind=kind, data={"visit": str(row.number), **data}, actor=actor, capacity="officer", at=at
    )
