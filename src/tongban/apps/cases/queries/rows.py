"""Rows of tables as lists show them, without another query."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Model, QuerySet

from tongban.apps.cases.journal import COSIGN, NO_DUE
from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.permissions import may_do_act, may_do_task
from tongban.apps.cases.queries.views import CaseRow, TaskView
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_version
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = ["HEAVY", "case_row", "node_name", "shown", "slim", "task_view"]

HEAVY = ("state", "answers", "phone_sealed", "last_hash", "reason")
"""Columns of a case that no list shows."""


def shown(model: type[Model], *, without: Collection[str] = (), path: str = "") -> list[str]:
    """Return the names of a model's columns, but for those ``without``; ``path`` leads to them, as in a join."""
    return [f"{path}{field.name}" for field in model._meta.concrete_fields if field.name not in without]


def slim(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Leave out what no list shows."""
    return rows.defer(*HEAVY)


def case_row(case: Case, *, task: Task | None = None, actor: Actor | None = None) -> CaseRow:
    definition = get_version(version_id=case.matter_version_id).definition
    return CaseRow(
        number=case.number,
        matter=case.matter,
        matter_name=definition.name,
        icon=definition.icon,
        authority=case.authority_id,
        applicant_name=case.applicant_name,
        status=case.status,
        outcome=case.outcome,
        ended_as=definition.concluded(case.outcome),
        filed_at=case.filed_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        closed_at=case.closed_at,
        promised_due=case.promised_due,
        statutory_due=case.statutory_due,
        paused=case.paused,
        procedure_due=case.procedure_due,
        later_due=case.later_due,
        task=task_view(task, definition, actor=actor, names={}) if task else None,
    )


def task_view(
    task: Task,
    definition: MatterDefinition,
    *,
    actor: Actor | None,
    names: Mapping[str, tuple[str, str]],
    state: flow.State | None = None,
    former: Iterable[MatterDefinition] = (),
) -> TaskView:
    holder = task.claimed_by if task.claimed_by_id and "claimed_by" in task._state.fields_cache else None
    return TaskView(
        case=task.case_id,
        no=task.no,
        node=task.node,
        name=_step_name(node_name(definition, task.node, *former), task.act),
        act=task.act,
        department=task.department,
        opened=task.opened,
        due=None if task.due == NO_DUE else task.due,
        claimed_by=task.claimed_by_id,
        claimed_name=(holder.name, holder.name_en) if holder else None,
        claimed=task.claimed,
        finished=task.finished,
        outcome=task.outcome,
        opinion=task.opinion,
        finished_name=names.get(task.finished_by),
        may_act=actor is not None and task.finished is None and _may_act(task, state, actor),
    )


def _may_act(task: Task, state: flow.State | None, actor: Actor) -> bool:
    if state is not None:
        return may_do_task(
            no=task.no,
            act=task.act,
            department=task.department,
            holder=task.claimed_by_id,
            state=state,
            actor=actor,
        )
    return may_do_act(act=task.act, department=task.department, actor=actor)


def _step_name(name: Text, act: str) -> Text:
    """Signing a step is told apart from the step."""
    return Text(zh=f"{name.zh}（会签）", en=f"{name.en} (co-sign)") if act == COSIGN else name


def node_name(definition: MatterDefinition, node: str, *former: MatterDefinition) -> Text:
    """What a step is called, now or in a version that the case was on before."""
    for each in (definition, *former):
        if node in each.process.index:
            found = each.process.node(node)
            return Text(zh=found.name, en=found.name_en or found.name)
    return Text(zh=node, en=node)
