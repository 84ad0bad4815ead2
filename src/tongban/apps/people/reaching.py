"""Whom to tell of something, and how they are reached."""

from collections.abc import Collection
from datetime import date

from tongban.apps.people.mandates.holding import holds
from tongban.apps.people.models import Mandate, MandateKind, Organisation, Person
from tongban.apps.people.sealing import open_sealed

__all__ = ["get_phone", "get_representative", "has_organisation", "list_reachable", "list_representatives"]


def list_representatives(
    *, organisations: Collection[str], on: date
) -> dict[str, list[tuple[int, frozenset[str] | None]]]:
    """Return the persons who may act for each organisation that day, and for which matters (None: all); one query."""
    if not organisations:
        return {}
    rows = Mandate.objects.filter(holds(on), organisation__in=organisations).values_list(
        "organisation", "agent", "matters"
    )
    found: dict[str, list[tuple[int, frozenset[str] | None]]] = {}
    for organisation, agent, matters in rows.order_by("agent"):
        found.setdefault(str(organisation), []).append((agent, None if matters is None else frozenset(matters)))
    return found


def get_representative(*, organisation_code: str, on: date) -> int | None:
    """Return the person who represents an organisation by law that day; None where none is on file."""
    rows = Mandate.objects.filter(holds(on), organisation=organisation_code, kind=MandateKind.REPRESENTATIVE)
    return rows.order_by("-valid_from").values_list("agent", flat=True).first()


def list_reachable(*, person_ids: Collection[int]) -> set[int]:
    """Return which of these persons have a telephone number on file; one query."""
    return set(Person.objects.filter(pk__in=person_ids).exclude(phone_sealed="").values_list("pk", flat=True))


def get_phone(*, person_id: int) -> str:
    """Return a person's number, opened, for sending to it and never for a log; "" where there is none.

    Raises ``SealBroken`` when its key is missing.
    """
    sealed = Person.objects.filter(pk=person_id).values_list("phone_sealed", flat=True).first()
    return open_sealed(sealed) if sealed else ""


def has_organisation(*, code: str) -> bool:
    """Whether there is an organisation of that credit code."""
    return Organisation.objects.filter(pk=code).exists()
