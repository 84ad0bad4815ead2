"""What an officer may do to a case now, and what each of it would do: asked of the kernel, never guessed.

A command is tried on a copy of the state. What comes out is its consequence; what the kernel refuses is not offered, or
is shown with the reason why not yet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tongban.apps.cases.errors import NotYours, SameEyes
from tongban.apps.cases.eyes import same_eyes
from tongban.apps.cases.journal import COSIGN
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.permissions import (
    capacity_of,
    extending_department,
    may_do_act,
    require_supplement_allowed,
)
from tongban.apps.cases.proof import Proof, verify, verify_read
from tongban.apps.cases.queries import CaseView, TaskView
from tongban.apps.cases.queries.whole import get_case_and_answers
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MaterialSpec, Text
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names, list_colleagues
from tongban.kernel import flow
from tongban.kernel.clock import LegalClock, Limit, Unit, what_if

__all__ = [
    "Blocked",
    "ClockChange",
    "Consequence",
    "IfResumed",
    "Offer",
    "OpenedStep",
    "Work",
    "consequence_of",
    "get_work",
    "prove",
    "prove_read",
    "weigh",
]

_SOMEBODY = "user:0"
"""Stands for a colleague who has not been chosen yet; nobody has this number."""

_EXAMPLE = Limit(5, Unit.WORKING_DAYS)
"""Stands for a time that has not been typed yet."""

_UNSAID = "…"
"""Stands for words that the officer has not typed yet, where the kernel asks for some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """A legal clock before and after: when it is due, and whether it counts. None: it has not begun, or is paused."""

    due_before: datetime | None = None
    due_after: datetime | None = None
    begun_before: bool = False
    running_before: bool = False
    running_after: bool = False
    paused_after: bool = False
    stopped_after: bool = False
    used: int = 0
    total: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IfResumed:
    """When the limits would end if a clock that stops now ran again at ``until``."""

    until: datetime
    promised_due: datetime | None
    statutory_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedStep:
    """A step that a command opens, and for whom."""

    name: Text
    act: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What a command would do if it were given now."""

    statutory: ClockChange
    promised: ClockChange
    opens: tuple[OpenedStep, ...] = ()
    ends: tuple[Text, ...] = ()  # other open steps that it ends or undoes
    waits_for: tuple[OpenedStep, ...] = ()  # steps beside it that stay open
    status: str = ""
    outcome: str = ""
    decides: bool = False
    closes: bool = False
    silent: bool = False  # the silence that accepts had run out before
    if_resumed: IfResumed | None = None  # of a pause: what becomes of the dates if it ends on its last day
    operations: tuple[str, ...] = ()  # what the system does by itself, such as issuing a certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A command that is possible now. ``options`` are its choices (outcomes, steps to return to) and what follows."""

    command: str
    task: TaskView | None
    options: Mapping[str, Consequence]

    @property
    def first(self) -> Consequence:
        """What follows where there is nothing to choose."""
        return next(iter(self.options.values()))

    @property
    def task_no(self) -> int:
        """The step that it belongs to; 0 for the case as a whole."""
        return self.task.no if self.task else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A command that the officer's role would allow, but the case does not now: ``code`` says why."""

    command: str
    task: TaskView | None
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A case on an officer's desk: what it is, what can be done, what cannot and why."""

    view: CaseView
    actor: Actor
    at: datetime
    offers: tuple[Offer, ...]
    blocked: tuple[Blocked, ...]
    returnable: Mapping[str, Text] = field(default_factory=dict)
    colleagues: tuple[Actor, ...] = ()  # who serves where the process allows the work to go
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)  # opened: for rules, never for a screen
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def offer(self, *, command: str, task: int) -> Offer | None:
        """The offer of that command on that step, if it is possible now."""
        return next((each for each in self.offers if each.command == command and each.task_no == task), None)

    def task(self, no: int) -> TaskView | None:
        """The step of that number, open or finished."""
        return next((each for each in self.view.tasks if each.no == no), None)

    def able(self, *, act: str, department: str) -> list[Actor]:
        """The colleagues who may do a step of this kind in that department, but for oneself."""
        return [
            each
            for each in self.colleagues
            if each.id != self.actor.id and may_do_act(act=act, department=department, actor=each)
        ]

    def capacity(self, *, task: int) -> str:
        """As what the actor would do that step: in their own right, or in whose place."""
        found = self.task(task)
        if found is None:
            return "officer"
        facts = {"act": found.act, "department": found.department}
        return capacity_of(**facts, holder=found.claimed_by, actor=self.actor)

    def why_not(self, *, command: str, task: int) -> tuple[str, Mapping[str, Any]]:
        """The code of why a command is not on offer, and what belongs to it."""
        found = self.task(task)
        if found is not None and found.finished is not None:
            return "task.not-open", {}
        held = found is not None and found.claimed_by is not None and not self.actor.has_in_hand(found.claimed_by)
        if found is not None and found.may_act and held:
            return "task.claimed-by-other", {}
        for each in self.blocked:
            if each.command == command and (each.task.no if each.task else 0) == task:
                return each.code, each.params
        return NotYours.code, {}

    @property
    def missing(self) -> list[MaterialSpec]:
        """Materials that this applicant should hand in and that are not there."""
        given = {item.code for item in self.view.materials}
        specs = self.view.definition.materials_for(self.answers)
        return [spec for spec in specs if spec.is_necessary and spec.code not in given]

    @property
    def mine(self) -> list[TaskView]:
        """Open steps that the officer's role covers."""
        return [task for task in self.view.open_tasks if task.may_act]


