"""Examples run: each goes through the kernel as a real case does, in its own time, and is held to what must come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from tongban.kernel import flow
from tongban.kernel.clock import Calendar, LegalClock, Limit, Unit

from .checklists import PASS, Finding, lacks, result_of
from .model import Example, ExampleStep, MatterDefinition

__all__ = ["Rehearsal", "rehearse"]

OFFICE_OPENS = time(9, 30)
# More than any process does by itself between two acts of people; an example that passes it runs in circles.
MOST_AUTOMATIC = 200


@dataclass(slots=True)
class Rehearsal:
    """What came of one example. ``differences`` is empty when all is as expected."""

    matter: str
    example: Example
    events: list[flow.Event] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything came as the example says."""
        return not self.differences


class _UnexpectedError(Exception):
    pass


def rehearse(*, definition: MatterDefinition, example: Example, calendar: Calendar) -> Rehearsal:
    """Run one example. Never raises for what stands in it: what goes wrong is among the differences."""
    result = Rehearsal(definition.code, example)
    stage = _Stage(definition, example, calendar, result)
    try:
        stage.play()
    except _UnexpectedError as unexpected:
        result.differences.append(str(unexpected))
    except flow.Refused as refused:
        result.differences.append(f"refused: {_refusal(refused)}")
    else:
        result.differences += _differences(stage.state, result.events, example.expect, definition, calendar)
        if flow.replay(definition=definition.process, events=result.events) != stage.state:
            result.differences.append("replaying the log gives another state than living it did")
    return result


class _Stage:
    """One example under way."""

    def __init__(self, definition: MatterDefinition, example: Example, calendar: Calendar, result: Rehearsal) -> None:
        self.definition = definition
        self.example = example
        self.calendar = calendar
        self.events = result.events
        self.state = flow.NEW
        self.at = example.at
        self.answers = dict(example.answers)

    def play(self) -> None:
        checked = self.definition.form.validate(answers=self.answers)
        if not checked.is_valid:
            told = ", ".join(f"{error.field} {error.code}" for error in checked.errors)
            raise _UnexpectedError(f"the form refuses the answers: {told}")
        self.answers = checked.clean
        statutory, promised = self.definition.limits_for(self.answers)
        limits = flow.Limits(
            statutory=statutory,
            promised=promised,
            extension=self.definition.extension,
            restarts=self.definition.restarts,
        )
        later = self.definition.following(answers=self.answers, there=self.example.materials)
        self.do(flow.File(limits=limits, later=tuple(later.items())), by="applicant")
        for number, step in enumerate(self.example.steps, start=1):
            self.pass_time(_later(self.at, step.after, self.calendar))
            self.take(number, step)

    def take(self, number: int, step: ExampleStep) -> None:
        """One step, which is refused when it says so, and only then."""
        expected = step.values.get("refused", "")
        place = f"step {number} (line {step.line}), {step.do}"
        try:
            if step.do != "wait":
                command = _COMMANDS[step.do](self, step)
                self.do(command, by=step.by)
        except flow.Refused as refused:
            if refused.code != expected:
                raise _UnexpectedError(f"{place}: refused: {_refusal(refused)}{self.standing()}") from None
        except _UnexpectedError as unexpected:
            raise _UnexpectedError(f"{place}: {unexpected}{self.standing()}") from None
        else:
            if expected:
                raise _UnexpectedError(f"{place}: should be refused with {expected}, but was done")

    def do(self, command: flow.Command, *, by: str) -> None:
        """A command, and whatever the system does at once because of it."""
        self.step(command, by=by)
        for _ in range(MOST_AUTOMATIC):
            service = next((task for task in self.state.tasks if self.node(task).act is flow.Act.SERVICE), None)
            if service is None:
                return
            self.step(flow.RunService(task=service.no), by="system")
        raise _UnexpectedError("the system goes round in circles")

    def step(self, command: flow.Command, *, by: str) -> None:
        events, self.state = flow.step(
            definition=self.definition.process,
            state=self.state,
            command=command,
            facts=self.definition.form.facts(self.answers),
            at=self.at,
            calendar=self.calendar,
            history=self.events,
            actor=by,
            capacity=by,
        )
        self.events.extend(events)

    def pass_time(self, until: datetime) -> None:
        """Let the clock do what it does up to then, each thing at its own time."""
        for _ in range(MOST_AUTOMATIC):
            due = flow.due_timers(state=self.state, at=until)
            if not due:
                self.at = max(self.at, until)
                return
            self.at = max(self.at, due[0].due)
            self.do(flow.FireTimer(timer=due[0].no), by="system")
        raise _UnexpectedError("the clock goes round in circles")

    def task(self, step: ExampleStep) -> int:
        """The open task that a step is about; it must belong to whoever acts."""
        open_tasks = [task for task in self.state.tasks if step.node in ("", self.node(task).id)]
        if not open_tasks:
            raise _UnexpectedError(f"`{step.node}` is not open")
        department = flow.department_of(self.definition.process, self.state, open_tasks[0])
        mine = self.definition.process.departments.get(step.by, step.by)
        if mine not in ("", department):
            raise _UnexpectedError(f"`{step.node}` belongs to {department}, not to {mine}")
        return open_tasks[0].no

    def look(self, step: ExampleStep, outcome: str) -> None:
        """What was found on the spot must be whole, and come to the outcome; photos are taken to be there."""
        checklist = self.definition.checklists.get(step.node)
        if checklist is None:
            raise _UnexpectedError(f"`{step.node}` has no checklist")
        items = checklist.items_for(self.definition.form.facts(self.answers))
        findings = {code: Finding(str(value), photos=1) for code, value in step.values["findings"].items()}
        for lack in lacks(items, findings):
            raise _UnexpectedError(f"the finding for `{lack.item}` is refused: {lack.why}")
        found = result_of(items, findings)
        if (found == PASS) != (outcome == "pass"):
            raise _UnexpectedError(f"the findings come to {found}, but the outcome is {outcome}")

    def node(self, task: flow.Task) -> flow.Node:
        return self.definition.process.nodes[task.node]

    def standing(self) -> str:
        """Where the case stands, to be told beside what went wrong."""
        open_nodes = ", ".join(self.node(task).id for task in self.state.tasks) or "nothing"
        return f" [{self.state.status} on {self.calendar.local_date(self.at)}; open: {open_nodes}]"


