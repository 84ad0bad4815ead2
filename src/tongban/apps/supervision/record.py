"""What happens to a card, on record: a log of its own in the ledger (docs/adr/0037)."""

from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.supervision.models import Card
from tongban.kernel import flow

__all__ = ["KINDS", "begin_card", "note_moved", "put_on_record"]

KINDS = ("card.issued", "card.answered", "card.appealed", "card.upheld", "card.withdrawn", "card.recounted")


def begin_card(row: Card, *, at: datetime) -> None:
    """Open the log of a card that is shown, give the row its number and insert it, in the caller's transaction."""
    facts: dict[str, Any] = {
        "case": str(row.case_id),
        "colour": str(row.colour),
        "matter": row.matter,
        "limit": row.limit,
        "due": row.due.isoformat(),
        "percent": row.percent,
        "answer_due": row.answer_due.isoformat(),
        "appeal_due": row.appeal_due.isoformat(),
        **({"task": row.task} if row.task else {}),
        **({"holder": f"user:{row.holder_id}"} if row.holder_id is not None else {}),
    }
    event = flow.Event(
        "card.issued", at, facts, actor="system", capacity="system", department=row.department, node=row.node
    )
    row.number = begin_stream(kind="card", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at
    row.save(force_insert=True)


def put_on_record(row: Card, kind: str, *, reason: str, actor_id: str, capacity: str, at: datetime) -> None:
    """Append to the card's log, linked to what was before, and save the row with it."""
    _append(row, kind, {"reason": reason}, actor_id=actor_id, capacity=capacity, at=at)


def note_moved(row: Card, *, notice: str, at: datetime) -> None:
    """Append that a changed calendar moved its days, which stand in the row, and save it."""
    days = {"answer_due": row.answer_due.isoformat(), "appeal_due": row.appeal_due.isoformat()}
    _append(row, "card.recounted", {"notice": notice, **days}, actor_id="system", capacity="clock", at=at)


def _append(row: Card, kind: str, data: dict[str, Any], *, actor_id: str, capacity: str, at: datetime) -> None:
    event = flow.Event(
        kind,
        at,
        {"case": str(row.case_id), "colour": str(row.colour), **data},
        actor=actor_id,
        capacity=capacity,
        department=row.department,
        node=row.node,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()
