"""What people opened after a search, counted and slowly forgotten, so that the next who asks alike finds it sooner.

Only words that the index itself knows make the key, hashed: no name or number that somebody typed is kept, nor who
it was.
"""

from datetime import date, timedelta
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import salted_hmac

from tongban.apps.catalog.models import SearchChoice
from tongban.apps.catalog.searching.reading import Reading

__all__ = ["FEWEST", "forget_choices", "key_of", "learn", "lifts", "list_chosen", "may_teach"]

HALF_LIFE = timedelta(days=90)
KEPT = timedelta(days=720)
"""After so long, what once counted has halved eight times."""
FEWEST = 3.0
"""So many choices before they say anything: fewer may be one person's."""
_MOST_A_DAY = 20
_LEAST_SHARE = 0.5
_CACHED_SECONDS = 300
_HALF_TRUSTED = 10.0
_MOST_LIFTED = 0.6


def key_of(reading: Reading) -> str:
    """The search as the index reads it, whatever the order of its words; "" when it read nothing."""
    known = sorted(token for token, share in reading.tokens.items() if share >= _LEAST_SHARE)
    return sha256("\n".join(known).encode()).hexdigest()[:32] if known else ""


def may_teach(*, visitor: str, key: str, matter: str, on: date) -> bool:
    """Whether this visitor's choice counts: each once a day, and not more than ``_MOST_A_DAY`` of them.

    What is remembered of the visitor for that day is a keyed hash, in the cache.
    """
    once = salted_hmac("search.choice", f"{on}|{visitor}|{key}|{matter}").hexdigest()
    if not cache.add(f"search.once.{once}", 1, 86_400):
        return False
    day = f"search.day.{salted_hmac('search.day', f'{on}|{visitor}').hexdigest()}"
    cache.add(day, 0, 86_400)
    try:
        return int(cache.incr(day)) <= _MOST_A_DAY
    except ValueError:  # it was dropped between the two lines
        return False


def learn(*, key: str, matter: str, on: date) -> None:
    """Count one choice of a matter for a search."""
    with transaction.atomic():
        row, created = SearchChoice.objects.select_for_update().get_or_create(
            key=key, matter_id=matter, defaults={"weight": 1.0, "day": on}
        )
        if not created:
            row.weight, row.day = _left(row.weight, row.day, on) + 1.0, max(on, row.day)
            row.save(update_fields=["weight", "day"])


def lifts(*, key: str, on: date) -> dict[str, float]:
    """By how much each matter's score is multiplied for that search: 1 to 1.6. One small query, kept for minutes."""
    if not key:
        return {}
    kept = f"search.lifts.{key}.{on}"
    found: dict[str, float] | None = cache.get(kept)
    if found is None:
        found = _lifts(key, on)
        cache.set(kept, found, _CACHED_SECONDS)
    return found


def list_chosen(*, on: date, limit: int) -> list[str]:
    """The matters that are opened most after searches, by what is left of each choice; one query."""
    weights: dict[str, float] = {}
    for matter, weight, day in SearchChoice.objects.values_list("matter_id", "weight", "day").iterator():
        weights[matter] = weights.get(matter, 0.0) + _left(weight, day, on)
    often = [matter for matter in weights if weights[matter] >= FEWEST]
    return sorted(often, key=lambda matter: (-weights[matter], matter))[:limit]


def forget_choices(*, on: date) -> int:
    """Delete what has long lost its weight; return how many rows."""
    return SearchChoice.objects.filter(day__lt=on - KEPT).delete()[0]


def _lifts(key: str, on: date) -> dict[str, float]:
    rows = SearchChoice.objects.filter(key=key).values_list("matter_id", "weight", "day")
    weights = {matter: _left(weight, day, on) for matter, weight, day in rows}
    total = sum(weights.values())
    if total < FEWEST:
        return {}
    trust = total / (total + _HALF_TRUSTED)
    return {matter: 1.0 + _MOST_LIFTED * trust * weight / total for matter, weight in weights.items()}


def _left(weight: float, since: date, on: date) -> float:
    """What is left of a weight after those days."""
    return float(weight * 0.5 ** (max(0, (on - since).days) / HALF_LIFE.days))
