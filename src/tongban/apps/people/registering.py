"""Putting people and organisations on file, one record for one number, and finding them by it again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongban.apps.ledger.streams import begin_stream
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NameDiffers, NotAllowed, ReasonMissing
from tongban.apps.people.models import Organisation, Person, User
from tongban.apps.people.naming import is_same_name
from tongban.apps.people.queries import Applicant
from tongban.apps.people.recorded import read_credit_code, read_identity_number
from tongban.apps.people.sealing import kept_telephone, lookup_hash, seal
from tongban.kernel import flow
from tongban.kernel.numbers import parse_credit_code, parse_identity_number

__all__ = [
    "find_on_file",
    "find_or_register_organisation",
    "find_or_register_person",
    "register_organisation",
    "register_person",
    "register_unfit_organisation",
    "register_unfit_person",
]


def register_person(
    *, name: str, identity_number: str, phone: str = "", name_en: str = "", user: User | None = None
) -> Person:
    """Return the person with this identity number, created if unknown; one number is one person.

    Raises ``NumberError`` when the number's check digit is wrong (GB 11643) and no officer has answered for it.
    """
    number = read_identity_number(identity_number)
    defaults: dict[str, Any] = {"name": name, "name_en": name_en, "identity_sealed": seal(number)}
    if phone:
        defaults |= kept_telephone(phone)
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


def find_on_file(*, name: str, identity_number: str = "", credit_code: str = "") -> Applicant | None:
    """Return the applicant with this number, for an official who looks one up: None where nobody has it.

    Nobody is registered. Raises ``NameDiffers`` as above, ``NumberError`` for what is no number.
    """
    if credit_code:
        organisation = Organisation.objects.filter(pk=read_credit_code(credit_code)).first()
        if organisation is None:
            return None
        _require_same(name, organisation.name, organisation.name_en)
        key = f"organisation:{organisation.pk}"
        return Applicant(key=key, name=organisation.name, organisation_code=organisation.pk)
    hashed = lookup_hash(kind="identity", text=read_identity_number(identity_number))
    person = Person.objects.filter(identity_hash=hashed).first()
    if person is None:
        return None
    _require_same(name, person.name, person.name_en)
    return Applicant(key=f"person:{person.pk}", name=person.name, person_id=person.pk)


def _require_same(typed: str, *known: str) -> None:
    """Spaces and brackets of two widths are the same name."""
    if not is_same_name(typed, *known):
        raise NameDiffers


@transaction.atomic
def register_unfit_organisation(
    *, credit_code: str, name: str, phone: str = "", reason: str, actor: Actor, at: datetime
) -> Applicant:
    """Register an organisation whose credit code fails its check: such codes do circulate; an officer answers for it.

    The reason goes on record, in a log of its own in the ledger and beside the organisation. Raises ``NotAllowed``
    (clerks do this), ``ReasonMissing``, ``NameDiffers``; ``NumberError`` where it has not even the form of a code.
    """
    _require_answer(actor, reason)
    code = parse_credit_code(credit_code, ignore_check=True)
    found = Organisation.objects.filter(pk=code).first()
    if found is None:
        said, why = name.strip(), reason.strip()[:200]
        sealed = seal(phone) if phone else ""
        found = Organisation.objects.create(credit_code=code, name=said, phone_sealed=sealed, check_overridden=why)
        _put_on_record("organisation", {"organisation": code}, why, actor, at)
    _require_same(name, found.name, found.name_en)
    return Applicant(key=f"organisation:{code}", name=found.name, organisation_code=code)


@transaction.atomic
def register_unfit_person(
    *, identity_number: str, name: str, phone: str = "", reason: str, actor: Actor, at: datetime
) -> Applicant:
    """Register a person whose identity number fails its check, as ``register_unfit_organisation`` does.

    The log names the person by id: no number is in it. A number that is no date of birth is none.
    """
    _require_answer(actor, reason)
    number = parse_identity_number(identity_number, ignore_check=True)
    hashed = lookup_hash(kind="identity", text=number)
    found = Person.objects.filter(identity_hash=hashed).first()
    if found is None:
        said, why = name.strip(), reason.strip()[:200]
        found = Person.objects.create(
            name=said,
            identity_sealed=seal(number),
            identity_hash=hashed,
            check_overridden=why,
            **kept_telephone(phone),
        )
        _put_on_record("person", {"person": found.pk}, why, actor, at)
    _require_same(name, found.name, found.name_en)
    return Applicant(key=f"person:{found.pk}", name=found.name, person_id=found.pk)


def _require_answer(actor: Actor, reason: str) -> None:
    """A clerk answers for it, with a reason."""
    if not actor.has_role("clerk"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing


def _put_on_record(kind: str, who: dict[str, Any], reason: str, actor: Actor, at: datetime) -> None:
    data = {**who, "overridden": "number.check", "reason": reason}
    event = flow.Event(kind=f"{kind}.registered", at=at, data=data, actor=actor.id, capacity="clerk")
    begin_stream(kind=kind, event=event, day=timezone.localdate(at), at=at)
