"""How a joint visit is arranged, on record: a log of its own in the ledger (docs/adr/0049).

It says which department proposed which time and what the others said to it. That a time holds, that it does not, and
that the visit was made stand in the log of the case, which whose case it is reads too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.inspections.models import JointVisit
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.kernel import flow

__all__ = ["KINDS", "arranged", "begin_visit"]

KINDS = ("joint_visit.proposed", "joint_visit.answered")


def begin_visit(row: JointVisit, *, departments: list[str], actor_id: str, at: datetime) -> None:
    """Open the log of a visit, give the row its number and insert it, in the caller's transaction."""
    event = flow.Event(
        KINDS[0], at, _time(row, departments), actor=actor_id, capacity="officer", department=row.department
    )
    row.number = begin_stream(kind="joint_visit", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at
    row.save(force_insert=True)


def arranged(
    row: JointVisit, kind: str, *, data: Mapping[str, Any], department: str, actor_id: str, capacity: str, at: datetime
) -> None:
    """Append to the visit's log, linked to what was before, and save the row with it."""
    event = flow.Event(
        kind,
        at,
        {"case": str(row.case_id), "time": row.times, **data},
        actor=actor_id,
        capacity=capacity,
        department=department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()


def _time(row: JointVisit, departments: list[str]) -> dict[str, Any]:
    return {
        "case": str(row.case_id),
        "time": row.times,
        "from": row.starts_at.isoformat(),
        "to": row.ends_at.isoformat(),
        "departments": departments,
    }
