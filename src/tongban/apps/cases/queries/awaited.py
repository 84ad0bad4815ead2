"""What somebody is waited for, many cases at once: for reminders, page by page and never one query a case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case, Task
from tongban.kernel import flow

__all__ = [
    "OpenCase",
    "TaskFact",
    "list_cases_of",
    "list_claimed_until",
    "list_later",
    "list_later_of",
    "list_open_cases",
    "list_open_versions",
    "list_supplements",
    "list_tasks_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case that is not over, with what its fee depends on. ``answers`` are opened, for rules alone."""

    number: int
    version_id: int
    answers: dict[str, Any]
    outcome: str
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFact:
    """A step, and who has it or had it: ids of sign-ins."""

    case: int
    no: int
    node: str
    version_id: int
    due: datetime
    claimed_by: int | None
    finished_by: str
    is_open: bool


def list_supplements(*, beyond: int, limit: int) -> list[int]:
    """Return the cases that wait for their applicants to complete them, by number after ``beyond``; one query."""
    rows = Case.objects.filter(status="supplement", outcome="", closed_at=None, pk__gt=beyond).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def list_later(*, until: datetime, beyond: int, limit: int) -> dict[int, tuple[flow.Later, ...]]:
    """Return what may still be handed in to cases of which something is due by then, by number after ``beyond``."""
    rows = Case.objects.filter(later_due__lte=until, pk__gt=beyond).order_by("pk").values_list("pk", "state")[:limit]
    return {number: flow.state_from_json(state).later for number, state in rows}


def list_later_of(*, numbers: Collection[int]) -> dict[int, tuple[flow.Later, ...]]:
    """Return what may still be handed in to those of these cases that wait for something; one query, or none."""
    if not numbers:
        return {}
    rows = Case.objects.filter(pk__in=numbers).exclude(later_due=None).values_list("pk", "state")
    return {number: flow.state_from_json(state).later for number, state in rows}


def list_open_versions() -> list[int]:
    """Return the versions of matters of which cases are open; one query."""
    return list(Case.objects.filter(closed_at=None).order_by().values_list("matter_version", flat=True).distinct())


def list_open_cases(*, versions: Collection[int], beyond: int, limit: int) -> list[OpenCase]:
    """Return open cases of these versions by number, after ``beyond``; one query."""
    rows = Case.objects.filter(matter_version__in=versions, closed_at=None, pk__gt=beyond).order_by("pk")
    return _open_cases(rows[:limit])


def list_cases_of(*, numbers: Collection[int]) -> list[OpenCase]:
    """Return those of these cases that are not closed; one query."""
    return _open_cases(Case.objects.filter(pk__in=list(numbers), closed_at=None).order_by("pk"))


def _open_cases(rows: QuerySet[Case]) -> list[OpenCase]:
    columns = ("number", "matter_version", "answers", "outcome", "filed_at", "accepted_at", "decided_at")
    return [
        OpenCase(
            number=number,
            version_id=version,
            answers=open_answers(answers=answers),
            outcome=outcome,
            filed_at=filed,
            accepted_at=accepted,
            decided_at=decided,
        )
        for number, version, answers, outcome, filed, accepted, decided in rows.values_list(*columns)
    ]


def list_claimed_until(*, until: datetime, after: tuple[int, int], limit: int) -> list[TaskFact]:
    """Return open steps that somebody has taken on and that are due by then, by case and number after ``after``."""
    rows = Task.objects.filter(finished=None, claimed_by__isnull=False, waiting=False, due__lte=until)
    later = rows.filter(case__gt=after[0]) | rows.filter(case=after[0], no__gt=after[1])
    return [_fact(row) for row in later.select_related("case").order_by("case", "no")[:limit]]


def list_tasks_of(*, numbers: Collection[int]) -> Sequence[TaskFact]:
    """Return all steps of these cases, in the order in which they were opened; one query."""
    rows = Task.objects.filter(case__in=list(numbers)).select_related("case").order_by("case", "no")
    return [_fact(row) for row in rows]


def _fact(row: Task) -> TaskFact:
    return TaskFact(
        case=row.case_id,
        no=row.no,
        node=row.node,
        version_id=row.case.matter_version_id,
        due=row.due,
        claimed_by=row.claimed_by_id,
        finished_by=row.finished_by,
        is_open=row.finished is None,
    )
