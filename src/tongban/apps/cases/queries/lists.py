"""Lists of cases and steps: a constant number of queries, at any size, page by page."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Value

from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.queries.cursors import cursor_of, read_cursor, read_task_cursor
from tongban.apps.cases.queries.rows import HEAVY, case_row, shown, slim, task_view
from tongban.apps.cases.queries.views import CaseRow, Page, TaskView
from tongban.apps.catalog.queries import get_versions
from tongban.apps.ledger.readings import Given, Reading, any_of, several
from tongban.apps.people.actors import Actor

__all__ = [
    "count_came_in",
    "count_mine",
    "count_queue",
    "hands_of",
    "list_cases",
    "list_held",
    "list_late",
    "list_overdue_procedures",
    "list_own_numbers",
    "list_queue",
    "next_in_queue",
]


def list_cases(
    *, actor: Actor, group: str = "all", applicant: str = "", cursor: str = "", limit: int = 20
) -> Page[CaseRow]:
    """Return the actor's own cases, newest first. ``group``: all, open, waiting (for the actor), done.

    ``applicant``: only those of whom this key names (``people.queries.Applicant``), as far as they are the actor's.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    rows = Case.objects.filter(_own(actor))
    if applicant:
        kind, _, which = applicant.partition(":")
        rows = rows.filter(**{kind if kind == "organisation" else "person": which})
    if group == "open":
        rows = rows.filter(outcome="", closed_at=None)
    elif group == "waiting":
        rows = rows.filter(status="supplement", outcome="", closed_at=None)
    elif group == "done":
        rows = rows.exclude(outcome="", closed_at=None)
    if cursor:
        at, number = read_cursor(cursor)
        rows = rows.filter(Q(filed_at__lt=at) | Q(filed_at=at, number__lt=number))
    found = list(slim(rows).order_by("-filed_at", "-number")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(rows=[case_row(case) for case in page], next=cursor_of(last.filed_at, last.number) if last else "")


def list_own_numbers(*, actor: Actor, numbers: Iterable[int]) -> set[int]:
    """Return which of these cases are the actor's own, or of somebody in whose name they act."""
    wanted = list(numbers)
    return set(Case.objects.filter(_own(actor), pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def list_queue(
    *,
    actor: Actor,
    group: str = "department",
    matter: str = "",
    urgent_before: datetime | None = None,
    cursor: str = "",
    limit: int = 25,
) -> Page[CaseRow]:
    """Return open steps of the actor's departments, the most urgent first.

    ``group``: ``department`` (all that run), ``mine`` (claimed by me, or by whom I stand in for), ``free`` (claimed by
    nobody), ``paused`` (the applicant's turn, or a special procedure).
    """
    where, hands = sorted(actor.departments), hands_of(actor)
    after = read_task_cursor(cursor) if cursor else None
    part = _Part(group, bool(matter), urgent_before is not None, after is not None, len(where), len(hands), limit)
    due, number, no = after or (None, None, None)
    found = _steps_in(part)(
        departments=where, hands=hands, matter=matter, before=urgent_before, due=due, number=number, no=no
    )
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(
        rows=[case_row(task.case, task=task, actor=actor) for task in page],
        next=f"{last.due.isoformat()}~{last.case_id}~{last.no}" if last else "",
    )


class _Part(NamedTuple):
    """What decides how the query for a part of a queue reads; how many departments and hands there are, too."""

    group: str
    of_matter: bool
    urgent: bool
    behind: bool
    departments: int
    hands: int
    limit: int


@lru_cache(500)
def _steps_in(part: _Part) -> Reading[Task]:
    """Not prepared: which index is best hangs on the department."""
    instant, number = models.DateTimeField(), models.BigIntegerField()
    departments = several("departments", models.CharField(), part.departments)
    rows = _queue(departments, several("hands", number, part.hands), part.group)
    rows = rows.filter(case__matter=Given("matter", models.CharField())) if part.of_matter else rows
    rows = rows.filter(due__lt=Given("before", instant)) if part.urgent else rows
    if part.behind:
        due, case, no = Given("due", instant), Given("number", number), Given("no", number)
        # From there on in the index, instead of past all that was on the pages before.
        rows = rows.filter(due__gte=due).filter(Q(due__gt=due) | Q(case_id__gt=case) | Q(case_id=case, no__gt=no))
    columns = (
        *shown(Task),
        *shown(Case, without=(*HEAVY, "person", "organisation", "agent", "channel"), path="case__"),
        *("claimed_by__name", "claimed_by__name_en"),
    )
    rows = rows.select_related("case", "claimed_by").only(*columns).order_by("due", "case_id", "no")
    return Reading(lambda: rows[: part.limit + 1], prepared=False)


def next_in_queue(
    *,
    actor: Actor,
    case: int,
    group: str = "department",
    matter: str = "",
    urgent_before: datetime | None = None,
    back: bool = False,
) -> int | None:
    """Return the case behind this one, or with ``back`` before it, in the part of the queue that ``list_queue`` shows.

    None at its end. A step that is done meanwhile keeps its place; a case that was never there is taken to stand
    before all others. Two queries.
    """
    own = Task.objects.filter(case=case, department__in=actor.departments)
    # The open step first (it has no end), then what was done last.
    due = own.order_by(F("finished").desc(nulls_first=True), "no").values_list("due", flat=True).first()
    rows = _asked_for(actor, group, matter, urgent_before).exclude(case=case)
    if due is not None:
        if back:
            rows = rows.filter(due__lte=due).filter(Q(due__lt=due) | Q(case_id__lt=case))
        else:
            rows = rows.filter(due__gte=due).filter(Q(due__gt=due) | Q(case_id__gt=case))
    elif back:
        return None
    order = ("due", "case_id", "no")
    found = rows.order_by(*(f"-{name}" for name in order) if back else order).values_list("case_id", flat=True)
    return found.first()


def count_queue(*, actor: Actor) -> dict[str, int]:
    """Return how many steps each group of the actor's queue holds; one query."""
    where, hands = sorted(actor.departments), hands_of(actor)
    counted = _counts_of(len(where), len(hands)).first(departments=where, hands=hands)
    return dict(zip(("mine", "free", "department", "paused"), counted or (0, 0, 0, 0), strict=True))


@lru_cache(200)
def _counts_of(departments: int, hands: int) -> Reading[tuple[int, int, int, int]]:
    own = several("hands", models.BigIntegerField(), hands)
    rows = Task.objects.filter(
        finished=None, department__in=several("departments", models.CharField(), departments)
    ).values(all=Value(1))  # of all of them together
    return Reading(
        lambda: rows.annotate(
            mine=Count("no", filter=any_of("claimed_by", own)),
            free=Count("no", filter=Q(claimed_by=None, waiting=False)),
            department=Count("no", filter=Q(waiting=False)),
            paused=Count("no", filter=Q(waiting=True)),
        ).values_list("mine", "free", "department", "paused"),
        prepared=False,
    )


def count_came_in(*, departments: Collection[str], since: datetime) -> int:
    """Return how many steps came to these departments since then that nobody has taken on yet; one query."""
    rows = Task.objects.filter(finished=None, waiting=False, department__in=list(departments), claimed_by=None)
    return rows.filter(opened__gte=since).count()


def count_mine(*, actor: Actor, until: Mapping[str, datetime | None]) -> dict[str, int]:
    """Return how many steps that are the actor's to do are due before each of these instants (None: all); one query."""
    rows = Task.objects.filter(finished=None, department__in=actor.departments, claimed_by__in=hands_of(actor))
    counts = {
        f"c{place}": Count("no", filter=Q(due__lt=before) if before else Q())
        for place, before in enumerate(until.values())
    }
    found = rows.aggregate(**counts)
    return dict(zip(until, (found[name] for name in counts), strict=True))


def list_late(*, at: datetime, departments: Iterable[str] = (), cursor: str = "", limit: int = 25) -> Page[CaseRow]:
    """Return open cases by promised date, the latest first, for supervision; ``departments`` narrows it."""
    rows = Case.objects.filter(closed_at=None, outcome="", promised_due__lt=at, paused=False)
    if departments:
        rows = rows.filter(authority__in=list(departments))
    if cursor:
        due, number = read_cursor(cursor)
        rows = rows.filter(Q(promised_due__gt=due) | Q(promised_due=due, number__gt=number))
    found = list(slim(rows).order_by("promised_due", "number")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Page(
        rows=[case_row(case) for case in page],
        next=cursor_of(last.promised_due, last.number) if last and last.promised_due else "",
    )


def list_overdue_procedures(*, at: datetime, departments: Iterable[str] = (), limit: int = 25) -> list[CaseRow]:
    """Return cases whose special procedure takes longer than their applicants were told, the longest first."""
    rows = Case.objects.filter(procedure_due__lt=at)
    if departments:
        rows = rows.filter(authority__in=list(departments))
    return [case_row(case) for case in slim(rows).order_by("procedure_due", "number")[:limit]]


def list_held(*, user_id: int) -> list[TaskView]:
    """Return the open steps that somebody has taken on, oldest first; two queries and the definitions."""
    tasks = Task.objects.filter(claimed_by=user_id, finished=None).select_related("case").order_by("opened", "case_id")
    versions = get_versions(version_ids={task.case.matter_version_id for task in tasks})
    return [task_view(task, versions[task.case.matter_version_id].definition, actor=None, names={}) for task in tasks]


def _own(actor: Actor) -> Q:
    own = Q(organisation__in=actor.organisations)
    for organisation, matter in sorted(actor.mandates):
        own |= Q(organisation=organisation, matter=matter)
    if actor.person_id is not None:
        own |= Q(person=actor.person_id)
        for person, matter in sorted(actor.persons):
            own |= Q(person=person, agent=actor.person_id, **({"matter": matter} if matter else {}))
    return own


def _queue(departments: Collection[Any], hands: Collection[Any], group: str) -> QuerySet[Task]:
    """Open steps; ``waiting`` is compared as a value, because by ``NOT waiting`` SQLite reads no index in its order."""
    rows = Task.objects.filter(finished=None, department__in=departments)
    if group == "mine":
        return rows.filter(any_of("claimed_by", hands))
    rows = rows.filter(waiting__in=[group == "paused"])
    return rows.filter(claimed_by=None) if group == "free" else rows


def _asked_for(actor: Actor, group: str, matter: str, urgent_before: datetime | None) -> QuerySet[Task]:
    rows = _queue(actor.departments, hands_of(actor), group)
    if matter:
        rows = rows.filter(case__matter=matter)
    return rows.filter(due__lt=urgent_before) if urgent_before else rows


def hands_of(actor: Actor) -> list[int]:
    """Whose steps are the actor's to do."""
    own = [] if actor.user_id is None else [actor.user_id]
    return [*own, *sorted(actor.absent)]
