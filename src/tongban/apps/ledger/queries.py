"""Reading the log, and proving that nobody rewrote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Count

from tongban.apps.ledger.models import Event
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS, link_hash

__all__ = ["Broken", "count_kinds", "get_history", "iterate_broken"]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a case whose hash does not follow from what is stored."""

    case: int
    seq: int
    kind: str
    reason: str  # "hash" | "gap"


def get_history(*, case: int) -> list[flow.Event]:
    """Return a case's events, oldest first; one query."""
    return [_event(row) for row in Event.objects.filter(case=case).order_by("seq")]


def count_kinds(*, since: datetime) -> dict[str, int]:
    """Return how many events of each kind there have been since then; one query over the newest end of the log."""
    rows = Event.objects.filter(at__gte=since).values("kind").annotate(count=Count("case"))
    return {row["kind"]: row["count"] for row in rows}


def iterate_broken(*, case: int | None = None) -> Iterator[Broken | int]:
    """Walk the log and yield the number of events of each case that holds, or where a case first breaks.

    Memory stays flat: rows are streamed in order of their key.
    """
    rows = Event.objects.order_by("case", "seq")
    if case is not None:
        rows = rows.filter(case=case)
    for _, events in groupby(rows.iterator(chunk_size=5000), key=attrgetter("case")):
        yield _first_broken(events)


def _first_broken(rows: Iterator[Event]) -> Broken | int:
    previous, expected = GENESIS, 1
    broken: Broken | None = None
    for row in rows:
        if broken is not None:
            continue
        if row.seq != expected:
            broken = Broken(row.case, expected, row.kind, "gap")
            continue
        body = flow.event_body(event=_event(row), case=row.case, seq=row.seq)
        if link_hash(previous=previous, body=body) != bytes(row.hash):
            broken = Broken(row.case, row.seq, row.kind, "hash")
            continue
        previous, expected = bytes(row.hash), expected + 1
    return broken or expected - 1


def _event(row: Event) -> flow.Event:
    return flow.Event(**{name: getattr(row, name) for name in flow.Event._fields})
