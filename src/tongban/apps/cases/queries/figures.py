"""Figures about cases, and what the worker asks of them."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Avg, Count, Max

from tongban.apps.cases.models import Case, Rating, Sending, Timer, Waiting, Worker

__all__ = [
    "count_cases",
    "get_last_beat",
    "get_mean_grade",
    "has_due_timers",
    "has_sendings",
    "list_awaiting",
    "list_decision_times",
    "list_outcomes",
]


def get_last_beat() -> datetime | None:
    """Return when a worker was last seen to live; None where there never was one."""
    found: datetime | None = Worker.objects.aggregate(last=Max("seen_at"))["last"]
    return found


def has_due_timers(*, at: datetime) -> bool:
    """Whether the clock owes anything."""
    return Timer.objects.filter(due__lte=at).exists()


def has_sendings(*, at: datetime) -> bool:
    """Whether a message or signal is on its way to cases that wait for it."""
    return Sending.objects.filter(due__lte=at).exists()


def count_cases() -> int:
    """Return how many cases there are."""
    return Case.objects.count()


class Decided(NamedTuple):
    """When a case was filed and decided, and by which way it came."""

    filed: datetime
    decided: datetime
    channel: str


class RatedWords(NamedTuple):
    """What an applicant lets others read: grade, words, and when."""

    grade: int
    words: str
    rated_at: datetime


def list_decision_times(*, matter: str, since: datetime, limit: int) -> list[Decided]:
    """Return when cases of a matter were filed and decided, for those decided since then, the latest first."""
    rows = Case.objects.filter(matter=matter, decided_at__gte=since).order_by("-decided_at")
    found = rows.values_list("filed_at", "decided_at", "channel")[:limit]
    return [Decided(filed, decided, channel) for filed, decided, channel in found if decided]


def count_decided(*, matter: str, since: datetime) -> int:
    """Return how many cases of a matter were decided since then."""
    return Case.objects.filter(matter=matter, decided_at__gte=since).count()


def list_rated_words(*, matter: str, limit: int) -> list[RatedWords]:
    """Return the newest words about a matter that their writers let others read."""
    rows = Rating.objects.filter(matter=matter, shown=True).order_by("-rated_at")
    return [RatedWords(*row) for row in rows.values_list("grade", "words", "rated_at")[:limit]]


def get_mean_grade(*, matter: str, since: datetime) -> tuple[Decimal | None, int]:
    """Return the mean grade of a matter's ratings since then, to a tenth, and how many there are."""
    found = Rating.objects.filter(matter=matter, rated_at__gte=since).aggregate(mean=Avg("grade"), count=Count("case"))
    mean = found["mean"]
    return (None if mean is None else Decimal(str(round(float(mean), 1)))), found["count"]


def list_awaiting(*, message: str, after: int, limit: int) -> list[int]:
    """Return the numbers of cases that wait for a message, in order, from behind ``after`` on."""
    rows = Waiting.objects.filter(kind="message", name=message, case__gt=after).order_by("case")
    return list(rows.values_list("case", flat=True)[:limit])


def list_outcomes(*, numbers: Collection[int]) -> dict[int, str]:
    """Return what came of these cases, of those of which something has come: ``granted``, ``denied``, …; one query."""
    rows = Case.objects.filter(pk__in=numbers).exclude(outcome="")
    return dict(rows.values_list("pk", "outcome"))
