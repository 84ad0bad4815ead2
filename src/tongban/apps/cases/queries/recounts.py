"""What became of open limits when the calendar changed: each recount, its cases, and whose desks they lie on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tongban.apps.cases.calendars import changed_days
from tongban.apps.cases.models import Case, Recount, Recounted, Task
from tongban.apps.cases.queries.rows import case_row, slim
from tongban.apps.cases.queries.views import CaseRow, Page
from tongban.apps.catalog.city import get_calendar

__all__ = [
    "HolderCount",
    "RecountRow",
    "RecountedRow",
    "count_recounted_by_holder",
    "list_recounted",
    "list_recounts",
    "list_uncounted_days",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountRow:
    """One recount. ``days``: what each changed day became, ``off`` or ``working``. ``late``: cases late by it."""

    id: int
    notice: str
    days: Mapping[str, str]
    begun_at: datetime
    finished_at: datetime | None
    looked: int
    moved: int
    late: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountedRow:
    """A case of a recount: when it was promised and due by law before and after, None where that did not move."""

    case: CaseRow
    promised_before: datetime | None
    promised_after: datetime | None
    statutory_before: datetime | None
    statutory_after: datetime | None
    others: int
    kept: int
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderCount:
    """How many cases of a recount have open steps with somebody, or (``holder`` None) in a department's queue."""

    holder: int | None
    department: str
    cases: int


def list_recounts(*, limit: int = 50) -> list[RecountRow]:
    """Return the newest recounts, without the one that only put down the calendar; one query."""
    rows = (
        Recount.objects.exclude(notice="")
        .annotate(late=Count("cases", filter=Q(cases__late=True)), kept=Count("cases", filter=Q(cases__kept__gt=0)))
        .order_by("-id")
    )
    return [_row(row) for row in rows[:limit]]


def list_recounted(*, recount: int, after: str = "", limit: int = 50) -> Page[RecountedRow]:
    """Return the cases of a recount, those late by it first, by number; two queries a page.

    Raises ``ValueError`` for a cursor that is none.
    """
    rows = Recounted.objects.filter(recount=recount).order_by("-late", "case")
    if after:
        late, _, number = after.partition(".")
        rest = Q(late=late == "1", case__gt=int(number))
        rows = rows.filter(rest | Q(late=False) if late == "1" else rest)
    found = list(rows[: limit + 1])
    cases = {case.number: case_row(case) for case in slim(Case.objects.filter(pk__in=[row.case_id for row in found]))}
    page, more = found[:limit], len(found) > limit
    return Page(
        rows=[
            RecountedRow(
                case=cases[row.case_id],
                promised_before=row.promised_before,
                promised_after=row.promised_after,
                statutory_before=row.statutory_before,
                statutory_after=row.statutory_after,
                others=row.others,
                kept=row.kept,
                late=row.late,
            )
            for row in page
        ],
        next=f"{int(page[-1].late)}.{page[-1].case_id}" if more else "",
    )


def count_recounted_by_holder(*, recount: int) -> list[HolderCount]:
    """Return how many of its cases lie with whom now; one query."""
    steps = Task.objects.filter(finished=None, case__in=Recounted.objects.filter(recount=recount).values("case"))
    rows = steps.order_by().values("claimed_by", "department").annotate(cases=Count("case", distinct=True))
    return [HolderCount(holder=row["claimed_by"], department=row["department"], cases=row["cases"]) for row in rows]


def list_uncounted_days() -> dict[str, str]:
    """Return the days that the calendar has changed since limits were counted last, and what each is now; one query."""
    last = Recount.objects.exclude(finished_at=None).order_by("-id").values_list("exceptions", flat=True).first()
    if last is None:
        return {}
    return changed_days(calendar=get_calendar(), before=last)


def _row(row: Recount) -> RecountRow:
    return RecountRow(
        id=row.pk,
        notice=row.notice,
        days=row.days,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        looked=row.looked,
        moved=row.moved,
        late=getattr(row, "late", 0),
        kept=getattr(row, "kept", 0),
    )
