"""Connected systems: registered, recognised, revoked; and what each of them may do."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import connection

from tongban.api.v1.models import Client, IdempotentCall
from tongban.apps.catalog.city import get_city
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant

__all__ = ["SCOPES", "Caller", "ClientRefused", "forget_calls", "recognise", "register", "revoke"]

SCOPES = {
    "cases:file": "file cases, upload files, answer supplement requests, hand in what was to follow, withdraw and rate",
    "cases:track": "follow cases and fetch their certificates",
    "desk:tasks": "see the department's queue and do the work of its handlers",
    "desk:decide": "do the work of the department's reviewers and deciders",
}
_SECRET_BYTES = 32
_NOBODY = hashlib.sha256(b"").hexdigest()


class ClientRefused(Exception):
    """A client cannot be registered like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client as it acts in one call. ``applicant`` is the organisation that it files for; None for a department."""

    client: str
    scopes: frozenset[str]
    actor: Actor
    applicant: Applicant | None
    at_front_desk: bool = False


def register(
    *, name: str, organisation: str | None, department: str | None, scopes: Sequence[str], at: datetime
) -> tuple[str, str]:
    """Register a client of an organisation or of a department; return its id and its secret, which is kept nowhere.

    Raises ``ClientRefused`` with the reason in words.
    """
    if (organisation is None) == (department is None):
        raise ClientRefused("A client belongs either to an organisation or to a department.")
    if unknown := sorted(set(scopes) - SCOPES.keys()):
        raise ClientRefused(f"Unknown scopes: {', '.join(unknown)}. There are: {', '.join(SCOPES)}.")
    if organisation is not None and any(scope.startswith("desk:") for scope in scopes):
        raise ClientRefused("A desk's scopes are for departments.")
    if department is not None and "cases:file" in scopes and department != get_city().front_desk:
        raise ClientRefused(f"Only the front desk ({get_city().front_desk}) files for others.")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    client = Client(
        id=secrets.token_hex(8),
        organisation_id=organisation,
        department_id=department,
        name=name,
        secret_hash=_hash(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
    )
    for field, what in (("organisation", organisation), ("department", department)):
        related = Client._meta.get_field(field).related_model
        if what is not None and not related._default_manager.filter(pk=what).exists():  # type: ignore[union-attr]
            raise ClientRefused(f"There is no {field} {what}.")
    client.save(force_insert=True)
    return client.pk, secret


def revoke(*, client: str, at: datetime) -> bool:
    """End a client at once; return whether there was one that had not been ended."""
    return bool(Client.objects.filter(pk=client, revoked_at=None).update(revoked_at=at))


def recognise(*, client: str, secret: str) -> Caller | None:
    """Return the caller with this id and secret, None for anybody else; one query.

    An unknown id takes as long as a wrong secret.
    """
    with connection.cursor() as cursor:
        cursor.execute(_find_sql(connection.vendor), [client])
        found = cursor.fetchone()
    row = _Row(*found) if found else None
    known = hmac.compare_digest(_hash(secret), row.secret_hash if row else _NOBODY)
    return _caller(row) if row is not None and known else None


def forget_calls(*, before: datetime) -> int:
    """Drop the answers kept for repeated calls that are older; return how many."""
    return IdempotentCall.objects.filter(created_at__lt=before).delete()[0]


class _Row(NamedTuple):
    id: str
    name: str
    secret_hash: str
    scopes: str | list[str]
    department: str | None
    organisation: str | None
    organisation_name: str | None


@cache
def _find_sql(vendor: str) -> str:
    """The look-up that every call begins with, put together once: that costs more than asking."""
    rows = Client.objects.filter(pk="", revoked_at=None).values_list(
        "pk", "name", "secret_hash", "scopes", "department", "organisation", "organisation__name"
    )
    return rows.query.sql_with_params()[0]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _caller(row: _Row) -> Caller:
    scopes = frozenset(json.loads(row.scopes) if isinstance(row.scopes, str) else row.scopes)
    at_front_desk = row.department == get_city().front_desk and "cases:file" in scopes
    actor = Actor(
        id=f"client:{row.id}",
        name=row.name,
        name_en=row.name,
        organisations=frozenset([row.organisation] if row.organisation else ()),
        departments=frozenset([row.department] if row.department else ()),
        roles=_roles(row.department, scopes, at_front_desk=at_front_desk) if row.department else frozenset(),
    )
    applicant = None
    if row.organisation is not None and row.organisation_name is not None:
        key = f"organisation:{row.organisation}"
        applicant = Applicant(key=key, name=row.organisation_name, organisation_code=row.organisation)
    return Caller(client=row.id, scopes=scopes, actor=actor, applicant=applicant, at_front_desk=at_front_desk)


def _roles(department: str, scopes: frozenset[str], *, at_front_desk: bool) -> frozenset[tuple[str, str]]:
    """A scope is the roles whose work it lets a system do."""
    roles = {"clerk"} if at_front_desk else set()
    if "desk:tasks" in scopes:
        roles |= {"clerk", "handler"}
    if "desk:decide" in scopes:
        roles |= {"reviewer", "decider"}
    return frozenset((department, role) for role in roles)
