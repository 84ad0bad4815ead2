"""Commands about audits. Each locks the audit and writes its log in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tongban.apps.audits.errors import (
    AuditMoved,
    FindingIncomplete,
    NotImpartial,
    NotToAudit,
    ReasonMissing,
    UnknownAudit,
)
from tongban.apps.audits.models import Audit, Grade, State
from tongban.apps.audits.permissions import is_impartial, may_answer, may_see
from tongban.apps.audits.queries import forget_counts
from tongban.apps.audits.record import put_on_record
from tongban.apps.audits.sampling import ask_for_sample, choose_files, draw_samples
from tongban.apps.cases.queries.decided import list_handlers
from tongban.apps.catalog.city import get_audits, get_calendar
from tongban.apps.people.actors import Actor

__all__ = ["answer", "ask_for_sample", "choose_files", "close", "draw_samples", "find", "send_back"]

_SAID = ("yes", "no", "none")


@transaction.atomic
def find(*, number: int, said: Mapping[str, str], grade: str, reason: str, actor: Actor, at: datetime) -> None:
    """Put on record what was found: ``said`` is yes, no, or none (does not apply) to each question of the sheet.

    In order, the audit is closed with it; with a defect the department has to answer by a day. By a supervisor who
    serves elsewhere and had no step in the file. Raises ``UnknownAudit``, ``NotToAudit``, ``NotImpartial``,
    ``AuditMoved``, ``FindingIncomplete``, ``ReasonMissing``.
    """
    row = _of_supervisor(number, actor)
    _check(row, State.OPEN)
    rules, calendar = get_audits(), get_calendar()
    questions = rules.sheet_for(matter=row.matter, by_rule=row.by_rule).questions
    whole = all(said.get(each.code) in _SAID for each in questions)
    wrong = any(said.get(each.code) == "no" for each in questions)
    if not whole or grade not in Grade.values or wrong != (grade != Grade.IN_ORDER):
        raise FindingIncomplete
    if wrong and not reason.strip():
        raise ReasonMissing
    row.said = [
        {
            "code": each.code,
            "said": said[each.code],
            "zh": each.text.zh,
            "en": each.text.en,
            **({"law_zh": each.law.zh, "law_en": each.law.en} if each.law is not None else {}),
        }
        for each in questions
    ]
    row.grade, row.reason, row.found_at, row.auditor = grade, reason.strip(), at, actor.id
    row.state = State.FOUND if wrong else State.CLOSED
    row.answer_due = calendar.deadline(start=at, limit=rules.answer_within) if wrong else None
    data = {"grade": grade, "said": {each.code: said[each.code] for each in questions}, "reason": row.reason}
    due = {"answer_due": row.answer_due.isoformat()} if row.answer_due is not None else {}
    _record(row, "audit.found", data=data | due, actor_id=actor.id, capacity="supervisor", at=at)


@transaction.atomic
def answer(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say for the department what was put right, or why it stands, also after the day for it.

    Raises ``UnknownAudit``, ``NotToAudit``, ``AuditMoved``, ``ReasonMissing``.
    """
    row = _locked(number, actor)
    if not may_answer(audit=row, actor=actor, roles=get_audits().answered_by):
        raise NotToAudit
    _check(row, State.FOUND, reason)
    row.state, row.answer, row.answered_at, row.answerer = State.ANSWERED, reason.strip(), at, actor.id
    _record(row, "audit.answered", data={"reason": row.answer}, actor_id=actor.id, capacity="officer", at=at)


@transaction.atomic
def send_back(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say why the answer is not enough: the department answers again, with as much time as before.

    Raises as ``find``.
    """
    row = _of_supervisor(number, actor)
    _check(row, State.ANSWERED, reason)
    due = get_calendar().deadline(start=at, limit=get_audits().answer_within)
    row.state, row.answer_due, row.ruling, row.ruled_at, row.ruler = State.FOUND, due, reason.strip(), at, actor.id
    data = {"reason": row.ruling, "answer_due": due.isoformat()}
    _record(row, "audit.returned", data=data, actor_id=actor.id, capacity="supervisor", at=at)


@transaction.atomic
def close(*, number: int, stands: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Close an audit that was answered; where the answer shows that there was no defect, it counts as in order.

    Raises as ``find``.
    """
    row = _of_supervisor(number, actor)
    _check(row, State.ANSWERED, reason)
    row.state, row.ruling, row.ruled_at, row.ruler = State.CLOSED, reason.strip(), at, actor.id
    row.grade = row.grade if stands else Grade.IN_ORDER
    data = {"grade": str(row.grade), "reason": row.ruling}
    _record(row, "audit.closed", data=data, actor_id=actor.id, capacity="supervisor", at=at)


def _locked(number: int, actor: Actor) -> Audit:
    row = Audit.objects.select_for_update().filter(pk=number).first()
    if row is None or not may_see(audit=row, actor=actor):
        raise UnknownAudit
    return row


def _of_supervisor(number: int, actor: Actor) -> Audit:
    row = _locked(number, actor)
    if not actor.has_role("supervisor"):
        raise NotToAudit
    if not is_impartial(audit=row, actor=actor, handlers=list_handlers(number=row.case_id)):
        raise NotImpartial
    return row


def _check(row: Audit, state: State, reason: str | None = None) -> None:
    if row.state != state:
        raise AuditMoved
    if reason is not None and not reason.strip():
        raise ReasonMissing


def _record(row: Audit, kind: str, *, data: dict[str, Any], actor_id: str, capacity: str, at: datetime) -> None:
    put_on_record(row, kind, data=data, actor_id=actor_id, capacity=capacity, at=at)
    transaction.on_commit(lambda: forget_counts(department=row.department))
