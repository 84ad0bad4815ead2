"""What happens in an event room, on record: a log of its own in the ledger."""

from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.people.actors import Actor
from tongban.apps.voice.models import Room
from tongban.kernel import flow

__all__ = ["begin_room", "put_on_record"]


def begin_room(*, topic: int | None, actor: Actor, department: str, at: datetime) -> int:
    """Open the log of a room, in the caller's transaction; its number."""
    data = {"topic": topic} if topic is not None else {}
    event = flow.Event("room.opened", at, data, actor=actor.id, department=department)
    return begin_stream(kind="room", event=event, day=get_calendar().local_date(at), at=at)


def put_on_record(row: Room, kind: str, data: dict[str, Any], *, actor: Actor, department: str, at: datetime) -> None:
    """Append to a room's log, linked to what was before, and save the row with it."""
    event = flow.Event(
        kind,
        at,
        data,
        actor=actor.id,
        department=department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()
