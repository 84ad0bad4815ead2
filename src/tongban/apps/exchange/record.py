"""The record of a request, on both sides: opened before anything is asked, closed before anything is told.

A request has a log of its own in the ledger (docs/adr/0026). Its first entry is the asker's, its second that of whoever
holds the register, or the asker's own where nothing came back. The row beside it is what lists are made of.
"""

from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.exchange.errors import RecordNotWritten
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.requests import Request, subject_hash
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.kernel import flow

__all__ = ["ANSWERED", "FAILED", "REQUESTED", "close_record", "note_peer", "open_record"]

REQUESTED, ANSWERED, FAILED = "exchange.requested", "exchange.answered", "exchange.failed"
_KIND = "exchange"
_READ = ("outcome", "provider", "consumer", "peer_record")
_WRITTEN = ("outcome", "reason", "answered_at", "milliseconds", "answer_hash", "peer_record")
"""What closing a record reads and writes of its row: a request is closed as often as it is made."""


def open_record(
    *,
    request: Request,
    request_hash: str,
    at: datetime,
    side: str = "both",
    peer: str = "",
    peer_record: str = "",
) -> int:
    """Put on record that ``request`` is about to be made (or, as ``provider``, has come in); return its number.

    Committed before it returns: what happens afterwards, the record is there. Must not be called inside a transaction.
    Raises ``RecordNotWritten``; nothing may be asked then.
    """
    about, day = request.about, get_calendar().local_date(at)
    try:
        with transaction.atomic(durable=True):
            number = begin_stream(kind=_KIND, event=_requested(request, request_hash, peer, at), day=day, at=at)
            Lookup.objects.create(
                number=number,
                side=side,
                register=request.register,
                provider=request.provider,
                consumer=request.consumer,
                purpose=request.purpose,
                fields=list(request.fields),
                matter=about.matter,
                case=about.case,
                draft=about.draft,
                subject_hash=subject_hash(request.key),
                consent=request.consent,
                actor=request.actor,
                peer=peer,
                peer_record=peer_record,
                asked_at=at,
                request_hash=request_hash,
            )
    except DatabaseError as error:
        raise RecordNotWritten from error
    return number


def close_record(
    *,
    number: int,
    outcome: str,
    at: datetime,
    milliseconds: int,
    answer_hash: str = "",
    reason: str = "",
    peer_record: str = "",
) -> None:
    """Put on record what came of it: found, absent, refused or away. A second word on one request changes nothing.

    Must not be called inside a transaction. Raises ``RecordNotWritten``; no answer may be handed on then.
    """
    try:
        with transaction.atomic(durable=True):
            row = Lookup.objects.select_for_update().only(*_READ).get(pk=number)
            if row.outcome:
                return
            row.outcome, row.reason, row.answered_at = outcome, reason, at
            row.milliseconds, row.answer_hash = milliseconds, answer_hash
            row.peer_record = peer_record or row.peer_record
            continue_stream(number=number, event=_closed(row, at))
            row.save(update_fields=_WRITTEN)
    except DatabaseError as error:
        raise RecordNotWritten from error


def note_peer(*, number: int, peer_record: str) -> None:
    """Keep which record of the other side belongs to this request; it goes into the entry that closes it.

    Raises ``RecordNotWritten``.
    """
    try:
        Lookup.objects.filter(pk=number).update(peer_record=peer_record[:64])
    except DatabaseError as error:
        raise RecordNotWritten from error


def _requested(request: Request, request_hash: str, peer: str, at: datetime) -> flow.Event:
    data: dict[str, Any] = {
        "register": request.register,
        "provider": request.provider,
        "purpose": request.purpose,
        "fields": list(request.fields),
        "subject": subject_hash(request.key),
        "request": request_hash,
        "basis": "consent" if request.consent else "law",
    }
    if request.about.case is not None:
        data["case"] = str(request.about.case)
    if request.about.draft is not None:
        data["draft"] = str(request.about.draft)
    if request.about.matter:
        data["matter"] = request.about.matter
    if peer:
        data["peer"] = peer
    return flow.Event(REQUESTED, at, data, actor=request.actor, capacity="exchange", department=request.consumer)


def _closed(row: Lookup, at: datetime) -> flow.Event:
    told = row.outcome in ("found", "absent")
    data: dict[str, Any] = {"outcome": row.outcome, "milliseconds": row.milliseconds}
    for name, value in (("answer", row.answer_hash), ("reason", row.reason), ("peer_record", row.peer_record)):
        if value:
            data[name] = value
    return flow.Event(
        ANSWERED if told else FAILED,
        at,
        data,
        actor="system",
        capacity="exchange",
        department=row.provider if told else row.consumer,
    )
