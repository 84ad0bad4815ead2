"""What officers do to a case: on a step that they may do, or on the case as its authority."""

from collections.abc import Sequence
from datetime import datetime

from tongban.apps.cases.journal import Journal
from tongban.apps.cases.permissions import extending_department, require_supplement_allowed
from tongban.apps.cases.queries.drafts import Draft, data_of
from tongban.apps.cases.services.way import act, lock, require_authority, run
from tongban.apps.catalog.definitions.conclusions import DECISION
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger import queries as ledger
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.kernel import flow
from tongban.kernel.clock import Limit
from tongban.kernel.flow import Refusal, Refused

__all__ = [
    "accept",
    "claim",
    "complete",
    "decide",
    "deliver",
    "extend",
    "refuse",
    "release",
    "request_supplement",
    "resume",
    "return_to",
    "suspend",
]


def claim(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Take a task on. Raises ``flow.Refused`` when someone else has it."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Claim(task=task, by=actor.id), actor=actor, at=at)


def release(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Put a task back into the department's queue."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Release(task=task), actor=actor, at=at)


def accept(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Take the case on: the legal clocks start."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Accept(), actor=actor, at=at)


def refuse(*, number: int, task: int, reason: str, actor: Actor, at: datetime) -> None:
    """Do not accept the case; it ends, and the applicant is told why."""
    with whole():
        journal = lock(number, task=task)
        journal.case.reason = reason
        act(journal, task, flow.Refuse(reason=reason), actor=actor, at=at)


def request_supplement(
    *, number: int, task: int, items: Sequence[str], note: str, within: Limit | None, actor: Actor, at: datetime
) -> None:
    """Ask for what is missing: once, all at once (Administrative Licensing Law, 32).

    After acceptance only where the city allows it; else raises ``flow.Refused`` ``supplement.after-acceptance``.
    """
    with whole():
        journal = lock(number, task=task)
        require_supplement_allowed(journal.state)
        command = flow.RequestSupplement(items=tuple(items), note=note, within=within)
        act(journal, task, command, actor=actor, at=at)


def complete(
    *, number: int, task: int, outcome: str, opinion: str, actor: Actor, at: datetime, draft: Draft | None = None
) -> None:
    """Finish a step with ``pass`` or ``fail`` and an opinion.

    Where the matter has its decision drafted at this step, ``draft`` is owed: raises ``DraftOwed``. Elsewhere it is
    left out of the record.
    """
    with whole():
        journal = lock(number, task=task)
        data = None
        if journal.definition.drafted_at:
            data = data_of(definition=journal.definition, node=_node_of(journal, task), draft=draft)
        command = flow.Complete(task=task, outcome=outcome, opinion=opinion, data=data)
        act(journal, task, command, actor=actor, at=at)


def decide(*, number: int, task: int, outcome: str, reason: str, actor: Actor, at: datetime) -> None:
    """Grant or deny, or what the matter knows instead. All but a grant owe their reason, and so does every answer."""
    with whole():
        journal = lock(number, task=task)
        _require_decidable(journal, outcome, reason)
        journal.case.reason = reason
        act(journal, task, flow.DecideCase(task=task, outcome=outcome, reason=reason), actor=actor, at=at)


def return_to(*, number: int, task: int, node: str, reason: str, actor: Actor, at: datetime) -> None:
    """Send the work back to an earlier step, with everything that followed from it undone."""
    with whole():
        journal = lock(number, task=task)
        command = flow.ReturnTo(task=task, node=node, reason=reason)
        act(journal, task, command, actor=actor, at=at, history=ledger.get_history(case=number))


def deliver(*, number: int, task: int, way: str, actor: Actor, at: datetime) -> None:
    """Put on record that the result has reached the applicant."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Deliver(way=way, task=task), actor=actor, at=at)


def suspend(
    *, number: int, task: int, procedure: str, reason: str, limit: Limit | None, actor: Actor, at: datetime
) -> None:
    """Begin a special procedure: its time is not counted (Administrative Licensing Law, 45).

    Without a ``limit`` the matter's own for that procedure holds; where it has none either, the kernel refuses.
    """
    with whole():
        journal = lock(number, task=task)
        limit = limit or journal.definition.procedure_limit(procedure)
        command = flow.Suspend(procedure=procedure, reason=reason, limit=limit)
        act(journal, task, command, actor=actor, at=at)


def resume(*, number: int, actor: Actor, at: datetime) -> None:
    """End the special procedure: the clocks run on."""
    with whole():
        journal = lock(number)
        capacity = require_authority(journal.case, actor, roles=("handler", "reviewer", "decider"))
        run(journal, flow.Resume(), actor=actor, capacity=capacity, at=at)


def extend(*, number: int, by: Limit, reason: str, actor: Actor, at: datetime) -> None:
    """Lengthen the limit, once (Administrative Licensing Law, 42).

    By the head of the authority; of a joint review by that of the government, whose deciders ``city.yaml`` names.
    """
    with whole():
        journal = lock(number)
        head = extending_department(journal.definition, authority=str(journal.case.authority_id))
        capacity = require_authority(journal.case, actor, roles=("decider",), department=head)
        command = flow.Extend(by=by, reason=reason, approved_by=actor.id)
        run(journal, command, actor=actor, capacity=capacity, at=at)


def _node_of(journal: Journal, task: int) -> str:
    nodes = journal.definition.process.nodes
    return next((nodes[each.node].id for each in journal.state.tasks if each.no == task), "")


def _require_decidable(journal: Journal, outcome: str, reason: str) -> None:
    """Only what the matter knows; an answer is words, so one without any is none."""
    definition = get_version(version_id=journal.case.matter_version_id).definition
    if outcome not in definition.outcomes:
        raise Refused(Refusal.UNKNOWN_OUTCOME, {"outcome": outcome, "known": list(definition.outcomes)})
    if definition.conclusion != DECISION and not reason.strip():
        raise Refused(Refusal.NO_REASON)