def _later(at: datetime, after: str, calendar: Calendar) -> datetime:
    """``N working days`` later is the same time of day, not before the office opens; hours and minutes are plain."""
    if not after:
        return at
    amount, unit = after.split(" ", 1)
    count = int(amount)
    local = at.astimezone(calendar.timezone)
    match unit.removesuffix("s"):
        case "working day":
            day = calendar.add_working_days(local.date(), count)
            return datetime.combine(day, max(local.time(), OFFICE_OPENS), tzinfo=calendar.timezone)
        case "calendar day":
            return local + timedelta(days=count)
        case "working hour":
            return calendar.deadline(start=at, limit=Limit(count, Unit.WORKING_HOURS))
        case "hour":
            return at + timedelta(hours=count)
        case _:
            return at + timedelta(minutes=count)


def _limit(step: ExampleStep, key: str) -> Limit | None:
    text = step.values.get(key)
    return Limit.parse(text) if text else None


def _answer_supplement(stage: _Stage, step: ExampleStep) -> flow.Command:
    stage.answers |= step.values.get("answers", {})
    return flow.AnswerSupplement(codes=tuple(step.values.get("materials", ())))


def _complete(stage: _Stage, step: ExampleStep) -> flow.Command:
    outcome = step.values.get("outcome", "pass")
    if "findings" in step.values:
        stage.look(step, outcome)
    return flow.Complete(
        task=stage.task(step),
        outcome=outcome,
        opinion=step.values.get("opinion", ""),
        data=step.values.get("data", {}),
    )


def _extend(stage: _Stage, step: ExampleStep) -> flow.Command:
    by = _limit(step, "limit") or stage.definition.extension
    if by is None:
        raise _UnexpectedError("the matter knows no extension")
    text = step.values
    return flow.Extend(by=by, reason=text.get("reason", ""), approved_by=text.get("approved_by", ""))


