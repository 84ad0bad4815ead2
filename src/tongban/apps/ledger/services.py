"""Appending to the log. There is no other command: nothing changes or removes a row."""

from collections.abc import Sequence
from typing import NamedTuple

from tongban.apps.ledger.models import Event
from tongban.kernel import flow
from tongban.kernel.chain import link_hash

__all__ = ["Entry", "append", "chain"]


class Entry(NamedTuple):
    """An event with its place in its case's log and the hash over it and all before it."""

    case: int
    seq: int
    event: flow.Event
    hash: bytes


def chain(*, event: flow.Event, case: int, seq: int, previous: bytes) -> Entry:
    """Return ``event`` chained to the hash of the event before it (``chain.GENESIS`` for the first)."""
    body = flow.event_body(event=event, case=case, seq=seq)
    return Entry(case, seq, event, link_hash(previous=previous, body=body))


def append(*, entries: Sequence[Entry]) -> None:
    """Insert entries in the caller's transaction; a second writer of one ``(case, seq)`` fails on the primary key."""
    Event.objects.bulk_create([Event(case=e.case, seq=e.seq, hash=e.hash, **e.event._asdict()) for e in entries])
