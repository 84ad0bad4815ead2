"""From a complaint about a look to who it was: for whoever handles that complaint, and on record before it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.city import get_rights
from tongban.apps.exchange.queries import subjects_of
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names, list_represented, list_roles
from tongban.apps.rights.errors import UnknownLook
from tongban.apps.rights.listing import LookRow, looks_shown
from tongban.apps.rights.looks import record_look
from tongban.apps.rights.models import Look
from tongban.apps.rights.trace import AskedRow, asked_about

__all__ = ["Inquiry", "look_into", "may_look_into"]

_HANDLE = ("handler", "reviewer", "decider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What was complained of, and who did it.

    ``name`` (Chinese, English) is None where it was a computer system, which ``row.actor`` then names. ``roles`` are
    those that they hold now, by department. ``times``: how often the same sign-in has looked at data of the same
    person or organisation, this time included, the first and the last.
    """

    row: LookRow | AskedRow
    name: tuple[str, str] | None
    roles: Sequence[tuple[str, str]]
    times: int
    first: datetime | None
    last: datetime | None


def may_look_into(*, view: CaseView, actor: Actor) -> bool:
    """Whether the case is a complaint about a look that this official handles: nobody else learns who it was."""
    if view.row.matter != get_rights().matters.get("complaint") or view.is_owner:
        return False
    concerned = {view.row.authority, *(task.department for task in view.tasks)}
    return any(actor.has_role(role, department=where) for role in _HANDLE for where in concerned)


def look_into(*, view: CaseView, actor: Actor, on: date, at: datetime) -> Inquiry:
    """Return who it was that the complaint is about; that it was asked goes on record, for the complainant to read.

    The look must be one at the complainant's own data, or of whom they represent in everything: a reference that
    somebody has made up opens nothing. Raises ``UnknownLook`` for that, and for whoever does not handle the complaint;
    ``LookNotRecorded``.
    """
    if not may_look_into(view=view, actor=actor):
        raise UnknownLook
    record_look(view=view, actor=actor, at=at, what="official")
    row = _complained_of(view, on)
    kind, _, user = row.actor.partition(":")
    pk = int(user) if kind == "user" and user.isdigit() else 0
    same = (
        _of_same(row).aggregate(times=Count("pk"), first=Min("at"), last=Max("at")) if isinstance(row, LookRow) else {}
    )
    return Inquiry(
        row=row,
        name=get_user_names(ids=[pk]).get(pk) if pk else None,
        roles=list_roles(user_id=pk) if pk else (),
        times=same.get("times", 0),
        first=same.get("first"),
        last=same.get("last"),
    )


def _complained_of(view: CaseView, on: date) -> LookRow | AskedRow:
    reference = str(view.answers.get("look", ""))
    kind, digits = reference[:1], reference[1:]
    if not (digits.isascii() and digits.isdigit()):
        raise UnknownLook
    persons, organisations = _whose(view, on)
    if kind == "R":
        subjects = subjects_of(persons=persons, organisations=organisations)
        return asked_about(subjects=subjects, number=int(digits), on=on)
    own = Q(person__in=persons) | Q(organisation__in=organisations)
    found = Look.objects.filter(own, pk=int(digits)).first()
    if found is None:
        raise UnknownLook
    return looks_shown([found])[0]


def _whose(view: CaseView, on: date) -> tuple[list[int], list[str]]:
    """The complainant, and whom they represent in everything."""
    kind, _, which = view.applicant_key.partition(":")
    if kind != "person":
        return [], [which]
    keys = [each.partition(":") for each in list_represented(person_id=int(which), on=on)]
    persons = [int(pk) for kind, _, pk in keys if kind == "person"]
    return [int(which), *persons], [code for kind, _, code in keys if kind == "organisation"]


def _of_same(row: LookRow) -> QuerySet[Look]:
    kind, _, which = row.whose.partition(":")
    return Look.objects.filter(actor=row.actor, **{kind: which})
