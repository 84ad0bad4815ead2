"""Cases that are over and still hold what was filed: for whoever looks after how long that is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from tongban.apps.cases.models import Case, Material

__all__ = [
    "OverCase",
    "count_files",
    "count_open_cases",
    "list_open_references",
    "list_over",
    "list_over_of",
    "list_over_versions",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCase:
    """A case that is over. ``came_out``: when it was decided, else closed."""

    number: int
    matter: str
    version_id: int
    came_out: datetime


def list_over_versions() -> list[int]:
    """The versions of matters of which a case is over and still holds what was filed; one query."""
    return sorted(_over().values_list("matter_version", flat=True).distinct())


def list_over(*, version_id: int, before: datetime, after: int = 0, limit: int = 200) -> list[OverCase]:
    """Cases of that version that came out before an instant, by number from ``after`` on; one query."""
    rows = _over().filter(matter_version=version_id, number__gt=after)
    return _shown(rows.filter(Q(decided_at__lt=before) | Q(decided_at=None, closed_at__lt=before)), limit)


def list_over_of(*, person_id: int, limit: int = 500) -> list[OverCase]:
    """A person's own cases that are over, by number; one query."""
    return _shown(_over().filter(person=person_id, organisation=None), limit)


def count_files(*, numbers: list[int]) -> tuple[int, int]:
    """How many files these cases hold that are still there, and their bytes; one query."""
    rows = Material.objects.filter(case__in=numbers, file__removed_at=None).values_list("file__size", flat=True)
    sizes = list(rows)
    return len(sizes), sum(sizes)


def count_open_cases(*, person_id: int) -> int:
    """How many of a person's own cases are not over; one query."""
    return Case.objects.filter(person=person_id, organisation=None, closed_at=None).count()


def list_open_references(*, matter: str, field: str, values: Collection[str]) -> set[str]:
    """Which of these values undecided cases of a matter name in an answer that is not sealed; one query."""
    if not values:
        return set()
    rows = Case.objects.filter(matter=matter, closed_at=None, **{f"answers__{field}__in": list(values)})
    return set(rows.values_list(f"answers__{field}", flat=True))


def _over() -> QuerySet[Case]:
    return Case.objects.filter(closed_at__isnull=False, erased_at=None).exclude(outcome="")


def _shown(rows: QuerySet[Case], limit: int) -> list[OverCase]:
    found = rows.annotate(came_out=Coalesce("decided_at", "closed_at")).order_by("number")[:limit]
    return [
        OverCase(number=number, matter=matter, version_id=version, came_out=came_out)
        for number, matter, version, came_out in found.values_list("number", "matter", "matter_version", "came_out")
    ]
