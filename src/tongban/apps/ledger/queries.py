"""Reading the log, and proving that nobody rewrote it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Count

from tongban.apps.ledger.followers import FollowerRow, list_followers
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.readings import Given, Reading
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS, follows

__all__ = [
    "Broken",
    "Checked",
    "FollowerRow",
    "Link",
    "body_of",
    "check_log",
    "count_kinds",
    "get_event",
    "get_hash",
    "get_history",
    "get_log",
    "have_log",
    "iterate_checked",
    "list_followers",
    "list_histories",
    "list_latest",
]


Link = tuple[int, bytes]
"""An event's place in its log, and the hash that is stored with it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a case whose hash does not follow from what is stored.

    ``reason``: ``hash``, ``gap`` (events are missing before it), ``tail`` (the case knows of more), ``orphan`` (there
    is no such case) or ``rewritten`` (hashes follow, but are not those that were signed: it, or one up to ``last``).
    """

    case: int
    seq: int
    kind: str
    reason: str
    last: int = 0


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


def get_log(*, case: int) -> tuple[list[flow.Event], list[Link]]:
    """Return a case's events as ``get_history`` does, with the place and the hash stored with each; one query."""
    rows = _log(case=case)
    return [flow.Event._make(values) for _, _, *values in rows], [(seq, bytes(link)) for seq, link, *_ in rows]


_log: Reading[tuple[Any, ...]] = Reading(
    lambda: (
        Event.objects.filter(case=Given("case", models.BigIntegerField()))
        .order_by("seq")
        .values_list("seq", "hash", *flow.Event._fields)
    )
)


def check_log(*, case: int, events: Sequence[flow.Event], links: Sequence[Link]) -> Checked:
    """Return how far a whole log that was read already holds, as ``iterate_checked`` does; no query."""
    rows = zip(events, links, strict=True)
    return _check(case, ((case, seq, link, *event) for event, (seq, link) in rows))


def list_histories(*, cases: Collection[int]) -> dict[int, list[flow.Event]]:
    """Return the events of each of these cases, oldest first; one query."""
    rows = Event.objects.filter(case__in=cases).order_by("case", "seq")
    return {case: [_event(row) for row in own] for case, own in groupby(rows, key=lambda row: row.case)}


def get_event(*, case: int, seq: int) -> flow.Event:
    """Return one event of a case. Raises ``Event.DoesNotExist`` when there is none."""
    return _event(Event.objects.get(case=case, seq=seq))


def list_latest(*, cases: Collection[int], kind: str) -> dict[int, flow.Event]:
    """Return the last event of a kind of each of these cases that has one; one query."""
    rows = Event.objects.filter(case__in=list(cases), kind=kind).order_by("case", "seq")
    return {row.case: _event(row) for row in rows}


def get_hash(*, case: int, seq: int) -> bytes:
    """Return the hash of one event of a case; empty when there is no such event."""
    return bytes(Event.objects.filter(case=case, seq=seq).values_list("hash", flat=True).first() or b"")


def count_kinds(*, since: datetime) -> dict[str, int]:
    """Return how many events of each kind there have been since then; one query over the newest end of the log."""
    rows = Event.objects.filter(at__gte=since).values("kind").annotate(count=Count("case"))
    return {row["kind"]: row["count"] for row in rows}


def iterate_checked(*, case: int | None = None, since: datetime | None = None) -> Iterator[Checked]:
    """Walk the log and yield each case's: how far it holds, and where it first breaks.

    Of one case, of those with an event since an instant, or of all. Memory stays flat: rows are streamed in order of
    their key.
    """
    rows = Event.objects.order_by("case", "seq").values_list("case", "seq", "hash", *flow.Event._fields)
    if case is not None:
        rows = rows.filter(case=case)
    if since is not None:
        rows = rows.filter(case__in=Event.objects.filter(at__gte=since).values("case"))
    for number, events in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
        yield _check(number, events)


def have_log(*, cases: Iterable[int]) -> set[int]:
    """Return those of ``cases`` that have a log at all; one query."""
    return set(Event.objects.filter(case__in=list(cases), seq=1).values_list("case", flat=True))


def body_of(row: Event) -> Mapping[str, Any]:
    """What the hash of a row covers."""
    return flow.event_body(event=_event(row), case=row.case, seq=row.seq)


def _check(case: int, rows: Iterator[tuple[Any, ...]]) -> Checked:
    previous, count = GENESIS, 0
    broken: Broken | None = None
    for _, seq, stored, *values in rows:
        if broken is not None:
            continue
        event, link = flow.Event._make(values), bytes(stored)
        if seq != count + 1:
            broken = Broken(case, seq, event.kind, "gap")
            continue
        body = flow.event_body(event=event, case=case, seq=seq)
        if not follows(previous=previous, body=body, link=link):
            broken = Broken(case, seq, event.kind, "hash")
            continue
        previous, count = link, count + 1
    return Checked(case, count, previous, broken)


def _event(row: Event) -> flow.Event:
    return flow.Event(**{name: getattr(row, name) for name in flow.Event._fields})
