"""Certificates as the authorities that issued them look through them: by their state, by number or holder."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet

from tongban.apps.evidence.certificates import CertificateView, view_of
from tongban.apps.evidence.models import Certificate

__all__ = ["PARTS", "CertificatePage", "find_of_authorities", "list_of_authorities"]

PARTS = ("all", "ending", "suspended", "revoked")
"""Parts of the list: every one; in force, with an end within 60 days and not renewed; and two states."""
_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage:
    """A page of certificates; ``next`` asks for the one after it, "" where there is none."""

    rows: Sequence[CertificateView]
    next: str = ""


def list_of_authorities(
    *, authorities: Collection[str], part: str = "all", on: date, cursor: str = "", limit: int = 25
) -> CertificatePage:
    """Return a part of what these authorities have issued: the latest first, or what ends soonest first; one query.

    A cursor that was not given out here counts as none.
    """
    rows = Certificate.objects.filter(authority__in=authorities)
    if part == "ending":
        return _ending(rows, on, cursor, limit)
    if part in ("suspended", "revoked"):
        rows = rows.filter(state=part)
    if (after := _read(cursor)) is not None and isinstance(after[0], datetime):
        rows = rows.filter(Q(issued_at__lt=after[0]) | Q(issued_at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-issued_at", "-pk")[: limit + 1])
    return _page(found, limit, lambda row: row.issued_at)


def find_of_authorities(*, authorities: Collection[str], term: str, limit: int = 50) -> CertificatePage:
    """Return what these authorities have issued under a number, or to a holder of exactly this name; one query.

    ``next`` is "more" where there are more than ``limit``.
    """
    rows = Certificate.objects.filter(authority__in=authorities)
    number = "".join(term.split()).upper()
    rows = rows.filter(pk=number) if number.startswith("1.2.156.") else rows.filter(holder=term.strip())
    found = list(rows.order_by("-issued_at", "-pk")[: limit + 1])
    return CertificatePage(rows=[view_of(row) for row in found[:limit]], next="more" if len(found) > limit else "")


def _ending(rows: QuerySet[Certificate], on: date, cursor: str, limit: int) -> CertificatePage:
    rows = rows.filter(state="issued", successor="", valid_until__gte=on, valid_until__lte=on + _SOON)
    if (after := _read(cursor)) is not None and not isinstance(after[0], datetime):
        rows = rows.filter(Q(valid_until__gt=after[0]) | Q(valid_until=after[0], pk__gt=after[1]))
    return _page(list(rows.order_by("valid_until", "pk")[: limit + 1]), limit, lambda row: row.valid_until)


def _page(found: list[Certificate], limit: int, place: Callable[[Certificate], date | None]) -> CertificatePage:
    last = found[limit - 1] if len(found) > limit else None
    at = place(last) if last is not None else None
    more = f"{at.isoformat()}~{last.pk}" if last is not None and at is not None else ""
    return CertificatePage(rows=[view_of(row) for row in found[:limit]], next=more)


def _read(cursor: str) -> tuple[date, str] | None:
    """Where a page begins: an instant in UTC or a day, and an identifier."""
    place, _, identifier = cursor.replace("\0", "").partition("~")
    try:
        if "T" not in place:
            return date.fromisoformat(place), identifier
        at = datetime.fromisoformat(place)
        return (at.astimezone(UTC), identifier) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
