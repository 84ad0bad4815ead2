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

__all__ = ["LookPage", "LookRow", "get_look", "list_looks", "looks_shown", "own_looks", "whole_persons"]

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
    rows = own_looks(actor=actor, department=department, case=case, since=since)
    if cursor:
        at, key = _read_cursor(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    found = list(rows.order_by("-at", "-pk")[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].at.isoformat()}~{page[-1].pk}" if len(found) > limit else ""
    return LookPage(rows=looks_shown(page), next=more)


def get_look(*, actor: Actor, look: int) -> LookRow:
    """Return one look at what is the actor's. Raises ``UnknownLook``."""
    row = own_looks(actor=actor).filter(pk=look).first()
    if row is None:
        raise UnknownLook
    return looks_shown([row])[0]


def own_looks(
    *, actor: Actor, department: str = "", case: int | None = None, since: datetime | None = None
) -> QuerySet[Look]:
    """Looks at the actor's own data and at that of those for whom they may do everything, narrowed; not asked yet."""
    if actor.person_id is None:
        return Look.objects.none()
    rows = Look.objects.filter(Q(person__in=whole_persons(actor)) | Q(organisation__in=sorted(actor.organisations)))
    if department:
        rows = rows.filter(department=department)
    if case is not None:
        rows = rows.filter(case=case)
    return rows if since is None else rows.filter(at__gte=since)


def whole_persons(actor: Actor) -> list[int]:
    """Whose data is the actor's to know all of: a mandate for some matters only does not open everything else."""
    own = [] if actor.person_id is None else [actor.person_id]
    return [*own, *sorted(person for person, matter in actor.persons if not matter)]


def looks_shown(rows: Sequence[Look]) -> list[LookRow]:
    """Looks as they are read: with the name of the matter and its law."""
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
