"""Appending to the log. There is no other command: nothing changes or removes a row."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

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
    """Insert entries in the caller's transaction; a second writer of one ``(case, seq)`` fails on the primary key.

    Plain SQL, because this is the one statement that every step of every case runs: the ORM's preparation of twenty
    values a row costs more than the kernel's decision.
    """
    if not entries:
        return
    instant = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [_row(entry, instant) for entry in entries])


_FIELDS = ("case", "seq", *flow.Event._fields, "hash")
_COLUMNS = ", ".join(f'"{name}"' for name in _FIELDS)
_INSERT = f"INSERT INTO {Event._meta.db_table} ({_COLUMNS}) VALUES ({', '.join(['%s'] * len(_FIELDS))})"  # noqa: S608


def _row(entry: Entry, instant: Callable[[datetime | None], Any]) -> tuple[Any, ...]:
    event = entry.event
    return (
        entry.case,
        entry.seq,
        event.kind,
        instant(event.at),
        json.dumps(event.data, ensure_ascii=False),
        event.actor,
        event.capacity,
        event.department,
        event.node,
        event.task,
        event.previous_activity,
        event.previous_department,
        instant(event.previous_at),
        instant(event.opened),
        instant(event.claimed),
        instant(event.finished),
        event.waiting,
        event.working,
        entry.hash,
    )
