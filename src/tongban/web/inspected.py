"""What was recorded on the spot, as a case and its visits list it: who, when, what came of it, and where to read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from tongban.apps.cases.queries import CaseView
from tongban.apps.inspections.queries import RecordRow, list_of_case
from tongban.web.wording.inspections import result_words

__all__ = ["RecordLine", "record_lines", "records_of_case"]

_KINDS = frozenset({"inspection.recorded", "inspection.noted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A record in a list. ``until``: by when something is to be put right; ``beside``: it is a note beside the case."""

    key: UUID
    url: str
    at: datetime | None
    who: str
    result: str
    until: date | None
    beside: bool


def records_of_case(case: CaseView) -> list[RecordLine]:
    """The records of a case, the newest first; nothing is asked where its log knows of none."""
    if not any(event.kind in _KINDS for event in case.history):
        return []
    return record_lines(list_of_case(case=case.number))


def record_lines(rows: Sequence[RecordRow]) -> list[RecordLine]:
    """Records as lists show them."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    return [
        RecordLine(
            key=row.key,
            url=reverse("field:record", args=[row.key]),
            at=row.received_at,
            who=row.inspector_name[0] if chinese or not row.inspector_name[1] else row.inspector_name[1],
            result=result_words(row.result),
            until=row.rectify_by,
            beside=row.state == "noted",
        )
        for row in rows
    ]
