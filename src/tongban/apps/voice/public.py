"""What everybody may read of inquiries: lists and one, in the words that somebody has looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.apps.catalog.city import get_dispatch
from tongban.apps.voice.models import Inquiry

__all__ = ["PublicInquiry", "get_public", "get_public_ones", "list_public"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicInquiry:
    """What everybody may read of an inquiry. ``people``: who said it, and who said "me too"."""

    number: int
    kind: str
    subject: str
    text: str
    reply: str
    category: str
    district: str
    department: str
    filed_at: datetime
    published_at: datetime
    decided_at: datetime | None
    promised_due: datetime | None
    people: int
    topic: int | None
    outcome: str


_PUBLIC = (
    *("pk", "kind", "public_subject", "public_text", "public_reply", "category", "district", "supports", "topic"),
    *("filed_at", "published_at", "case__authority", "case__decided_at", "case__promised_due", "case__outcome"),
)


def list_public(
    *,
    category: str = "",
    district: str = "",
    department: str = "",
    unanswered: bool = False,
    before: tuple[datetime, int] | None = None,
    limit: int = 20,
) -> list[PublicInquiry]:
    """What is public, the newest first, by the keys of the last one before; one query."""
    rows: QuerySet[Inquiry] = Inquiry.objects.filter(published_at__isnull=False)
    if category:
        rows = rows.filter(category__in=_at_or_below(category))
    if district:
        rows = rows.filter(district=district)
    if department:
        rows = rows.filter(case__authority=department)
    if unanswered:
        rows = rows.filter(case__decided_at=None)
    if before is not None:
        rows = rows.filter(published_at__lte=before[0]).exclude(published_at=before[0], pk__gte=before[1])
    return [_public(each) for each in rows.order_by("-published_at", "-pk").values(*_PUBLIC)[:limit]]


def get_public(*, number: int) -> PublicInquiry | None:
    """One public inquiry; None where nothing public has that number."""
    row = Inquiry.objects.filter(pk=number, published_at__isnull=False).values(*_PUBLIC).first()
    return _public(row) if row else None


def get_public_ones(*, numbers: Sequence[int]) -> list[PublicInquiry]:
    """Those of these that are public, in no order; one query, none without numbers."""
    if not numbers:
        return []
    rows = Inquiry.objects.filter(pk__in=numbers, published_at__isnull=False)
    return [_public(each) for each in rows.values(*_PUBLIC)]


def _at_or_below(code: str) -> list[str]:
    dispatch, found = get_dispatch(), [code]
    for each in found:
        found.extend(one.code for one in dispatch.below(each))
    return found


def _public(row: Mapping[str, Any]) -> PublicInquiry:
    return PublicInquiry(
        number=row["pk"],
        kind=row["kind"],
        subject=row["public_subject"],
        text=row["public_text"],
        reply=row["public_reply"],
        category=row["category"],
        district=row["district"],
        department=row["case__authority"],
        filed_at=row["filed_at"],
        published_at=row["published_at"],
        decided_at=row["case__decided_at"],
        promised_due=row["case__promised_due"],
        people=row["supports"] + 1,
        topic=row["topic"],
        outcome=row["case__outcome"],
    )
