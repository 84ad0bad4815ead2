"""How asking goes: who asks whom how often, how long it takes, what fails. Counts and times, never what was said."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from tongban.apps.catalog.city import get_registers
from tongban.apps.exchange import circuit
from tongban.apps.exchange.models import Extract, Lookup

__all__ = ["Asking", "ExchangeFigures", "get_exchange_figures"]

_DAYS = 30
_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One department asking one register for one purpose. Times in milliseconds; None where nothing came back.

    ``failed``: no answer that could be used; ``reasons`` are its codes, each with how often, the most frequent first.
    ``open``: on record as asked, and nothing since.
    """

    register: str
    consumer: str
    purpose: str
    peer: str
    asked: int
    found: int
    absent: int
    failed: int
    reasons: tuple[tuple[str, int], ...]
    open: int
    half_within: int | None
    most_within: int | None
    last_at: datetime

    @property
    def failed_share(self) -> int:
        """Failures in percent, rounded up: one failure is never none."""
        return ceil(100 * self.failed / self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFigures:
    """The last 30 days, of their latest 10,000 requests. ``left_alone``: registers that are not asked at the moment."""

    askings: tuple[Asking, ...]
    pending: int
    left_alone: tuple[str, ...]
    is_cut: bool


def get_exchange_figures(*, at: datetime) -> ExchangeFigures:
    """Return how asking goes, the most failures first; two queries, however much was asked."""
    rows = Lookup.objects.filter(asked_at__gt=at - timedelta(days=_DAYS)).order_by("-asked_at")
    columns = ("register", "consumer", "purpose", "peer", "outcome", "reason", "milliseconds", "asked_at")
    groups: dict[tuple[str, ...], list[_Row]] = defaultdict(list)
    seen = 0
    for *key, outcome, reason, milliseconds, asked_at in rows.values_list(*columns)[:_MOST]:
        groups[tuple(key)].append(_Row(outcome, reason, milliseconds, asked_at))
        seen += 1
    askings = [_asking(key, each) for key, each in groups.items()]
    return ExchangeFigures(
        askings=tuple(sorted(askings, key=lambda each: (-each.failed, -each.asked, each.register, each.consumer))),
        pending=Extract.objects.filter(state="pending", case__isnull=False).count(),
        left_alone=tuple(sorted(code for code in get_registers() if circuit.is_open(register=code))),
        is_cut=seen == _MOST,
    )


class _Row(NamedTuple):
    outcome: str
    reason: str
    milliseconds: int | None
    asked_at: datetime


def _asking(key: tuple[str, ...], rows: list[_Row]) -> Asking:
    outcomes = [row.outcome for row in rows]
    told = [row for row in rows if row.outcome in ("found", "absent")]
    times = sorted(row.milliseconds for row in told if row.milliseconds is not None)
    register, consumer, purpose, peer = key
    return Asking(
        register=register,
        consumer=consumer,
        purpose=purpose,
        peer=peer,
        asked=len(rows),
        found=outcomes.count("found"),
        absent=outcomes.count("absent"),
        failed=outcomes.count("away") + outcomes.count("refused"),
        reasons=tuple(Counter(row.reason for row in rows if row.outcome in ("away", "refused")).most_common()),
        open=outcomes.count(""),
        half_within=_within(times, 0.5),
        most_within=_within(times, 0.95),
        last_at=rows[0].asked_at,
    )


def _within(times: list[int], share: float) -> int | None:
    return times[ceil(share * len(times)) - 1] if times else None
