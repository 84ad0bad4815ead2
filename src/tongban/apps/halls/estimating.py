"""How long it will be until somebody's turn: a range, from how long it has taken lately; never a promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from django.core.cache import cache

from tongban.apps.catalog.definitions.halls import Hall
from tongban.apps.halls.models import Ticket

__all__ = ["Pace", "Wait", "get_paces", "pace_of", "wait_of"]

_WEEKS, _MOST, _FEWEST = timedelta(weeks=4), 2000, 5
"""How far back it is looked, at how many tickets of a hall at most, and how many of a group are figures at all."""
_KEPT = 300
"""Seconds for which a hall's figures are kept: a few more tickets do not change what the last weeks say."""
_STEP = 5
_QUICK, _SLOW = 0.6, 1.5
"""Without figures: how far from the city's own ``minutes`` it may be."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that serving one takes: a quarter of them less than ``quick``, half less than ``middle``, a quarter more
    than ``slow``."""

    quick: float
    middle: float
    slow: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes, rounded outwards to fives."""

    least: int
    most: int


def pace_of(*, seconds: Sequence[int], minutes: int) -> Pace:
    """The pace that these services show; from the city's own ``minutes`` where there are too few."""
    if len(seconds) < _FEWEST:
        return Pace(minutes * 60 * _QUICK, minutes * 60.0, minutes * 60 * _SLOW)
    quick, middle, slow = quantiles(seconds, n=4, method="inclusive")
    return Pace(quick, middle, slow)


def wait_of(*, ahead: int, rivals: int, windows: int, pace: Pace) -> Wait | None:
    """How long somebody waits; None while no window is open for them.

    ``ahead`` of their own group go first; ``rivals`` are all who go before them at those windows, their own group
    included. At best the windows take their group alone and are quick, at worst all of the rivals come first, with
    one more who is being served now.
    """
    if windows < 1:
        return None
    least = ahead * min(pace.quick, pace.middle) / windows / 60
    most = (max(rivals, ahead) + 1) * pace.slow / windows / 60
    return Wait(int(least // _STEP) * _STEP, max(_STEP, -int(-most // _STEP) * _STEP))


def get_paces(*, hall: Hall, at: datetime) -> Mapping[str, Pace]:
    """Return the pace of each group of a hall over the last weeks; one query, or none while figures are kept."""
    key = f"hall-paces:{hall.code}:{at:%Y%m%d}"
    found: dict[str, list[int]] | None = cache.get(key)
    if found is None:
        rows = Ticket.objects.filter(hall=hall.code, ended_at__gt=at - _WEEKS, served_seconds__isnull=False)
        found = {}
        for group, seconds in rows.order_by("-ended_at").values_list("group", "served_seconds")[:_MOST]:
            found.setdefault(group, []).append(seconds or 0)
        cache.set(key, found, _KEPT)
    return {code: pace_of(seconds=found.get(code, ()), minutes=group.minutes) for code, group in hall.groups.items()}
