"""Reads about people and departments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import uuid4

from django.core.cache import cache
from django.db import models
from django.db.models import FilteredRelation, QuerySet

from tongban.apps.ledger.readings import Given, Reading, any_of, several
from tongban.apps.people.actors import Actor
from tongban.apps.people.assurance import LOW
from tongban.apps.people.consents import (
    AgreedWords,
    Agreement,
    get_agreement,
    get_birth,
    has_answered,
    list_agreed,
    list_agreements,
    list_births,
    list_births_of_wards,
)
from tongban.apps.people.finding import find_by_identity, is_called, list_by_telephone
from tongban.apps.people.mandates.holding import holds, is_child
from tongban.apps.people.mandates.reading import (
    MandateView,
    get_mandate,
    list_mandates,
    list_mandates_ending,
    list_mandates_of,
    name_sides,
)
from tongban.apps.people.models import Department, Mandate, Membership, Organisation, Person, StandIn, User
from tongban.apps.people.profiles import Profile, get_profile
from tongban.apps.people.reaching import (
    get_phone,
    get_representative,
    has_organisation,
    list_reachable,
    list_representatives,
)
from tongban.apps.people.recorded import read_credit_code, read_identity_number
from tongban.apps.people.sealing import open_sealed
from tongban.apps.people.standing_in import StandInRow, lent_roles, list_of
from tongban.kernel.numbers import mask_identity

__all__ = [
    "AgreedWords",
    "Agreement",
    "Applicant",
    "DepartmentName",
    "DepartmentNames",
    "MandateView",
    "Profile",
    "StandInFact",
    "StandInRow",
    "count_departments",
    "find_by_identity",
    "get_actor",
    "get_agreement",
    "get_applicant",
    "get_birth",
    "get_contact",
    "get_department_names",
    "get_last_absence",
    "get_mandate",
    "get_phone",
    "get_profile",
    "get_representative",
    "get_user_names",
    "has_answered",
    "has_organisation",
    "is_called",
    "list_agreed",
    "list_agreements",
    "list_applicants",
    "list_births",
    "list_births_of_wards",
    "list_by_telephone",
    "list_colleagues",
    "list_identity_numbers",
    "list_mandates",
    "list_mandates_ending",
    "list_mandates_of",
    "list_names",
    "list_officials",
    "list_persons_of",
    "list_reachable",
    "list_representatives",
    "list_represented",
    "list_roles",
    "list_stand_ins",
    "list_stand_ins_begun",
    "list_standing_in",
    "may_represent",
    "name_sides",
    "read_credit_code",
    "read_identity_number",
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
    kind: str = ""  # on what the actor acts for it: mandate, representative, guardian; "" for oneself
    assurance: str = ""  # with which level the mandate was given; "" where none was needed
    agent_id: int | None = None  # who stands at a counter for them, under a mandate that is on record

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation asks."""
        return self.organisation_code is not None


_USER, _DAY = Given("user", models.BigIntegerField()), Given("on", models.DateField())

_memberships: Reading[tuple[str, str]] = Reading(
    lambda: Membership.objects.filter(user=_USER).values_list("department_id", "role")
)
_held_mandates: Reading[tuple[int, str | None, int | None, list[str] | None]] = Reading(
    lambda: (
        Person.objects.filter(user=_USER)
        .annotate(held=FilteredRelation("mandates", condition=holds(_DAY, "mandates__")))
        .values_list("pk", "held__organisation", "held__person", "held__matters")
    )
)
"""Who somebody is here, and which mandates they hold that day. Every page asks."""


def get_actor(*, user: User, on: date, assurance: str = LOW) -> Actor:
    """Return ``user`` with all capacities held on that day; two queries, three for who serves in a department.

    ``assurance``: how surely the session is theirs (``assurance.LEVELS``).
    """
    rows = _held_mandates(user=user.pk, on=on)
    person_id = rows[0][0] if rows else None
    # Of each: whom it is for, and one matter; "" for every matter.
    given = [(body, person, matter) for _, body, person, matters in rows for matter in _each_matter(matters)]
    own = frozenset(_memberships(user=user.pk))
    stands_for = lent_roles(user_id=user.pk, on=on) if own else frozenset()
    roles = own | {(department, role) for _absent, department, role in stands_for}
    return Actor(
        id=f"user:{user.pk}",
        name=user.name or user.get_username(),
        name_en=user.name_en or user.get_username(),
        user_id=user.pk,
        person_id=person_id,
        organisations=frozenset(body for body, _, matter in given if body is not None and not matter),
        mandates=frozenset((body, matter) for body, _, matter in given if body is not None and matter),
        persons=frozenset((person, matter) for _, person, matter in given if person is not None),
        departments=frozenset(department for department, _ in roles),
        roles=roles,
        stands_for=stands_for,
        borrowed=roles - own,
        assurance=assurance,
    )


