"""Reads around calls. What is personal goes out here only to who has shown whose it is."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from tongban.apps.calls.calling_back import (
    TIMES,
    DueCall,
    PromisedCall,
    PromisedRow,
    count_overdue,
    get_call_back,
    list_due_calls,
    list_overdue,
    list_promised,
)
from tongban.apps.calls.checklists import ToSend, get_to_send, number_for
from tongban.apps.calls.errors import NothingFiled, NotShown
from tongban.apps.calls.models import Call, Level
from tongban.apps.calls.reach import LONGEST, desk_of, find_call
from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseRow, CaseView, get_case_of, list_cases, list_parties
from tongban.apps.catalog.city import get_calendar, get_phone
from tongban.apps.catalog.definitions import Text
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, list_applicants, list_names, may_represent
from tongban.apps.people.sealing import open_sealed
from tongban.kernel.numbers import mask_phone

__all__ = [
    "TIMES",
    "CallRow",
    "CallView",
    "DueCall",
    "PromisedCall",
    "PromisedRow",
    "ToSend",
    "answers_phone",
    "count_overdue",
    "get_call",
    "get_call_back",
    "get_caller",
    "get_consent",
    "get_open_call",
    "get_spoken",
    "get_to_send",
    "get_told_case",
    "list_calls",
    "list_due_calls",
    "list_overdue",
    "list_promised",
    "list_represented",
    "list_told_cases",
    "number_for",
]

_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call in a clerk's day: no names. ``telephone`` is masked; ``minutes`` None while it lasts."""

    number: int
    telephone: str
    level: str
    begun_at: datetime
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call that lasts. ``left``: how often the caller may still try to show who they are.

    ``person``: who they have shown that they are, for the record of who was looked at.
    """

    number: int
    telephone: str
    level: str
    begun_at: datetime
    left: int
    person: int | None = None


def answers_phone(*, actor: Actor) -> bool:
    """Whether the actor is a clerk who answers the telephone."""
    return bool(desk_of(actor))


def get_open_call(*, actor: Actor, at: datetime) -> int | None:
    """The call that the actor has at present."""
    rows = Call.objects.filter(user=actor.user_id, ended_at=None, begun_at__gt=at - LONGEST)
    return rows.values_list("number", flat=True).first()


def get_call(*, number: int, actor: Actor, at: datetime) -> CallView:
    """The actor's call while it lasts, without a word of whose it is. Raises ``UnknownCall``, ``CallOver``."""
    row = find_call(number=number, actor=actor, at=at)
    return CallView(
        number=row.number,
        telephone=_masked(row),
        level=row.level,
        begun_at=row.begun_at,
        left=max(0, get_phone().tries - row.tries),
        person=row.person_id if row.level == Level.PERSON else None,
    )


def list_calls(*, actor: Actor, on: date, limit: int = 50) -> list[CallRow]:
    """The actor's calls of a day, the last first; one query."""
    start = datetime.combine(on, time(0), get_calendar().timezone)
    rows = Call.objects.filter(user=actor.user_id, begun_at__gte=start).order_by("-begun_at")[:limit]
    return [
        CallRow(
            number=row.number,
            telephone=_masked(row),
            level=row.level,
            begun_at=row.begun_at,
            minutes=None if row.ended_at is None else int((row.ended_at - row.begun_at).total_seconds() // 60),
        )
        for row in rows
    ]


def get_caller(*, number: int, actor: Actor, at: datetime) -> Applicant:
    """Who has shown that they are this person: for what they may be told and what is filed for them.

    Raises ``NotShown`` for everybody else, whoever they say that they are.
    """
    row = find_call(number=number, actor=actor, at=at)
    if row.level != Level.PERSON or row.person_id is None:
        raise NotShown
    key = f"person:{row.person_id}"
    return Applicant(key=key, name=list_names(keys=[key])[key], person_id=row.person_id)


def list_represented(*, number: int, matter: str, actor: Actor, at: datetime) -> list[Applicant]:
    """For whom the caller may have this matter filed: themselves first, then bodies that they hold a mandate of.

    Raises ``NotShown`` for who has not shown who they are.
    """
    caller = get_caller(number=number, actor=actor, at=at)
    whoever = Actor(id=actor.id, person_id=caller.person_id)
    found = list_applicants(actor=whoever, on=get_calendar().local_date(at), matter=matter)
    return [caller, *(replace(each, agent_id=caller.person_id) for each in found if each.is_organisation)]


def get_consent() -> Text:
    """What a caller says yes to before something is filed for them. Raises ``NothingFiled`` where the city has none."""
    words = get_phone().consent
    if words is None:
        raise NothingFiled
    return words


def get_spoken(*, applicant: str, matter: str, actor: Actor, at: datetime) -> tuple[int, Mapping[str, str]]:
    """The actor's call, and what is kept with the case of the words that its caller has said yes to.

    Raises ``NotShown`` unless the caller of the open call is this applicant (by key), or acts for that body in this
    matter; ``NothingFiled``.
    """
    number = get_open_call(actor=actor, at=at)
    if number is None or not _speaks_for(get_caller(number=number, actor=actor, at=at), applicant, matter, at):
        raise NotShown
    words = hashlib.sha256(get_consent().zh.encode()).hexdigest()
    return number, {"call": f"{number:016d}", "words": words}


def list_told_cases(*, number: int, actor: Actor, at: datetime) -> Sequence[CaseRow]:
    """What the caller may hear of: the one case that they know, or the person's own, those not over yet first.

    Nothing for who has shown nothing.
    """
    row = find_call(number=number, actor=actor, at=at)
    if row.level == Level.CASE and row.case is not None:
        return list_by_number(numbers=[row.case])
    if row.level != Level.PERSON or row.person_id is None:
        return []
    # The caller's own reach, to read with: they do not sign in, and no command is given with it.
    caller = Actor(id=actor.id, person_id=row.person_id)
    found = list_cases(actor=caller, limit=_MOST).rows
    return sorted(found, key=lambda each: each.closed_at is not None or bool(each.outcome))


def get_told_case(*, number: int, case: int, actor: Actor, at: datetime) -> CaseView:
    """One of those cases, no more of it than tracking shows.

    Raises ``NotShown`` for any other, ``UnknownCase`` for none.
    """
    row = find_call(number=number, actor=actor, at=at)
    if row.level == Level.CASE and row.case == case:
        served = f"organisation:{row.organisation_id}" if row.organisation_id else f"person:{row.person_id}"
    elif row.level == Level.PERSON and row.person_id is not None:
        served = _whose(get_caller(number=number, actor=actor, at=at), case, at)
    else:
        raise NotShown
    return get_case_of(number=case, served=served, actor=actor, at=at, briefly=True)


def _whose(caller: Applicant, case: int, at: datetime) -> str:
    """As whom (by key) the caller hears of a case: as the body that it is of, where they act for that in its matter."""
    party = list_parties(numbers=[case]).get(case)
    if party is not None and _speaks_for(caller, party.applicant_key, party.matter, at):
        return party.applicant_key
    return caller.key


def _speaks_for(caller: Applicant, applicant: str, matter: str, at: datetime) -> bool:
    if caller.key == applicant:
        return True
    on = get_calendar().local_date(at)
    assert caller.person_id is not None  # nobody else shows who they are
    of_body = applicant.startswith("organisation:")
    return of_body and may_represent(person_id=caller.person_id, key=applicant, matters=[matter], on=on)


def _masked(row: Call) -> str:
    return mask_phone(open_sealed(row.telephone_sealed)) if row.telephone_sealed else ""
