"""Reads: who asked about whom, and how registers are doing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.catalog.city import get_registers
from tongban.apps.exchange.figures import Asking, ExchangeFigures, get_exchange_figures
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.requests import subject_hash
from tongban.apps.people.queries import get_contact

__all__ = [
    "Asking",
    "ExchangeFigures",
    "LookupRow",
    "get_exchange_figures",
    "get_lookup",
    "get_registers",
    "list_lookups",
    "list_lookups_of_case",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRow:
    """One request to a register, as those whom it concerns may read it: who, when, why, what for, what came of it."""

    number: int
    register: str
    provider: str
    consumer: str
    purpose: str
    fields: Sequence[str]
    matter: str
    case: int | None
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
        consent=row.consent,
        actor=row.actor,
        side=row.side,
        peer=row.peer,
        outcome=row.outcome,
        reason=row.reason,
        asked_at=row.asked_at,
        milliseconds=row.milliseconds,
    )
