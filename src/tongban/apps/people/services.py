"""Commands about people: what a city loads, who may act for whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction

from tongban.apps.people import standing_in
from tongban.apps.people.accounts import Ended, create_administrator, end_account
from tongban.apps.people.actors import Actor
from tongban.apps.people.consents import end_consent, give_consent
from tongban.apps.people.joining import join_at_counter
from tongban.apps.people.mandates.answering import (
    accept_mandate,
    decline_mandate,
    end_mandate_at_counter,
    revoke_mandate,
)
from tongban.apps.people.mandates.giving import (
    ask_for_mandate,
    find_organisation,
    find_person,
    offer_mandate,
    register_mandate,
)
from tongban.apps.people.mandates.loading import give_mandate, name_representative
from tongban.apps.people.models import Department, MandateKind, MandateSource, Membership, Organisation, Person, User
from tongban.apps.people.registering import (
    find_on_file,
    find_or_register_organisation,
    find_or_register_person,
    register_organisation,
    register_person,
    register_unfit_organisation,
    register_unfit_person,
)
from tongban.apps.people.rotation import Resealed, reseal_answers, reseal_column, reseal_people
from tongban.apps.people.sealing import kept_telephone, lookup_hash, seal
from tongban.kernel.numbers import parse_identity_number, parse_mobile

__all__ = [
    "Ended",
    "Resealed",
    "accept_mandate",
    "ask_for_mandate",
    "correct_person",
    "create_administrator",
    "decline_mandate",
    "end_account",
    "end_consent",
    "end_mandate_at_counter",
    "find_on_file",
    "find_or_register_organisation",
    "find_or_register_person",
    "find_organisation",
    "find_person",
    "give_consent",
    "give_mandate",
    "join_at_counter",
    "keep_display",
    "load_accounts",
    "load_departments",
    "name_representative",
    "name_stand_in",
    "offer_mandate",
    "register_mandate",
    "register_organisation",
    "register_organisations",
    "register_people",
    "register_person",
    "register_unfit_organisation",
    "register_unfit_person",
    "reseal_answers",
    "reseal_column",
    "reseal_people",
    "revoke_mandate",
    "revoke_stand_in",
]


def keep_display(*, user_id: int, display: str) -> None:
    """Keep how somebody wants pages shown, for all their devices. ``display`` is opaque here."""
    User.objects.filter(pk=user_id).update(display=display)


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


@transaction.atomic
def correct_person(*, person_id: int, name: str | None = None, phone: str | None = None) -> None:
    """Put right what is on file of a person; "" takes the telephone off. What they have filed stays as it was filed.

    Raises ``NumberError`` for what cannot be a mobile number.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person_id)
    if name is not None:
        if person.user is not None and person.user.name == person.name:
            person.user.name = name
            person.user.save(update_fields=["name"])
        person.name = name
    if phone is not None:
        kept = kept_telephone(parse_mobile(phone) if phone else "")
        person.phone_sealed, person.phone_hash = kept["phone_sealed"], kept["phone_hash"]
    person.save(update_fields=["name", "phone_sealed", "phone_hash"])


@transaction.atomic
def load_accounts(*, people: Mapping[str, Any], password: str | None, at: datetime) -> list[str]:
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
        representative = by_name[row["legal_representative"]]
        name_representative(organisation_code=row["credit_code"], person_id=representative.pk, at=at)
    for row in people.get("mandates", []):
        give_mandate(
            organisation_code=row.get("organisation"),
            person_id=by_name[row["person"]].pk if "person" in row else None,
            agent_id=by_name[row["agent"]].pk,
            valid_from=row["valid_from"],
            valid_until=row.get("valid_until"),
            matters=None if row["matters"] == "all" else row["matters"],
            kind=row.get("kind", MandateKind.MANDATE),
            source=row.get("source", MandateSource.CITY),
            assurance=row.get("assurance", ""),
            at=at,
        )
    return names


def _load_user(row: Mapping[str, Any], hashed: str) -> User:
    user, _ = User.objects.get_or_create(
        username=row["username"],
        defaults={"name": row["name"]["zh"], "name_en": row["name"]["en"], "password": hashed},
    )
    return user


@transaction.atomic
def register_people(*, rows: Sequence[tuple[str, str, str]]) -> list[Person]:
    """Register many natural persons at once: (name, identity number, phone). Those known already are returned as is."""
    hashes = [lookup_hash(kind="identity", text=parse_identity_number(number)) for _, number, _ in rows]
    Person.objects.bulk_create(
        [
            Person(name=name, identity_sealed=seal(number), identity_hash=hashed, **kept_telephone(phone))
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


@transaction.atomic
def name_stand_in(
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
    """Let a colleague do an absent person's work, both days included; return the arrangement's number.

    ``department`` and ``roles``: empty for all of theirs. Who may: the absent person, the head of the department
    (its decider), an administrator. Raises ``NotAllowed``, ``StandInUnfit``, ``StandInPeriod``.
    """
    return standing_in.name(
        absent_id=absent_id,
        stand_in_id=stand_in_id,
        department=department,
        roles=roles,
        since=since,
        until=until,
        reason=reason,
        actor=actor,
        on=on,
        at=at,
    )


@transaction.atomic
def revoke_stand_in(*, stand_in: int, actor: Actor, at: datetime) -> None:
    """End an arrangement at once: by either of the two, by who made it, by the head, by an administrator.

    Raises ``UnknownStandIn``, for one that is none of the actor's business as well.
    """
    standing_in.revoke(stand_in=stand_in, actor=actor, at=at)
