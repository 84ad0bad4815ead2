"""Looks as those read them whose data was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from tongban.apps.catalog.definitions import Article, Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor
from tongban.apps.rights.errors import UnknownLook
from tongban.apps.rights.models import Look

__all__ = ["LookPage", "LookRow", "count_looks", "get_look", "list_departments_that_looked", "list_looks"]

PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One look: when, who by department and role, at what, why, and on which law the matter rests.

    ``whose`` is as ``people`` calls it (person:7, organisation:91…); ``actor`` is for supervision only.
    """

    id: int
    at: datetime
    department: str
    role: str
    what: str
    purpose: str
    case: int | None
    no: int | None
    matter: Text | None
    basis: Sequence[Article]
    whose: str
    actor: str = ""

    @property
    def reference(self) -> str:
        """How people name it when they complain."""
        return f"L{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """A page of looks, the latest first; ``next`` asks for the one after it."""

    rows: Sequence[LookRow]
    next: str = ""


def list_looks(
    *,
    actor: Actor,
    department: str = "",
    case: int | None = None,
    since: datetime | None = None,
    cursor: str = "",
    limit: int = PAGE,
) -> LookPage:
    """Return looks at the actor's own data and at that of those for whom they may do everything.

    One query and the definitions, however many there are. Raises ``ValueError`` for a cursor not given out here.
    """
    rows = _own(actor)
    if department:
        rows = rows.filter(department=department)
    if case is not None:
        rows = rows.filter(case=case)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if cursor:
        at, key = _read_cursor(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    found = list(rows.order_by("-at", "-pk")[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].at.isoformat()}~{page[-1].pk}" if len(found) > limit else ""
    return LookPage(rows=_shown(page), next=more)


def get_look(*, actor: Actor, look: int) -> LookRow:
    """Return one look at what is the actor's. Raises ``UnknownLook``."""
    row = _own(actor).filter(pk=look).first()
    if row is None:
        raise UnknownLook
    return _shown([row])[0]


def count_looks(*, actor: Actor, since: datetime) -> int:
    """How often somebody has looked since then; one query."""
    return _own(actor).filter(at__gte=since).count()


def list_departments_that_looked(*, actor: Actor) -> list[str]:
    """The departments that have ever looked; one query."""
    return sorted(_own(actor).order_by().values_list("department", flat=True).distinct())


def _own(actor: Actor) -> QuerySet[Look]:
    if actor.person_id is None:
        return Look.objects.none()
    # A mandate for some matters only does not open who looked at everything else.
    persons = [actor.person_id, *sorted(person for person, matter in actor.persons if not matter)]
    return Look.objects.filter(Q(person__in=persons) | Q(organisation__in=sorted(actor.organisations)))


def _shown(rows: Sequence[Look]) -> list[LookRow]:
    versions = get_versions(version_ids={row.matter_version_id for row in rows if row.matter_version_id is not None})
    shown = []
    for row in rows:
        definition = versions[row.matter_version_id].definition if row.matter_version_id is not None else None
        shown.append(
            LookRow(
                id=row.pk,
                at=row.at,
                department=row.department,
                role=row.role,
                what=row.what,
                purpose=row.purpose,
                case=row.case,
                no=row.no,
                matter=definition.name if definition else None,
                basis=definition.legal_basis if definition else (),
                whose=f"organisation:{row.organisation_id}" if row.organisation_id else f"person:{row.person_id}",
                actor=row.actor,
            )
        )
    return shown


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    text, key = cursor.split("~")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(cursor)
    try:
        return at.astimezone(UTC), int(key)
    except OverflowError as error:
        raise ValueError(cursor) from error
