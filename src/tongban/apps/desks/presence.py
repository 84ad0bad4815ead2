"""Who else has a case open, among those with a step in it to do. Short-lived, and no part of any log.

Only officers who have something to do there are noted and are told: that a supervisor reads a case is nobody's to know
but whose case it is (docs/adr/0031).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from tongban.apps.cases.consequences import Work
from tongban.apps.desks.models import Present
from tongban.apps.ledger.readings import Given, Reading

__all__ = ["FRESH", "PresentRow", "come_in", "sweep"]

FRESH = timedelta(minutes=10)
"""After so long without a sign somebody counts as gone."""

_SIGN = timedelta(minutes=1)
"""A sign of life is written down at most this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentRow:
    """Somebody else who has the case open: their name in Chinese and English, and since when."""

    name: tuple[str, str]
    since: datetime


_seen = Reading(
    lambda: (
        Present.objects.filter(
            case=Given("case", models.BigIntegerField()), seen_at__gt=Given("after", models.DateTimeField())
        )
        .select_related("user")
        .only("case", "user", "since", "seen_at", "user__name", "user__name_en")
        .order_by("since")
    )
)


def come_in(*, work: Work, at: datetime) -> tuple[PresentRow, ...]:
    """See ``services.come_in``."""
    me, case = work.actor.user_id, work.view.number
    if me is None or not work.mine:
        return ()
    rows = _seen(case=case, after=at - FRESH)
    own = next((row for row in rows if row.user_id == me), None)
    if own is None:
        row = Present(case_id=case, user_id=me, since=at, seen_at=at)
        # One statement, whether they were gone or were never there; to look first and then to write takes five.
        Present.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["case", "user"], update_fields=["since", "seen_at"]
        )
    elif own.seen_at <= at - _SIGN:
        Present.objects.filter(case=case, user=me).update(seen_at=at)
    return tuple(
        PresentRow(name=(row.user.name, row.user.name_en or row.user.name), since=row.since)
        for row in rows
        if row.user_id != me
    )


def sweep(*, at: datetime) -> int:
    """See ``services.sweep_present``."""
    return Present.objects.filter(seen_at__lte=at - FRESH).delete()[0]
