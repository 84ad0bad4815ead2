"""Finding persons for somebody who is not before us, and comparing what is said of them. Nothing is told here."""

from tongban.apps.people.models import Organisation, Person
from tongban.apps.people.naming import is_same_name
from tongban.apps.people.recorded import read_identity_number
from tongban.apps.people.sealing import lookup_hash, telephone_hash
from tongban.kernel.numbers import NumberError

__all__ = ["find_by_identity", "is_called", "list_by_telephone"]

_MOST = 20


def find_by_identity(*, number: str) -> int | None:
    """The person with this identity number; None where nobody is on file with it, or it is none."""
    try:
        hashed = lookup_hash(kind="identity", text=read_identity_number(number))
    except NumberError:
        return None
    return Person.objects.filter(identity_hash=hashed).values_list("pk", flat=True).first()


def list_by_telephone(*, number: str) -> list[int]:
    """The persons with this telephone on file; none where more have it than a household."""
    hashed = telephone_hash(number)
    found = list(Person.objects.filter(phone_hash=hashed).values_list("pk", flat=True)[: _MOST + 1]) if hashed else []
    return found if len(found) <= _MOST else []


def is_called(*, key: str, name: str) -> bool:
    """Whether the applicant called ``key`` (``Applicant.key``) has this name, in either language."""
    kind, _, which = key.partition(":")
    rows = Organisation.objects.filter(pk=which) if kind == "organisation" else Person.objects.filter(pk=which)
    known = rows.values_list("name", "name_en").first()
    return known is not None and is_same_name(name, *known)
