"""Cases that a rule has decided and no officer, by the day of the decision: what a human check is drawn from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries.cursors import cursor_of, read_cursor
from tongban.apps.cases.queries.rows import case_row, slim
from tongban.apps.cases.queries.views import CaseRow, Page
from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor

__all__ = ["ByRule", "RuledLine", "count_by_rule", "get_by_rule", "list_by_rule", "list_ruled"]

UNASKED = "unasked"
"""The channel of cases that nobody has filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRule:
    """A case that a rule has decided. ``version_id`` is that of its matter; nothing of it names the applicant."""

    number: int
    matter: str
    version_id: int
    authority: str
    outcome: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledLine:
    """A case that a rule has decided, in the list of who decides there; ``unasked``: nobody had asked for it."""

    row: CaseRow
    unasked: bool


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


def list_ruled(*, actor: Actor, unasked: bool = False, cursor: str = "", limit: int = 25) -> Page[RuledLine]:
    """Return what rules have decided alone for the departments in which the actor decides, the latest first.

    ``unasked``: only what was granted without being asked for. One query and the definitions, along an index. Raises
    ``ValueError`` for a cursor that was not given out here.
    """
    deciding = sorted(each for each in actor.departments if actor.has_role("decider", department=each))
    rows = Case.objects.filter(by_rule=True, authority__in=deciding)
    rows = rows.filter(channel=UNASKED) if unasked else rows
    if cursor:
        at, number = read_cursor(cursor)
        rows = rows.filter(decided_at__lte=at).filter(Q(decided_at__lt=at) | Q(number__lt=number))
    found = list(slim(rows.order_by("-decided_at", "-number"))[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(
        rows=[RuledLine(row=case_row(case), unasked=case.channel == UNASKED) for case in page],
        next=cursor_of(last.decided_at, last.number) if last is not None and last.decided_at is not None else "",
    )


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
