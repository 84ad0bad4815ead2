"""Reads of what people say: public lists, one public inquiry, and what officials read beside a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tongban.apps.catalog.city import get_calendar, get_dispatch
from tongban.apps.catalog.definitions import Text
from tongban.apps.people.actors import Actor
from tongban.apps.voice.again import WITHIN, may_ask_again
from tongban.apps.voice.committing import CommitmentRow, is_over, list_commitments, list_overdue
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.permissions import coordinating_department, is_coordinator
from tongban.apps.voice.public import PublicInquiry, get_public, get_public_ones, list_public
from tongban.apps.voice.rates import FEW, Rate, Rates, list_rates
from tongban.apps.voice.replies.checking import Checked, Reason
from tongban.apps.voice.replying import list_answered_alike, look_over
from tongban.apps.voice.similar import list_similar
from tongban.apps.voice.supporting import have_supported

__all__ = [
    "FEW",
    "WITHIN",
    "Checked",
    "CommitmentRow",
    "PublicInquiry",
    "Rate",
    "Rates",
    "Reason",
    "SortedInquiry",
    "category_path",
    "coordinates",
    "count_to_look_at",
    "get_public",
    "get_public_ones",
    "get_sorted",
    "have_supported",
    "is_over",
    "list_answered_alike",
    "list_commitments",
    "list_overdue",
    "list_public",
    "list_rates",
    "list_similar",
    "list_to_look_at",
    "look_over",
    "may_ask_again",
]


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


def coordinates(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor works where inquiries are dispatched, and puts right how they were sorted."""
    return is_coordinator(actor=actor, department=coordinating_department(on=get_calendar().local_date(at)))


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
