"""Whether a topic grows more than it does at this time of year, and than the whole city does.

The rate at which a topic is spoken of is learned from its own days, each counted with how much was said in the whole
city that day (so that Mondays,
holidays and a wet June are no news). What is expected of the last days follows a negative binomial law: wider the
less is known
and the more the topic's days differ. Where the same weeks of the year before are known, the higher of both
expectations counts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Growth", "unusual_growth"]

WINDOW = 7
HISTORY = 84
"""Days before the window from which the rate is learned."""
SEASON = 10
"""Days on either side of the same window a year ago that are its season."""
LEAST = 4
"""Fewer people are never an alert."""
KNOWN = 0.5, 14.0
"""What is assumed of a topic of which nothing is known: half a message in a fortnight."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The reason for an alert in figures: ``observed`` people in the window, ``expected`` of them, how probable so
    many are
    (``chance``), from how many days it was learned, and how the whole city's volume compares with before (1 is the
    same)."""

    observed: int
    expected: float
    chance: float
    days: int
    city: float
    of_season: bool


def unusual_growth(
    *, counts: Mapping[date, int], city: Mapping[date, int], on: date, since: date, chance: float = 0.0005
) -> Growth | None:
    """Whether the topic's week up to ``on`` is unusual: ``counts`` are people who spoke of it by day, ``city`` all
    messages by day, ``since`` the
    first day that was recorded at all. Under ordinary growth it says so in at most ``chance`` of all weeks."""
    window = [on - timedelta(days=back) for back in range(WINDOW)]
    observed = sum(counts.get(day, 0) for day in window)
    if observed < LEAST:
        return None
    first = window[-1]
    recent = [first - timedelta(days=back) for back in range(1, HISTORY + 1) if first - timedelta(days=back) >= since]
    ago = [
        day - timedelta(days=364) for day in (on + timedelta(days=SEASON - step) for step in range(WINDOW + 2 * SEASON))
    ]
    season = [day for day in ago if day >= since and day < first]
    usual = sum(city.get(day, 0) for day in recent) / len(recent) if recent else 0.0
    volume = {day: (city.get(day, 0) / usual if usual else 1.0) for day in {*window, *recent, *season}}
    exposure = sum(volume[day] for day in window)
    found = [_judge(observed, exposure, recent, counts, volume)]
    if len(season) == WINDOW + 2 * SEASON:
        # A year ago the whole city may have said more or less: the season's own level counts, not only its share.
        flat = dict.fromkeys(season, 1.0)
        found.append(_judge(observed, float(WINDOW), season, counts, flat))
    expected, tail, days = max(found, key=lambda each: each[1])
    if tail > chance:
        return None
    return Growth(observed, expected, tail, days, exposure / WINDOW, days == len(season) and len(found) == 2)


def _judge(
    observed: int, exposure: float, days: list[date], counts: Mapping[date, int], volume: Mapping[date, float]
) -> tuple[float, float, int]:
    """What was expected, and the probability of at least so many."""
    said, seen = sum(counts.get(day, 0) for day in days), sum(volume[day] for day in days)
    spread = _spread(days, counts, volume)
    shape, scale = KNOWN[0] + said / spread, KNOWN[1] + seen / spread
    expected = shape / scale * exposure
    # Where days differ more than chance would have them, so many messages are worth fewer independent ones.
    return expected, _tail(math.ceil(observed / spread), shape, scale / (scale + exposure / spread)), len(days)


def _spread(days: list[date], counts: Mapping[date, int], volume: Mapping[date, float]) -> float:
    """By how much the topic's weeks differ more than chance would have them: 1 or more."""
    weeks = [days[at : at + WINDOW] for at in range(0, len(days) - WINDOW + 1, WINDOW)]
    seen = sum(volume[day] for week in weeks for day in week)
    rate = sum(counts.get(day, 0) for week in weeks for day in week) / seen if seen else 0.0
    if not rate or len(weeks) < 3:
        return 1.0
    chi = 0.0
    for week in weeks:
        expected = rate * sum(volume[day] for day in week)
        chi += (sum(counts.get(day, 0) for day in week) - expected) ** 2 / max(expected, 0.1)
    return max(1.0, chi / (len(weeks) - 1))


def _tail(least: int, shape: float, stay: float) -> float:
    """P(X >= least) of a negative binomial law with this shape and probability ``stay``."""
    if stay <= 0:
        return 1.0
    below, log_stay, log_go = 0.0, math.log(stay), math.log1p(-stay) if stay < 1 else -math.inf
    for number in range(least):
        part = math.lgamma(number + shape) - math.lgamma(shape) - math.lgamma(number + 1) + shape * log_stay
        below += math.exp(part + (number * log_go if number else 0.0))
    return max(0.0, 1.0 - below)
