"""What a person was asked to look at that a rule had decided: for whose case it is, and for who looks at it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q

from tongban.apps.cases.errors import CheckGone, UnknownCase
from tongban.apps.cases.models import Case, HumanCheck
from tongban.apps.cases.queries.cursors import cursor_of, read_cursor
from tongban.apps.cases.queries.rows import case_row, slim
from tongban.apps.cases.queries.views import CaseRow, CheckView, Page
from tongban.apps.people.actors import Actor

__all__ = [
    "ASK_WITHIN",
    "CheckLine",
    "count_checks",
    "forget_checks",
    "get_check",
    "list_checks",
    "may_ask_for_check",
    "require_check",
]

ASK_WITHIN = 60
"""Days after the decision within which a check can be asked for: as long as reconsideration (行政复议法 20)."""
_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """A check in the list of those who look at it."""

    row: CaseRow
    due: datetime
    asked_at: datetime


def get_check(*, case: Case) -> CheckView | None:
    """Return what was asked and came of it; None where nobody asked. No query for what no rule decided."""
    row = HumanCheck.objects.filter(case=case.number).first() if case.by_rule else None
    if row is None:
        return None
    return CheckView(
        state=row.state,
        why=row.why,
        words=row.words,
        asked_at=row.asked_at,
        due=row.due,
        concluded_at=row.concluded_at,
    )


def may_ask_for_check(*, by_rule: bool, decided_at: datetime | None, asked: bool, at: datetime) -> bool:
    """Whether it can be asked now that a person look at it."""
    return by_rule and not asked and decided_at is not None and at <= decided_at + timedelta(days=ASK_WITHIN)


def require_check(*, number: int, actor: Actor) -> CheckView:
    """Return a check as who may conclude it sees it.

    Raises ``UnknownCase`` for who does not serve there, ``CheckGone`` where nobody has asked.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None or not actor.has_role("decider", department=case.authority_id):
        raise UnknownCase
    found = get_check(case=case)
    if found is None:
        raise CheckGone
    return found


def list_checks(*, actor: Actor, cursor: str = "", limit: int = 25) -> Page[CheckLine]:
    """Return the open checks of the departments in which the actor decides, the first that is due first; one query
    and the definitions. Raises ``ValueError`` for a cursor that was not given out here.
    """
    rows = HumanCheck.objects.filter(state=HumanCheck.State.OPEN, department__in=_deciding(actor))
    if cursor:
        due, number = read_cursor(cursor)
        rows = rows.filter(Q(due__gt=due) | Q(due=due, case__gt=number))
    found = list(rows.order_by("due", "case")[: limit + 1])
    cases = {each.number: each for each in slim(Case.objects.filter(pk__in=[row.case_id for row in found]))}
    page = found[:limit]
    return Page(
        rows=[CheckLine(row=case_row(cases[row.case_id]), due=row.due, asked_at=row.asked_at) for row in page],
        next=cursor_of(page[-1].due, page[-1].case_id) if len(found) > limit else "",
    )


def count_checks(*, actor: Actor) -> int:
    """Return how many checks wait for the actor's departments; kept for a minute, or until one changes."""
    return _count(_deciding(actor))


def _count(departments: Collection[str]) -> int:
    keys = {f"checks:{department}": department for department in departments}
    found: dict[str, int] = cache.get_many(keys)
    if missing := [department for key, department in keys.items() if key not in found]:
        rows = HumanCheck.objects.filter(state=HumanCheck.State.OPEN, department__in=missing).order_by()
        counts = dict(rows.values("department").annotate(count=Count("case")).values_list("department", "count"))
        read = {f"checks:{department}": counts.get(department, 0) for department in missing}
        cache.set_many(read, _KEPT_SECONDS)
        found |= read
    return sum(found.values())


def forget_checks(*, department: str) -> None:
    """Let them be counted anew: one of this department has changed."""
    cache.delete(f"checks:{department}")


def _deciding(actor: Actor) -> list[str]:
    return sorted(each for each in actor.departments if actor.has_role("decider", department=each))
