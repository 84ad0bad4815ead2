"""What waits for a decider beside any step: human checks, earlier ends of a bar. Listed and counted in one way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Model, Q

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries.cursors import cursor_of, read_cursor
from tongban.apps.cases.queries.rows import case_row, slim
from tongban.apps.cases.queries.views import CaseRow, Page
from tongban.apps.people.actors import Actor

__all__ = ["PetitionLine", "Petitions"]

_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionLine:
    """One of them in the list of those who look at it."""

    row: CaseRow
    due: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Petitions:
    """Open rows of one kind: each has a ``case``, ``department``, ``state``, ``asked_at`` and ``due``."""

    model: type[Model]
    name: str

    def list(self, *, actor: Actor, cursor: str = "", limit: int = 25) -> Page[PetitionLine]:
        """Return the open ones of the departments in which the actor decides, the first that is due first; two
        queries and the definitions. Raises ``ValueError`` for a cursor that was not given out here.
        """
        rows = self._rows().filter(state="open", department__in=_deciding(actor))
        if cursor:
            due, number = read_cursor(cursor)
            rows = rows.filter(Q(due__gt=due) | Q(due=due, case__gt=number))
        found = list(rows.order_by("due", "case")[: limit + 1])
        cases = {each.number: each for each in slim(Case.objects.filter(pk__in=[row.case_id for row in found]))}
        page = found[:limit]
        return Page(
            rows=[PetitionLine(row=case_row(cases[row.case_id]), due=row.due, asked_at=row.asked_at) for row in page],
            next=cursor_of(page[-1].due, page[-1].case_id) if len(found) > limit else "",
        )

    def count(self, *, actor: Actor) -> int:
        """Return how many wait for the actor's departments; kept for a minute, or until one changes."""
        return self._count(_deciding(actor))

    def _count(self, departments: Collection[str]) -> int:
        keys = {f"{self.name}:{department}": department for department in departments}
        found: dict[str, int] = cache.get_many(keys)
        if missing := [department for key, department in keys.items() if key not in found]:
            rows = self._rows().filter(state="open", department__in=missing).order_by()
            counts = dict(rows.values("department").annotate(count=Count("case")).values_list("department", "count"))
            read = {f"{self.name}:{department}": counts.get(department, 0) for department in missing}
            cache.set_many(read, _KEPT_SECONDS)
            found |= read
        return sum(found.values())

    def forget(self, *, department: str) -> None:
        """Let them be counted anew: one of this department has changed."""
        cache.delete(f"{self.name}:{department}")

    def _rows(self) -> Any:
        return self.model._default_manager


def _deciding(actor: Actor) -> list[str]:
    return sorted(each for each in actor.departments if actor.has_role("decider", department=each))