def get_work(*, number: int, actor: Actor, at: datetime) -> Work:
    """Return a case with everything that ``actor`` may do to it now. Raises ``UnknownCase`` as ``get_case`` does."""
    view, answers = get_case_and_answers(number=number, actor=actor, at=at)
    work = weigh(view=view, answers=answers, actor=actor, at=at)
    names = {node: _name(view, node) for offer in work.offers if offer.command == "return_to" for node in offer.options}
    offered = {offer.command for offer in work.offers}
    colleagues = _colleagues(work, anywhere="dispatch" in offered) if offered & _WITH_COLLEAGUES else ()
    return replace(work, returnable=names, colleagues=colleagues)


def weigh(*, view: CaseView, answers: Mapping[str, Any], actor: Actor, at: datetime, command: str = "") -> Work:
    """Return what ``actor`` may do to a case that is read already, or of it ``command`` alone; no query."""
    facts = view.definition.form.facts(answers)
    facts = {**facts, "answers": facts}
    bare = Work(view=view, actor=actor, at=at, offers=(), blocked=(), answers=answers, facts=facts)
    offers: list[Offer] = []
    blocked: list[Blocked] = []
    for name, task, options in _candidates(bare):
        if command not in ("", name):
            continue
        if task is not None and name in _JUDGING and _seen_before(bare, task):
            blocked.append(Blocked(command=name, task=task, code=SameEyes.code, params={}))
            continue
        found, refused = _tried(bare, options)
        if found:
            offers.append(Offer(command=name, task=task, options=found))
        elif refused is not None:
            blocked.append(Blocked(command=name, task=task, code=refused.code, params=refused.params))
    return replace(bare, offers=tuple(offers), blocked=tuple(blocked))


_JUDGING = ("complete", "decide")


def _seen_before(work: Work, task: TaskView) -> bool:
    """Whether the actor has handled the case, and so may not judge it."""
    return same_eyes(
        act=task.act,
        actor=work.actor.id,
        capacity=work.capacity(task=task.no),
        definition=work.view.definition,
        history=work.view.history,
    )


_WITH_COLLEAGUES = {"dispatch", "transfer", "delegate", "add_cosigner"}


def _colleagues(work: Work, *, anywhere: bool) -> tuple[Actor, ...]:
    """Who could be named: of the departments that have a part in it, or ``anywhere``, for a case may be dispatched."""
    departments: Iterable[str] = get_department_names()
    if not anywhere:
        departments = flow.departments_allowed(work.view.definition.process) | {task.department for task in work.mine}
    return tuple(list_colleagues(departments=sorted(departments)))


def prove(*, number: int) -> Proof:
    """Return whether the case's log holds, checked now."""
    return verify(case=number, with_heads=False)


def prove_read(*, view: CaseView) -> Proof:
    """Return whether the log of a case that was just read whole holds, checked now: as it was read. One query."""
    return verify_read(case=view.number, events=view.history, links=view.links, head=view.head)


