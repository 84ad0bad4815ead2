"""What is on file of a person, as they read it themselves: numbers masked, for screens that others see too."""

from dataclasses import dataclass
from datetime import datetime

from tongban.apps.people.models import Person
from tongban.apps.people.sealing import open_sealed
from tongban.kernel.numbers import mask_identity, mask_phone

__all__ = ["Profile", "get_profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``since``: when the account was opened under which it came; None for who has none."""

    name: str
    name_en: str
    identity_number: str
    phone: str
    since: datetime | None


def get_profile(*, person_id: int) -> Profile:
    """Return what is on file of a person; one query."""
    person = Person.objects.select_related("user").get(pk=person_id)
    return Profile(
        name=person.name,
        name_en=person.name_en,
        identity_number=mask_identity(open_sealed(person.identity_sealed)),
        phone=mask_phone(open_sealed(person.phone_sealed)) if person.phone_sealed else "",
        since=person.user.date_joined if person.user else None,
    )
