"""Cases that a rule has decided and no officer, by the day of the decision: what a human check is drawn from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_calendar

__all__ = ["ByRule", "count_by_rule", "get_by_rule", "list_by_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRule:
    """A case that a rule has decided. ``version_id`` is that of its matter; nothing of it names the applicant."""

    number: int
    matter: str
    version_id: int
    authority: str
    outcome: str
    decided_at: datetime


def count_by_rule(*, on: date) -> dict[tuple[str, str], int]:
    """Return how many cases a rule has decided on that day, by authority and matter; one query along an index."""
    rows = _on(on).order_by().values_list("authority", "matter").annotate(count=Count("number"))
    return {(authority, matter): count for authority, matter, count in rows}


def list_by_rule(*, on: date, after: tuple[datetime, int] | None = None, limit: int = 500) -> list[ByRule]:
    """Return cases that a rule has decided on that day, in the order of decision; one query along an index.

    ``after``: from behind this decision and number on, those of the last case of the page before.
    """
    rows = _on(on)
    if after is not None:
        rows = rows.filter(decided_at__gte=after[0]).filter(
            Q(decided_at__gt=after[0]) | Q(decided_at=after[0], number__gt=after[1])
        )
    return _facts(rows.order_by("decided_at", "number")[:limit])


def get_by_rule(*, numbers: Collection[int]) -> dict[int, ByRule]:
    """Return those of these cases that a rule has decided, by number; one query."""
    return {each.number: each for each in _facts(Case.objects.filter(pk__in=numbers, by_rule=True))}


def _on(day: date) -> QuerySet[Case]:
    """Decided on that day as the city counts days, whatever the server's clock says."""
    zone = get_calendar().timezone
    since, until = (datetime.combine(each, time(0), zone) for each in (day, day + timedelta(days=1)))
    return Case.objects.filter(by_rule=True, decided_at__gte=since, decided_at__lt=until)


def _facts(rows: QuerySet[Case]) -> list[ByRule]:
    columns = ("number", "matter", "matter_version", "authority", "outcome", "decided_at")
    return [
        ByRule(
            number=number, matter=matter, version_id=version, authority=authority, outcome=outcome, decided_at=decided
        )
        for number, matter, version, authority, outcome, decided in rows.values_list(*columns)
        if decided is not None
    ]