def _each_matter(matters: Sequence[str] | None) -> Sequence[str]:
    return ("",) if matters is None else matters


def list_stand_ins(*, actor: Actor, on: date) -> list[StandInRow]:
    """Return the arrangements that hold on that day or later and concern the actor, or a department they head."""
    return list_of(actor=actor, on=on)


def list_applicants(*, actor: Actor, on: date, matter: str | None = None) -> list[Applicant]:
    """Return everyone in whose name ``actor`` may ask (for ``matter``) on that day: oneself, persons, organisations.

    A child does not ask for itself: its guardian does (``mandates.holding.ACTS_FROM``).
    """
    if actor.person_id is None:
        return []
    person = Person.objects.get(pk=actor.person_id)
    mandates = _valid_mandates(person.pk, on).select_related("organisation", "person")
    oneself = [] if is_child(person, on=on) else [_person(person)]
    found = [*oneself, *(_represented(each) for each in mandates.order_by("organisation__name", "person__name"))]
    fitting = [each for each in found if matter is None or each.matters is None or matter in each.matters]
    # Who represents somebody in two ways does so once: as far as the wider of them goes.
    once = {each.key: each for each in sorted(fitting, key=lambda each: each.matters is None)}
    return sorted(once.values(), key=lambda each: (bool(each.kind), each.is_organisation, each.name))


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
    number = open_sealed(person.identity_sealed)
    return {"name": person.name, "identity_number": number, "phone": phone}


def list_identity_numbers(*, persons: Iterable[int]) -> dict[int, str]:
    """Return the numbers of these persons, opened, to find by their keyed hashes what is on record; one query.

    Never for a page, a log or an answer.
    """
    rows = Person.objects.filter(pk__in=set(persons)).values_list("pk", "identity_sealed")
    return {pk: open_sealed(sealed) for pk, sealed in rows}


_held: tuple[str, DepartmentNames] = ("", {})
"""The departments as this process has read them, and the mark that the cache had for them then."""


def get_department_names() -> DepartmentNames:
    """Return all departments by code; they change a few times a year, and are then read anew within five minutes.

    The cache keeps a mark of what was read, not the rows: a page asks a dozen times, and unpacking thirty departments
    each time took 0.4 ms of it.
    """
    global _held  # replaced whole
    mark = cache.get("departments")
    if mark is None or _held[0] != mark:
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
        # Whoever has changed departments has taken the mark away before: what is read under one that is there is new.
        if mark is None:
            mark = uuid4().hex
            cache.set("departments", mark, 300)
        _held = mark, names
        return names
    return _held[1]


