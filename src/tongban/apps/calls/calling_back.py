"""Calls that were promised: when, by which department, about what; made, tried in vain, handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tongban.apps.calls.errors import (
    CallBackOver,
    CallBackUnfit,
    NotShown,
    TooFewTries,
    UnknownCallBack,
)
from tongban.apps.calls.models import Call, CallBack, Level, Promise
from tongban.apps.calls.reach import find_call, plain_telephone
from tongban.apps.cases.queries import list_parties
from tongban.apps.catalog.city import get_calendar, get_phone
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.people.sealing import open_sealed, seal
from tongban.kernel import flow
from tongban.kernel.clock import Limit
from tongban.kernel.numbers import mask_phone

__all__ = [
    "KINDS",
    "LEAST_TRIES",
    "TIMES",
    "DueCall",
    "PromisedCall",
    "PromisedRow",
    "count_overdue",
    "get_call_back",
    "give_up",
    "hand_over",
    "list_due_calls",
    "list_overdue",
    "list_promised",
    "note_done",
    "note_not_reached",
    "promise",
    "sweep_call_backs",
]

KINDS = (
    "call_back.promised",
    "call_back.not_reached",
    "call_back.handed_over",
    "call_back.done",
    "call_back.given_up",
)
TIMES = ("4 working hours", "1 working days", "3 working days")
"""How soon a call may be promised."""
LEAST_TRIES = 3
_WORKING = ("clerk", "handler", "reviewer", "decider")
_LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedRow:
    """A promise as lists show it: no name, the telephone masked."""

    number: int
    department: str
    telephone: str
    case: int | None
    due_at: datetime
    tries: int
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedCall:
    """A promise as whoever keeps it needs it: with the telephone and the question. ``person``: whose look it is."""

    number: int
    department: str
    telephone: str
    question: str
    case: int | None
    due_at: datetime
    tries: int
    person: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCall:
    """A promise whose time comes, for whoever reminds: by sign-in, without what it is about."""

    number: int
    user: int
    due_at: datetime


@transaction.atomic
def promise(
    *,
    call: int,
    telephone: str,
    question: str,
    within: str,
    department: str,
    actor: Actor,
    at: datetime,
    case: int | None = None,
) -> int:
    """Promise the caller of an open call that ``department`` calls them ``within`` a time; return the log's number.

    ``telephone`` "": the one that they call from. ``case``: only one that the caller was told of. Raises
    ``UnknownCall``, ``CallOver``, ``TelephoneUnfit``, ``CallBackUnfit``, ``NotShown``.
    """
    row = find_call(number=call, actor=actor, at=at, lock=True)
    number = plain_telephone(telephone) or (open_sealed(row.telephone_sealed) if row.telephone_sealed else "")
    words = question.strip()[:_LONGEST_QUESTION]
    if not number or not words or within not in TIMES or department not in get_department_names():
        raise CallBackUnfit
    if case is not None:
        _require_told(row, case)
    calendar = get_calendar()
    due = calendar.deadline(start=at, limit=Limit.parse(within))
    found = CallBack(call=call, department=department, promised_by_id=row.user_id, person_id=_whose(row), case=case)
    found.telephone_sealed, found.question_sealed = seal(number), seal(words)
    found.promised_at, found.due_at = at, due
    data: dict[str, Any] = {"call": f"{call:016d}", "due": due.isoformat(), "department": department}
    data |= {"case": f"{case:016d}"} if case is not None else {}
    event = flow.Event(KINDS[0], at, data, actor=actor.id, capacity="clerk", department=department)
    found.number = begin_stream(kind="call-back", event=event, day=calendar.local_date(at), at=at)
    found.last_kind, found.last_at = event.kind, at
    found.save(force_insert=True)
    return found.number


def note_done(*, number: int, actor: Actor, at: datetime) -> None:
    """They were called, and told. Raises ``UnknownCallBack``, ``CallBackOver``."""
    _end(number, Promise.DONE, "call_back.done", actor, at)


@transaction.atomic
def note_not_reached(*, number: int, actor: Actor, at: datetime) -> None:
    """Nobody answered: the promise stays open. Raises as ``note_done``."""
    row = _mine(number, actor, lock=True)
    row.tries += 1
    _put(row, "call_back.not_reached", actor, at, {"try": row.tries})


@transaction.atomic
def give_up(*, number: int, actor: Actor, at: datetime) -> None:
    """Give up whom nobody has reached. Raises ``TooFewTries`` too."""
    if _mine(number, actor, lock=True).tries < LEAST_TRIES:
        raise TooFewTries(least=LEAST_TRIES)
    _end(number, Promise.GIVEN_UP, "call_back.given_up", actor, at)


@transaction.atomic
def hand_over(*, number: int, department: str, actor: Actor, at: datetime) -> None:
    """Let another department keep the promise, in the time that was promised. Raises ``CallBackUnfit`` too."""
    row = _mine(number, actor, lock=True)
    if department not in get_department_names() or department == row.department:
        raise CallBackUnfit
    before, row.department = row.department, department
    _put(row, "call_back.handed_over", actor, at, {"from": before, "to": department})


def get_call_back(*, number: int, actor: Actor) -> PromisedCall:
    """A promise that the actor's department has, with the number to call. Raises as ``note_done``."""
    row = _mine(number, actor)
    return PromisedCall(
        number=row.number,
        department=row.department,
        telephone=open_sealed(row.telephone_sealed),
        question=open_sealed(row.question_sealed),
        case=row.case,
        due_at=row.due_at,
        tries=row.tries,
        person=row.person_id,
    )


