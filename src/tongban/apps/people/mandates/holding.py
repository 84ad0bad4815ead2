"""When a mandate holds, who stands on which side of it, and from which age people act for themselves."""

from datetime import date

from django.db.models import Q

from tongban.apps.ledger.readings import Given
from tongban.apps.people.actors import Actor
from tongban.apps.people.models import Mandate, MandateKind, Person
from tongban.apps.people.sealing import open_sealed
from tongban.kernel.numbers import birth_date

__all__ = ["ACTS_FROM", "ADULT_FROM", "birthday", "holds", "is_child", "represented_organisations", "sides_of"]

ACTS_FROM = 14
"""Under this age a guardian acts (Personal Information Protection Law, 31; identity cards of children alike)."""
ADULT_FROM = 18
"""Guardianship of a child ends on this birthday (Civil Code, 17)."""


def holds(on: date | Given, path: str = "") -> Q:
    """Mandates that hold on a day: accepted, not ended, within their days. ``path`` leads to them, as in a join."""
    until = Q(**{f"{path}valid_until": None}) | Q(**{f"{path}valid_until__gte": on})
    return until & Q(
        **{f"{path}valid_from__lte": on, f"{path}revoked_at": None, f"{path}accepted_at__isnull": False},
    )


def represented_organisations(*, actor: Actor, on: date) -> frozenset[str]:
    """Organisations whose legal representative the actor is: who gives and takes back their mandates; one query."""
    if actor.person_id is None:
        return frozenset()
    rows = Mandate.objects.filter(holds(on), agent=actor.person_id, kind=MandateKind.REPRESENTATIVE)
    return frozenset(rows.values_list("organisation", flat=True))


def sides_of(row: Mandate, *, actor: Actor, organisations: frozenset[str]) -> frozenset[str]:
    """On which sides of a mandate the actor stands: ``represented``, ``agent``, neither; of their own company, both."""
    found = set()
    if actor.person_id is not None and actor.person_id == row.agent_id:
        found.add("agent")
    is_them = actor.person_id is not None and actor.person_id == row.person_id
    if is_them or row.organisation_id in organisations:
        found.add("represented")
    return frozenset(found)


def is_child(person: Person, *, on: date) -> bool:
    """Whether a person is too young that day to act alone."""
    return birthday(born(person), ACTS_FROM) > on


def born(person: Person) -> date:
    """When a person was born, by the identity number (GB 11643)."""
    return birth_date(open_sealed(person.identity_sealed))


def birthday(day: date, years: int) -> date:
    """The day on which somebody born on ``day`` becomes so many years old; of 29 February, the day after it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
