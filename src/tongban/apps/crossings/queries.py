"""Reads of crossings: what a case has become in another city, and what neighbours have not been told yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.definitions import Text
from tongban.apps.crossings.adopting import ELSEWHERE
from tongban.apps.crossings.models import Crossing, Message
from tongban.apps.crossings.receiving import CHANNEL
from tongban.apps.crossings.sending import has_due
from tongban.apps.neighbours.queries import get_neighbours

__all__ = ["CrossingView", "Untold", "get_crossing", "has_due", "list_untold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingView:
    """A case's other half: in which city, its number there, and the result, where anybody can verify it."""

    city: Text
    outgoing: bool
    other: int | None
    state: str
    why: str
    certificate: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What waits for a neighbour: how many messages, the oldest since when, and why the last one did not go."""

    neighbour: str
    waiting: int
    since: datetime
    tries: int
    error: str


def get_crossing(*, case: CaseView) -> CrossingView | None:
    """Return a case's other half; None for a case that has none. One query, and none for a case that never crosses."""
    if case.channel != CHANNEL and case.definition.process.id != ELSEWHERE:
        return None
    row = Crossing.objects.filter(case=case.row.number).first()
    if row is None:
        return None
    neighbour = get_neighbours().get(row.neighbour)
    name = neighbour.name if neighbour is not None else {"zh": row.neighbour, "en": row.neighbour}
    return CrossingView(
        city=Text(zh=name["zh"], en=name["en"]),
        outgoing=row.outgoing,
        other=row.other,
        state=row.state,
        why=row.why,
        certificate=row.certificate,
        page=row.page,
    )


def list_untold() -> Sequence[Untold]:
    """Return what waits for each neighbour, by code; one query."""
    waiting = Message.objects.filter(done_at=None).values("neighbour")
    found = waiting.annotate(count=Count("seq"), since=Min("noted_at"), most=Max("tries"), why=Max("error"))
    return [
        Untold(
            neighbour=row["neighbour"], waiting=row["count"], since=row["since"], tries=row["most"], error=row["why"]
        )
        for row in found.order_by("neighbour")
    ]
