"""Commands about people: what a city loads, who may act for whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction

from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.models import Department, Mandate, Membership, Organisation, Person, User
from tongban.apps.people.queries import Applicant
from tongban.apps.people.sealing import lookup_hash, seal
from tongban.kernel.numbers import parse_identity_number

__all__ = [
    "find_or_register_organisation",
    "find_or_register_person",
    "give_mandate",
    "load_accounts",
    "load_departments",
    "register_organisation",
    "register_organisations",
    "register_people",
    "register_person",
]


@transaction.atomic
def load_departments(*, rows: Iterable[Mapping[str, Any]]) -> int:
    """Create or update departments from a city's ``departments.yaml``; return how many there are in it."""
    count = 0
    for row in rows:
        Department.objects.update_or_create(
            code=row["code"],
            defaults={
                "name_zh": row["name"]["zh"],
                "name_en": row["name"]["en"],
                "short_zh": row["short_name"]["zh"],
                "short_en": row["short_name"]["en"],
                "credit_code": row["credit_code"],
                "level": str(row["level"]),
                "phone": row.get("phone", ""),
            },
        )
        count += 1
    cache.delete("departments")
    return count


def register_person(
    *, name: str, identity_number: str, phone: str = "", name_en: str = "", user: User | None = None
) -> Person:
    """Return the person with this identity number, created if unknown; one number is one person.

    Raises ``NumberError`` when the number's check digit is wrong (GB 11643).
    """
    number = parse_identity_number(identity_number)
    defaults: dict[str, Any] = {"name": name, "name_en": name_en, "identity_sealed": seal(number)}
    if phone:
        defaults["phone_sealed"] = seal(phone)
    if user is not None:
        defaults["user"] = user
    person, created = Person.objects.get_or_create(
        identity_hash=lookup_hash(kind="identity", text=number), defaults=defaults
    )
    if not created and user is not None and person.user_id != user.pk:
        person.user = user
        person.save(update_fields=["user"])
    return person


def register_organisation(
    *, credit_code: str, name: str, name_en: str = "", legal_representative: str = "", phone: str = ""
) -> Organisation:
    """Return the organisation with this credit code (GB 32100), created or brought up to date."""
    organisation, _ = Organisation.objects.update_or_create(
        credit_code=credit_code,
        defaults={
            "name": name,
            "name_en": name_en,
            "legal_representative": legal_representative,
            "phone_sealed": seal(phone) if phone else "",
        },
    )
    return organisation


def give_mandate(
    *,
    organisation_code: str,
    agent_id: int,
    valid_from: date,
    valid_until: date | None = None,
    matters: Sequence[str] | None = None,
) -> Mandate:
    """Let a person act for an organisation, for ``matters`` or (None) for all; given again, it is renewed."""
    mandate, _ = Mandate.objects.update_or_create(
        organisation_id=organisation_code,
        agent_id=agent_id,
        defaults={
            "valid_from": valid_from,
            "valid_until": valid_until,
            "matters": None if matters is None else list(matters),
            "revoked_at": None,
        },
    )
    return mandate


@transaction.atomic
def load_accounts(*, people: Mapping[str, Any], password: str | None) -> list[str]:
    """Load a city's ``people.yaml``: accounts, organisations, mandates. Return the sign-in names.

    ``password`` is set on new accounts only; None leaves them without one (they sign in by another way). Loading again
    changes nobody's password.
    """
    # One hash for all: hashing is slow on purpose, and these accounts share their password anyway.
    hashed = make_password(password)
    names = []
    by_name: dict[str, Person] = {}
    for row in people["people"]:
        user = _load_user(row, hashed)
        for role in row.get("roles", []):
            if role not in ("resident", "agent"):
                Membership.objects.get_or_create(user=user, department_id=row["department"], role=role)
        by_name[user.username] = register_person(
            name=row["name"]["zh"],
            name_en=row["name"]["en"],
            identity_number=row["identity_number"],
            phone=row.get("phone", ""),
            user=user,
        )
        names.append(user.username)
    for row in people.get("organisations", []):
        register_organisation(
            credit_code=row["credit_code"],
            name=row["name"]["zh"],
            name_en=row["name"]["en"],
            legal_representative=by_name[row["legal_representative"]].name,
            phone=row.get("phone", ""),
        )
    for row in people.get("mandates", []):
        if "organisation" in row:  # one person for another is not supported yet
            give_mandate(
                organisation_code=row["organisation"],
                agent_id=by_name[row["agent"]].pk,
                valid_from=row["valid_from"],
                valid_until=row.get("valid_until"),
                matters=None if row["matters"] == "all" else row["matters"],
            )
    return names


def _load_user(row: Mapping[str, Any], hashed: str) -> User:
    user, _ = User.objects.get_or_create(
        username=row["username"],
        defaults={"name": row["name"]["zh"], "name_en": row["name"]["en"], "password": hashed},
    )
    return user


def find_or_register_person(*, name: str, identity_number: str, phone: str = "") -> Applicant:
    """Return the applicant with this identity number, registered if unknown: who stands before an official.

    What is on file is not changed by what is typed: the name only has to agree with it, else ``NameDiffers``. Raises
    ``NumberError`` as ``register_person`` does.
    """
    person = register_person(name=name.strip(), identity_number=identity_number, phone=phone)
    _require_same(name, person.name, person.name_en)
    return Applicant(key=f"person:{person.pk}", name=person.name, person_id=person.pk)


def find_or_register_organisation(*, name: str, credit_code: str, phone: str = "") -> Applicant:
    """Return the organisation with this credit code, registered if unknown; as ``find_or_register_person``."""
    found = Organisation.objects.filter(pk=credit_code).first()
    if found is None:
        found = register_organisation(credit_code=credit_code, name=name.strip(), phone=phone)
    _require_same(name, found.name, found.name_en)
    return Applicant(key=f"organisation:{credit_code}", name=found.name, organisation_code=credit_code)


def _require_same(typed: str, *known: str) -> None:
    """Spaces and brackets of two widths are the same name."""
    if _plain(typed) not in {_plain(name) for name in known if name}:
        raise NameDiffers


def _plain(name: str) -> str:
    return "".join(name.split()).casefold().translate(str.maketrans("（）", "()"))


@transaction.atomic
def register_people(*, rows: Sequence[tuple[str, str, str]]) -> list[Person]:
    """Register many natural persons at once: (name, identity number, phone). Those known already are returned as is."""
    hashes = [lookup_hash(kind="identity", text=parse_identity_number(number)) for _, number, _ in rows]
    Person.objects.bulk_create(
        [
            Person(name=name, identity_sealed=seal(number), identity_hash=hashed, phone_sealed=seal(phone))
            for (name, number, phone), hashed in zip(rows, hashes, strict=True)
        ],
        ignore_conflicts=True,
    )
    found = {person.identity_hash: person for person in Person.objects.filter(identity_hash__in=hashes)}
    return [found[hashed] for hashed in hashes]


@transaction.atomic
def register_organisations(*, rows: Sequence[tuple[str, str, str]]) -> list[Organisation]:
    """Register many organisations at once: (credit code, name, phone)."""
    Organisation.objects.bulk_create(
        [Organisation(credit_code=code, name=name, phone_sealed=seal(phone)) for code, name, phone in rows],
        ignore_conflicts=True,
    )
    found = Organisation.objects.in_bulk([code for code, _, _ in rows])
    return [found[code] for code, _, _ in rows]
