"""What an officer may do to a case now, and what each of it would do: asked of the kernel, never guessed.

A command is tried on a copy of the state. What comes out is its consequence; what the kernel refuses is not offered, or
is shown with the reason why not yet.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.proof import Proof, verify
from tongban.apps.cases.queries import CaseView, TaskView, get_case
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import Text
from tongban.apps.people.actors import Actor
from tongban.kernel import flow
from tongban.kernel.clock import LegalClock, Limit, Unit

__all__ = [
    "Blocked",
    "ClockChange",
    "Consequence",
    "Offer",
    "OpenedStep",
    "Work",
    "consequence_of",
    "get_work",
    "prove",
]

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
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)  # opened: for rules, never for a screen
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def offer(self, *, command: str, task: int) -> Offer | None:
        """The offer of that command on that step, if it is possible now."""
        return next((each for each in self.offers if each.command == command and each.task_no == task), None)

    def task(self, no: int) -> TaskView | None:
        """The step of that number, open or finished."""
        return next((each for each in self.view.tasks if each.no == no), None)

    @property
    def mine(self) -> list[TaskView]:
        """Open steps that the officer's role covers."""
        return [task for task in self.view.open_tasks if task.may_act]


def get_work(*, number: int, actor: Actor, at: datetime) -> Work:
    """Return a case with everything that ``actor`` may do to it now. Raises ``UnknownCase`` as ``get_case`` does."""
    view = get_case(number=number, actor=actor, at=at)
    answers = open_answers(answers=Case.objects.values_list("answers", flat=True).get(pk=number))
    facts = view.definition.form.facts(answers)
    facts = {**facts, "answers": facts}
    bare = Work(view=view, actor=actor, at=at, offers=(), blocked=(), answers=answers, facts=facts)
    offers: list[Offer] = []
    blocked: list[Blocked] = []
    for command, task, options in _candidates(bare):
        found, refused = _tried(bare, options)
        if found:
            offers.append(Offer(command=command, task=task, options=found))
        elif refused is not None:
            blocked.append(Blocked(command=command, task=task, code=refused.code, params=refused.params))
    names = {node: _name(view, node) for offer in offers if offer.command == "return_to" for node in offer.options}
    return replace(bare, offers=tuple(offers), blocked=tuple(blocked), returnable=names)


def prove(*, number: int) -> Proof:
    """Return whether the case's log holds, checked now."""
    return verify(case=number)


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
        operations=tuple(operations),
    )


# --- what is tried ---------------------------------------------------------------------------------------------------

_Candidate = tuple[str, TaskView | None, dict[str, flow.Command]]


def _candidates(work: Work) -> Iterator[_Candidate]:
    for task in work.mine:
        yield "claim", task, {"": flow.Claim(task=task.no, by=work.actor.id)}
        yield "release", task, {"": flow.Release(task=task.no)}
        if task.claimed_by not in (None, work.actor.user_id):
            continue  # whoever has it does it; others read, and may ask them to put it back
        yield from _FOR_ACT.get(task.act, _work_candidates)(work, task)
    if work.view.state.closed:
        return
    authority = work.view.row.authority
    if any(work.actor.has_role(role, department=authority) for role in ("handler", "reviewer", "decider")):
        yield "resume", None, {"": flow.Resume()}
    allowed = work.view.state.limits.extension
    if allowed is not None and work.actor.has_role("decider", department=authority):
        yield "extend", None, {"": flow.Extend(by=allowed, reason=_UNSAID, approved_by=work.actor.id)}


def _accept_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    yield "accept", task, {"": flow.Accept()}
    yield "request_supplement", task, {"": _supplement(task)}
    yield "refuse", task, {"": flow.Refuse(reason=_UNSAID)}


def _work_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    outcomes = work.view.definition.process.node(task.node).outcomes
    yield "complete", task, {each: flow.Complete(task=task.no, outcome=each, opinion=_UNSAID) for each in outcomes}
    yield from _side_candidates(work, task)


def _decide_candidates(work: Work, task: TaskView) -> Iterator[_Candidate]:
    outcomes = ("granted", "denied")
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
        yield "suspend", task, {each: flow.Suspend(procedure=each, reason=_UNSAID) for each in flow.SPECIAL}


_FOR_ACT: dict[str, Callable[[Work, TaskView], Iterator[_Candidate]]] = {
    "accept": _accept_candidates,
    "decide": _decide_candidates,
    "deliver": _deliver_candidates,
}


def _supplement(task: TaskView) -> flow.Command:
    return flow.RequestSupplement(items=(_UNSAID,), within=Limit(1, Unit.WORKING_DAYS))


def _tried(work: Work, options: Mapping[str, flow.Command]) -> tuple[dict[str, Consequence], flow.Refused | None]:
    found: dict[str, Consequence] = {}
    refused: flow.Refused | None = None
    for option, command in options.items():
        try:
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


def _opened(view: CaseView, index: int) -> OpenedStep:
    node = view.definition.process.nodes[index]
    return OpenedStep(name=Text(zh=node.name, en=node.name_en), act=str(node.act), department=node.department)


def _name(view: CaseView, node: str) -> Text:
    found = view.definition.process.node(node)
    return Text(zh=found.name, en=found.name_en)
