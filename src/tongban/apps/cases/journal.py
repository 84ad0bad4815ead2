"""One case between its row and its log: commands go in, events and changed rows come out.

A journal holds everything that a command may change in memory and writes it in one go. The same path serves a single
command of an officer and twenty thousand generated cases: ``save`` takes as many journals as there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tongban.apps.cases.models import Case, Material, Rating, Task, Timer
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.evidence import services as evidence
from tongban.apps.ledger import services as ledger
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.kernel import flow
from tongban.kernel.clock import Calendar, Limit, Unit

__all__ = ["NO_DUE", "Journal", "Operation", "save"]

NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""Of a step that nothing limits."""

DELIVERY = Limit(10, Unit.WORKING_DAYS)
"""From the decision to its delivery (行政许可法 44)."""

Operation = Callable[["Journal", flow.Task, datetime], Mapping[str, Any]]
"""What a service task does: it may add to the journal, and returns the task's outputs."""


@dataclass(slots=True, kw_only=True)
class Journal:
    """A case under change. ``new`` cases are inserted, others updated."""

    case: Case
    definition: MatterDefinition
    calendar: Calendar
    state: flow.State = flow.NEW
    new: bool = False
    waiting: bool = False
    operations: Mapping[str, Operation] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    events: list[ledger.Entry] = field(default_factory=list)
    opened: dict[int, Task] = field(default_factory=dict)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    timers_set: dict[int, Timer] = field(default_factory=dict)
    timers_gone: set[int] = field(default_factory=set)
    certificates: list[evidence.Certificate] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)

    def run(
        self,
        *,
        command: flow.Command,
        actor: Actor,
        capacity: str,
        at: datetime,
        history: Sequence[flow.Event] = (),
    ) -> None:
        """Let the kernel decide ``command`` and take in what follows from it, the system's own steps included.

        Raises ``flow.Refused``; then nothing has changed.
        """
        self._take(command, actor=actor, capacity=capacity, at=at, history=history)
        while (service := self._next_service()) is not None:
            task, operation = service
            outputs = self.operations[operation](self, task, at)
            command = flow.RunService(task=task.no, outputs=outputs)
            self._take(command, actor=SYSTEM, capacity="system", at=at)
        self._mirror_state()

    def record(self, *, kind: str, data: Mapping[str, Any], actor: Actor, capacity: str, at: datetime) -> None:
        """Append an event that the kernel takes no part in, such as a rating."""
        event = flow.Event(kind=kind, at=at, data=data, actor=actor.id, capacity=capacity)
        self._append(event)

    def _take(
        self,
        command: flow.Command,
        *,
        actor: Actor,
        capacity: str,
        at: datetime,
        history: Sequence[flow.Event] = (),
    ) -> None:
        events, self.state = flow.step(
            definition=self.definition.process,
            state=self.state,
            command=command,
            facts=self.facts,
            at=at,
            calendar=self.calendar,
            history=history,
            actor=actor.id,
            capacity=capacity,
        )
        for event in events:
            self._append(event)
            self._mirror_event(event)

    def _append(self, event: flow.Event) -> None:
        case = self.case
        entry = ledger.chain(event=event, case=case.number, seq=case.last_seq + 1, previous=bytes(case.last_hash))
        case.last_seq, case.last_hash = entry.seq, entry.hash
        self.events.append(entry)

    def _next_service(self) -> tuple[flow.Task, str] | None:
        for task in self.state.tasks:
            operation = self.definition.process.nodes[task.node].operation
            if operation in self.operations:
                return task, operation
        return None

    # --- rows that mirror the log ------------------------------------------------------------------------------------

    def _mirror_event(self, event: flow.Event) -> None:
        for row in event.data.get("opens", ()):
            self.opened[row["no"]] = Task(
                case_id=self.case.number,
                no=row["no"],
                node=row["node"],
                act=row["act"],
                department=row["department"],
                opened=event.at,
                due=NO_DUE,
            )
        for no in event.data.get("closes", ()):
            ends_it = no == event.task
            self._change(
                no,
                finished=event.at,
                finished_by=event.actor,
                outcome=str(event.data.get("outcome", "")) if ends_it else "cancelled",
                opinion=str(event.data.get("opinion") or event.data.get("reason") or "") if ends_it else "",
            )
        if event.kind == "task.claimed":
            self._change(event.task, claimed=event.at, claimed_by_id=int(event.data["by"].removeprefix("user:")))
        elif event.kind == "task.released":
            self._change(event.task, claimed=None, claimed_by_id=None)
        timers = event.data.get("timers", {})
        for row in timers.get("set", ()):
            self.timers_set[row["no"]] = Timer(
                case_id=self.case.number, no=row["no"], due=datetime.fromisoformat(row["due"])
            )
        for no in timers.get("cancelled", ()):
            if self.timers_set.pop(no, None) is None:
                self.timers_gone.add(no)

    def _change(self, no: int, **values: Any) -> None:
        task = self.opened.get(no)
        if task is None:
            self.changed.setdefault(no, {}).update(values)
            return
        for name, value in values.items():
            setattr(task, name, value)

    def _mirror_state(self) -> None:
        case, state = self.case, self.state
        case.status = state.status.value
        case.outcome = state.outcome.value if state.outcome else ""
        case.accepted_at = state.accepted
        case.decided_at = state.decided
        case.paused = bool(state.promised and state.promised.is_paused)
        before = case.promised_due
        case.promised_due = state.promised.due(self.calendar) if state.promised else None
        case.statutory_due = state.statutory.due(self.calendar) if state.statutory else None
        if state.closed and case.closed_at is None:
            case.closed_at = state.last_at
        waiting = state.supplement == "open" or bool(state.suspension)
        self._mirror_steps(moved=case.promised_due != before or waiting != self.waiting, waiting=waiting)
        self.waiting = waiting

    def _mirror_steps(self, *, moved: bool, waiting: bool) -> None:
        """A step is due by its own limit, by the silence that accepts, or with the case; a moved promise moves it.

        Once decided, the promise is kept or broken; what is left is delivery, within 10 working days (行政许可法 44).
        """
        if self.state.decided is None:
            silence = [timer.due for timer in self.state.timers if timer.node < 0 and self.state.accepted is None]
            of_case = [self.case.promised_due, *silence]
        else:
            of_case = [self.calendar.deadline(start=self.state.decided, limit=DELIVERY)]
        for task in self.state.tasks:
            row = self.opened.get(task.no)
            if row is None and not moved:
                continue
            due = min((limit for limit in (task.due, *of_case) if limit is not None), default=NO_DUE)
            if row is not None:
                row.due, row.waiting = due, waiting
            else:
                self.changed.setdefault(task.no, {}).update(due=due, waiting=waiting)


