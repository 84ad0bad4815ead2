"""What happens in calls, on record: a log of its own in the ledger for each (docs/adr/0045).

It holds times, ways, numbers of cases and who of the office it was: no name and no telephone of anybody who called.
"""

from datetime import datetime
from typing import Any

from tongban.apps.calls.models import Call
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.kernel import flow

__all__ = ["KINDS", "begin_call", "put_on_record"]

KINDS = (
    *("call.begun", "call.shown", "call.not_shown", "call.told", "call.filed"),
    *("call.checklist_sent", "call.ended"),
)


def begin_call(row: Call, *, actor_id: str, at: datetime) -> None:
    """Open the log of a call and give the row its number, in the caller's transaction."""
    data = {"telephone": "known" if row.telephone_hash else "hidden"}
    event = flow.Event("call.begun", at, data, actor=actor_id, capacity="clerk", department=row.department)
    row.number = begin_stream(kind="call", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at


def put_on_record(row: Call, kind: str, *, actor_id: str, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Append to the call's log and save the row with it. What ends it says how many minutes it took."""
    ends = kind == "call.ended"
    event = flow.Event(
        kind,
        at,
        data or {},
        actor=actor_id,
        capacity="system" if actor_id == "system" else "clerk",
        department=row.department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
        opened=row.begun_at if ends else None,
        finished=at if ends else None,
        working=max(0, int((at - row.begun_at).total_seconds() // 60)) if ends else None,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()
