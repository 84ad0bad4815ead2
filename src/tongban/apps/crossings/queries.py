"""Reads of crossings: what a case has become in another city, and what neighbours have not been told yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import MatterRow, list_rows
from tongban.apps.crossings.adopting import ELSEWHERE
from tongban.apps.crossings.models import AdoptedVersion, Crossing, LeftThere, Message
from tongban.apps.crossings.receiving import CHANNEL
from tongban.apps.crossings.sending import has_due
from tongban.apps.neighbours.queries import get_neighbours

__all__ = [
    "CityOffers",
    "CrossingView",
    "LeftMatter",
    "Untold",
    "get_crossing",
    "has_due",
    "list_offers",
    "list_untold",
]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMatter:
    """A matter that has to be asked for in the other city itself: where, and whether because it costs something."""

    name: Text
    url: str
    fee: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOffers:
    """What one city offers to the whole country: what is filed here, and what is left to be filed there."""

    code: str
    city: Text
    here: Sequence[MatterRow]
    there: Sequence[LeftMatter]


def list_offers(*, on: date) -> Sequence[CityOffers]:
    """Return the cities whose matters can be filed here on a day, or only there, by name; four queries."""
    adopted = AdoptedVersion.objects.values_list("matter", "neighbour").distinct()
    of = dict(adopted)
    rows = list_rows(codes=sorted(of), on=on)
    left = list(LeftThere.objects.order_by("theirs"))
    found = [
        CityOffers(
            code=each.code,
            city=_name(each.code),
            here=tuple(row for row in rows if of[row.code] == each.code),
            there=tuple(_left(row, each.url) for row in left if row.neighbour == each.code),
        )
        for each in get_neighbours().values()
    ]
    return sorted((each for each in found if each.here or each.there), key=lambda each: each.city.en)


def _left(row: LeftThere, url: str) -> LeftMatter:
    return LeftMatter(name=Text(**row.name), url=f"{url}/matters/{row.theirs}/", fee=row.fee)


def _name(neighbour: str) -> Text:
    known = get_neighbours().get(neighbour)
    return Text(**(known.name if known is not None else {"zh": neighbour, "en": neighbour}))


def get_crossing(*, case: CaseView) -> CrossingView | None:
    """Return a case's other half; None for a case that has none. One query, and none for a case that never crosses."""
    if case.channel != CHANNEL and case.definition.process.id != ELSEWHERE:
        return None
    row = Crossing.objects.filter(case=case.row.number).first()
    if row is None:
        return None
    return CrossingView(
        city=_name(row.neighbour),
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