_CASE_FIELDS = [
    "status",
    "outcome",
    "reason",
    "accepted_at",
    "decided_at",
    "closed_at",
    "state",
    "last_seq",
    "last_hash",
    "paused",
    "promised_due",
    "statutory_due",
]


def save(journals: Iterable[Journal]) -> None:
    """Write journals in the caller's transaction: rows, events, certificates together or not at all."""
    batch = list(journals)
    for each in batch:
        each.case.state = flow.state_to_json(each.state)
    Case.objects.bulk_create([each.case for each in batch if each.new])
    for each in batch:
        if not each.new:
            each.case.save(update_fields=_CASE_FIELDS)
            for no, values in each.changed.items():
                Task.objects.filter(case=each.case.number, no=no).update(**values)
            if each.timers_gone:
                Timer.objects.filter(case=each.case.number, no__in=each.timers_gone).delete()
    Task.objects.bulk_create([task for each in batch for task in each.opened.values()])
    Timer.objects.bulk_create([timer for each in batch for timer in each.timers_set.values()])
    if materials := [material for each in batch for material in each.materials]:
        Material.objects.bulk_create(materials)
    if certificates := [certificate for each in batch for certificate in each.certificates]:
        evidence.issue_certificates(certificates=certificates)
    if ratings := [rating for each in batch for rating in each.ratings]:
        Rating.objects.bulk_create(ratings)
    ledger.append(entries=[entry for each in batch for entry in each.events])
