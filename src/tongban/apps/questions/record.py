"""What happens to a question, on record: a log of its own in the ledger (docs/adr/0047).

It says which officer asked which about which case, and when. What was asked and answered is not in it: those words go
with the case's answers.
"""

from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.questions.models import Question
from tongban.kernel import flow

__all__ = ["KINDS", "begin_question", "put_on_record"]

KINDS = (
    *("question.asked", "question.answered", "question.taken_back", "question.lapsed"),
    *("question.passed_on", "question.reminded"),
)


def begin_question(row: Question, *, actor_id: str, capacity: str, at: datetime) -> None:
    """Open the log of a question, give the row its number and insert it, in the caller's transaction."""
    facts: dict[str, Any] = {
        "case": str(row.case_id),
        "matter": row.matter,
        "to": f"user:{row.colleague_id}",
        "due": row.due_at.isoformat(),
    }
    event = flow.Event("question.asked", at, facts, actor=actor_id, capacity=capacity, department=row.department)
    row.number = begin_stream(kind="question", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at
    row.save(force_insert=True)


def put_on_record(
    row: Question, kind: str, *, actor_id: str, capacity: str, at: datetime, to: int | None = None
) -> None:
    """Append to the question's log, linked to what was before, and save the row with it.

    ``to``: to whom (by sign-in) it is passed on.
    """
    facts: dict[str, Any] = {"case": str(row.case_id)}
    if kind == "question.answered":
        facts["late"] = at > row.due_at
    if to is not None:
        facts["to"] = f"user:{to}"
    event = flow.Event(
        kind,
        at,
        facts,
        actor=actor_id,
        capacity=capacity,
        department=row.department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()
