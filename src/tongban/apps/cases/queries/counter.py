"""With which number somebody came to a counter, and how long it took there: as the log of their case has it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongban.apps.ledger.queries import list_latest
from tongban.kernel import flow

__all__ = ["CounterTime", "counter_time_of", "list_counter_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterTime:
    """A visit that a case came of. Minutes by the clock; ``served`` is None while they are at the window still, and
    where nobody has ended it. A visit that brought several cases counts for each of them: see ``ticket``."""

    ticket: int
    label: str
    hall: str
    window: str
    waited: int
    served: int | None


def counter_time_of(*, history: Sequence[flow.Event]) -> CounterTime | None:
    """The visit of a case, from its events; None for what was filed without a number. No query."""
    came = history[0].data.get("about", {}).get("ticket") if history else None
    if not came:
        return None
    left = next((event for event in reversed(history) if event.kind == "case.served"), None)
    return _time(came, left)


def list_counter_times(*, cases: Collection[int]) -> dict[int, CounterTime]:
    """Return the visits of those of these cases whose visit is over, by case; one query."""
    found = list_latest(cases=cases, kind="case.served")
    return {case: _time(event.data, event) for case, event in found.items()}


def _time(came: Mapping[str, Any], left: flow.Event | None) -> CounterTime:
    return CounterTime(
        ticket=int(came["number"]),
        label=came["label"],
        hall=came["hall"],
        window=came["window"],
        waited=came["waited"],
        served=left.working if left is not None else None,
    )
