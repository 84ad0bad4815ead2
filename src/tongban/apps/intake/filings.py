"""What a clerk has filed for others on one day: the counter's own list."""

from datetime import date

from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseRow
from tongban.apps.intake.models import Draft
from tongban.apps.people.actors import Actor

__all__ = ["list_filed"]


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
