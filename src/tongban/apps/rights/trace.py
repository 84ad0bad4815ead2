"""All that was done with somebody's data, in one list: looks of officials, and what registers were asked about them.

Personal Information Protection Law (个人信息保护法) 44, 45: people have a right to know how their data is handled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q

from tongban.apps.catalog.definitions import Article, Text
from tongban.apps.catalog.queries import list_rows
from tongban.apps.exchange.queries import (
    LookupRow,
    count_lookups_about,
    get_lookup,
    get_registers,
    list_askers_about,
    list_lookups_about,
    subjects_of,
)
from tongban.apps.intake.filings import list_cases_of_drafts, list_drafts_of_case
from tongban.apps.people.actors import Actor
from tongban.apps.rights.errors import UnknownLook
from tongban.apps.rights.listing import LookRow, looks_shown, own_looks, whole_persons

__all__ = [
    "AskedRow",
    "TracePage",
    "asked_about",
    "count_trace",
    "get_asked",
    "list_departments_in_trace",
    "list_trace",
]

PAGE = 20
_LOOK, _ASKED = "L", "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A register was asked: when, which one, by whom, for what, on which ground, and what came of it.

    ``register`` and ``purpose`` are names where the city's folder still has them, else None: then the codes tell.
    ``peer``: the other city or system, "" within this one. ``whose`` and ``actor`` as in
    ``LookRow``.
    """

    number: int
    at: datetime
    code: str
    register: Text | None
    provider: str
    department: str
    peer: str
    side: str
    purpose: str
    why: Text | None
    fields: Sequence[Text]
    matter: Text | None
    case: int | None
    consent: bool
    basis: Sequence[Article]
    outcome: str
    whose: str
    actor: str = ""

    @property
    def reference(self) -> str:
        """How people name it when they complain."""
        return f"{_ASKED}{self.number:016d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage:
    """A page of what was done, the latest first; ``next`` asks for the one after it."""

    rows: Sequence[LookRow | AskedRow]
    next: str = ""


def list_trace(
    *,
    actor: Actor,
    on: date,
    department: str = "",
    case: int | None = None,
    since: datetime | None = None,
    cursor: str = "",
    limit: int = PAGE,
) -> TracePage:
    """Return looks at, and questions to registers about, the actor and those for whom they may do everything.

    The same few queries, however many there are. Raises ``ValueError`` for a cursor not given out here.
    """
    at, kind, key = _read_cursor(cursor) if cursor else (None, "", 0)
    looks = own_looks(actor=actor, department=department, case=case, since=since)
    if at is not None:  # of one instant looks come first, then what registers were asked
        looks = looks.filter(Q(at__lt=at) | Q(at=at, pk__lt=key)) if kind == _LOOK else looks.filter(at__lt=at)
    seen = list(looks.order_by("-at", "-pk")[: limit + 1])
    subjects = _subjects(actor)
    asked = list_lookups_about(
        subjects=subjects,
        consumer=department,
        about=(case, list_drafts_of_case(case=case)) if case is not None else None,
        since=since,
        before=None if at is None else (at, 10**16 if kind == _LOOK else key),
        limit=limit + 1,
    )
    both = sorted([*[(row.at, _LOOK, row.pk) for row in seen], *[(row.asked_at, _ASKED, row.number) for row in asked]])
    # Latest first; of one instant looks first, and of each kind the higher number.
    both.sort(key=lambda each: (each[0], each[1] == _LOOK, each[2]), reverse=True)
    page = both[:limit]
    shown = {(_LOOK, row.id): row for row in looks_shown([row for row in seen if (row.at, _LOOK, row.pk) in page])}
    told = _told([row for row in asked if (row.asked_at, _ASKED, row.number) in page], subjects, on)
    rows: dict[tuple[str, int], LookRow | AskedRow] = {**shown, **{(_ASKED, row.number): row for row in told}}
    more = f"{page[-1][0].isoformat()}~{page[-1][1]}{page[-1][2]}" if len(both) > limit else ""
    return TracePage(rows=[rows[kind, key] for _, kind, key in page], next=more)


def count_trace(*, actor: Actor, since: datetime) -> int:
    """How often somebody has looked, or asked a register, since then; three queries."""
    looks = own_looks(actor=actor, since=since).count()
    return looks + count_lookups_about(subjects=_subjects(actor), since=since)


def list_departments_in_trace(*, actor: Actor) -> list[str]:
    """The departments that have ever looked or asked; three queries."""
    looked = set(own_looks(actor=actor).order_by().values_list("department", flat=True).distinct())
    return sorted(looked | set(list_askers_about(subjects=_subjects(actor))))


def get_asked(*, actor: Actor, number: int, on: date) -> AskedRow:
    """Return one question to a register about what is the actor's. Raises ``UnknownLook``."""
    return asked_about(subjects=_subjects(actor), number=number, on=on)


def asked_about(*, subjects: Mapping[str, str], number: int, on: date) -> AskedRow:
    """Return one question to a register about one of these (``exchange.queries.subjects_of``), else ``UnknownLook``."""
    row = get_lookup(number=number)
    if row is None or row.subject not in subjects:
        raise UnknownLook
    return _told([row], subjects, on)[0]


def _subjects(actor: Actor) -> dict[str, str]:
    return subjects_of(persons=whole_persons(actor), organisations=sorted(actor.organisations))


def _told(rows: Sequence[LookupRow], subjects: Mapping[str, str], on: date) -> list[AskedRow]:
    cases = list_cases_of_drafts(drafts={row.draft for row in rows if row.draft is not None and row.case is None})
    codes = sorted({row.matter for row in rows if row.matter})
    names = {each.code: each.name for each in list_rows(codes=codes, on=on)} if codes else {}
    return [_asked(row, subjects[row.subject], names, cases.get(row.draft) if row.draft else None) for row in rows]


def _asked(row: LookupRow, whose: str, names: Mapping[str, Text], filed: int | None) -> AskedRow:
    register = get_registers().get(row.register)
    grant = register.grant(consumer=row.consumer, purpose=row.purpose) if register is not None else None
    return AskedRow(
        number=row.number,
        at=row.asked_at,
        code=row.register,
        register=register.name if register is not None else None,
        provider=row.provider,
        department=row.consumer,
        peer=row.peer,
        side=row.side,
        purpose=row.purpose,
        why=grant.why if grant is not None else None,
        fields=[
            register.fields[name].title if register is not None and name in register.fields else Text(name, name)
            for name in row.fields
        ],
        matter=names.get(row.matter),
        case=row.case if row.case is not None else filed,
        consent=row.consent,
        basis=[grant.basis] if grant is not None and grant.basis is not None else [],
        outcome=row.outcome,
        whose=whose,
        actor=row.actor,
    )


def _read_cursor(cursor: str) -> tuple[datetime, str, int]:
    text, key = cursor.split("~")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or key[:1] not in (_LOOK, _ASKED) or not key[1:].isascii() or not key[1:].isdigit():
        raise ValueError(cursor)
    try:
        return at.astimezone(UTC), key[0], int(key[1:])
    except OverflowError as error:
        raise ValueError(cursor) from error
