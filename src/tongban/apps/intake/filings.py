"""What drafts became: what a clerk has filed for others on one day, and which case a draft is now."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseRow
from tongban.apps.intake.models import Draft
from tongban.apps.people.actors import Actor

__all__ = ["list_cases_of_drafts", "list_drafts_of_case", "list_filed"]


def list_filed(*, actor: Actor, on: date, limit: int = 50) -> list[CaseRow]:
    """Return the cases that ``actor`` filed at a window on that day, the last first; two queries.

    A case number begins with its day, so the day needs no column of its own.
    """
    first = int(f"{on:%y%m%d}") * 10**10
    numbers = Draft.objects.filter(
        owner=actor.user_id, channel="window", case__gte=first, case__lt=first + 10**10
    ).values_list("case", flat=True)
    rows = list_by_number(numbers=[number for number in numbers if number is not None])
    return sorted(rows, key=lambda row: row.filed_at, reverse=True)[:limit]


def list_cases_of_drafts(*, drafts: Collection[UUID]) -> dict[UUID, int]:
    """Return, by draft, the case that it became, of those that were filed; one query, none for no draft."""
    rows = Draft.objects.filter(pk__in=list(drafts), case__isnull=False).values_list("pk", "case") if drafts else ()
    return {draft: case for draft, case in rows if case is not None}


def list_drafts_of_case(*, case: int) -> list[UUID]:
    """Return the drafts that became this case; one query."""
    return list(Draft.objects.filter(case=case).values_list("pk", flat=True))
