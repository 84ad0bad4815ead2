"""Somebody has gone there and looked: what they recorded enters the case, and its step ends with it or stays open."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Material, Task
from tongban.apps.cases.permissions import may_see
from tongban.apps.cases.services.handed_in import Given, add_materials
from tongban.apps.cases.services.rectifying import order_until
from tongban.apps.cases.services.way import act, lock, owner_capacity, permit, require_owner
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = [
    "INSPECTION_NOTED",
    "INSPECTION_RECORDED",
    "VISIT_FILES",
    "VISIT_KINDS",
    "ask_for_another_day",
    "note_visit",
    "put_visit_on_record",
    "record_visit",
]

INSPECTION_RECORDED, INSPECTION_NOTED = "inspection.recorded", "inspection.noted"
VISIT_FILES = ("inspection_photo", "inspection_signature")
"""Codes of the files that come from a visit; no matter asks for them."""
VISIT_KINDS = VISIT_FIXED, VISIT_OTHER_DAY, VISIT_CALLED_OFF, VISIT_HELD = (
    "visit.fixed",
    "visit.other_day_asked",
    "visit.called_off",
    "visit.held",
)
"""What happens to a visit of several departments at once; no clock moves with any of it."""


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
    held: bool = True,
    rectify_by: date | None = None,
) -> int:
    """Put what was found on the spot on record; return the number of its entry in the case's log.

    ``about`` says what the log keeps of it (no answers, no names). With an ``outcome`` (``pass`` or ``fail``) the step
    ends, and a clock that stood still for it runs on; with "" it stays open, for whoever looks again, or gives the
    opinion that it is for. ``held``: as in ``way.act``. ``rectify_by`` is ordered with it where it is a
    pledge that is checked. Raises what finishing the step would.
    """
    with whole():
        journal = lock(number, task=task)
        step, capacity = permit(journal, task, actor=actor, held=held)
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
            if rectify_by is not None:
                order_until(journal, step.no, until=rectify_by, words=opinion, actor=actor, capacity=capacity, at=at)
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


def put_visit_on_record(
    *, number: int, kind: str, data: Mapping[str, Any], actor: Actor, capacity: str, at: datetime
) -> int:
    """Put on record what becomes of a joint visit (one of ``VISIT_KINDS``); return the number of its entry.

    Who may is judged by who calls, as officials of the case; nothing else of it changes, and no clock. Raises
    ``flow.Refused`` once the case is decided.
    """
    with whole():
        journal = lock(number)
        if journal.state.closed or (journal.state.decided is not None and kind != VISIT_HELD):
            raise flow.Refused(flow.Refusal.DECIDED)
        return _on_record(journal, kind, data, actor, capacity, at)


def ask_for_another_day(*, number: int, data: Mapping[str, Any], actor: Actor, at: datetime) -> int:
    """Put on record that whose case it is cannot receive a visit then. Raises ``NotYours``, ``UnknownCase``."""
    with whole():
        journal = lock(number)
        require_owner(journal.case, actor)
        return _on_record(journal, VISIT_OTHER_DAY, data, actor, owner_capacity(journal.case, actor), at)


def _on_record(journal: Journal, kind: str, data: Mapping[str, Any], actor: Actor, capacity: str, at: datetime) -> int:
    if journal.state.updated is not None and at < journal.state.updated:
        at = journal.state.updated
    journal.record(kind=kind, data=data, actor=actor, capacity=capacity, at=at)
    entry = journal.case.last_seq
    save([journal])
    return entry


def _add(journal: Journal, files: Given, at: datetime) -> None:
    there = Material.objects.filter(case=journal.case.number).count()
    add_materials(journal, files, first=1 + there, at=at)
