"""What somebody who goes there is shown: steps that take a visit, and of the case no more than its checklist names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Task
from tongban.apps.cases.permissions import may_do_act
from tongban.apps.cases.queries.lists import hands_of
from tongban.apps.cases.queries.rows import case_row, task_view
from tongban.apps.cases.queries.views import CaseRow, CaseView, TaskView
from tongban.apps.cases.queries.whole import get_case_and_answers
from tongban.apps.catalog.definitions import Checklist, Item
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor

__all__ = ["VISIT", "Visit", "VisitRow", "get_visit", "list_visits"]

VISIT = "inspect"
"""The act of a step for which somebody goes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A step that takes a visit, as a list shows it; ``place`` is "" where the matter names no address."""

    row: CaseRow
    task: TaskView
    mine: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit with what the inspector needs. ``task`` is None when there is no such step, or it was never one for a
    visit; ``answers`` are those that the checklist names, opened, and nothing else."""

    view: CaseView
    task: TaskView | None
    checklist: Checklist | None
    items: tuple[Item, ...]
    answers: Mapping[str, Any] = field(repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the step is still to be done."""
        return self.task is not None and self.task.finished is None


def list_visits(*, actor: Actor, limit: int = 200) -> Sequence[VisitRow]:
    """Return the visits that are the actor's to make: taken on by them, or by nobody; the first that is due first.

    One query and the definitions, whatever their number.
    """
    wanted = {where for where, _role in actor.roles if may_do_act(act=VISIT, department=where, actor=actor)}
    hands = hands_of(actor)
    rows = (
        Task.objects.filter(finished=None, department__in=wanted, act=VISIT)
        .filter(Q(claimed_by=None) | Q(claimed_by__in=hands))
        .select_related("case", "claimed_by")
        .order_by("due", "case_id", "no")[:limit]
    )
    found = list(rows)
    versions = get_versions(version_ids={task.case.matter_version_id for task in found})
    made = []
    for task in found:
        definition = versions[task.case.matter_version_id].definition
        checklist = definition.checklists.get(task.node)
        place = checklist.place if checklist else ""
        answers = open_answers(answers={place: task.case.answers.get(place)}) if place in task.case.answers else {}
        made.append(
            VisitRow(
                row=case_row(task.case),
                task=task_view(task, definition, actor=actor, names={}),
                mine=task.claimed_by_id is not None and task.claimed_by_id in hands,
                place=str(answers.get(place) or ""),
            )
        )
    return made


def get_visit(*, number: int, task: int, actor: Actor, at: datetime) -> Visit:
    """Return a visit. Raises ``UnknownCase`` for a stranger, as for a number that is not there."""
    view, answers = get_case_and_answers(number=number, actor=actor, at=at)
    found = next((each for each in view.tasks if each.no == task and each.act == VISIT), None)
    checklist = view.definition.checklists.get(found.node) if found is not None else None
    items = checklist.items_for(view.definition.form.facts(answers)) if checklist else ()
    shown = {name: answers[name] for name in checklist.fields if name in answers} if checklist else {}
    return Visit(view=view, task=found, checklist=checklist, items=items, answers=shown)
