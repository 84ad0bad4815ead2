"""Whoever stands at the counter: found by their number, or registered with it."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from tongban.apps.people.queries import Applicant, get_contact
from tongban.apps.people.services import register_organisation, register_person

__all__ = ["NameDiffers", "find_or_register"]


class NameDiffers(Exception):
    """The number is on file under another name."""


def find_or_register(*, kind: str, data: dict[str, Any]) -> Applicant:
    """Return the applicant with this number, registered if unknown. Raises ``NameDiffers``.

    What is on file is not changed by what a clerk types: the name only has to agree with it.
    """
    return _organisation(data) if kind == "organisation" else _person(data)


def _person(data: dict[str, Any]) -> Applicant:
    person = register_person(name=data["name"].strip(), identity_number=data["identity_number"], phone=data["phone"])
    _compare(data["name"], person.name, person.name_en)
    return Applicant(key=f"person:{person.pk}", name=person.name, person_id=person.pk)


def _organisation(data: dict[str, Any]) -> Applicant:
    code, name = data["credit_code"], data["name"].strip()
    try:
        name = get_contact(person_id=None, organisation_code=code)["name"]
    except ObjectDoesNotExist:
        register_organisation(credit_code=code, name=name, phone=data["phone"])
    _compare(data["name"], name, "")
    return Applicant(key=f"organisation:{code}", name=name, organisation_code=code)


def _compare(typed: str, *known: str) -> None:
    """Spaces and brackets of two widths are the same name."""
    if _plain(typed) not in {_plain(name) for name in known if name}:
        raise NameDiffers


def _plain(name: str) -> str:
    return "".join(name.split()).casefold().translate(str.maketrans("（）", "()"))
