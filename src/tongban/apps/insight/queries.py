"""What the log says about a matter and about the city, for all to see. Where it says too little, nothing is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from statistics import median

from django.core.cache import cache
from django.db.models import Sum

from tongban.apps.cases import queries as cases
from tongban.apps.cases.queries import RatedWords
from tongban.apps.catalog.city import get_calendar
from tongban.apps.insight.chances import LikelyStep, list_likely
from tongban.apps.insight.deeds import DEEDS, DeedRow, OfficerNumbers, get_officer_numbers, list_deeds
from tongban.apps.insight.evasion import (
    PATTERNS,
    EvasionCount,
    EvasionRow,
    count_evasions,
    list_cases_with,
    list_evasions,
)
from tongban.apps.insight.models import Reuse
from tongban.apps.ledger import queries as ledger

__all__ = [
    "DEEDS",
    "FEWEST",
    "PATTERNS",
    "CityFigures",
    "DeedRow",
    "EvasionCount",
    "EvasionRow",
    "LikelyStep",
    "MatterFigures",
    "OfficerNumbers",
    "ReuseFigures",
    "Took",
    "count_evasions",
    "get_city_figures",
    "get_matter_figures",
    "get_officer_numbers",
    "get_reuse",
    "list_cases_with",
    "list_deeds",
    "list_evasions",
    "list_likely",
]

FEWEST = 5
"""Below so many cases a figure would say more about single people than about the matter."""
_MOST = 1_000
_WORDS = 3
_KEPT_SECONDS = 600
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """A time from filing to decision: in working minutes, and in working days of the city with a tenth."""

    minutes: int
    days: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseFigures:
    """What people were spared because government asked itself: over ``cases`` filings."""

    cases: int
    questions: int
    papers: int
    trips: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFigures:
    """How a matter went this year: working time from filing to decision; None where too little is known.

    ``median`` is what half of the cases were faster than, ``ninth`` what nine of ten were; ``by_channel`` is the median
    of those that came each way.
    """

    decided: int
    median: Took | None
    ninth: Took | None
    by_channel: dict[str, Took]
    rating: Decimal | None
    ratings: int
    words: list[RatedWords]
    reuse: ReuseFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFigures:
    """What happened in the last 30 days; ``reuse``: what was spared since it is counted."""

    filed: int
    decided: int
    certificates: int
    reuse: ReuseFigures


def get_reuse(*, matter: str = "") -> ReuseFigures:
    """Return what was spared in a matter, or in all of them; counted along the log; one query."""
    rows = Reuse.objects.filter(pk=matter) if matter else Reuse.objects.all()
    names = ("cases", "questions", "papers", "trips", "pages")
    totals = rows.aggregate(**{name: Sum(name, default=0) for name in names})
    return ReuseFigures(**{name: totals[name] for name in names})


def get_matter_figures(*, code: str, at: datetime) -> MatterFigures:
    """Return this year's figures of a matter: kept for ten minutes; times are those of its latest thousand decisions.

    Days are working days of the city, with a tenth; waiting for the applicant and special procedures are counted too,
    because that is how long it took.
    """
    year = get_calendar().local_date(at).year
    key = f"insight.matter.{code}.{year}"
    found: MatterFigures | None = cache.get(key)
    if found is None:
        found = _figures(code, at)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def get_city_figures(*, at: datetime) -> CityFigures:
    """Return what the log counts of the last 30 days, kept for ten minutes."""
    found: CityFigures | None = cache.get("insight.city")
    if found is None:
        counts = ledger.count_kinds(since=at - timedelta(days=30))
        found = CityFigures(
            filed=counts.get("case.filed", 0),
            decided=counts.get("case.decided", 0),
            certificates=counts.get("certificate.issued", 0),
            reuse=get_reuse(),
        )
        cache.set("insight.city", found, _KEPT_SECONDS)
    return found


def _figures(code: str, at: datetime) -> MatterFigures:
    calendar = get_calendar()
    since = calendar.end_of_day(calendar.local_date(at).replace(month=1, day=1) - timedelta(days=1))
    times = cases.list_decision_times(matter=code, since=since, limit=_MOST)
    rating, ratings = cases.get_mean_grade(matter=code, since=since)
    taken = [(calendar.working_minutes(each.filed, each.decided), each.channel) for each in times]
    by_channel = {name: [took for took, channel in taken if channel == name] for name in {name for _, name in taken}}
    minutes = sorted(took for took, _ in taken)
    return MatterFigures(
        decided=len(times) if len(times) < _MOST else cases.count_decided(matter=code, since=since),
        median=_took(minutes, 0.5, at),
        ninth=_took(minutes, 0.9, at),
        by_channel={name: took for name, each in by_channel.items() if (took := _took(sorted(each), 0.5, at))},
        rating=rating if ratings >= FEWEST else None,
        ratings=ratings,
        words=cases.list_rated_words(matter=code, limit=_WORDS) if ratings >= FEWEST else [],
        reuse=get_reuse(matter=code),
    )


def _took(minutes: list[int], share: float, at: datetime) -> Took | None:
    """The time that this share of cases kept to; None for too few. The median of an even number is between two."""
    if len(minutes) < FEWEST:
        return None
    found = round(median(minutes)) if share == 0.5 else minutes[ceil(share * len(minutes)) - 1]
    return Took(minutes=found, days=_days(found, at))


def _days(minutes: int, at: datetime) -> Decimal:
    """Working minutes as working days of this city's office hours."""
    calendar = get_calendar()
    day = calendar.add_working_days(calendar.local_date(at), 1)
    whole = calendar.working_minutes(calendar.end_of_day(day - timedelta(days=1)), calendar.end_of_day(day))
    return (Decimal(minutes) / whole).quantize(_TENTH, rounding=ROUND_HALF_UP)
