"""Reads about people and departments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Q, QuerySet

from tongban.apps.people.actors import Actor
from tongban.apps.people.models import Department, Mandate, Membership, Organisation, Person, User
from tongban.apps.people.sealing import open_sealed
from tongban.kernel.numbers import mask_identity

__all__ = [
    "Applicant",
    "DepartmentName",
    "DepartmentNames",
    "count_departments",
    "get_actor",
    "get_applicant",
    "get_contact",
    "get_department_names",
    "get_user_names",
    "list_applicants",
    "list_officials",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentName:
    """A department in both languages."""

    code: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    credit_code: str
    phone: str

    def name(self, language: str) -> str:
        """The full name in ``language``."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def short(self, language: str) -> str:
        """The name as lists show it."""
        return self.short_zh if language.startswith("zh") else self.short_en


DepartmentNames = Mapping[str, DepartmentName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """In whose name something is asked: a person, or an organisation through its agent."""

    key: str  # "person:7" or "organisation:9135…"
    name: str
    person_id: int | None = None
    organisation_code: str | None = None
    masked: str = ""
    matters: frozenset[str] | None = None  # for which matters; None: all

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation asks."""
        return self.organisation_code is not None


def get_actor(*, user: User, on: date) -> Actor:
    """Return ``user`` with all capacities held on that day; three queries."""
    memberships = user.memberships.all()
    person = Person.objects.filter(user=user).only("id").first()
    given = [] if person is None else list(_valid_mandates(person.pk, on).values_list("organisation_id", "matters"))
    roles = frozenset((m.department_id, m.role) for m in memberships)
    return Actor(
        id=f"user:{user.pk}",
        name=user.name or user.get_username(),
        name_en=user.name_en or user.get_username(),
        user_id=user.pk,
        person_id=person.pk if person else None,
        organisations=frozenset(organisation for organisation, matters in given if matters is None),
        mandates=frozenset((organisation, matter) for organisation, matters in given for matter in matters or ()),
        departments=frozenset(department for department, _ in roles),
        roles=roles,
    )


def list_applicants(*, actor: Actor, on: date, matter: str | None = None) -> list[Applicant]:
    """Return everyone in whose name ``actor`` may ask (for ``matter``) on that day, oneself first."""
    if actor.person_id is None:
        return []
    person = Person.objects.get(pk=actor.person_id)
    mandates = _valid_mandates(person.pk, on).select_related("organisation").order_by("organisation__name")
    applicants = [_person(person), *(_organisation(each) for each in mandates)]
    return [each for each in applicants if matter is None or each.matters is None or matter in each.matters]


def get_applicant(*, actor: Actor, key: str, on: date, matter: str | None = None) -> Applicant | None:
    """Return the applicant called ``key`` if ``actor`` may act for it, else None."""
    return next((each for each in list_applicants(actor=actor, on=on, matter=matter) if each.key == key), None)


def get_contact(*, person_id: int | None, organisation_code: str | None) -> dict[str, str]:
    """Return what is on file of an applicant (one of the two), opened, for forms and certificates; never for logs."""
    if organisation_code is not None:
        organisation = Organisation.objects.get(pk=organisation_code)
        phone = open_sealed(organisation.phone_sealed) if organisation.phone_sealed else ""
        return {"name": organisation.name, "credit_code": organisation.credit_code, "phone": phone}
    assert person_id is not None
    person = Person.objects.get(pk=person_id)
    phone = open_sealed(person.phone_sealed) if person.phone_sealed else ""
    return {"name": person.name, "identity_number": open_sealed(person.identity_sealed), "phone": phone}


def get_department_names() -> DepartmentNames:
    """Return all departments by code, from the cache: they change a few times a year."""
    names: dict[str, DepartmentName] | None = cache.get("departments")
    if names is None:
        names = {
            row.code: DepartmentName(
                code=row.code,
                name_zh=row.name_zh,
                name_en=row.name_en,
                short_zh=row.short_zh,
                short_en=row.short_en,
                credit_code=row.credit_code,
                phone=row.phone,
            )
            for row in Department.objects.all()
        }
        cache.set("departments", names, 300)
    return names


def get_user_names(*, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return names of sign-ins (in Chinese, in English) by id, in one query."""
    rows = User.objects.filter(pk__in=set(ids)).values_list("pk", "name", "name_en")
    return {pk: (name, name_en or name) for pk, name, name_en in rows}


def _valid_mandates(person_id: int, on: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), agent_id=person_id, valid_from__lte=on, revoked_at=None
    )


def _person(person: Person) -> Applicant:
    return Applicant(
        key=f"person:{person.pk}",
        name=person.name,
        person_id=person.pk,
        masked=mask_identity(open_sealed(person.identity_sealed)),
    )


def _organisation(mandate: Mandate) -> Applicant:
    return Applicant(
        key=f"organisation:{mandate.organisation_id}",
        name=mandate.organisation.name,
        organisation_code=mandate.organisation_id,
        masked=mandate.organisation_id,
        matters=None if mandate.matters is None else frozenset(mandate.matters),
    )


def list_officials() -> list[Actor]:
    """Return everyone who serves in a department, as they act; one query."""
    roles: dict[int, set[tuple[str, str]]] = {}
    users: dict[int, User] = {}
    for membership in Membership.objects.select_related("user").order_by("pk"):
        roles.setdefault(membership.user_id, set()).add((membership.department_id, membership.role))
        users[membership.user_id] = membership.user
    return [
        Actor(
            id=f"user:{pk}",
            name=users[pk].name,
            name_en=users[pk].name_en,
            user_id=pk,
            departments=frozenset(department for department, _ in held),
            roles=frozenset(held),
        )
        for pk, held in roles.items()
    ]


def count_departments() -> int:
    """Return how many departments are loaded."""
    return Department.objects.count()
