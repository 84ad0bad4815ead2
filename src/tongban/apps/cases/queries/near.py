"""Cases and steps whose limits are near or past, page by page along an index: for whoever watches over limits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tongban.apps.cases.journal import DELIVERY, NO_DUE
from tongban.apps.cases.models import Case, Task
from tongban.kernel import flow
from tongban.kernel.clock import Limit

__all__ = [
    "DELIVERY",
    "ClockFact",
    "NearCase",
    "NearStep",
    "Totals",
    "list_clock_facts",
    "list_dues",
    "list_near_cases",
    "list_near_steps",
    "list_next_steps",
    "list_silences",
    "list_silent_steps",
    "list_totals",
]


_SILENT = {"silent": "escalate", "silent_agreed": "agreed"}
"""What a step ended with that nobody ended, and what that counts as (``tb:silence``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCase:
    """An accepted case that is not decided, and whose clock runs."""

    number: int
    matter: str
    version_id: int
    authority: str
    accepted_at: datetime
    promised_due: datetime
    statutory_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearStep:
    """An open step that waits for nobody else. ``holder``: the sign-in that has taken it on.

    ``promised_due`` is the case's: a step that is due with it has no limit of its own.
    """

    case: int
    no: int
    node: str
    department: str
    holder: int | None
    opened: datetime
    due: datetime
    matter: str
    version_id: int
    accepted_at: datetime | None
    decided_at: datetime | None
    promised_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """When a case came in, was accepted, and is promised by; whether its clock stands still now."""

    matter: str
    version_id: int
    authority: str
    filed_at: datetime
    accepted_at: datetime | None
    promised_due: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """The limits of a case, with what was added to them."""

    promised: Limit
    statutory: Limit


def list_near_cases(*, until: datetime, after: tuple[datetime, int] | None, limit: int) -> list[NearCase]:
    """Return cases promised before ``until``, the earliest first, after this promise and number; one query."""
    rows = Case.objects.filter(closed_at=None, outcome="", paused=False, promised_due__lt=until)
    rows = rows.filter(accepted_at__isnull=False)
    if after is not None:
        rows = rows.filter(promised_due__gte=after[0]).filter(Q(promised_due__gt=after[0]) | Q(number__gt=after[1]))
    columns = (
        *("number", "matter", "matter_version", "authority", "accepted_at", "promised_due"),
        "statutory_due",
    )
    return [
        NearCase(
            number=number,
            matter=matter,
            version_id=version,
            authority=authority,
            accepted_at=accepted,
            promised_due=promised,
            statutory_due=statutory,
        )
        for number, matter, version, authority, accepted, promised, statutory in rows.order_by(
            "promised_due", "number"
        ).values_list(*columns)[:limit]
        if accepted is not None and promised is not None
    ]


def list_near_steps(
    *, department: str, until: datetime, after: tuple[datetime, int, int] | None, limit: int
) -> list[NearStep]:
    """Return open steps of a department due before ``until``, the earliest first, after this due date, case and number;
    one query."""
    rows = Task.objects.filter(finished=None, waiting__in=[False], department=department, due__lt=until)
    if after is not None:
        due, case, no = after
        rows = rows.filter(due__gte=due).filter(Q(due__gt=due) | Q(case__gt=case) | Q(case=case, no__gt=no))
    return _steps(rows, limit)


def list_silent_steps(*, steps: Collection[tuple[int, int]]) -> list[NearStep]:
    """Return those of these steps (case, number) that ended because their department did not answer; one query."""
    if not steps:
        return []
    wanted = set(steps)
    rows = Task.objects.filter(case__in={case for case, _ in wanted}, outcome__in=_SILENT)
    return [each for each in _steps(rows, None) if (each.case, each.no) in wanted]


def list_silences(*, cases: Collection[int]) -> dict[tuple[int, int], str]:
    """Return what the silence of a department counted as, by case and step: ``agreed`` or ``escalate``; one query."""
    rows = Task.objects.filter(case__in=list(cases), outcome__in=_SILENT).values_list("case", "no", "outcome")
    return {(case, no): _SILENT[outcome] for case, no, outcome in rows}


def list_next_steps(*, departments: Collection[str], since: datetime, until: datetime, limit: int) -> list[NearStep]:
    """Return open steps of these departments due from ``since`` until ``until``, the earliest first; two queries.

    Which they are is read from the index alone: of a large city many are due, and few of their cases are looked at.
    """
    rows = Task.objects.filter(finished=None, waiting__in=[False], department__in=list(departments))
    due = rows.filter(due__gte=since, due__lte=until).order_by("due", "case", "no")
    keys = set(due.values_list("case", "no")[:limit])
    if not keys:
        return []
    found = _steps(Task.objects.filter(case__in={case for case, _ in keys}, finished=None), None)
    return [each for each in found if (each.case, each.no) in keys]


def _steps(rows: QuerySet[Task], limit: int | None) -> list[NearStep]:
    found = rows.order_by("due", "case", "no").values_list(
        *("case", "no", "node", "department", "claimed_by", "opened", "due", "case__matter", "case__matter_version"),
        *("case__accepted_at", "case__decided_at", "case__promised_due"),
    )
    return [
        NearStep(
            case=case,
            no=no,
            node=node,
            department=where,
            holder=holder,
            opened=opened,
            due=due,
            matter=matter,
            version_id=version,
            accepted_at=accepted,
            decided_at=decided,
            promised_due=promised,
        )
        for case, no, node, where, holder, opened, due, matter, version, accepted, decided, promised in found[:limit]
    ]


def list_dues(*, numbers: Collection[int]) -> dict[tuple[int, int], datetime]:
    """Return when the steps of these cases were due, by case and step, of those that anything limits; one query."""
    rows = Task.objects.filter(case__in=numbers).exclude(due=NO_DUE).values_list("case", "no", "due")
    return {(case, no): due for case, no, due in rows}


def list_totals(*, numbers: Collection[int]) -> dict[int, Totals]:
    """Return the limits of these cases, extensions included; one query, or none."""
    if not numbers:
        return {}
    rows = Case.objects.filter(pk__in=numbers).values_list("pk", "state")
    found = ((number, flow.state_from_json(state)) for number, state in rows)
    return {
        number: Totals(state.promised.total, state.statutory.total)
        for number, state in found
        if state.promised is not None and state.statutory is not None
    }


def list_clock_facts(*, numbers: Collection[int]) -> dict[int, ClockFact]:
    """Return what clocks of these cases go by, by number; one query."""
    columns = (
        *("number", "matter", "matter_version", "authority", "filed_at", "accepted_at", "promised_due"),
        "paused",
    )
    return {
        number: ClockFact(
            matter=matter,
            version_id=version,
            authority=authority,
            filed_at=filed,
            accepted_at=accepted,
            promised_due=promised,
            paused=paused,
        )
        for number, matter, version, authority, filed, accepted, promised, paused in Case.objects.filter(
            pk__in=numbers
        ).values_list(*columns)
    }