_COMMANDS: Mapping[str, Callable[[_Stage, ExampleStep], flow.Command]] = {
    "accept": lambda stage, step: flow.Accept(),
    "refuse": lambda stage, step: flow.Refuse(reason=step.values.get("reason", "")),
    "request-supplement": lambda stage, step: flow.RequestSupplement(
        items=tuple(step.values.get("items", ())), note=step.values.get("note", ""), within=_limit(step, "within")
    ),
    "answer-supplement": _answer_supplement,
    "hand-in": lambda stage, step: flow.HandIn(codes=tuple(step.values.get("materials", ()))),
    "claim": lambda stage, step: flow.Claim(task=stage.task(step), by=step.by),
    "release": lambda stage, step: flow.Release(task=stage.task(step)),
    "complete": _complete,
    "return": lambda stage, step: flow.ReturnTo(
        task=stage.task(step), node=step.values.get("to", ""), reason=step.values.get("reason", "")
    ),
    "suspend": lambda stage, step: flow.Suspend(
        procedure=step.values.get("procedure", ""), reason=step.values.get("reason", ""), limit=_limit(step, "limit")
    ),
    "resume": lambda stage, step: flow.Resume(),
    "extend": _extend,
    "withdraw": lambda stage, step: flow.Withdraw(reason=step.values.get("reason", "")),
    "decide": lambda stage, step: flow.DecideCase(
        task=stage.task(step), outcome=step.values.get("outcome", ""), reason=step.values.get("reason", "")
    ),
    "dispatch": lambda stage, step: flow.Dispatch(
        task=stage.task(step),
        department=step.values.get("department", ""),
        reason=step.values.get("reason", ""),
    ),
    "deliver": lambda stage, step: flow.Deliver(
        way=step.values.get("way", ""), task=stage.task(step) if step.node else None
    ),
    "service": lambda stage, step: flow.RunService(task=stage.task(step), outputs=step.values.get("data", {})),
    "message": lambda stage, step: flow.ReceiveMessage(
        name=step.values.get("name", ""), data=step.values.get("data", {}), node=step.node
    ),
    "signal": lambda stage, step: flow.ReceiveSignal(
        name=step.values.get("name", ""), data=step.values.get("data", {})
    ),
}


def _differences(
    state: flow.State,
    events: list[flow.Event],
    expect: Mapping[str, Any],
    definition: MatterDefinition,
    calendar: Calendar,
) -> list[str]:
    def due(clock: LegalClock | None) -> str:
        at = clock.due(calendar) if clock is not None else None
        return str(calendar.local_date(at)) if at is not None else "none"

    found: dict[str, Any] = {
        "status": str(state.status),
        "outcome": str(state.outcome) if state.outcome is not None else "none",
        "accepted_on": str(calendar.local_date(state.accepted)) if state.accepted is not None else "none",
        "statutory_due": due(state.statutory),
        "promised_due": due(state.promised),
        "later": sorted(each.code for each in state.later),
        "late": sorted(each.code for each in state.later if each.late),
        "open": sorted(definition.process.nodes[task.node].id for task in state.tasks),
        "events": [event.kind for event in events],
        "reason": next(
            (event.data.get("reason", "") for event in reversed(events) if event.kind == "case.decided"), ""
        ),
    }
    wanted = {**expect, **{key: sorted(expect[key]) for key in ("open", "later", "late") if key in expect}}
    told = [
        f"{key}: expected {_shown(wanted[key])}, found {_shown(found[key])}"
        for key in wanted
        if wanted[key] != found[key]
    ]
    if told:
        told.append(f"events: {_shown(found['events'])}")
    return list(dict.fromkeys(told))


def _shown(value: Any) -> str:
    return (" ".join(value) if isinstance(value, list) else str(value)) or "nothing"


def _refusal(refused: flow.Refused) -> str:
    return refused.code + (f" {refused.params}" if refused.params else "")
