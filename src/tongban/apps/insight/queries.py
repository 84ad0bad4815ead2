"""What the log says about a matter and about the city, for all to see. Where it says too little, nothing is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.core.cache import cache

from tongban.apps.cases import queries as cases
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger import queries as ledger

__all__ = ["FEWEST", "CityFigures", "MatterFigures", "get_city_figures", "get_matter_figures"]

FEWEST = 5
"""Below so many cases a figure would say more about single people than about the matter."""
_MOST = 1_000
_KEPT_SECONDS = 600
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFigures:
    """How a matter went this year: working time from filing to decision; None where too little is known."""

    decided: int
    median_minutes: int | None
    median_days: Decimal | None
    rating: Decimal | None
    ratings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFigures:
    """What happened in the last 30 days."""

    filed: int
    decided: int
    certificates: int


def get_matter_figures(*, code: str, at: datetime) -> MatterFigures:
    """Return this year's figures of a matter: kept for ten minutes, worked out from its latest thousand decisions.

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
        )
        cache.set("insight.city", found, _KEPT_SECONDS)
    return found


def _figures(code: str, at: datetime) -> MatterFigures:
    calendar = get_calendar()
    since = calendar.end_of_day(calendar.local_date(at).replace(month=1, day=1) - timedelta(days=1))
    times = cases.list_decision_times(matter=code, since=since, limit=_MOST)
    rating, ratings = cases.get_mean_grade(matter=code, since=since)
    minutes = None
    if len(times) >= FEWEST:
        minutes = round(median(calendar.working_minutes(filed, decided) for filed, decided in times))
    return MatterFigures(
        decided=len(times),
        median_minutes=minutes,
        median_days=None if minutes is None else _days(minutes, at),
        rating=rating if ratings >= FEWEST else None,
        ratings=ratings,
    )


def _days(minutes: int, at: datetime) -> Decimal:
    """Working minutes as working days of this city's office hours."""
    calendar = get_calendar()
    day = calendar.add_working_days(calendar.local_date(at), 1)
    whole = calendar.working_minutes(calendar.end_of_day(day - timedelta(days=1)), calendar.end_of_day(day))
    return (Decimal(minutes) / whole).quantize(_TENTH, rounding=ROUND_HALF_UP)
