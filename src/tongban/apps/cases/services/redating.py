"""When the calendar changes after the fact: a holiday announced late, a day made up for."""

from django.db import transaction

from tongban.apps.cases.models import Case
from tongban.apps.cases.services.way import lock
from tongban.apps.cases.store import save

__all__ = ["redate_cases"]


def redate_cases() -> int:
    """Count the limits of all cases that are not decided anew by the calendar as it is now; return how many changed.

    Each case is one transaction. The clocks in the log say what was counted, not until when: only rows change.
    """
    changed = 0
    open_cases = Case.objects.filter(closed_at=None, decided_at=None).exclude(promised_due=None, statutory_due=None)
    for number in open_cases.order_by("number").values_list("number", flat=True).iterator(chunk_size=1000):
        with transaction.atomic():
            journal = lock(number)
            if journal.redate():
                save([journal])
                changed += 1
    return changed
