"""Somebody has gone there and looked: what they recorded enters the case, and its step ends with it or stays open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Material, Task
from tongban.apps.cases.permissions import may_see
from tongban.apps.cases.services.handed_in import Given, add_materials
from tongban.apps.cases.services.way import act, lock, permit
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = ["INSPECTION_NOTED", "INSPECTION_RECORDED", "VISIT_FILES", "note_visit", "record_visit"]

INSPECTION_RECORDED, INSPECTION_NOTED = "inspection.recorded", "inspection.noted"
VISIT_FILES = ("inspection_photo", "inspection_signature")
"""Codes of the files that come from a visit; no matter asks for them."""


def record_visit(
    *,
    number: int,
    task: int,
    about: Mapping[str, Any],
    files: Given,
    outcome: str,
    opinion: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Put what was found on the spot on record; return the number of its entry in the case's log.

    ``about`` says what the log keeps of it (no answers, no names). With an ``outcome`` (``pass`` or ``fail``) the step
    ends, and a clock that stood still for it runs on; with "" it stays open, for whoever looks again. Raises what
    finishing the step would.
    """
    with whole():
        journal = lock(number, task=task)
        _step, capacity = permit(journal, task, actor=actor)
        if journal.state.updated is not None and at < journal.state.updated:
            at = journal.state.updated
        _add(journal, files, at)
        journal.record(kind=INSPECTION_RECORDED, data={"task": task, **about}, actor=actor, capacity=capacity, at=at)
        entry = journal.case.last_seq
        if outcome:
            data = {"record": about["record"]}
            command = flow.Complete(task=task, outcome=outcome, opinion=opinion, data=data)
            act(journal, task, command, actor=actor, at=at)
        else:
            save([journal])
        return entry


def note_visit(*, number: int, about: Mapping[str, Any], files: Given, actor: Actor, at: datetime) -> int:
    """Put what somebody found on record beside a step that is not theirs any more; it changes nothing else.

    Raises ``UnknownCase`` for whoever may not see the case.
    """
    with whole():
        journal = lock(number)
        departments = Task.objects.filter(case=number).values_list("department", flat=True)
        if not actor.is_official or not may_see(case=journal.case, actor=actor, departments=departments):
            raise UnknownCase
        if journal.state.updated is not None and at < journal.state.updated:
            at = journal.state.updated
        _add(journal, files, at)
        journal.record(kind=INSPECTION_NOTED, data=dict(about), actor=actor, capacity="officer", at=at)
        entry = journal.case.last_seq
        save([journal])
        return entry


def _add(journal: Journal, files: Given, at: datetime) -> None:
    there = Material.objects.filter(case=journal.case.number).count()
    add_materials(journal, files, first=1 + there, at=at)