def list_persons_of(*, users: Iterable[int]) -> dict[int, int]:
    """Return which person each of these sign-ins belongs to, of those that belong to one; one query."""
    rows = Person.objects.filter(user__in=set(users)).values_list("user", "pk")
    return {user: person for user, person in rows if user is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInFact:
    """``person`` stands in for ``absent`` (in Chinese, in English) until that day."""

    id: int
    person: int
    absent: tuple[str, str]
    until: date


def list_stand_ins_begun(*, on: date, since: date) -> list[StandInFact]:
    """Return who stands in on that day and began no earlier than ``since``; one query."""
    rows = StandIn.objects.filter(since__gte=since, since__lte=on, until__gte=on, revoked_at=None)
    rows = rows.filter(stand_in__person__isnull=False)
    columns = ("pk", "stand_in__person", "absent__name", "absent__name_en", "until")
    return [
        StandInFact(id=pk, person=person, absent=(name, name_en or name), until=until)
        for pk, person, name, name_en, until in rows.order_by("pk").values_list(*columns)
    ]


def get_last_absence(*, user_id: int, on: date) -> tuple[date, date] | None:
    """Return from when to when somebody was away for whom others stood in, the last time that began; one query."""
    rows = StandIn.objects.filter(absent=user_id, since__lte=on).order_by("-since", "-pk")
    return rows.values_list("since", "until").first()


def list_standing_in(*, absent: Iterable[int], on: date) -> dict[int, tuple[int, ...]]:
    """Return which sign-ins stand in that day for each of these that is absent; one query."""
    rows = StandIn.objects.filter(absent__in=set(absent), since__lte=on, until__gte=on, revoked_at=None)
    found: dict[int, tuple[int, ...]] = {}
    for who, stand_in in rows.filter(stand_in__is_active=True).order_by("pk").values_list("absent", "stand_in"):
        found[who] = (*found.get(who, ()), stand_in)
    return found


def list_names(*, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of applicants by key (``Applicant.key``); two queries at most, however many they are."""
    parts = [key.partition(":") for key in keys]
    persons = {int(which) for kind, _, which in parts if kind == "person"}
    bodies = {which for kind, _, which in parts if kind == "organisation"}
    found: dict[str, str] = {}
    if persons:
        found |= {f"person:{pk}": name for pk, name in Person.objects.filter(pk__in=persons).values_list("pk", "name")}
    if bodies:
        rows = Organisation.objects.filter(pk__in=bodies).values_list("pk", "name")
        found |= {f"organisation:{pk}": name for pk, name in rows}
    return found


def get_user_names(*, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return names of sign-ins (in Chinese, in English) by id, in one query."""
    wanted = sorted(set(ids))
    rows = _user_names(len(wanted))(ids=wanted) if wanted else ()
    return {pk: (name, name_en or name) for pk, name, name_en in rows}


@lru_cache(200)
def _user_names(count: int) -> Reading[tuple[int, str, str]]:
    ids = several("ids", models.BigIntegerField(), count)
    return Reading(lambda: User.objects.filter(pk__in=ids).values_list("pk", "name", "name_en"))


def list_represented(*, person_id: int, on: date) -> list[str]:
    """Return the keys of those for whom this person may do everything on that day; one query."""
    rows = _valid_mandates(person_id, on).filter(matters=None).values_list("organisation", "person")
    return sorted(f"organisation:{body}" if body is not None else f"person:{person}" for body, person in rows)


def may_represent(*, person_id: int, key: str, matters: Iterable[str], on: date) -> bool:
    """Whether this person may act, in all of these matters and on that day, for the applicant called ``key``."""
    kind, _, which = key.partition(":")
    whom = {"organisation": which} if kind == "organisation" else {"person": which}
    scopes = list(_valid_mandates(person_id, on).filter(**whom).values_list("matters", flat=True))
    return all(any(scope is None or matter in scope for scope in scopes) for matter in matters)


def list_roles(*, user_id: int) -> list[tuple[str, str]]:
    """Return the roles that a sign-in holds now: (department, role); one query."""
    rows = Membership.objects.filter(user=user_id).order_by("department", "pk")
    return list(rows.values_list("department", "role"))


def _valid_mandates(person_id: int, on: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(holds(on), agent_id=person_id)


def _person(person: Person, matters: frozenset[str] | None = None, kind: str = "", assurance: str = "") -> Applicant:
    return Applicant(
        key=f"person:{person.pk}",
        name=person.name,
        person_id=person.pk,
        masked=mask_identity(open_sealed(person.identity_sealed)),
        matters=matters,
        kind=kind,
        assurance=assurance,
    )


def _represented(mandate: Mandate) -> Applicant:
    matters = None if mandate.matters is None else frozenset(mandate.matters)
    if mandate.person is not None:
        return _person(mandate.person, matters, mandate.kind, mandate.assurance)
    organisation = mandate.organisation
    assert organisation is not None
    return Applicant(
        key=f"organisation:{organisation.pk}",
        name=organisation.name,
        organisation_code=organisation.pk,
        masked=organisation.pk,
        matters=matters,
        kind=mandate.kind,
        assurance=mandate.assurance,
    )


def list_officials() -> list[Actor]:
    """Return everyone who serves in a department, as they act; one query."""
    return _as_they_act(_with_users(Membership.objects.all()))


def list_colleagues(*, departments: Iterable[str]) -> list[Actor]:
    """Return everyone who serves in these departments, with their roles there, by name; one query."""
    where = sorted(set(departments))
    return sorted(_as_they_act(_serving(len(where))(where=where)), key=lambda each: (each.name, each.id))


@lru_cache(200)
def _serving(departments: int) -> Reading[Membership]:
    where = any_of("department", several("where", models.CharField(), departments))
    return Reading(lambda: _with_users(Membership.objects.filter(where, user__is_active=True)))


def _with_users(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    named = ("user__name", "user__name_en")
    return memberships.select_related("user").only("user", "department", "role", *named).order_by("pk")


def _as_they_act(memberships: Iterable[Membership]) -> list[Actor]:
    roles: dict[int, set[tuple[str, str]]] = {}
    users: dict[int, User] = {}
    for membership in memberships:
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
