"""What becomes of calls: those that were forgotten end, and telephones are let go of after their time."""

from datetime import datetime

from django.db import transaction

from tongban.apps.calls.checklists import sweep_checklists
from tongban.apps.calls.models import Call, Try
from tongban.apps.calls.reach import LONGEST
from tongban.apps.calls.record import put_on_record
from tongban.apps.catalog.city import get_phone
from tongban.apps.people.actors import SYSTEM

__all__ = ["end_forgotten", "sweep_calls"]

_AT_ONCE = 500


@transaction.atomic
def end_forgotten(*, at: datetime) -> int:
    """End calls that nobody has ended; return how many."""
    rows = Call.objects.select_for_update().filter(ended_at=None, begun_at__lte=at - LONGEST).order_by("number")
    found = list(rows[:_AT_ONCE])
    for row in found:
        row.ended_at = at
        put_on_record(row, "call.ended", actor_id=SYSTEM.id, at=at, data={"forgotten": True})
    return len(found)


@transaction.atomic
def sweep_calls(*, at: datetime) -> int:
    """Let go of the telephones of calls past their time, and of who tried what; return of how many calls.

    The logs stay: they never had either.
    """
    past = at - get_phone().keep_calls
    sweep_checklists(at=at)
    Try.objects.filter(at__lt=past).delete()
    rows = Call.objects.filter(begun_at__lt=past, ended_at__isnull=False)
    return rows.exclude(telephone_sealed="").update(telephone_sealed="", telephone_hash="", person=None)
