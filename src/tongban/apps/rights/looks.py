"""Who looked at whose data: written as it happens, in the request that shows it; without the record nothing is shown.

Personal Information Protection Law (个人信息保护法) 44: people have a right to know how their data is handled.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import DatabaseError

from tongban.apps.cases.queries import CaseView, Party
from tongban.apps.catalog.city import get_city
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant
from tongban.apps.rights.errors import LookNotRecorded
from tongban.apps.rights.models import Look

__all__ = ["PURPOSES", "WHAT", "record_called_up", "record_found", "record_look", "record_meeting"]

WHAT = ("case", "paper", "person", "line", "official", "caller")
"""What is looked at: the case file, a paper of it, what is on file of who stands at a counter, a line of a list,
who it was that had looked, or whether a caller is who they say."""

PURPOSES = ("case", "counter", "supervision", "limit", "filing", "certificates", "phone", "phone-refused")
"""Why: a step of the case is theirs; help at a counter; supervision; the limit of a joint review; filing for them;
looking after what their authority has issued; help by telephone;
a caller who could not show who they were."""

_OVERSEERS = ("supervisor", "administrator")
_CLOSEST = ("handler", "clerk", "reviewer", "decider", *_OVERSEERS)


def record_look(
    *, view: CaseView, actor: Actor, at: datetime, what: str = "case", no: int | None = None, purpose: str = ""
) -> None:
    """Put on record that an official looks at somebody's case; nothing for those whose own it is.

    ``no`` is the number of the paper. ``purpose``: one of those that no tie to the case tells (a call).
    Raises ``LookNotRecorded``: then the caller must not show it.
    """
    if view.is_owner:
        return
    department, role, closest = (_counter_of(actor), "clerk", purpose) if purpose else _as_what(view, actor)
    kind, _, key = view.applicant_key.partition(":")
    _write(
        at=at,
        actor=actor.id,
        department=department,
        role=role,
        what=what,
        purpose=closest,
        case=view.number,
        no=no,
        matter_version_id=view.version_id,
        person_id=int(key) if kind == "person" else None,
        organisation_id=key if kind == "organisation" else None,
    )


def record_found(*, parties: Collection[Party], actor: Actor, at: datetime) -> None:
    """Put on record that an official has searched certificates by name or number and found those of these cases.

    One row for each case, in one statement. Raises ``LookNotRecorded``: then the caller must not show them.
    """
    roles = _roles(actor)
    rows = [
        Look(
            at=at,
            actor=actor.id,
            department=party.authority,
            role=_closest(roles.get(party.authority, set())),
            what="line",
            purpose="certificates",
            case=party.number,
            matter_version_id=party.version_id,
            person_id=None if party.organisation else party.person,
            organisation_id=party.organisation,
        )
        for party in parties
    ]
    try:
        Look.objects.bulk_create(rows)
    except DatabaseError as error:
        raise LookNotRecorded from error


def record_meeting(*, applicant: Applicant, matter_version: int, actor: Actor, at: datetime) -> None:
    """Put on record that a clerk has called up who stands at a counter. Raises ``LookNotRecorded``."""
    _write(
        at=at,
        actor=actor.id,
        department=_counter_of(actor),
        role="clerk",
        what="person",
        purpose="filing",
        matter_version_id=matter_version,
        person_id=applicant.person_id,
        organisation_id=applicant.organisation_code,
    )


def record_called_up(
    *, person: int | None, organisation: str | None = None, what: str, purpose: str, actor: Actor, at: datetime
) -> None:
    """Put on record that an official has called up, or compared, what is on file, on no matter's account.

    Raises ``LookNotRecorded``.
    """
    is_clerk = actor.has_role("clerk")
    department = _counter_of(actor) if is_clerk else min(actor.departments)
    _write(
        at=at,
        actor=actor.id,
        department=department,
        role="clerk" if is_clerk else _closest(_roles(actor).get(department, set())),
        what=what,
        purpose=purpose,
        person_id=person,
        organisation_id=organisation,
    )


def _write(**row: object) -> None:
    try:
        Look.objects.create(**row)
    except DatabaseError as error:
        raise LookNotRecorded from error


def _as_what(view: CaseView, actor: Actor) -> tuple[str, str, str]:
    """In which department, in which role and why the actor looks: whatever lies closest to the case."""
    concerned = {view.row.authority, *(task.department for task in view.tasks)}
    roles = _roles(actor)
    for department in sorted(actor.departments & concerned):
        return department, _closest(roles.get(department, set())), "case"
    for role in _OVERSEERS:
        if actor.has_role(role):
            return _department_of(actor, role), role, "supervision"
    if actor.has_role("clerk"):
        return _counter_of(actor), "clerk", "counter"
    return _department_of(actor, "decider"), "decider", "limit"


def _roles(actor: Actor) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for department, role in actor.roles:
        found.setdefault(department, set()).add(role)
    return found


def _closest(roles: set[str]) -> str:
    return next((role for role in _CLOSEST if role in roles), "")


def _counter_of(actor: Actor) -> str:
    """Where a clerk serves at a counter: the front desk's, if they are of it."""
    desk = get_city().front_desk
    return desk if actor.has_role("clerk", department=desk) else _department_of(actor, "clerk")


def _department_of(actor: Actor, role: str) -> str:
    return min((department for department, held in actor.roles if held == role), default=min(actor.departments))
