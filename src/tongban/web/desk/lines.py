"""The queue as a page shows it: one line a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.apps.cases.queries import CaseRow, known_cursor
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import DepartmentNames
from tongban.web.due import Due, due_of_step, end_of_day
from tongban.web.fields import Field, Option
from tongban.web.templatetags.tongban_ui import spoken

__all__ = ["WITHIN", "Asked", "QueueLine", "filter_fields", "queue_lines", "read_asked", "together_choices"]

WITHIN = {
    "": gettext_lazy("any time"),
    "late": gettext_lazy("late already"),
    "today": gettext_lazy("today"),
    "2": gettext_lazy("2 working days"),
    "5": gettext_lazy("5 working days"),
}
"""Choices of the filter by due date."""

_PARTS = ("department", "mine", "free", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader asked of the queue; whatever cannot be read counts as not asked."""

    group: str
    matter: str
    within: str
    after: str
    explicit: bool = False
    """All of it has an address of its own: the bare one opens a saved filter."""

    @property
    def what(self) -> tuple[str, str, str]:
        """What a filter is made of: the part of the queue, the matter, the time."""
        return self.group, self.matter, self.within

    def until(self, at: datetime) -> datetime | None:
        """Before which instant a step must be due to be shown; None for all."""
        if self.within == "late":
            return at
        if self.within == "today":
            return end_of_day(at)
        return end_of_day(at, working_days=int(self.within)) if self.within else None

    def url(self, **changes: str) -> str:
        """The queue with other choices."""
        asked = {"group": self.group, "matter": self.matter, "within": self.within, "after": self.after} | changes
        kept = {
            name: value
            for name, value in asked.items()
            if value and (self.explicit or (name, value) != ("group", "department"))
        }
        return reverse("desk:queue") + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A step in the queue, in words. ``holder`` is who has it: "" for nobody."""

    row: CaseRow
    matter: str
    step: str
    department: str
    holder: str
    mine: bool
    may_act: bool
    due: Due
    url: str
    note: str

    @property
    def name(self) -> str:
        """What its box is called where several are selected."""
        task = self.row.task
        return f"{self.row.number}-{task.no if task else 0}"

    @property
    def may_select(self) -> bool:
        """Whether anything may be done with it from the queue."""
        return self.row.task is not None and self.row.task.may_act


def read_asked(data: Mapping[str, Any]) -> Asked:
    """Read the query string of the queue."""
    group, within = str(data.get("group", "")), str(data.get("within", ""))
    return Asked(
        group=group if group in _PARTS else _PARTS[0],
        matter=str(data.get("matter", ""))[:64],
        within=within if within in WITHIN else "",
        after=known_cursor(cursor=str(data.get("after", "")), of="queue"),
    )


def filter_fields(asked: Asked, matters: Sequence[tuple[str, str]]) -> list[Field]:
    """The two selects over the queue; a matter that has left the queue meanwhile stays chosen until it is unchosen."""
    offered = [("", _("all")), *matters]
    if asked.matter and asked.matter not in dict(matters):
        offered.append((asked.matter, asked.matter))
    within = [(value, str(words)) for value, words in WITHIN.items()]
    return [
        _select("matter", _("Matter"), offered, asked.matter),
        _select("within", _("Due within"), within, asked.within),
    ]


def together_choices() -> list[tuple[str, str]]:
    """What may be done with several steps at once, in the order in which it is mostly wanted."""
    return [
        ("claim", _("Take on")),
        ("transfer", _("Give away")),
        ("delegate", _("Let a colleague do it")),
        ("release", _("Put back")),
        ("accept", _("Accept")),
        ("deliver", _("Record the delivery")),
    ]


def _select(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str) -> Field:
    options = tuple(Option(value=value, label=words, selected=value == chosen) for value, words in choices)
    return Field(kind="select", name=name, label=label, options=options, required=True)


def queue_lines(
    rows: Sequence[CaseRow], *, actor: Actor, at: datetime, language: str, departments: DepartmentNames
) -> list[QueueLine]:
    """Turn rows of the queue into lines."""
    return [_line(row, actor, at, language, departments) for row in rows]


def _line(row: CaseRow, actor: Actor, at: datetime, language: str, departments: DepartmentNames) -> QueueLine:
    task = row.task
    assert task is not None
    waits = row.paused or row.status == "supplement"
    holder = task.claimed_name[0 if language.startswith("zh") else 1] if task.claimed_name else ""
    mine = task.claimed_by is not None and task.claimed_by == actor.user_id  # a colleague's keeps the colleague's name
    return QueueLine(
        row=row,
        matter=spoken(row.matter_name),
        step=spoken(task.name),
        department=departments[task.department].short(language) if task.department in departments else task.department,
        holder=holder,
        mine=mine,
        # Who was asked to sign by name has not taken it on, and cannot put it back.
        may_act=task.may_act and (task.claimed_by is None or task.claimed is not None),
        due=due_of_step(due=task.due, since=task.opened, at=at, paused=waits, promised=row.promised_due),
        url=reverse("desk:case", args=[row.number]),
        note=_note(row, at),
    )


def _note(row: CaseRow, at: datetime) -> str:
    if row.procedure_due is not None and row.procedure_due < at:
        return _("special procedure past its time")
    if row.status == "supplement":
        return _("waiting for the applicant")
    if row.later_due is not None and row.later_due < at:
        return _("a paper that was to follow is overdue")
    return _("special procedure") if row.paused else ""
