"""What anybody may know of a certificate, and which there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.models import Certificate
from tongban.apps.people.queries import DepartmentName, get_department_names

__all__ = [
    "CertificateView",
    "get_certificate",
    "get_certificate_of_case",
    "list_certificates",
    "list_certificates_from",
    "list_certificates_of_case",
    "list_ending",
    "list_valid_of_cases",
    "view_of",
]

_MOST_HELD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate as anyone may see it."""

    identifier: str
    case: int
    matter: str
    holder_hash: str = field(repr=False)
    name_zh: str
    name_en: str
    authority: DepartmentName
    holder: str
    issued_at: datetime
    valid_from: date | None = None
    valid_until: date | None
    fields: list[dict[str, object]]
    state: str = "issued"
    changed_at: datetime | None = None
    ground: str = ""
    reason: str = field(default="", repr=False)
    successor: str = ""

    def name(self, language: str) -> str:
        """What it is called in ``language``."""
        return self.name_zh if language.startswith("zh") else self.name_en

    @property
    def was_renewed(self) -> bool:
        """Whether what follows it renewed it, and did not correct it."""
        return bool(self.successor) and not (self.state == "replaced" and self.ground != "renewal")

    def standing(self, *, on: date) -> str:
        """What it is worth on that day: ``valid``, ``not-yet``, ``expired``, ``suspended``, ``revoked``, ``replaced``.

        What an authority has said about it goes before what the days say. One that was renewed is replaced from the
        day after its end, whether or not the log says so already.
        """
        if self.state != "issued":
            return self.state
        if self.valid_until is not None and on > self.valid_until:
            return "replaced" if self.successor else "expired"
        return "not-yet" if self.valid_from is not None and on < self.valid_from else "valid"

    def is_valid(self, *, on: date) -> bool:
        """Whether it may be relied on on that day."""
        return self.standing(on=on) == "valid"


def get_certificate(*, identifier: str) -> CertificateView:
    """Return the certificate issued under ``identifier``; raises ``UnknownCertificate``."""
    # Whoever checks a file waits for this: written out, it takes a third of what the ORM needs to write it.
    row = next(iter(Certificate.objects.raw("SELECT * FROM certificate WHERE identifier = %s", [identifier])), None)
    if row is None:
        raise UnknownCertificate
    return view_of(row)


def get_certificate_of_case(*, case: int) -> CertificateView | None:
    """Return what the case resulted in, if anything: the version that counts now, or the last one there was."""
    found = list_certificates_of_case(case=case)
    current = (each for each in found if each.state in ("issued", "suspended"))
    return next(current, found[-1] if found else None)


def list_certificates_of_case(*, case: int) -> list[CertificateView]:
    """Return all versions of what a case resulted in, the first one first; one query."""
    return [view_of(row) for row in Certificate.objects.filter(case=case).order_by("issued_at", "pk")]


def list_ending(*, after: date, until: date, beyond: str = "", limit: int = 500) -> list[CertificateView]:
    """Return certificates whose validity ends after one day and by another, by identifier from ``beyond`` on."""
    rows = Certificate.objects.filter(valid_until__gt=after, valid_until__lte=until, pk__gt=beyond)
    rows = rows.filter(state="issued", successor="")
    return [view_of(row) for row in rows.order_by("pk")[:limit]]


def list_certificates(*, holders: Collection[str], limit: int) -> list[CertificateView]:
    """Return the certificates of these holders (by their keyed hashes), the latest first; one query."""
    rows = Certificate.objects.filter(holder_hash__in=holders).order_by("-issued_at")[:limit]
    return [view_of(row) for row in rows]


def list_certificates_from(*, holders: Iterable[str], matters: Iterable[str], on: date) -> list[CertificateView]:
    """Return certificates of these holders (keyed hashes) that these matters resulted in and that are valid then.

    The latest first; one query.
    """
    rows = Certificate.objects.filter(holder_hash__in=list(holders), matter__in=list(matters)).order_by("-issued_at")
    return [view for view in map(view_of, rows[:_MOST_HELD]) if view.is_valid(on=on)]


def list_valid_of_cases(*, cases: Collection[int], on: date) -> set[int]:
    """Which of these cases have a certificate that still holds on that day; one query."""
    held = Certificate.objects.filter(case__in=cases, state__in=("issued", "suspended")).filter(
        Q(valid_until=None) | Q(valid_until__gte=on)
    )
    return set(held.values_list("case", flat=True))


def view_of(row: Certificate) -> CertificateView:
    """A row as anyone may see it."""
    return CertificateView(
        identifier=row.identifier,
        case=row.case,
        matter=row.matter,
        holder_hash=row.holder_hash,
        name_zh=row.name_zh,
        name_en=row.name_en,
        authority=get_department_names()[row.authority_id],
        holder=row.holder,
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        fields=row.fields,
        state=row.state,
        changed_at=row.changed_at,
        ground=row.ground,
        reason=row.reason,
        successor=row.successor,
    )
