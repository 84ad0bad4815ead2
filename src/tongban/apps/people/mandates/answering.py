"""What becomes of a mandate: accepted or declined by the other side, taken back, ended at once by either."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from tongban.apps.people.actors import Actor
from tongban.apps.people.assurance import lower_of, require_assurance
from tongban.apps.people.errors import MandateAnswered, MandateByLaw, MandatePeriod, ReasonMissing, UnknownMandate
from tongban.apps.people.mandates.giving import end_former
from tongban.apps.people.mandates.holding import represented_organisations, sides_of
from tongban.apps.people.mandates.record import ACCEPTED, DECLINED, REVOKED, WITHDRAWN, put_on_record
from tongban.apps.people.models import Mandate, MandateKind

__all__ = ["accept_mandate", "decline_mandate", "end_mandate_at_counter", "revoke_mandate"]


@transaction.atomic
def accept_mandate(*, mandate: int, actor: Actor, on: date, at: datetime) -> None:
    """Accept what the other side has offered or asked for: it holds from now on.

    Its level is the lower of the two sessions'. Raises ``UnknownMandate``, ``MandateAnswered``, ``MandatePeriod`` (its
    days are over), ``AssuranceTooLow``.
    """
    row, side = _waiting(mandate, actor, on)
    require_assurance(actor=actor, needed=settings.MANDATE_ASSURANCE)
    if row.valid_until is not None and row.valid_until < on:
        raise MandatePeriod
    whom = {"organisation_id": row.organisation_id, "person_id": row.person_id}
    end_former(**whom, agent_id=row.agent_id, kind=row.kind, actor_id=actor.id, capacity=side, on=on, at=at)
    row.accepted_at, row.assurance = at, lower_of(row.assurance, actor.assurance)
    row.save(update_fields=["accepted_at", "assurance"])
    put_on_record(row, ACCEPTED, actor_id=actor.id, capacity=side, on=on, at=at)


@transaction.atomic
def decline_mandate(*, mandate: int, actor: Actor, on: date, at: datetime) -> None:
    """Say no to what the other side has offered or asked for. Raises ``UnknownMandate``, ``MandateAnswered``."""
    row, side = _waiting(mandate, actor, on)
    _end(row, "declined", DECLINED, actor, side, on, at)


@transaction.atomic
def revoke_mandate(*, mandate: int, actor: Actor, on: date, at: datetime) -> None:
    """End a mandate at once, from either side (Civil Code, 173); or take back an offer that waits for its answer.

    Raises ``UnknownMandate``, ``MandateAnswered`` (it has ended already), ``MandateByLaw`` (a guardian, a legal
    representative: those end where they were put on record).
    """
    row, sides = _mine(mandate, actor, on)
    if row.kind != MandateKind.MANDATE:
        raise MandateByLaw
    if row.accepted_at is None:
        if row.proposed_by not in sides:
            raise UnknownMandate
        _end(row, "withdrawn", WITHDRAWN, actor, row.proposed_by, on, at)
    else:
        _end(row, "revoked", REVOKED, actor, "represented" if "represented" in sides else "agent", on, at)


@transaction.atomic
def end_mandate_at_counter(*, mandate: int, reason: str, actor: Actor, on: date, at: datetime) -> None:
    """End any mandate at a counter, for who stands there and cannot do it themselves; the reason goes on record.

    Raises ``ReasonMissing``, ``UnknownMandate`` (for who is no clerk, too).
    """
    if not reason.strip():
        raise ReasonMissing
    row = Mandate.objects.select_for_update().filter(pk=mandate, revoked_at=None).first()
    if row is None or not actor.has_role("clerk"):
        raise UnknownMandate
    _end(row, "revoked", REVOKED, actor, "clerk", on, at, reason=reason.strip()[:200])


def _end(
    row: Mandate, ended_as: str, kind: str, actor: Actor, side: str, on: date, at: datetime, *, reason: str = ""
) -> None:
    row.revoked_at, row.ended_as = at, ended_as
    row.save(update_fields=["revoked_at", "ended_as"])
    put_on_record(row, kind, actor_id=actor.id, capacity=side, on=on, at=at, reason=reason)


def _waiting(mandate: int, actor: Actor, on: date) -> tuple[Mandate, str]:
    """A mandate that waits for an answer of the actor's side, and that side."""
    row, sides = _mine(mandate, actor, on)
    side = "agent" if row.proposed_by == "represented" else "represented"
    if row.accepted_at is not None:
        raise MandateAnswered
    if side not in sides:
        raise UnknownMandate
    return row, side


def _mine(mandate: int, actor: Actor, on: date) -> tuple[Mandate, frozenset[str]]:
    """The mandate, locked, and the sides on which the actor stands. What is none of theirs is unknown to them."""
    row = Mandate.objects.select_for_update().filter(pk=mandate).first()
    sides = sides_of(row, actor=actor, organisations=represented_organisations(actor=actor, on=on)) if row else ()
    if row is None or not sides:
        raise UnknownMandate
    if row.revoked_at is not None:
        raise MandateAnswered
    return row, frozenset(sides)
