"""What the clock does to cases: silence that accepts, timers of diagrams."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from tongban.apps.cases.models import Timer, Worker
from tongban.apps.cases.services.way import lock, run
from tongban.apps.people.actors import SYSTEM
from tongban.apps.people.errors import SealBroken
from tongban.kernel import flow

__all__ = ["FORGOTTEN", "beat", "fire_due_timers"]

log = logging.getLogger(__name__)


FORGOTTEN = timedelta(days=1)
"""A worker that was not seen for so long is none any more."""


def beat(*, worker: str, at: datetime) -> None:
    """Put on record that a worker lives."""
    with transaction.atomic():
        Worker.objects.update_or_create(pk=worker, defaults={"seen_at": at})
        Worker.objects.filter(seen_at__lt=at - FORGOTTEN).delete()


def fire_due_timers(*, at: datetime, limit: int = 200) -> int:
    """Do what the clock owes: silence that accepts, timers of diagrams. Return how many fired.

    Each fires in a transaction of its own; one that another worker has taken, or that a command has just cancelled,
    is left alone. One that the kernel refuses (a process that cannot go on), or whose case does not open, is put off
    for an hour and reported, so that it holds up nobody else's.
    """
    fired = 0
    for row in Timer.objects.filter(due__lte=at).order_by("due")[:limit]:
        try:
            fired += _fire(row, at)
        except (flow.Refused, SealBroken) as stuck:
            log.error("timer %s of case %s cannot fire: %s", row.no, row.case_id, stuck.code)
            Timer.objects.filter(case=row.case_id, no=row.no).update(due=at + timedelta(hours=1))
    return fired


def _fire(row: Timer, at: datetime) -> bool:
    with transaction.atomic():
        journal = lock(row.case_id)
        if not any(timer.no == row.no for timer in journal.state.timers):
            Timer.objects.filter(case=row.case_id, no=row.no).delete()
            return False
        run(journal, flow.FireTimer(timer=row.no), actor=SYSTEM, capacity="clock", at=at)
        return True
