"""Reads: who asked about whom, and how registers are doing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tongban.apps.catalog.city import get_registers
from tongban.apps.exchange.figures import Asking, ExchangeFigures, get_exchange_figures
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.requests import subject_hash
from tongban.apps.people.queries import get_contact, list_identity_numbers

__all__ = [
    "Asking",
    "ExchangeFigures",
    "LookupRow",
    "count_lookups_about",
    "get_exchange_figures",
    "get_lookup",
    "get_registers",
    "list_askers_about",
    "list_lookups",
    "list_lookups_about",
    "list_lookups_of_case",
    "subjects_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRow:
    """One request to a register, as those whom it concerns may read it: who, when, why, what for, what came of it.

    ``subject``: the keyed hash of whose number was asked for; ``draft``: what was being filled in meanwhile.
    """

    number: int
    register: str
    provider: str
    consumer: str
    purpose: str
    fields: Sequence[str]
    matter: str
    case: int | None
    draft: UUID | None
    subject: str
    consent: bool
    actor: str
    side: str
    peer: str
    outcome: str
    reason: str
    asked_at: datetime
    milliseconds: int | None


def list_lookups(
    *,
    person_id: int,
    organisations: Collection[str] = (),
    before: datetime | None = None,
    limit: int = 50,
) -> list[LookupRow]:
    """Return the requests about a person, and about ``organisations`` (credit codes), the latest first.

    ``before``: only those asked earlier, for paging. Two queries.
    """
    keys = [get_contact(person_id=person_id, organisation_code=None)["identity_number"], *organisations]
    rows = Lookup.objects.filter(subject_hash__in=[subject_hash(key) for key in keys])
    if before is not None:
        rows = rows.filter(asked_at__lt=before)
    return [_row(row) for row in rows.order_by("-asked_at", "-number")[:limit]]


def subjects_of(*, persons: Collection[int], organisations: Collection[str]) -> dict[str, str]:
    """Return, by the keyed hash under which requests about them are found, the key of each applicant; one query."""
    numbers = list_identity_numbers(persons=persons)
    found = {subject_hash(number): f"person:{person}" for person, number in numbers.items()}
    return found | {subject_hash(code): f"organisation:{code}" for code in organisations}


def list_lookups_about(
    *,
    subjects: Collection[str],
    consumer: str = "",
    about: tuple[int, Collection[UUID]] | None = None,
    since: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[LookupRow]:
    """Return the requests about these ``subjects`` (``subjects_of``), the latest first; one query.

    ``consumer``: only those that this department made. ``about``: only those for a case, or for the drafts that it was
    before. ``before``: only those before that instant, and of that instant those with a lower number.
    """
    rows = Lookup.objects.filter(subject_hash__in=list(subjects))
    if consumer:
        rows = rows.filter(consumer=consumer)
    if about is not None:
        rows = rows.filter(Q(case=about[0]) | Q(draft__in=list(about[1])))
    if since is not None:
        rows = rows.filter(asked_at__gte=since)
    if before is not None:
        at, number = before
        rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, number__lt=number))
    return [_row(row) for row in rows.order_by("-asked_at", "-number")[:limit]]


def count_lookups_about(*, subjects: Collection[str], since: datetime) -> int:
    """How often a register was asked about these ``subjects`` since then; one query."""
    return Lookup.objects.filter(subject_hash__in=list(subjects), asked_at__gte=since).count()


def list_askers_about(*, subjects: Collection[str]) -> list[str]:
    """The departments that have ever asked about these ``subjects``; one query."""
    rows = Lookup.objects.filter(subject_hash__in=list(subjects)).order_by()
    return sorted(rows.values_list("consumer", flat=True).distinct())


def list_lookups_of_case(*, case: int) -> list[LookupRow]:
    """Return the requests that were made for a case, the first first; one query."""
    return [_row(row) for row in Lookup.objects.filter(case=case).order_by("asked_at", "number")]


def get_lookup(*, number: int) -> LookupRow | None:
    """Return the request with that number, if there is one."""
    row = Lookup.objects.filter(pk=number).first()
    return _row(row) if row else None


def _row(row: Lookup) -> LookupRow:
    return LookupRow(
        number=row.number,
        register=row.register,
        provider=row.provider,
        consumer=row.consumer,
        purpose=row.purpose,
        fields=tuple(row.fields),
        matter=row.matter,
        case=row.case,
        draft=row.draft,
        subject=row.subject_hash,
        consent=row.consent,
        actor=row.actor,
        side=row.side,
        peer=row.peer,
        outcome=row.outcome,
        reason=row.reason,
        asked_at=row.asked_at,
        milliseconds=row.milliseconds,
    )
