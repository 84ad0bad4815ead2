"""What becomes of what somebody writes, on record: a log of its own in the ledger for each correspondent.

It holds times, ways, numbers of cases and which official wrote: no address, and no word of what was said. Of what an
official wrote it has the keyed digest, so that what was said can be proven as long as it is kept.
"""

from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.correspondence.models import Correspondent
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.kernel import flow

__all__ = ["KINDS", "begin_correspondence", "put_on_record"]

KINDS = (
    *("correspondence.begun", "correspondence.filed", "correspondence.added", "correspondence.taken_back"),
    *("correspondence.written", "correspondence.refused"),
)


def begin_correspondence(*, channel: str, at: datetime) -> int:
    """Open the log of somebody who writes for the first time, in the caller's transaction; return its number."""
    event = flow.Event("correspondence.begun", at, {"channel": channel}, actor=SYSTEM.id, capacity="system")
    return begin_stream(kind="correspondence", event=event, day=get_calendar().local_date(at), at=at)


def put_on_record(
    row: Correspondent, kind: str, *, at: datetime, data: dict[str, Any], actor: Actor = SYSTEM, department: str = ""
) -> None:
    """Append to the log of a correspondent, in the caller's transaction."""
    capacity = "system" if actor is SYSTEM else "officer"
    event = flow.Event(kind, at, data, actor=actor.id, capacity=capacity, department=department)
    continue_stream(number=row.number, event=event)