def consequence_of(*, work: Work, command: flow.Command) -> Consequence:
    """Return what ``command`` would do to the case now. Raises ``flow.Refused`` as the command itself would."""
    view, calendar = work.view, get_calendar()
    before = view.state
    after, events = _run(work, before, command)
    operations = []
    process = view.definition.process
    while (task := next((t for t in after.tasks if process.nodes[t.node].operation in OPERATIONS), None)) is not None:
        operations.append(process.nodes[task.node].operation)
        after, more = _run(work, after, flow.RunService(task=task.no))
        events += more
    kept = {task.no for task in before.tasks} & {task.no for task in after.tasks}
    own = {getattr(command, "task", None), *(event.task for event in events)}
    return Consequence(
        statutory=_change(before.statutory, after.statutory, calendar, work.at),
        promised=_change(before.promised, after.promised, calendar, work.at),
        opens=tuple(_opened(view, task.node) for task in after.tasks if task.no not in kept),
        ends=tuple(
            _opened(view, task.node).name for task in before.tasks if task.no not in kept and task.no not in own
        ),
        waits_for=tuple(_opened(view, task.node) for task in after.tasks if task.no in kept and task.no not in own),
        status=after.status.value,
        outcome=after.outcome.value if after.outcome else "",
        decides=before.decided is None and after.decided is not None,
        closes=after.closed and not before.closed,
        silent=any(event.data.get("silent") for event in events),
        if_resumed=_if_resumed(before, after, command, work.at),
        operations=tuple(operations),
    )


# --- what is tried ---------------------------------------------------------------------------------------------------

_Candidate = tuple[str, TaskView | None, dict[str, flow.Command]]


def _candidates(work: Work) -> Iterator[_Candidate]:
    for task in work.mine:
        yield "claim", task, {"": flow.Claim(task=task.no, by=work.actor.id)}
        yield "release", task, {"": flow.Release(task=task.no)}
        yield "recall", task, {"": flow.Recall(task=task.no)}
        if task.claimed_by is not None and not work.actor.has_in_hand(task.claimed_by):
            continue  # whoever has it does it; others read, and may ask them to put it back
        if task.act != COSIGN:
            yield from _colleague_candidates(work, task)
            yield "raise_event", task, _reports(work, task)
        yield from _FOR_ACT.get(task.act, _work_candidates)(work, task)
    if work.view.state.closed:
        return
    authority = work.view.row.authority
    if any(work.actor.has_role(role, department=authority) for role in ("handler", "reviewer", "decider")):
        yield "resume", None, {"": flow.Resume()}
    if work.actor.has_role("handler", department=authority):
        arrivals = {one.node.id: flow.arrival(expected=one, note=_UNSAID) for one in work.view.expected}
        yield "record_arrival", None, arrivals
    allowed = work.view.state.limits.extension
    extending = extending_department(work.view.definition, authority=authority)
    if allowed is not None and work.actor.has_role("decider", department=extending):
        yield "extend", None, {"": flow.Extend(by=allowed, reason=_UNSAID, approved_by=work.actor.id)}


def _colleague_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    process = work.view.definition.process
    if process.nodes[process.index[task.node]].dispatches:
        yield "dispatch", task, {"": flow.Dispatch(task=task.no, department=_SOMEBODY, reason=_UNSAID)}
    yield "transfer", task, {"": flow.Transfer(task=task.no, to=_SOMEBODY, reason=_UNSAID)}
    yield "delegate", task, {"": flow.Delegate(task=task.no, to=_SOMEBODY)}
    asked = flow.Asked(task.department, _SOMEBODY)
    yield "add_cosigner", task, {"": flow.AddCosigner(task=task.no, signers=(asked,))}
    signers = [each for one in flow.rounds_of(work.view.state, task.no) for each in one.signers]
    removed: dict[str, flow.Command] = {
        str(each.no): flow.RemoveCosigner(task=each.no, reason=_UNSAID) for each in signers
    }
    yield "remove_cosigner", task, removed


def _reports(work: Work, task: TaskView) -> dict[str, flow.Command]:
    """What the diagram has a way for when this step cannot be done as it should: by the event that catches it."""
    return {
        one.node.id: flow.Raise(task=task.no, name=one.names[0], kind=one.kind, reason=_UNSAID)
        for one in flow.reportable(definition=work.view.definition.process)
    }


def _cosign_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    yield "sign", task, {"": flow.Sign(task=task.no)}
    yield "object", task, {"": flow.Object(task=task.no, reason=_UNSAID)}


def _accept_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    yield "accept", task, {"": flow.Accept()}
    yield "request_supplement", task, {"": _supplement(task)}
    yield "refuse", task, {"": flow.Refuse(reason=_UNSAID)}


