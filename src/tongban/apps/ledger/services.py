"""Appending to the log, signing it day by day, and following it. Nothing changes or removes a row."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from tongban.apps.ledger.followers import Followed, follow, follow_all, register, replay, skip
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.signing import make_checkpoints, missing_days, rotate_key, signing_keys
from tongban.apps.ledger.statements import Json, Statements
from tongban.apps.ledger.turns import mend
from tongban.kernel import flow
from tongban.kernel.chain import Algorithm, link_hash

__all__ = [
    "Entry",
    "Followed",
    "append",
    "chain",
    "follow",
    "follow_all",
    "make_checkpoints",
    "mend",
    "missing_days",
    "register",
    "replay",
    "rotate_key",
    "signing_keys",
    "skip",
]


@cache
def _algorithm() -> Algorithm:
    return Algorithm(settings.LEDGER_ALGORITHM)


@receiver(setting_changed)
def _choose_again(*, setting: str, **_given: object) -> None:
    if setting == "LEDGER_ALGORITHM":
        _algorithm.cache_clear()


class Entry(NamedTuple):
    """An event with its place in its case's log, the hash over it and all before it, and its data as JSON."""

    case: int
    seq: int
    event: flow.Event
    hash: bytes
    data: Json


def chain(*, event: flow.Event, case: int, seq: int, previous: bytes) -> Entry:
    """Return ``event`` chained to the hash of the event before it (``chain.GENESIS`` for the first).

    By the algorithm of ``settings.LEDGER_ALGORITHM``, which each hash names: it may change while cases run.
    """
    body, data = flow.event_content(event=event, case=case, seq=seq)
    return Entry(case, seq, event, link_hash(previous=previous, body=body, algorithm=_algorithm()), Json(data))


def append(*, entries: Sequence[Entry], run: Statements | None = None) -> None:
    """Insert entries in the caller's transaction; a second writer of one ``(case, seq)`` fails on the primary key."""
    (run or Statements()).insert(Event, [_row(entry) for entry in entries])


def _row(entry: Entry) -> tuple[Any, ...]:
    """An entry in the order of the model's columns: an event's own fields, but its data at the end before the hash."""
    event = entry.event
    return (entry.case, entry.seq, event.kind, event.at, *event[3:], entry.data, entry.hash)
