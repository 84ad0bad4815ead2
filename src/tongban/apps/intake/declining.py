"""Giving back what was granted without asking."""

from datetime import datetime

from django.db import transaction

from tongban.apps.cases import services as cases
from tongban.apps.catalog.city import get_calendar
from tongban.apps.intake.errors import DeclineTooLate, NotUnasked
from tongban.apps.intake.models import Unasked
from tongban.apps.people.actors import Actor

__all__ = ["decline"]


def decline(*, number: int, actor: Actor, at: datetime) -> None:
    """Give back what was granted without asking: what came of it ends, and it is not granted so again in that period.

    Raises ``NotUnasked``, ``DeclineTooLate``, and what ``cases.give_back`` raises.
    """
    with transaction.atomic():
        row = Unasked.objects.select_for_update().filter(case=number, declined_at=None).first()
        if row is None or row.until is None:
            raise NotUnasked
        if get_calendar().local_date(at) > row.until:
            raise DeclineTooLate(until=row.until.isoformat())
        cases.give_back(number=number, actor=actor, at=at)
        row.declined_at = at
        row.save(update_fields=["declined_at"])