def _work_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    outcomes = work.view.definition.process.node(task.node).outcomes
    yield "complete", task, {each: flow.Complete(task=task.no, outcome=each, opinion=_UNSAID) for each in outcomes}
    yield from _side_candidates(work, task)


def _decide_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    outcomes = work.view.definition.outcomes
    yield "decide", task, {each: flow.DecideCase(task=task.no, outcome=each, reason=_UNSAID) for each in outcomes}
    yield from _side_candidates(work, task)


def _deliver_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    yield "deliver", task, {"": flow.Deliver(task=task.no)}


def _side_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    yield "request_supplement", task, {"": _supplement(task)}
    view = work.view
    earlier = flow.return_targets(
        definition=view.definition.process, state=view.state, history=view.history, task=task.no
    )
    yield "return_to", task, {node: flow.ReturnTo(task=task.no, node=node, reason=_UNSAID) for node in earlier}
    if work.actor.has_role("handler", department=task.department) or task.act == "decide":
        yield (
            "suspend",
            task,
            {each: flow.Suspend(procedure=each, reason=_UNSAID, limit=_EXAMPLE) for each in flow.SPECIAL},
        )


_FOR_ACT: dict[str, Callable[[Work, TaskView], Iterator[_Candidate]]] = {
    "accept": _accept_candidates,
    "decide": _decide_candidates,
    "deliver": _deliver_candidates,
    COSIGN: _cosign_candidates,
}


def _supplement(task: TaskView) -> flow.Command:
    return flow.RequestSupplement(items=(_UNSAID,))


def _tried(work: Work, options: Mapping[str, flow.Command]) -> tuple[dict[str, Consequence], flow.Refused | None]:
    found: dict[str, Consequence] = {}
    refused: flow.Refused | None = None
    for option, command in options.items():
        try:
            if isinstance(command, flow.RequestSupplement):
                require_supplement_allowed(work.view.state)
            found[option] = consequence_of(work=work, command=command)
        except flow.Refused as refusal:
            refused = refused or refusal
    return found, refused


def _run(work: Work, state: flow.State, command: flow.Command) -> tuple[flow.State, list[flow.Event]]:
    events = flow.decide(
        definition=work.view.definition.process,
        state=state,
        command=command,
        facts=work.facts,
        at=work.at,
        calendar=get_calendar(),
        history=work.view.history,
        actor="" if isinstance(command, flow.RunService) else work.actor.id,
        capacity=work.capacity(task=getattr(command, "task", None) or 0),
    )
    for event in events:
        state = flow.apply(definition=work.view.definition.process, state=state, event=event)
    return state, list(events)


# --- what came out ---------------------------------------------------------------------------------------------------


def _change(before: LegalClock | None, after: LegalClock | None, calendar: Any, at: datetime) -> ClockChange:
    return ClockChange(
        due_before=before.due(calendar) if before else None,
        due_after=after.due(calendar) if after else None,
        begun_before=before is not None,
        running_before=bool(before and before.is_running),
        running_after=bool(after and after.is_running),
        paused_after=bool(after and after.is_paused),
        stopped_after=bool(after and after.is_stopped),
        used=after.used(at, calendar) if after else 0,
        total=after.total if after else None,
    )


def _if_resumed(before: flow.State, after: flow.State, command: flow.Command, at: datetime) -> IfResumed | None:
    """Foreseen for the time that the command gives, or an example of five working days where it gives none."""
    statutory, calendar = before.statutory, get_calendar()
    if statutory is None or not statutory.is_running or after.statutory is None or not after.statutory.is_paused:
        return None
    given = getattr(command, "within", None) or getattr(command, "limit", None)
    restarts = isinstance(command, flow.RequestSupplement) and before.limits.restarts
    until = calendar.deadline(start=at, limit=given or _EXAMPLE)

    def due(clock: LegalClock | None) -> datetime | None:
        if clock is None or not clock.is_running:
            return None
        return what_if(clock=clock, at=at, calendar=calendar, pause_until=until, restarts=restarts).due

    return IfResumed(until=until, promised_due=due(before.promised), statutory_due=due(statutory))


def _opened(view: CaseView, index: int) -> OpenedStep:
    node = view.definition.process.nodes[index]
    return OpenedStep(name=Text(zh=node.name, en=node.name_en), act=str(node.act), department=node.department)


def _name(view: CaseView, node: str) -> Text:
    found = view.definition.process.node(node)
    return Text(zh=found.name, en=found.name_en)
