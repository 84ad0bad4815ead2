"""Standing in for absent colleagues: who may arrange it, what it lends, and how it ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q

from tongban.apps.ledger.readings import Given, Reading
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed, StandInPeriod, StandInUnfit, UnknownStandIn
from tongban.apps.people.models import Membership, StandIn

__all__ = ["LENDABLE", "StandInRow", "lent_roles", "list_of", "name", "revoke"]

LENDABLE = ("clerk", "handler", "reviewer", "decider")
"""Roles that a stand-in may have of somebody; supervision and administration are not lent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInRow:
    """One arrangement, as a page shows it. ``may_revoke``: the reader may end it.

    ``is_mine``: the reader stands in.
    """

    id: int
    absent: tuple[str, str]
    stand_in: tuple[str, str]
    department: str
    roles: tuple[str, ...]
    since: date
    until: date
    reason: str
    may_revoke: bool
    is_mine: bool = False


def name(
    *,
    absent_id: int,
    stand_in_id: int,
    department: str,
    roles: Sequence[str],
    since: date,
    until: date,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """See ``services.name_stand_in``."""
    if until < since or until < on:
        raise StandInPeriod
    if actor.user_id is None:
        raise NotAllowed
    theirs = set(Membership.objects.filter(user=absent_id, role__in=LENDABLE).values_list("department_id", "role"))
    if not _may_arrange(actor, absent_id, {where for where, _ in theirs}, department):
        raise NotAllowed
    lent = {pair for pair in theirs if department in ("", pair[0]) and (not roles or pair[1] in roles)}
    serves = Membership.objects.filter(user=stand_in_id, user__is_active=True, role__in=LENDABLE).exists()
    if absent_id == stand_in_id or not lent or not serves:
        raise StandInUnfit
    row = StandIn.objects.create(
        absent_id=absent_id,
        stand_in_id=stand_in_id,
        department_id=department or None,
        roles=sorted(set(roles)) or None,
        since=since,
        until=until,
        reason=reason[:200],
        given_by_id=actor.user_id,
        given_at=at,
    )
    return row.pk


def _may_arrange(actor: Actor, absent_id: int, departments: Iterable[str], department: str) -> bool:
    """Oneself; the head of every department that it is for, in their own right; the administrator."""
    if actor.user_id == absent_id or any(role == "administrator" for _, role in actor.own_roles):
        return True
    wanted = {department} if department else set(departments)
    return bool(wanted) and all((where, "decider") in actor.own_roles for where in wanted)


def revoke(*, stand_in: int, actor: Actor, at: datetime) -> None:
    """See ``services.revoke_stand_in``."""
    row = StandIn.objects.select_for_update().filter(pk=stand_in, revoked_at=None).first()
    if row is None or not _may_revoke(row, actor):
        raise UnknownStandIn
    row.revoked_at, row.revoked_by_id = at, actor.user_id
    row.save(update_fields=["revoked_at", "revoked_by"])


def _may_revoke(row: StandIn, actor: Actor) -> bool:
    if actor.user_id in (row.absent_id, row.stand_in_id, row.given_by_id):
        return True
    heads = {where for where, role in actor.own_roles if role == "decider"}
    return row.department_id in heads or any(role == "administrator" for _, role in actor.own_roles)


def lent_roles(*, user_id: int, on: date) -> frozenset[tuple[int, str, str]]:
    """Whose roles a sign-in has on that day: (absent sign-in, department, role); one query.

    What somebody has only as a stand-in is not passed on.
    """
    found = _lent(user=user_id, on=on)
    return frozenset(
        (absent, where, role)
        for absent, department, roles, where, role in found
        if role in LENDABLE and department in (None, where) and (roles is None or role in roles)
    )


_DAY = Given("on", models.DateField())
_Lent = tuple[int, str | None, list[str] | None, str, str]

_lent: Reading[_Lent] = Reading(
    lambda: (
        StandIn.objects.filter(since__lte=_DAY, until__gte=_DAY, revoked_at=None)
        .filter(stand_in=Given("user", models.BigIntegerField()), absent__is_active=True)
        .values_list(
            "absent_id", "department_id", "roles", "absent__memberships__department_id", "absent__memberships__role"
        )
    )
)


def list_of(*, actor: Actor, on: date) -> list[StandInRow]:
    """See ``queries.list_stand_ins``."""
    concerned = Q(absent=actor.user_id) | Q(stand_in=actor.user_id) | Q(given_by=actor.user_id)
    heads = [where for where, role in actor.own_roles if role == "decider"]
    rows = StandIn.objects.filter(concerned | Q(department__in=heads), until__gte=on, revoked_at=None)
    return [
        StandInRow(
            id=row.pk,
            absent=(row.absent.name, row.absent.name_en or row.absent.name),
            stand_in=(row.stand_in.name, row.stand_in.name_en or row.stand_in.name),
            department=row.department_id or "",
            roles=tuple(row.roles or ()),
            since=row.since,
            until=row.until,
            reason=row.reason,
            may_revoke=_may_revoke(row, actor),
            is_mine=row.stand_in_id == actor.user_id,
        )
        for row in rows.select_related("absent", "stand_in").order_by("since", "pk")
    ]
