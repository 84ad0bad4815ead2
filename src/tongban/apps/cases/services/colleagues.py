"""Several officers on one step: it changes hands, or others sign it."""

from collections.abc import Sequence
from datetime import datetime

from tongban.apps.cases.errors import UnfitPerson
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.permissions import may_do_act
from tongban.apps.cases.services.way import act, lock
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues
from tongban.kernel import flow

__all__ = ["add_cosigner", "delegate", "dispatch", "object_to", "recall", "remove_cosigner", "sign", "transfer"]


def transfer(*, number: int, task: int, to: str, department: str, reason: str, actor: Actor, at: datetime) -> None:
    """Give a step away for good: to a person (``user:7``) or, with ``to`` empty, to the queue of a department.

    Raises ``UnfitPerson`` for somebody who may not do such a step there, or a department in which nobody may.
    """
    with whole():
        journal = lock(number, task=task)
        where = department or (journal.step.department if journal.step else "")
        if journal.step is not None:
            _require_fit(journal.step.act, where, to)
        act(journal, task, flow.Transfer(task=task, to=to, department=where, reason=reason), actor=actor, at=at)


def dispatch(
    *,
    number: int,
    task: int,
    department: str,
    reason: str,
    actor: Actor,
    at: datetime,
    limits: flow.Limits | None = None,
) -> None:
    """Say, while doing a step that dispatches, which department is responsible: see ``flow.Dispatch``.

    Its lanes, the case's ``authority`` and whoever may read it follow. Raises ``UnfitPerson`` where nobody of that
    department could take it up.
    """
    with whole():
        journal = lock(number, task=task)
        _require_fit("handle", department, "")
        command = flow.Dispatch(task=task, department=department, reason=reason, limits=limits)
        act(journal, task, command, actor=actor, at=at)


def delegate(*, number: int, task: int, to: str, reason: str, actor: Actor, at: datetime) -> None:
    """Let a colleague of the department (``user:7``) do a step; the result comes back to be confirmed."""
    with whole():
        journal = lock(number, task=task)
        if journal.step is not None and not _serves(journal.step.department, to):
            raise UnfitPerson
        act(journal, task, flow.Delegate(task=task, to=to, reason=reason), actor=actor, at=at)


def recall(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Take back what was delegated, or a result that lies before those who sign afterwards."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Recall(task=task), actor=actor, at=at, held=False)


def add_cosigner(
    *,
    number: int,
    task: int,
    signers: Sequence[flow.Asked],
    place: str,
    rule: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Ask departments, or persons of them (``user:7``), to sign a step: see ``flow.AddCosigner``."""
    with whole():
        journal = lock(number, task=task)
        for asked in signers:
            _require_signer(asked)
        command = flow.AddCosigner(task=task, signers=tuple(signers), place=place, rule=rule, reason=reason)
        act(journal, task, command, actor=actor, at=at)


def sign(*, number: int, task: int, opinion: str, actor: Actor, at: datetime) -> None:
    """Agree, as one who was asked to sign under the number ``task``."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Sign(task=task, opinion=opinion), actor=actor, at=at)


def object_to(*, number: int, task: int, reason: str, actor: Actor, at: datetime) -> None:
    """Disagree, with the reason."""
    with whole():
        journal = lock(number, task=task)
        act(journal, task, flow.Object(task=task, reason=reason), actor=actor, at=at)


def remove_cosigner(*, number: int, task: int, signer: int, reason: str, actor: Actor, at: datetime) -> None:
    """Ask ``signer`` no longer to sign the step ``task``. Who may do the step may do this."""
    with whole():
        journal = lock(number, task=task)
        _require_hanging(journal, task, signer)
        act(journal, task, flow.RemoveCosigner(task=signer, reason=reason), actor=actor, at=at)


def _require_hanging(journal: Journal, task: int, signer: int) -> None:
    one = flow.round_of(journal.state, signer)
    if one is None or one.task != task:
        raise flow.Refused("task.not-open", {"task": signer})


def _require_fit(kind: str, department: str, to: str) -> None:
    """Somebody there must be able to do it: the person who was named, or anybody."""
    there = list_colleagues(departments=[department])
    fit = {each.id for each in there if may_do_act(act=kind, department=department, actor=each)}
    if not fit or (to and to not in fit):
        raise UnfitPerson


def _require_signer(asked: flow.Asked) -> None:
    if asked.who:
        if not _serves(asked.department, asked.who):
            raise UnfitPerson
        return
    _require_fit("cosign", asked.department, "")


def _serves(department: str, person: str) -> bool:
    return any(each.id == person for each in list_colleagues(departments=[department]))
