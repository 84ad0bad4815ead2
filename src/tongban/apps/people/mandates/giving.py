"""How a mandate comes about: given by who is represented, asked for by who would act, or registered at a counter."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from tongban.apps.people.actors import Actor
from tongban.apps.people.assurance import HIGH, require_assurance
from tongban.apps.people.errors import (
    ChildNeedsGuardian,
    GuardianIsNone,
    MandateForOneself,
    MandatePending,
    MandatePeriod,
    NotAllowed,
    ReasonMissing,
    UnknownOther,
)
from tongban.apps.people.mandates.holding import ADULT_FROM, birthday, born, is_child, represented_organisations
from tongban.apps.people.mandates.record import PROPOSED, REGISTERED, REPLACED, put_on_record
from tongban.apps.people.models import Mandate, MandateKind, MandateSource, Organisation, Person
from tongban.apps.people.sealing import lookup_hash
from tongban.kernel.numbers import parse_credit_code, parse_identity_number

__all__ = [
    "LONGEST",
    "ask_for_mandate",
    "check_period",
    "end_former",
    "find_organisation",
    "find_person",
    "offer_mandate",
    "register_mandate",
]

LONGEST = timedelta(days=5 * 366)
"""A mandate given online ends by itself after so long at the latest: what nobody remembers should not hold."""


def find_person(*, name: str, identity_number: str) -> int:
    """Return the person with this number and this name who signs in here.

    One answer for all that does not fit, so that nobody learns from it who is on file. Raises ``UnknownOther``, and
    ``NumberError`` where the number cannot be right: one that fails its check, unless it is on file with this name.
    """
    number = parse_identity_number(identity_number, ignore_check=True)
    hashed = lookup_hash(kind="identity", text=number)
    found = Person.objects.filter(identity_hash=hashed, user__is_active=True).first()
    if found is None or not _same(name, found.name, found.name_en):
        parse_identity_number(number)
        raise UnknownOther
    return found.pk


def find_organisation(*, name: str, credit_code: str) -> str:
    """Return the organisation with this code and name that a legal representative acts for here; else as above."""
    code = parse_credit_code(credit_code, ignore_check=True)  # it only has to be on file
    found = Organisation.objects.filter(pk=code, mandates__kind=MandateKind.REPRESENTATIVE).distinct().first()
    if found is None or not _same(name, found.name, found.name_en):
        raise UnknownOther
    return found.pk


@transaction.atomic
def offer_mandate(
    *,
    organisation: str | None,
    agent_id: int,
    matters: Sequence[str] | None,
    valid_from: date,
    valid_until: date,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """Let somebody act for the actor, or for an organisation that the actor represents; return the mandate's id.

    For ``matters`` or (None) all, both days included. It holds once the agent has accepted it; what holds between the
    two until then ends with that. Raises ``AssuranceTooLow``, ``ChildNeedsGuardian``, ``MandateForOneself``,
    ``MandatePending``, ``MandatePeriod``, ``NotAllowed`` (Civil Code, 161 to 165).
    """
    require_assurance(actor=actor, needed=settings.MANDATE_ASSURANCE)
    me = _adult(actor, on)
    if organisation is not None and organisation not in represented_organisations(actor=actor, on=on):
        raise NotAllowed
    whom: dict[str, Any] = {"organisation_id": organisation} if organisation else {"person_id": me.pk}
    if agent_id == me.pk:
        raise MandateForOneself
    return _propose(whom, agent_id, "represented", matters, valid_from, valid_until, actor, on, at)


@transaction.atomic
def ask_for_mandate(
    *,
    organisation: str | None,
    person_id: int | None,
    matters: Sequence[str] | None,
    valid_from: date,
    valid_until: date,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """Ask to act for a person or an organisation (one of the two); return the mandate's id.

    It holds once the represented has accepted it. Raises what ``offer_mandate`` raises.
    """
    require_assurance(actor=actor, needed=settings.MANDATE_ASSURANCE)
    me = _adult(actor, on)
    if person_id == me.pk:
        raise MandateForOneself
    whom: dict[str, Any] = {"organisation_id": organisation} if organisation else {"person_id": person_id}
    return _propose(whom, me.pk, "agent", matters, valid_from, valid_until, actor, on, at)


def _propose(
    whom: dict[str, Any],
    agent_id: int,
    by: str,
    matters: Sequence[str] | None,
    valid_from: date,
    valid_until: date,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    check_period(valid_from=valid_from, valid_until=valid_until, on=on)
    kind = MandateKind.MANDATE
    if Mandate.objects.filter(**whom, agent_id=agent_id, kind=kind, revoked_at=None, accepted_at=None).exists():
        raise MandatePending
    row = Mandate.objects.create(
        **whom,
        agent_id=agent_id,
        kind=kind,
        matters=None if matters is None else sorted(set(matters)),
        valid_from=valid_from,
        valid_until=valid_until,
        source=MandateSource.ONLINE,
        assurance=actor.assurance,
        proposed_by=by,
        proposed_at=at,
    )
    put_on_record(row, PROPOSED, actor_id=actor.id, capacity=by, on=on, at=at)
    return row.pk


def check_period(*, valid_from: date, valid_until: date, on: date) -> None:
    """Raise ``MandatePeriod`` when it ends before it begins or before today, or lasts too long."""
    if valid_until < valid_from or valid_until < on or valid_until > on + LONGEST:
        raise MandatePeriod


@transaction.atomic
def register_mandate(
    *,
    kind: str,
    organisation: str | None,
    person_id: int | None,
    agent_id: int,
    matters: Sequence[str] | None,
    valid_until: date | None,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """Put on record at a counter that somebody acts for another, both cards being there; return the mandate's id.

    For those who cannot do it themselves: a guardian, a child's parent, who has no account. It holds at once; what
    held between the two ends. A child's guardian acts until it is of age; a new legal representative takes the place
    of the old one. Raises ``NotAllowed`` (clerks do this), ``ReasonMissing``, ``MandateForOneself``, ``MandatePeriod``,
    ``GuardianIsNone`` (organisations have no guardian), ``ChildNeedsGuardian`` (no child acts for another).
    """
    if not actor.has_role("clerk"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    if person_id == agent_id:
        raise MandateForOneself
    if is_child(Person.objects.get(pk=agent_id), on=on):
        raise ChildNeedsGuardian
    if kind not in MandateKind.values:
        raise GuardianIsNone
    until = _until(kind, person_id, valid_until, on)
    whom: dict[str, Any] = {"organisation_id": organisation} if organisation else {"person_id": person_id}
    former = {} if kind == MandateKind.REPRESENTATIVE else {"agent_id": agent_id}
    end_former(**whom, **former, kind=kind, actor_id=actor.id, capacity="clerk", on=on, at=at)
    row = Mandate.objects.create(
        **whom,
        agent_id=agent_id,
        kind=kind,
        matters=None if matters is None or kind != MandateKind.MANDATE else sorted(set(matters)),
        valid_from=on,
        valid_until=until,
        source=MandateSource.COUNTER,
        assurance=HIGH,
        accepted_at=at,
    )
    put_on_record(row, REGISTERED, actor_id=actor.id, capacity="clerk", on=on, at=at, reason=reason.strip()[:200])
    return row.pk


def _until(kind: str, person_id: int | None, valid_until: date | None, on: date) -> date | None:
    """A guardian of a child acts until it is of age; everything else until the day that was said."""
    if (kind == MandateKind.REPRESENTATIVE) != (person_id is None) and kind != MandateKind.MANDATE:
        raise GuardianIsNone
    if kind == MandateKind.GUARDIAN:
        assert person_id is not None
        of_age = birthday(born(Person.objects.get(pk=person_id)), ADULT_FROM)
        if of_age > on:
            return min(of_age - timedelta(days=1), valid_until or of_age)
        return valid_until
    if kind == MandateKind.MANDATE:
        if valid_until is None:
            raise MandatePeriod
        check_period(valid_from=on, valid_until=valid_until, on=on)
    return valid_until


def end_former(*, kind: str, actor_id: str, capacity: str, on: date, at: datetime, **between: Any) -> None:
    """End what has held between these until now, in the caller's transaction: something newer takes its place."""
    held = Mandate.objects.filter(**between, kind=kind, revoked_at=None, accepted_at__isnull=False)
    for row in held.select_for_update():
        row.revoked_at, row.ended_as = at, "replaced"
        row.save(update_fields=["revoked_at", "ended_as"])
        put_on_record(row, REPLACED, actor_id=actor_id, capacity=capacity, on=on, at=at)


def _adult(actor: Actor, on: date) -> Person:
    """Who the actor is, if they may give or take a mandate at all."""
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id is not None else None
    if person is None:
        raise NotAllowed
    if is_child(person, on=on):
        raise ChildNeedsGuardian
    return person


def _same(typed: str, *known: str) -> bool:
    """Spaces and brackets of two widths are the same name."""
    return _plain(typed) in {_plain(name) for name in known if name}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold().translate(str.maketrans("（）", "()"))
