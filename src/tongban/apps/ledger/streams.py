"""Logs of what is no case but has a life: numbered, chained and signed like those of cases, in the same ledger."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from django.db import IntegrityError, transaction

from tongban.apps.ledger import services
from tongban.apps.ledger.errors import NumbersTaken, UnknownStream
from tongban.apps.ledger.models import Stream
from tongban.apps.ledger.queries import have_log
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS
from tongban.kernel.numbers import new_stream_number

__all__ = ["begin_stream", "continue_stream", "heads_of_streams", "streams_without_log"]

_BATCH = 500


def begin_stream(*, kind: str, event: flow.Event, day: date, at: datetime) -> int:
    """Open a log with its first event, in the caller's transaction; return its number.

    ``day`` is the day of ``at`` on the city's wall: the number tells it. Raises ``NumbersTaken`` when five numbers in
    a row were in use.
    """
    for _ in range(5):
        number = new_stream_number(day=day, random=secrets.randbelow)
        entry = services.chain(event=event, case=number, seq=1, previous=GENESIS)
        try:
            with transaction.atomic():
                Stream.objects.create(number=number, kind=kind, opened_at=at, last_seq=1, last_hash=entry.hash)
                services.append(entries=[entry])
        except IntegrityError:
            if Stream.objects.filter(pk=number).exists():
                continue
            raise
        return number
    raise NumbersTaken


def continue_stream(*, number: int, event: flow.Event) -> int:
    """Append an event to a log, in the caller's transaction; return its place. Raises ``UnknownStream``."""
    with transaction.atomic():
        row = Stream.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise UnknownStream(number=number)
        entry = services.chain(event=event, case=number, seq=row.last_seq + 1, previous=bytes(row.last_hash))
        services.append(entries=[entry])
        row.last_seq, row.last_hash = entry.seq, entry.hash
        row.save(update_fields=["last_seq", "last_hash"])
    return entry.seq


def heads_of_streams(*, numbers: Iterable[int]) -> dict[int, tuple[int, bytes]]:
    """Return where the logs with these numbers end, as their rows say; one query."""
    rows = Stream.objects.filter(pk__in=list(numbers)).values_list("number", "last_seq", "last_hash")
    return {number: (seq, bytes(head)) for number, seq, head in rows}


def streams_without_log(*, number: int | None = None) -> Iterator[int]:
    """Streams all of whose events were removed."""
    rows = Stream.objects.order_by("number") if number is None else Stream.objects.filter(pk=number)
    numbers = rows.values_list("number", flat=True).iterator(chunk_size=5000)
    while batch := list(islice(numbers, _BATCH)):
        logged = have_log(cases=batch)
        yield from (each for each in batch if each not in logged)
