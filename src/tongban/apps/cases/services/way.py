"""The way of every command: lock the case, ask who may, let the kernel decide, write it all together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.cases import eyes, rectified
from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.errors import NotYours, SameEyes, UnknownCase
from tongban.apps.cases.journal import Journal, Step
from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.permissions import capacity_in, capacity_of, is_owner, is_served, may_do_task, may_see
from tongban.apps.cases.store import read_for_change, read_step, save
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger import queries as ledger
from tongban.apps.ledger.statements import Statements
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = [
    "Facts",
    "act",
    "capacity_for",
    "facts_of",
    "lock",
    "owner_capacity",
    "permit",
    "require_authority",
    "require_owner",
    "run",
]

_WAITED = timedelta(minutes=1)
"""So much later than it was given may a command be done: it waited for another one on the same case."""


def lock(number: int, *, task: int = 0) -> Journal:
    """Return the journal of a case, locked until the transaction ends. Raises ``UnknownCase``.

    The row of the step that the command belongs to, if it belongs to one, is read along with it.
    """
    statements = Statements()
    case, answers, step = read_for_change(statements, number=number, task=task)
    definition = get_version(version_id=case.matter_version_id).definition
    return Journal(
        case=case,
        definition=definition,
        calendar=get_calendar(),
        state=flow.state_from_json(case.state),
        step=step,
        statements=statements,
        operations=OPERATIONS,
        facts=Facts(lambda: facts_of(definition, open_answers(answers=answers()))),
    )


def run(
    journal: Journal,
    command: flow.Command,
    *,
    actor: Actor,
    capacity: str,
    at: datetime,
    history: Sequence[flow.Event] = (),
) -> None:
    """Let the kernel decide a command and write what comes of it."""
    last = journal.state.updated
    if last is not None and at < last <= at + _WAITED:
        at = last  # the clock was read before the wait: whoever was first in the queue is first in the log
    journal.run(command=command, actor=actor, capacity=capacity, at=at, history=history)
    save([journal])


def act(
    journal: Journal,
    task: int,
    command: flow.Command,
    *,
    actor: Actor,
    at: datetime,
    history: Sequence[flow.Event] = (),
    held: bool = True,
) -> None:
    """Run a command that belongs to an open task, if the actor's role in its department allows it.

    ``held``: only who has the task may, where somebody has; otherwise the kernel judges that.
    """
    step, capacity = permit(journal, task, actor=actor, held=held)
    if isinstance(command, (flow.Complete, flow.DecideCase)):
        _require_other_eyes(journal, step, actor=actor, capacity=capacity)
    result = command.outcome if isinstance(command, flow.Complete) and rectified.rule_of(journal, task) else ""
    if result:
        rectified.require_time_is_over(journal, task, outcome=result, at=at)
    run(journal, command, actor=actor, capacity=capacity, at=at, history=history)
    if result:
        rectified.settle(number=journal.case.number, task=task, outcome=result)


def permit(journal: Journal, task: int, *, actor: Actor, held: bool = True) -> tuple[Step, str]:
    """Return an open step and as what the actor may do it. Raises what stands against that."""
    step = journal.step
    if step is None or step.no != task:
        step = read_step(number=journal.case.number, task=task)
    if step is None or (step.is_open and not _may(step, journal.state, actor)):
        _hide_from_strangers(journal.case, actor)
        raise NotYours(act=step.act if step else "")
    if not step.is_open:
        _hide_from_strangers(journal.case, actor)
        raise flow.Refused("task.not-open", {"by": step.finished_by})
    if held and step.claimed_by_id is not None and not actor.has_in_hand(step.claimed_by_id):
        raise flow.Refused("task.claimed-by-other", {"task": task, "by": f"user:{step.claimed_by_id}"})
    return step, capacity_of(act=step.act, department=step.department, holder=step.claimed_by_id, actor=actor)


def _require_other_eyes(journal: Journal, step: Step, *, actor: Actor, capacity: str) -> None:
    if not eyes.applies(act=step.act, capacity=capacity, definition=journal.definition):
        return
    history = ledger.get_history(case=journal.case.number)
    if eyes.same_eyes(act=step.act, actor=actor.id, capacity=capacity, definition=journal.definition, history=history):
        raise SameEyes


def _may(step: Step, state: flow.State, actor: Actor) -> bool:
    return may_do_task(
        no=step.no, act=step.act, department=step.department, holder=step.claimed_by_id, state=state, actor=actor
    )


def _hide_from_strangers(case: Case, actor: Actor) -> None:
    departments = Task.objects.filter(case=case.number).values_list("department", flat=True)
    if not may_see(case=case, actor=actor, departments=departments):
        raise UnknownCase


def require_owner(case: Case, actor: Actor) -> None:
    """Raise ``NotYours`` (``UnknownCase`` for a stranger) unless the case is the actor's own."""
    if not is_owner(case=case, actor=actor):
        _hide_from_strangers(case, actor)
        raise NotYours(act="owner")


def require_authority(case: Case, actor: Actor, *, roles: Sequence[str], department: str = "") -> str:
    """Return as what the actor acts for the authority: ``officer``, or in whose place.

    ``department`` is asked instead where another one than the authority is competent. Raises ``NotYours``
    (``UnknownCase`` for a stranger) for who has none of the roles there.
    """
    where = department or case.authority_id
    if not any(actor.has_role(role, department=where) for role in roles):
        _hide_from_strangers(case, actor)
        raise NotYours(act="authority")
    return capacity_in(roles=roles, department=where, actor=actor)


def owner_capacity(case: Case, actor: Actor) -> str:
    """As what an owner acts: ``applicant`` or ``agent``."""
    return "applicant" if case.person_id is not None and case.person_id == actor.person_id else "agent"


def capacity_for(case: Case, actor: Actor, *, served: str) -> str:
    """As what somebody hands in for the applicant: as one of them, or ``clerk`` for ``served``, who is at a counter.

    ``served`` is an applicant as ``people`` calls them ("" for nobody): the caller has seen their card. Raises
    ``UnknownCase`` where it is another's case; ``NotYours`` as ``require_owner`` does.
    """
    if not served:
        require_owner(case, actor)
        return owner_capacity(case, actor)
    if not is_served(case=case, actor=actor, served=served):
        raise UnknownCase
    return "clerk"


class Facts(Mapping[str, Any]):
    """Facts that are read when something asks for one: most steps ask for none, and answers have to be unsealed."""

    __slots__ = ("_facts", "_find")

    def __init__(self, find: Callable[[], Mapping[str, Any]]) -> None:
        self._find = find
        self._facts: Mapping[str, Any] | None = None

    def _read(self) -> Mapping[str, Any]:
        if self._facts is None:
            self._facts = self._find()
        return self._facts

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def facts_of(definition: MatterDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What rules and conditions see: every field of the form by its name, and all of them as ``answers``."""
    facts = definition.form.facts(answers)
    return {**facts, "answers": facts}
