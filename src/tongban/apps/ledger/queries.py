"""Reading the log, and proving that nobody rewrote it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Count

from tongban.apps.ledger.models import Event
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS, link_hash

__all__ = ["Broken", "Checked", "count_kinds", "get_history", "have_log", "iterate_checked"]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a case whose hash does not follow from what is stored."""

    case: int
    seq: int
    kind: str
    reason: str  # "hash" | "gap" | "tail" | "orphan"


@dataclass(frozen=True, slots=True)
class Checked:
    """How far one case's log holds: so many events, ending in this hash; ``broken`` where it goes wrong, if it does."""

    case: int
    events: int
    head: bytes
    broken: Broken | None


def get_history(*, case: int) -> list[flow.Event]:
    """Return a case's events, oldest first; one query."""
    return [_event(row) for row in Event.objects.filter(case=case).order_by("seq")]


def count_kinds(*, since: datetime) -> dict[str, int]:
    """Return how many events of each kind there have been since then; one query over the newest end of the log."""
    rows = Event.objects.filter(at__gte=since).values("kind").annotate(count=Count("case"))
    return {row["kind"]: row["count"] for row in rows}


def iterate_checked(*, case: int | None = None) -> Iterator[Checked]:
    """Walk the log and yield each case's: how far it holds, and where it first breaks.

    Memory stays flat: rows are streamed in order of their key.
    """
    rows = Event.objects.order_by("case", "seq")
    if case is not None:
        rows = rows.filter(case=case)
    for number, events in groupby(rows.iterator(chunk_size=5000), key=attrgetter("case")):
        yield _check(number, events)


def have_log(*, cases: Iterable[int]) -> set[int]:
    """Return those of ``cases`` that have a log at all; one query."""
    return set(Event.objects.filter(case__in=list(cases), seq=1).values_list("case", flat=True))


def _check(case: int, rows: Iterator[Event]) -> Checked:
    previous, count = GENESIS, 0
    broken: Broken | None = None
    for row in rows:
        if broken is not None:
            continue
        if row.seq != count + 1:
            broken = Broken(case, row.seq, row.kind, "gap")
            continue
        body = flow.event_body(event=_event(row), case=row.case, seq=row.seq)
        if link_hash(previous=previous, body=body) != bytes(row.hash):
            broken = Broken(case, row.seq, row.kind, "hash")
            continue
        previous, count = bytes(row.hash), count + 1
    return Checked(case, count, previous, broken)


def _event(row: Event) -> flow.Event:
    return flow.Event(**{name: getattr(row, name) for name in flow.Event._fields})
