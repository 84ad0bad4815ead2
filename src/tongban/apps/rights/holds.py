"""Keeping a case whole past its time: by an officer with a reason, and by what is still under way about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tongban.apps.cases.errors import NotYours
from tongban.apps.cases.queries import CaseView, list_open_references
from tongban.apps.cases.services import lock_row
from tongban.apps.catalog.city import get_calendar, get_rights
from tongban.apps.catalog.definitions import Article
from tongban.apps.evidence.queries import list_valid_of_cases
from tongban.apps.people.actors import Actor
from tongban.apps.rights.errors import ReasonMissing, UnknownHold
from tongban.apps.rights.models import Hold, Look

__all__ = ["KINDS", "KeptUntil", "kept_until", "lift_hold", "list_holds", "may_hold", "place_hold", "reasons_to_keep"]

KINDS = ("named", "objection")
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUntil:
    """The last day on which a case is kept (None: it is not over), and the law that says so."""

    until: date | None
    basis: Article


def kept_until(*, view: CaseView) -> KeptUntil | None:
    """How long a case's answers and files are kept by law; None: for ever. Holds come on top."""
    retention = view.definition.retention or get_rights().retention
    if retention is None:
        return None
    came_out = view.row.decided_at or view.row.closed_at
    over = came_out is not None and view.row.closed_at is not None
    day = get_calendar().local_date(came_out) if came_out is not None and over else None
    return KeptUntil(until=retention.until(day) if day else None, basis=retention.basis)


def may_hold(*, view: CaseView, actor: Actor) -> bool:
    """Whether the actor may keep this case whole: an official of its authority, or an administrator."""
    return view.row.authority in actor.departments or actor.has_role("administrator")


def place_hold(*, view: CaseView, kind: str, reason: str, actor: Actor, at: datetime) -> int:
    """Keep a case whole until it is lifted; return the hold's number. Raises ``NotYours``, ``ReasonMissing``."""
    if not may_hold(view=view, actor=actor):
        raise NotYours
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        lock_row(view.number)  # what is let go of at this moment waits, and then sees the hold
        hold = Hold.objects.create(
            case=view.number,
            kind=kind if kind in KINDS else KINDS[0],
            reason=reason.strip()[:_LONGEST],
            placed_by=actor.id,
            placed_at=at,
        )
    return hold.pk


def lift_hold(*, view: CaseView, hold: int, actor: Actor, at: datetime) -> None:
    """End a hold; the row stays. Raises ``NotYours``, ``UnknownHold``."""
    if not may_hold(view=view, actor=actor):
        raise NotYours
    rows = Hold.objects.filter(pk=hold, case=view.number, lifted_at=None)
    if not rows.update(lifted_at=at, lifted_by=actor.id):
        raise UnknownHold


def list_holds(*, case: int) -> list[Hold]:
    """All holds of a case, those that hold first; one query."""
    return sorted(Hold.objects.filter(case=case).order_by("-placed_at"), key=lambda hold: hold.lifted_at is not None)


def reasons_to_keep(*, cases: Collection[int], on: date) -> dict[int, str]:
    """Why cases that are over stay whole all the same, by number: ``objection``, ``named``, ``certificate``.

    A hold; a complaint of a look at it that is not decided; a certificate of it that still holds. Three queries.
    """
    found = dict.fromkeys(list_valid_of_cases(cases=cases, on=on), "certificate")
    if matter := get_rights().matters.get("complaint"):
        looked = Look.objects.filter(case__in=cases).values_list("pk", "case")
        named = list_open_references(matter=matter, field="look", values=[f"L{pk}" for pk, _ in looked])
        found |= {case: "objection" for pk, case in looked if case is not None and f"L{pk}" in named}
    held = Hold.objects.filter(case__in=cases, lifted_at=None).values_list("case", "kind")
    return found | dict(held)
