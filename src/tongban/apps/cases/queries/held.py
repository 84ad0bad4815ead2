"""What came of somebody's cases: certificates of those in whose name they act, and their cases in brief."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tongban.apps.cases.models import Case
from tongban.apps.cases.operations import holder_key
from tongban.apps.evidence.queries import CertificateView, list_certificates
from tongban.apps.people.queries import Applicant

__all__ = ["CaseFact", "list_busy", "list_case_facts", "list_held_certificates", "list_open_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A case as rules look at it."""

    matter: str
    outcome: str
    is_open: bool
    since: datetime


def list_held_certificates(
    *, applicants: Mapping[str, Applicant], limit: int = 200
) -> list[tuple[CertificateView, Applicant]]:
    """Return the certificates of these applicants with whose they are, the latest first; one query.

    Who may act for somebody in some matters only sees the certificates of those.
    """
    holders = {
        holder_key(person_id=each.person_id, organisation_code=each.organisation_code): each
        for each in applicants.values()
    }
    found = list_certificates(holders=holders, limit=limit)
    pairs = [(each, holders[each.holder_hash]) for each in found]
    return [(each, whose) for each, whose in pairs if whose.matters is None or each.matter in whose.matters]


def list_case_facts(*, person_id: int, limit: int = 200) -> list[CaseFact]:
    """Return a person's own cases in brief, the latest first; one query."""
    rows = Case.objects.filter(person=person_id, organisation=None).order_by("-filed_at")[:limit]
    columns = ("matter", "outcome", "closed_at", "decided_at", "filed_at")
    return [
        CaseFact(matter=matter, outcome=outcome, is_open=closed is None and not outcome, since=decided or filed)
        for matter, outcome, closed, decided, filed in rows.values_list(*columns)
    ]


def list_busy(*, persons: Collection[int], matter: str) -> set[int]:
    """Return who of these persons is asking for a matter, or has been granted it; one query."""
    rows = Case.objects.filter(person__in=persons, organisation=None, matter=matter)
    open_or_granted = Q(outcome="", closed_at=None) | Q(outcome="granted")
    return set(rows.filter(open_or_granted).values_list("person", flat=True))


def list_open_of(
    *, persons: Collection[int] = (), organisations: Collection[str] = (), matters: Collection[str]
) -> list[tuple[str, str, int]]:
    """Return what these applicants ask for in these matters and nobody has decided yet: whose (a key such as
    ``person:7``), matter and number, the earliest first; one query.
    """
    own = Q(person__in=persons, organisation=None) | Q(organisation__in=organisations)
    rows = Case.objects.filter(own, matter__in=matters, outcome="", closed_at=None).order_by("filed_at", "number")
    return [
        (f"person:{person}" if organisation is None else f"organisation:{organisation}", matter, number)
        for person, organisation, matter, number in rows.values_list("person", "organisation", "matter", "number")
    ]
