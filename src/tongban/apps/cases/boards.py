"""Reads for whole queues: which matters lie in mine, and how much is late where. Two queries at any size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q

from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.permissions import may_see
from tongban.apps.cases.queries import CaseRow
from tongban.apps.cases.queries.rows import HEAVY, case_row, slim
from tongban.apps.cases.queries.tracked import list_endings
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_version
from tongban.apps.people.actors import Actor

__all__ = ["DepartmentLoad", "list_by_number", "list_loads", "list_queue_matters", "list_seen", "list_tracked"]

_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentLoad:
    """How many accepted cases an authority has open, and how they stand against the promised date."""

    department: str
    open: int
    late: int
    soon: int
    paused: int


def list_loads(*, at: datetime, soon: datetime) -> list[DepartmentLoad]:
    """Return the load of every authority with open accepted cases, the latest first; one query.

    ``soon`` is the end of what counts as about to be late. A paused case is neither late nor soon: its clock stands.
    """
    # Counted by a column that the index holds: no row of a case is opened.
    running = Q(paused=False)
    rows = (
        Case.objects.filter(closed_at=None, outcome="", accepted_at__isnull=False)
        .values("authority")
        .annotate(
            open=Count("authority"),
            late=Count("authority", filter=running & Q(promised_due__lt=at)),
            soon=Count("authority", filter=running & Q(promised_due__gte=at, promised_due__lt=soon)),
            paused=Count("authority", filter=Q(paused=True)),
        )
    )
    loads = [
        DepartmentLoad(
            department=row["authority"], open=row["open"], late=row["late"], soon=row["soon"], paused=row["paused"]
        )
        for row in rows
    ]
    return sorted(loads, key=lambda load: (-load.late, -load.soon, load.department))


def list_queue_matters(*, actor: Actor) -> list[tuple[str, Text]]:
    """Return code and name of the matters that lie in the queues of the actor's departments, by code.

    For a filter's choices, so a minute old is new enough: a queue of a city's front desk is long to go through.
    """
    key = "queue-matters:" + ",".join(sorted(actor.departments))
    versions: dict[str, int] | None = cache.get(key)
    if versions is None:
        open_tasks = Task.objects.filter(finished=None, department__in=actor.departments)
        rows = open_tasks.order_by().values_list("case__matter", "case__matter_version").distinct()
        versions = dict(sorted(rows))
        cache.set(key, versions, _KEPT_SECONDS)
    return [(code, get_version(version_id=version).definition.name) for code, version in versions.items()]


def list_by_number(*, numbers: Iterable[int]) -> Sequence[CaseRow]:
    """Return these cases as rows, in the order asked for; the caller has made sure that they may be seen."""
    wanted = list(numbers)
    found = {case.number: case_row(case) for case in slim(Case.objects.filter(pk__in=wanted))}
    return [found[number] for number in wanted if number in found]


def list_seen(*, numbers: Iterable[int], actor: Actor) -> dict[int, CaseRow]:
    """Return those of these cases that the actor may open, by number; two queries."""
    wanted = list(numbers)
    departments: dict[int, set[str]] = {}
    for case, where in Task.objects.filter(case__in=wanted).order_by().values_list("case", "department").distinct():
        departments.setdefault(case, set()).add(where)
    return {
        case.number: case_row(case)
        for case in slim(Case.objects.filter(pk__in=wanted))
        if may_see(case=case, actor=actor, departments=departments.get(case.number, ()))
    }


def list_tracked(*, numbers: Iterable[int], ending: str) -> list[CaseRow]:
    """Of these cases, those that these four characters open: what ``track_case`` would show. Two queries."""
    found = list(Case.objects.filter(pk__in=list(numbers)).defer(*(set(HEAVY) - {"phone_sealed"})))
    endings = list_endings(cases=found)
    return [case_row(case) for case in found if ending and endings.get(case.number) == ending.upper()]
