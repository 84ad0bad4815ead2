"""What somebody who goes there is shown: steps that take a visit, and of the case no more than its checklist names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Task
from tongban.apps.cases.permissions import may_do_act
from tongban.apps.cases.queries.lists import hands_of
from tongban.apps.cases.queries.rows import case_row, task_view
from tongban.apps.cases.queries.views import CaseRow, CaseView, TaskView
from tongban.apps.cases.queries.whole import get_case_and_answers
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import Checklist, Item, MatterDefinition, Rectify
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor

__all__ = [
    "TOGETHER",
    "VISIT",
    "Visit",
    "VisitRow",
    "get_visit",
    "get_visits",
    "goes_together",
    "list_visits",
    "list_visits_of",
    "to_go_together",
]

VISIT = "inspect"
"""The act of a step for which somebody goes there."""
TOGETHER = frozenset({VISIT, "opinion"})
"""Acts of steps for which several departments can go there at once."""


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

    @property
    def rectify(self) -> Rectify | None:
        """What the matter says about putting right what this step finds; None where it checks no pledge."""
        pledge = self.view.definition.pledge
        rule = pledge.rectify if pledge is not None else None
        return rule if rule is not None and self.task is not None and self.task.node == rule.step else None

    def is_running(self, at: datetime) -> bool:
        """Whether a day was given for it that is still to come, and nobody has answered."""
        given = self.view.rectification
        return self.rectify is not None and given is not None and given.state == "open" and at <= given.due

    def may_be_given(self, until: date, at: datetime) -> bool:
        """Whether it can be ordered to be put right by that day, as far as the matter says."""
        rule, given, calendar = self.rectify, self.view.rectification, get_calendar()
        if rule is None or not calendar.is_working_day(until):
            return False
        days = calendar.working_days_between(calendar.local_date(at), until)
        if given is not None:
            return days >= 1 and until <= calendar.local_date(given.last)
        return rule.least.amount <= days <= rule.most.amount


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
    return _rows(list(rows), actor)


def _rows(found: Sequence[Task], actor: Actor) -> list[VisitRow]:
    hands = hands_of(actor)
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


def list_visits_of(*, tasks: Collection[tuple[int, int]], actor: Actor) -> Sequence[VisitRow]:
    """Return these steps (case, number) as ``list_visits`` does, where they and their cases are open; one query."""
    if not tasks:
        return []
    wanted = Q()
    for case, no in tasks:
        wanted |= Q(case=case, no=no)
    rows = Task.objects.filter(wanted, case__closed_at=None).select_related("case", "claimed_by")
    return _rows(list(rows.order_by("case_id", "no")), actor)


def to_go_together(view: CaseView) -> list[TaskView]:
    """Return the open steps of departments for which they can look at the place at once."""
    return [task for task in view.open_tasks if task.act in TOGETHER]


def goes_together(definition: MatterDefinition) -> bool:
    """Whether the diagram of a matter has such steps of more than one department."""
    nodes = definition.process.nodes
    return len({node.department for node in nodes if node.act is not None and str(node.act) in TOGETHER}) > 1


def get_visit(*, number: int, task: int, actor: Actor, at: datetime) -> Visit:
    """Return a visit, or a step for which its department may go there with others (``TOGETHER``).

    Raises ``UnknownCase`` for a stranger, as for a number that is not there.
    """
    return get_visits(number=number, tasks=[task], actor=actor, at=at)[0]


def get_visits(*, number: int, tasks: Sequence[int], actor: Actor, at: datetime) -> list[Visit]:
    """Return several visits of one case, in this order, as ``get_visit`` does: the case is read once."""
    view, answers = get_case_and_answers(number=number, actor=actor, at=at)
    facts = view.definition.form.facts(answers)
    return [_visit(view, answers, facts, task) for task in tasks]


def _visit(view: CaseView, answers: Mapping[str, Any], facts: Mapping[str, Any], task: int) -> Visit:
    found = next((each for each in view.tasks if each.no == task and each.act in TOGETHER), None)
    checklist = view.definition.checklists.get(found.node) if found is not None else None
    items = checklist.items_for(facts) if checklist else ()
    shown = {name: answers[name] for name in checklist.fields if name in answers} if checklist else {}
    return Visit(view=view, task=found, checklist=checklist, items=items, answers=shown)
