"""How departments answer: in time, solved, and how content people are, with how sure that is at so few.

A rate of three cases says little: each comes with the interval in which it lies with 95 % (Wilson), and a department
with few is not put below others for chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from tongban.apps.voice.models import Inquiry

__all__ = ["FEW", "Rate", "Rates", "interval", "list_rates"]

FEW = 10
"""Below so many cases no share is told: it would be chance, and might tell whose they were."""
_Z = 1.959964
_CONTENT = 3
"""Grades from here up are content: the two below are the negative ones (好差评)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``all``; ``share``, ``low`` and ``high`` are from 0 to 1, or None where there are too few to tell."""

    hits: int
    all: int

    @property
    def share(self) -> float | None:
        return self.hits / self.all if self.all >= FEW else None

    @property
    def low(self) -> float | None:
        return interval(self.hits, self.all)[0] if self.all >= FEW else None

    @property
    def high(self) -> float | None:
        return interval(self.hits, self.all)[1] if self.all >= FEW else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A department's, or a topic's of the first level: ``code`` says which.

    ``response``: answered by the promised day, of all whose day has come or that are answered; ``resolution``:
    resolved, of those answered; ``satisfaction``: rated 3 or better, of those rated.
    """

    code: str
    response: Rate
    resolution: Rate
    satisfaction: Rate


def interval(hits: int, all_: int) -> tuple[float, float]:
    """The Wilson interval of a share at 95 %. For none at all it is everything."""
    if not all_:
        return 0.0, 1.0
    share, square = hits / all_, _Z * _Z
    centre = share + square / (2 * all_)
    spread = _Z * math.sqrt(share * (1 - share) / all_ + square / (4 * all_ * all_))
    return max(0.0, (centre - spread) / (1 + square / all_)), min(1.0, (centre + spread) / (1 + square / all_))


def list_rates(*, by: str, since: datetime, until: datetime, at: datetime) -> Sequence[Rates]:
    """Rates of what was said from ``since`` to before ``until``, as they stand at ``at``; one query.

    ``by``: ``department`` or ``category`` (the first level). In the order of codes: it is no league.
    """
    key = {"department": "case__authority", "category": "thought"}[by]
    decided, promised = "case__decided_at", "case__promised_due"
    in_time = Q(**{f"{decided}__lte": F(promised)})
    owed = Q(**{f"{decided}__isnull": False}) | Q(**{f"{promised}__lt": at})
    rows = (
        Inquiry.objects.filter(filed_at__gte=since, filed_at__lt=until, **{f"{promised}__isnull": False})
        .exclude(**{key: ""})
        .values(key)
        .annotate(
            owed=Count("pk", filter=owed),
            in_time=Count("pk", filter=in_time),
            decided=Count("pk", filter=Q(**{f"{decided}__isnull": False})),
            resolved=Count("pk", filter=Q(case__outcome="granted")),
            rated=Count("case__rating"),
            content=Count("pk", filter=Q(case__rating__grade__gte=_CONTENT)),
        )
        .order_by(key)
    )
    return [
        Rates(
            code=row[key],
            response=Rate(row["in_time"], row["owed"]),
            resolution=Rate(row["resolved"], row["decided"]),
            satisfaction=Rate(row["content"], row["rated"]),
        )
        for row in rows
    ]
