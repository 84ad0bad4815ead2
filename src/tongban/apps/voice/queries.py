"""Reads of what people say: public lists, one public inquiry, and what officials read beside a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.apps.catalog.city import get_calendar, get_dispatch
from tongban.apps.catalog.definitions import Text
from tongban.apps.people.actors import Actor
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.permissions import coordinating_department, is_coordinator

__all__ = [
    "PublicInquiry",
    "SortedInquiry",
    "category_path",
    "count_to_look_at",
    "get_public",
    "get_sorted",
    "list_public",
    "list_to_look_at",
]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedInquiry:
    """How an inquiry was sorted and why, for who dispatches and who answers."""

    number: int
    kind: str
    pseudonym: str
    category: str
    thought: str
    chance: float
    sorted_by: str
    reasons: Sequence[tuple[str, float]]
    urgency: int
    urgent_because: Sequence[tuple[str, float]]
    proposed: str
    district: str
    earlier: int | None
    again_of: int | None
    supports: int
    published: bool
    may_publish: bool
    withheld: str
    topic: int | None


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


def get_sorted(*, number: int) -> SortedInquiry | None:
    """How a case was sorted that is an inquiry; None for others. Who asks has read the case already. One query."""
    row = Inquiry.objects.filter(pk=number).first()
    if row is None:
        return None
    return SortedInquiry(
        number=number,
        kind=row.kind,
        pseudonym=row.pseudonym,
        category=row.category,
        thought=row.thought,
        chance=row.chance,
        sorted_by=row.sorted_by,
        reasons=[(words, share) for words, share in row.reasons],
        urgency=row.urgency,
        urgent_because=[(words, share) for words, share in row.urgent_because],
        proposed=row.proposed,
        district=row.district,
        earlier=row.earlier_id,
        again_of=row.again_of_id,
        supports=row.supports,
        published=row.published_at is not None,
        may_publish=row.may_publish,
        withheld=row.withheld,
        topic=row.topic,
    )


def list_to_look_at(*, actor: Actor, at: datetime, limit: int = 50) -> list[int]:
    """Inquiries that may be made public and that nobody has looked at, the oldest first: all of them for coordinators,
    for others those that are their departments'."""
    return list(_to_look_at(actor, at).order_by("filed_at", "pk").values_list("pk", flat=True)[:limit])


def count_to_look_at(*, actor: Actor, at: datetime, most: int = 100) -> int:
    """How many of those there are, counted up to ``most``."""
    return _to_look_at(actor, at)[:most].count()


def category_path(code: str) -> tuple[Text, ...]:
    """The names of a category and those above it, from the first level down; empty for none."""
    categories = get_dispatch().categories
    found: list[Text] = []
    while code in categories:
        found.insert(0, categories[code].name)
        code = categories[code].above
    return tuple(found)


def _to_look_at(actor: Actor, at: datetime) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.filter(may_publish=True, looked_by=None)
    coordinating = coordinating_department(on=get_calendar().local_date(at))
    if is_coordinator(actor=actor, department=coordinating):
        return rows
    return rows.filter(case__authority__in=sorted(actor.departments))


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
