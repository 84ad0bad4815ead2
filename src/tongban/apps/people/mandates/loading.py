"""Mandates that come with a city's people or from a register: they hold at once, and nobody has to answer."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongban.apps.people.mandates.giving import end_former
from tongban.apps.people.mandates.record import CHANGED, REGISTERED, put_on_record
from tongban.apps.people.models import Mandate, MandateKind, MandateSource

__all__ = ["give_mandate", "name_representative"]

ALWAYS = date(1900, 1, 1)
_SYSTEM = "system"


@transaction.atomic
def give_mandate(
    *,
    organisation_code: str | None = None,
    person_id: int | None = None,
    agent_id: int,
    valid_from: date,
    valid_until: date | None = None,
    matters: Sequence[str] | None = None,
    kind: str = MandateKind.MANDATE,
    source: str = MandateSource.CITY,
    assurance: str = "",
    at: datetime,
) -> Mandate:
    """Let a person act for an organisation or for another person; given again with other days or matters, it changes.

    For ``matters``, or (None) for all. ``kind`` says on what: a mandate, or as a guardian by law.
    """
    whom: dict[str, Any] = {"organisation_id": organisation_code, "person_id": person_id}
    held = Mandate.objects.filter(**whom, agent_id=agent_id, kind=kind, revoked_at=None, accepted_at__isnull=False)
    row = held.select_for_update().first() or Mandate(**whom, agent_id=agent_id, kind=kind, accepted_at=at)
    new: dict[str, Any] = {
        "valid_from": valid_from,
        "valid_until": valid_until,
        "matters": None if matters is None else list(matters),
        "source": source,
        "assurance": assurance,
    }
    if row.pk is not None and row.number is not None and all(getattr(row, name) == new[name] for name in new):
        return row
    is_new = row.number is None
    for name, value in new.items():
        setattr(row, name, value)
    row.save()
    put_on_record(
        row, REGISTERED if is_new else CHANGED, actor_id=_SYSTEM, capacity=_SYSTEM, on=timezone.localdate(at), at=at
    )
    return row


@transaction.atomic
def name_representative(*, organisation_code: str, person_id: int, at: datetime) -> None:
    """Let the legal representative act for the organisation, in everything and without a mandate; one at a time.

    Civil Code (民法典) 61: what the legal representative does in its name is the organisation's own act.
    """
    kind = MandateKind.REPRESENTATIVE
    held = Mandate.objects.filter(organisation=organisation_code, kind=kind, revoked_at=None)
    for other in held.exclude(agent=person_id):
        between = {"organisation_id": organisation_code, "agent_id": other.agent_id}
        end_former(**between, kind=kind, actor_id=_SYSTEM, capacity=_SYSTEM, on=timezone.localdate(at), at=at)
    give_mandate(organisation_code=organisation_code, agent_id=person_id, valid_from=ALWAYS, kind=kind, at=at)
