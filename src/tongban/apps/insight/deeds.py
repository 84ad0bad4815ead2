"""What each officer has done, noted along the log: for that officer alone, and a department's times without names.

Counted are steps that a person ended (``following.ENDING``), for whoever pressed, also in a colleague's place. What a
colleague did under delegation counts for who finished the step. Each entry of the log is noted once, however often it
is read.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.db.models import Avg, Count, F, Q, Sum

from tongban.apps.cases.queries.near import list_dues
from tongban.apps.catalog.city import get_calendar
from tongban.apps.insight.chances import bound_of
from tongban.apps.insight.following import ENDING
from tongban.apps.insight.models import Deed, DepartmentTime
from tongban.apps.ledger.services import Followed
from tongban.kernel.flow import STAND_IN

__all__ = ["DEEDS", "FOLLOWED", "DeedRow", "OfficerNumbers", "get_officer_numbers", "list_deeds", "note_deeds"]

FOLLOWED = (*ENDING, "task.returned", "case.rated")
DEEDS = ("done", "late", "returned", "rated", "for_me")
"""What an officer's numbers lead to."""
_FEWEST = 5
"""Of fewer steps no median of a department is said: it would say what one colleague did."""
_MOST_TIMES = 1000
_MOST = 200
_PERSON = "user:"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerNumbers:
    """What an officer did in a time. Minutes are working minutes; None where there is nothing to say.

    ``limited``: of what was ``done``, how many steps had a due date; ``late``: how many of those were late.
    """

    done: int
    limited: int
    late: int
    average: int | None
    middle: int | None
    department_middle: int | None
    returned: int
    ratings: int
    grade: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedRow:
    """One of the cases behind a number: when, and how many working minutes it took or which grade it got."""

    case: int
    at: datetime
    minutes: int | None
    grade: int | None


# --- along the log ----------------------------------------------------------------------------------------------------


def note_deeds(events: Sequence[Followed], at: datetime) -> None:
    """Note who did what; what was noted before is left as it is."""
    cases = {each.case for each in events}
    known = {(row.case, row.seq): row for row in Deed.objects.filter(case__in=cases)}
    dues = list_dues(numbers={each.case for each in events if each.event.kind in ENDING})
    fresh: list[Deed] = []
    times: Counter[tuple[str, date, int]] = Counter()
    for each in events:
        if (each.case, each.seq) in known:
            continue
        row = _deed(each, dues, known)
        if row is None:
            continue
        known[row.case, row.seq] = row
        fresh.append(row)
        if row.kind == "done" and row.minutes is not None:
            day = get_calendar().local_date(row.at)
            times[each.event.department, day, bound_of(row.minutes)] += 1
    Deed.objects.bulk_create(fresh)
    for (department, day, bound), steps in sorted(times.items()):
        row_id = DepartmentTime.objects.get_or_create(department=department, day=day, bound=bound)[0].pk
        DepartmentTime.objects.filter(pk=row_id).update(steps=F("steps") + steps)


def _deed(each: Followed, dues: dict[tuple[int, int], datetime], known: dict[tuple[int, int], Deed]) -> Deed | None:
    event = each.event
    if event.kind in ENDING:
        return _done(each, dues)
    node = event.data.get("to") if event.kind == "task.returned" else None
    before = [
        row
        for (case, seq), row in known.items()
        if case == each.case and seq < each.seq and row.kind == "done" and (row.node == node if node else row.decided)
    ]
    if not before:
        return None
    whose = max(before, key=lambda row: row.seq)
    kind = "returned" if node else "rated"
    grade = None if node else event.data.get("grade")
    return Deed(
        case=each.case, seq=each.seq, officer=whose.officer, kind=kind, node=whose.node, at=event.at, grade=grade
    )


def _done(each: Followed, dues: dict[tuple[int, int], datetime]) -> Deed | None:
    event = each.event
    officer = _number(event.actor)
    if officer is None or not event.node or event.opened is None:
        return None
    due = dues.get((each.case, event.task))
    return Deed(
        case=each.case,
        seq=each.seq,
        officer=officer,
        kind="done",
        node=event.node,
        at=event.at,
        minutes=(event.waiting or 0) + (event.working or 0),
        late=None if due is None else event.at > due,
        decided=event.kind == "case.decided",
        stood_for=_number(event.capacity.removeprefix(STAND_IN)),
    )


def _number(person: str) -> int | None:
    """The sign-in that the log calls so; None for what is nobody's."""
    number = person.removeprefix(_PERSON)
    return int(number) if person.startswith(_PERSON) and number.isdigit() else None


# --- what its officer reads -------------------------------------------------------------------------------------------


def get_officer_numbers(
    *, officer: int, departments: Collection[str], since: datetime, until: datetime
) -> OfficerNumbers:
    """Return what ``officer`` did from ``since`` until ``until``, beside the median of their departments.

    Three queries. Medians of one's own are those of the latest thousand steps.
    """
    rows = Deed.objects.filter(officer=officer, at__gte=since, at__lt=until)
    done, rated = Q(kind="done"), Q(kind="rated")
    counts = rows.aggregate(
        done=Count("seq", filter=done),
        limited=Count("seq", filter=done & Q(late__isnull=False)),
        late=Count("seq", filter=done & Q(late=True)),
        average=Avg("minutes", filter=done),
        returned=Count("seq", filter=Q(kind="returned")),
        ratings=Count("seq", filter=rated),
        grade=Avg("grade", filter=rated),
    )
    latest = rows.filter(done).order_by("-at").values_list("minutes", flat=True)[:_MOST_TIMES]
    minutes = [each for each in latest if each is not None]
    return OfficerNumbers(
        done=counts["done"],
        limited=counts["limited"],
        late=counts["late"],
        average=None if counts["average"] is None else round(counts["average"]),
        middle=round(median(minutes)) if minutes else None,
        department_middle=_department_middle(departments, since, until),
        returned=counts["returned"],
        ratings=counts["ratings"],
        grade=None if counts["grade"] is None else round(float(counts["grade"]), 1),
    )


def list_deeds(*, officer: int, what: str, since: datetime, until: datetime) -> list[DeedRow]:
    """Return what is behind a number of ``officer`` (``DEEDS``), the latest first, 200 at most; one query."""
    whose = {"stood_for": officer} if what == "for_me" else {"officer": officer}
    rows = Deed.objects.filter(**whose, at__gte=since, at__lt=until)
    if what == "late":
        rows = rows.filter(late=True)
    rows = rows.filter(kind=what if what in ("returned", "rated") else "done")
    found = rows.order_by("-at", "case").values_list("case", "at", "minutes", "grade")[:_MOST]
    return [DeedRow(case=case, at=at, minutes=minutes, grade=grade) for case, at, minutes, grade in found]


def _department_middle(departments: Collection[str], since: datetime, until: datetime) -> int | None:
    """Up to how many working minutes half of the steps took; the bounds of ``chances`` are a fifth apart."""
    calendar = get_calendar()
    days = {"day__gte": calendar.local_date(since), "day__lte": calendar.local_date(until)}
    rows = DepartmentTime.objects.filter(department__in=departments, **days).order_by("bound")
    counts: list[tuple[int, int]] = list(rows.values_list("bound").annotate(count=Sum("steps")))
    whole, seen = sum(count for _, count in counts), 0
    if whole < _FEWEST:
        return None
    for bound, count in counts:
        seen += count
        if 2 * seen >= whole:
            return bound
    return None