def list_promised(*, actor: Actor, at: datetime, limit: int = 50) -> list[PromisedRow]:
    """The open promises of the actor's departments, the first that is due first; one query."""
    rows = CallBack.objects.filter(state=Promise.OPEN, department__in=_departments(actor))
    return [_row(row, at) for row in rows.order_by("due_at", "number")[:limit]]


def list_overdue(*, at: datetime, limit: int = 50) -> list[PromisedRow]:
    """All promises that were not kept in time, the longest first, for supervision; one query."""
    rows = CallBack.objects.filter(state=Promise.OPEN, due_at__lt=at).order_by("due_at", "number")[:limit]
    return [_row(row, at) for row in rows]


def count_overdue(*, actor: Actor, at: datetime) -> int:
    """How many promises of the actor's departments are late."""
    return CallBack.objects.filter(state=Promise.OPEN, department__in=_departments(actor), due_at__lt=at).count()


def list_due_calls(*, until: datetime, limit: int = 500) -> list[DueCall]:
    """The promises that are due by then, for whoever reminds those who made them; one query."""
    rows = CallBack.objects.filter(state=Promise.OPEN, due_at__lte=until).order_by("due_at", "number")[:limit]
    return [DueCall(number=row.number, user=row.promised_by_id, due_at=row.due_at) for row in rows]


@transaction.atomic
def sweep_call_backs(*, at: datetime) -> int:
    """Let go of telephones and questions of promises that ended long ago; return of how many."""
    rows = CallBack.objects.filter(ended_at__lt=at - get_phone().keep_calls).exclude(telephone_sealed="")
    return rows.update(telephone_sealed="", question_sealed="", person=None)


def _require_told(call: Call, case: int) -> None:
    """Raise ``NotShown`` unless the caller may hear of this case."""
    if call.level == Level.CASE and call.case == case:
        return
    party = list_parties(numbers=[case]).get(case)
    if call.level != Level.PERSON or party is None or party.applicant_key != f"person:{call.person_id}":
        raise NotShown


def _whose(call: Call) -> int | None:
    return call.person_id if call.level == Level.PERSON else None


def _departments(actor: Actor) -> Sequence[str]:
    return sorted({where for where, role in actor.roles if role in _WORKING})


def _mine(number: int, actor: Actor, *, lock: bool = False) -> CallBack:
    rows = CallBack.objects.select_for_update() if lock else CallBack.objects.all()
    row = rows.filter(pk=number, department__in=_departments(actor)).first()
    if row is None:
        raise UnknownCallBack
    if row.state != Promise.OPEN:
        raise CallBackOver
    return row


@transaction.atomic
def _end(number: int, state: Promise, kind: str, actor: Actor, at: datetime) -> None:
    row = _mine(number, actor, lock=True)
    row.state, row.ended_at = state, at
    _put(row, kind, actor, at, {"late": True} if at > row.due_at else {})


def _put(row: CallBack, kind: str, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    event = flow.Event(
        kind,
        at,
        data,
        actor=actor.id,
        capacity="clerk" if actor.has_role("clerk") else "officer",
        department=row.department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
        opened=row.promised_at,
        finished=row.ended_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()


def _row(row: CallBack, at: datetime) -> PromisedRow:
    return PromisedRow(
        number=row.number,
        department=row.department,
        telephone=mask_phone(open_sealed(row.telephone_sealed)) if row.telephone_sealed else "",
        case=row.case,
        due_at=row.due_at,
        tries=row.tries,
        late=row.due_at < at,
    )
