"""What happens to tickets and at windows, on record: a log of its own in the ledger for each (docs/adr/0036)."""

from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.halls.models import Appointment, Sitting, Ticket
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.kernel import flow

__all__ = [
    "KINDS",
    "begin_appointment",
    "begin_sitting",
    "begin_ticket",
    "continue_appointment",
    "end_sitting",
    "put_on_record",
]

TICKET_KINDS = (
    "ticket.taken",
    "ticket.called",
    "ticket.called_again",
    "ticket.begun",
    "ticket.filed",
    "ticket.done",
    "ticket.missed",
    "ticket.put_back",
    "ticket.handed_on",
    "ticket.returned",
    "ticket.expired",
)
APPOINTMENT_KINDS = (
    "appointment.booked",
    "appointment.moved",
    "appointment.cancelled",
    "appointment.kept",
    "appointment.missed",
)
KINDS = (*TICKET_KINDS, "window.opened", "window.closed", *APPOINTMENT_KINDS)


def begin_ticket(row: Ticket, *, actor_id: str, capacity: str, data: dict[str, Any], at: datetime) -> None:
    """Open the log of a ticket that is taken and give the row its number, in the caller's transaction."""
    facts = {"hall": row.hall, "label": str(row), "group": row.group, "origin": str(row.origin), **data}
    event = flow.Event("ticket.taken", at, facts, actor=actor_id, capacity=capacity, node=row.group)
    row.number = begin_stream(kind="ticket", event=event, day=row.day, at=at)
    row.last_kind, row.last_at = event.kind, at


def put_on_record(
    row: Ticket, kind: str, *, actor_id: str, capacity: str, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Append to the ticket's log, linked to what was before, and save the row with it.

    What ends a wait or a service says how long it took: ``waiting`` from when it joined the queue to when it was
    called, ``working`` from when it was begun; whole minutes by the clock, the hall being open all the while.
    """
    facts = {"hall": row.hall, "group": row.group, **({"window": row.window} if row.window else {}), **(data or {})}
    called = row.called_at if kind in ("ticket.called", "ticket.done", "ticket.missed") else None
    event = flow.Event(
        kind,
        at,
        facts,
        actor=actor_id,
        capacity=capacity,
        node=row.group,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
        opened=row.waits_from,
        claimed=called,
        finished=at if kind == "ticket.done" else None,
        waiting=_minutes(row.waits_from, called) if called else None,
        working=_minutes(row.begun_at, at) if kind == "ticket.done" and row.begun_at else None,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()


def begin_sitting(row: Sitting, *, actor_id: str, at: datetime) -> None:
    """Open the log of a window that opens and give the row its number, in the caller's transaction."""
    event = flow.Event(
        "window.opened", at, {"hall": row.hall, "window": row.window}, actor=actor_id, capacity="clerk", node=row.window
    )
    row.number = begin_stream(kind="sitting", event=event, day=get_calendar().local_date(at), at=at)


def end_sitting(row: Sitting, *, actor_id: str, capacity: str, data: dict[str, Any], at: datetime) -> None:
    """Close the window's log and save the row with it."""
    event = flow.Event(
        "window.closed",
        at,
        {"hall": row.hall, "window": row.window, **data},
        actor=actor_id,
        capacity=capacity,
        node=row.window,
        previous_activity="window.opened",
        previous_at=row.opened_at,
    )
    continue_stream(number=row.number, event=event)
    row.closed_at = at
    row.save(update_fields=["closed_at"])


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds() // 60))


def begin_appointment(row: Appointment, *, actor_id: str, capacity: str, at: datetime) -> None:
    """Open the log of an appointment and give the row its number, in the caller's transaction."""
    event = flow.Event(
        "appointment.booked", at, _of_appointment(row), actor=actor_id, capacity=capacity, node=row.group
    )
    row.number = begin_stream(kind="appointment", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at


def continue_appointment(
    row: Appointment, kind: str, *, actor_id: str, capacity: str, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Append to the appointment's log and save the row with it."""
    event = flow.Event(
        kind,
        at,
        _of_appointment(row) | (data or {}),
        actor=actor_id,
        capacity=capacity,
        node=row.group,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()


def _of_appointment(row: Appointment) -> dict[str, Any]:
    facts = {"hall": row.hall, "group": row.group, "window": row.window, "at": row.starts_at.isoformat()}
    return facts | ({"matter": row.matter} if row.matter else {})
