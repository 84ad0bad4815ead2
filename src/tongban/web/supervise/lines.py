"""The supervisor's board in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.apps.cases.boards import DepartmentLoad
from tongban.apps.cases.queries import CaseRow
from tongban.apps.people.queries import DepartmentNames
from tongban.web.due import Due, due_of

__all__ = ["LateLine", "late_lines", "load_lines", "procedure_lines", "totals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLine:
    """A case that is late or about to be."""

    row: CaseRow
    matter: str
    department: str
    due: Due


def late_lines(rows: Sequence[CaseRow], *, at: datetime, language: str, departments: DepartmentNames) -> list[LateLine]:
    """Rows of ``list_late`` as lines."""
    return [
        LateLine(
            row=row,
            matter=row.matter_name.in_language(language),
            department=departments[row.authority].short(language),
            due=due_of(due=row.promised_due, since=row.accepted_at or row.filed_at, at=at),
        )
        for row in rows
    ]


def procedure_lines(
    rows: Sequence[CaseRow], *, at: datetime, language: str, departments: DepartmentNames
) -> list[LateLine]:
    """Rows of ``list_overdue_procedures`` as lines."""
    return [
        LateLine(
            row=row,
            matter=row.matter_name.in_language(language),
            department=departments[row.authority].short(language),
            due=due_of(due=row.procedure_due, since=row.accepted_at or row.filed_at, at=at),
        )
        for row in rows
    ]


def load_lines(
    loads: Sequence[DepartmentLoad], *, language: str, departments: DepartmentNames, chosen: str
) -> list[dict[str, Any]]:
    """Loads of authorities, with the share that is late as a bar."""
    return [
        {
            "load": load,
            "name": departments[load.department].short(language),
            "percent": 100 * load.late // max(1, load.open),
            "chosen": load.department == chosen,
        }
        for load in loads
    ]


def totals(loads: Sequence[DepartmentLoad]) -> list[dict[str, Any]]:
    """The city at a glance."""
    late, soon = sum(load.late for load in loads), sum(load.soon for load in loads)
    return [
        {"label": _("Late"), "value": late, "note": _("past the promised date"), "tone": "seal" if late else ""},
        {
            "label": _("About to be late"),
            "value": soon,
            "note": _("within 2 working days"),
            "tone": "sun" if soon else "",
        },
        {"label": _("Paused"), "value": sum(load.paused for load in loads), "note": _("their clock is stopped")},
        {"label": _("Open"), "value": sum(load.open for load in loads), "note": _("accepted and not decided")},
    ]
