"""One case between its row and its log: commands go in, events and changed rows come out.

A journal holds everything that a command may change in memory; ``store.save`` writes it in one go. The same path serves
a single command of an officer and twenty thousand generated cases: it takes as many journals as there are.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tongban.apps.cases.models import BrokenPledge, Case, Material, Rating, Sending
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import PublishedMatter
from tongban.apps.evidence import services as evidence
from tongban.apps.ledger import services as ledger
from tongban.apps.ledger.statements import Statements
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.kernel import flow
from tongban.kernel.clock import Calendar, LegalClock, Limit, Unit

__all__ = ["COSIGN", "NO_DUE", "Journal", "Operation", "Step"]

NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""Of a step that nothing limits."""

COSIGN = "cosign"
"""The act of a step that is no step of the diagram: somebody was asked to sign one."""

DELIVERY = Limit(10, Unit.WORKING_DAYS)
"""From the decision to its delivery (行政许可法 44)."""

log = logging.getLogger(__name__)

_MOST_HOPS = 50
"""So often may what one case tells another make that tell the next."""

Operation = Callable[["Journal", flow.Task, datetime], Mapping[str, Any]]
"""What a service task does: it may add to the journal, and returns the task's outputs."""


_CHANGING = (
    "matter_version_id",
    "authority_id",
    "answers",
    "status",
    "outcome",
    "reason",
    "state",
    "last_seq",
    "last_hash",
    "accepted_at",
    "promised_due",
    "statutory_due",
    "paused",
    "procedure_due",
    "later_due",
    "decided_at",
    "by_rule",
    "closed_at",
)
"""What a command may change of a case's row."""


class Step(NamedTuple):
    """A step's row as it was when the case was locked, open or finished."""

    no: int
    act: str
    department: str
    claimed_by_id: int | None
    is_open: bool
    finished_by: str


_OPENED: Mapping[str, Any] = {
    "waiting": False,
    "claimed_by_id": None,
    "claimed": None,
    "finished": None,
    "finished_by": "",
    "outcome": "",
    "opinion": "",
}
"""A step's row as it opens."""


@dataclass(slots=True, kw_only=True)
class Journal:
    """A case under change. ``new`` cases are inserted, others updated; steps are rows by number."""

    case: Case
    definition: MatterDefinition
    calendar: Calendar
    state: flow.State = flow.NEW
    step: Step | None = None
    new: bool = False
    statements: Statements | None = None
    aside: bool = field(default=False, init=False)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    events: list[ledger.Entry] = field(default_factory=list)
    opened: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    timers_set: dict[int, datetime] = field(default_factory=dict)
    timers_gone: set[int] = field(default_factory=set)
    waiting_set: dict[tuple[str, str], datetime] = field(default_factory=dict)
    waiting_gone: set[tuple[str, str]] = field(default_factory=set)
    sent: list[Sending] = field(default_factory=list)
    hops: int = 0
    certificates: list[evidence.Certificate] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    broken: list[BrokenPledge] = field(default_factory=list)
    _read: Mapping[str, Any] = field(init=False)
    _mirrored: flow.State = field(init=False)
    _heard: frozenset[tuple[str, str]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._read = dict(vars(self.case))
        self._mirrored = self.state

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

    def migrate(
        self,
        *,
        to: PublishedMatter,
        version: int,
        bridge: flow.Bridge,
        facts: Mapping[str, Any],
        history: Sequence[flow.Event],
        reason: str,
        actor: Actor,
        capacity: str,
        at: datetime,
    ) -> None:
        """Move the case from ``version`` to another. Raises ``flow.Refused`` where something stands against it."""
        self._heard = self._expected(self.state)
        events, self.state = flow.migrate(
            bridge=bridge,
            state=self.state,
            history=history,
            facts=facts,
            at=at,
            calendar=self.calendar,
            versions=(version, to.version),
            reason=reason,
            actor=actor.id,
            capacity=capacity,
        )
        self.definition, self.facts = to.definition, facts
        self.case.matter_version_id = to.version_id
        for event in events:
            self._append(event)
            self._mirror_event(event)
        self._mirror_state()

    def record(
        self,
        *,
        kind: str,
        data: Mapping[str, Any],
        actor: Actor,
        capacity: str,
        at: datetime,
        waiting: int | None = None,
        working: int | None = None,
    ) -> None:
        """Append an event that the kernel takes no part in, such as a rating; with minutes where it says how long
        something took."""
        event = flow.Event(
            kind=kind, at=at, data=data, actor=actor.id, capacity=capacity, waiting=waiting, working=working
        )
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

    @property
    def has_more(self) -> bool:
        """Whether there is more to insert than steps and events."""
        beside = self.materials or self.ratings or self.broken or self.certificates
        return bool(self.timers_set or self.waiting_set or beside)

    def changes(self) -> dict[str, Any]:
        """Return what has been set of the case's row since it was read, whole or in part."""
        read, now = self._read, vars(self.case)
        return {name: now[name] for name in _CHANGING if name in now and (name not in read or now[name] != read[name])}

    # --- rows that mirror the log ------------------------------------------------------------------------------------

    def _mirror_event(self, event: flow.Event) -> None:
        data = event.data
        for row in data.get("opens", ()):
            self._open(row["no"], node=row["node"], act=row["act"], department=row["department"], opened=event.at)
        for row in data.get("asks", ()):
            where = {"node": event.node, "act": COSIGN, "department": row["department"]}
            self._open(row["no"], **where, opened=event.at, claimed_by_id=_user(row["who"]))
        for no in data.get("closes", ()):
            ends_it = no == event.task and event.kind != "cosign.removed"
            self._change(
                no,
                finished=event.at,
                finished_by=event.actor,
                outcome=_came_of(data) if ends_it else "cancelled",
                opinion=str(data.get("opinion") or data.get("reason") or "") if ends_it else "",
            )
        if event.kind == "case.redecided":
            self.case.reason = str(event.data["reason"])
        if event.kind == "case.decided":
            self.case.reason = str(event.data.get("reason") or "")  # a rule gives one as an officer does
            if event.actor == SYSTEM.id and event.data.get("rules"):
                self.case.by_rule = True
        if event.kind == "task.claimed":
            self._change(event.task, claimed=event.at, claimed_by_id=int(data["by"].removeprefix("user:")))
        elif event.kind == "task.released":
            self._change(event.task, claimed=None, claimed_by_id=None)
        elif event.kind == "case.dispatched":
            self.case.authority_id = str(data["to"])
            for no in data.get("moved", ()):
                self._change(no, department=data["to"], claimed=None, claimed_by_id=None)
        elif event.kind in flow.ASIDE:
            self._mirror_aside(event)
        elif event.kind == "case.migrated":
            self._mirror_migration(event)
        if "timers" in data:
            self._mirror_timers(data["timers"])
        for told in data.get("throws", ()):
            if told["kind"] in flow.TOLD:
                self._send(told["kind"], told["name"], event.at)

    def _mirror_timers(self, timers: Mapping[str, Any]) -> None:
        for row in timers.get("set", ()):
            self.timers_set[row["no"]] = datetime.fromisoformat(row["due"])
        for no in timers.get("cancelled", ()):
            if self.timers_set.pop(no, None) is None:
                self.timers_gone.add(no)

    def _send(self, kind: str, name: str, at: datetime) -> None:
        """What the case tells others is carried to them afterwards, by a worker."""
        number = self.case.number
        if self.hops >= _MOST_HOPS:
            log.error("%s %s of case %s is not sent: cases only wake each other up", kind, name, number)
            return
        self.sent.append(Sending(kind=kind, name=name, source_id=number, hops=self.hops, sent=at, due=at))

    def _open(self, no: int, **values: Any) -> None:
        self.opened[no] = {**_OPENED, "case_id": self.case.number, "no": no, "due": NO_DUE, **values}

    def _mirror_aside(self, event: flow.Event) -> None:
        """A step that changed hands, or was put before those who sign afterwards: who has it, since when."""
        self.aside = True
        if event.kind == "task.proposed":
            for one in flow.rounds_of(self.state, event.task, "after"):
                for signer in one.signers:
                    self._change(signer.no, opened=event.at)
        elif event.kind.startswith("task.") and "to" in event.data:
            task = self.state.task(event.task)
            values: dict[str, Any] = {
                "claimed_by_id": _user(event.data["to"]),
                "claimed": task.claimed if task else None,
            }
            if "to_department" in event.data:
                values["department"] = event.data["to_department"]
            self._change(event.task, **values)

    def _mirror_migration(self, event: flow.Event) -> None:
        self.aside = True
        for row in event.data["tasks"]:
            values = {"node": row["node"], "act": row["act"], "department": row["department"]}
            if "moved" in row:
                values |= {"claimed_by_id": None, "claimed": None}
            self._change(row["no"], **values)
            for signer in (each for one in flow.rounds_of(self.state, row["no"]) for each in one.unanswered):
                self._change(signer.no, node=row["node"])

    def _change(self, no: int, **values: Any) -> None:
        row = self.opened.get(no)
        if row is None:
            row = self.changed.setdefault(no, {})
        row.update(values)

    def _mirror_state(self) -> None:
        """Set those columns of the case's row that follow from something in the state that has changed."""
        case, state, before = self.case, self.state, self._mirrored
        case.state = flow.state_to_json(state)
        if state.status is not before.status:
            case.status = state.status.value
        if state.outcome is not before.outcome:
            case.outcome = state.outcome.value if state.outcome else ""
        if state.accepted != before.accepted:
            case.accepted_at = state.accepted
        if state.decided != before.decided:
            case.decided_at = state.decided
        if state.closed and not before.closed:
            case.closed_at = state.last_at
        moved = self.aside or _is_waiting(state) != _is_waiting(before)
        if state.promised != before.promised:
            case.promised_due = self._due(state.promised)
            case.paused = bool(state.promised and state.promised.is_paused)
            moved = moved or case.promised_due != self._due(before.promised)
        if state.statutory != before.statutory:
            case.statutory_due = self._due(state.statutory)
        if state.later != before.later:
            case.later_due = min((each.due for each in state.later), default=None)
        if self.aside or state.suspension or before.suspension or self.definition.process.has_special:
            case.procedure_due = self._procedure_due()
        if moved or self.opened:
            self._mirror_steps(moved=moved)
        if self.definition.process.hears or self._heard:
            self._mirror_waiting()
        self._mirrored = state

    def _mirror_waiting(self) -> None:
        """For which messages and signals the case waits now, so that whoever sends one finds it."""
        before = self._expected(self._mirrored) if self._heard is None else self._heard
        now, at = self._expected(self.state), self.state.updated
        for key in before - now:
            if self.waiting_set.pop(key, None) is None:
                self.waiting_gone.add(key)
        if at is not None:
            self.waiting_set |= dict.fromkeys(now - before, at)
        self._heard = now

    def _expected(self, state: flow.State) -> frozenset[tuple[str, str]]:
        expected = flow.expected_events(definition=self.definition.process, state=state)
        return frozenset((one.kind, name) for one in expected for name in one.names)

    def _due(self, clock: LegalClock | None) -> datetime | None:
        return clock.due(self.calendar) if clock else None

    def _procedure_due(self) -> datetime | None:
        """When the special procedure should be over, also after that has passed and its timer has fired."""
        state = self.state
        if state.closed or state.decided is not None:
            return None
        if state.suspension:
            return next(
                (timer.due for timer in state.timers if timer.node == flow.OF_PROCEDURE), self.case.procedure_due
            )
        if not self.definition.process.has_special:
            return None
        nodes = self.definition.process.nodes
        ends = [task.due for task in state.tasks if nodes[task.node].special and task.due is not None]
        return min(ends, default=None)

    def recount(
        self, *, command: flow.Recount, history: Sequence[flow.Event], dues: Mapping[int, datetime], at: datetime
    ) -> bool:
        """Count the limits anew by a calendar that has changed, and say whether any date is another.

        ``dues`` is when each open step was due: those that are due as before are not written again. What is decided
        keeps its dates; only the step that delivers it is counted anew.
        """
        self.run(command=command, actor=SYSTEM, capacity="calendar", at=at, history=history)
        case, state = self.case, self.state
        if state.decided is None:
            case.promised_due, case.statutory_due = self._due(state.promised), self._due(state.statutory)
        self._mirror_steps(moved=True)
        for no, values in list(self.changed.items()):
            if values.keys() <= {"due", "waiting"} and values.get("due", dues.get(no)) == dues.get(no):
                del self.changed[no]
        return bool(self.events or self.changed or self.changes())

    def _mirror_steps(self, *, moved: bool) -> None:
        """A step is due by its own limit, by the silence that accepts, or with the case; a moved promise moves it.

        Once decided, the promise is kept or broken; what is left is delivery, within 10 working days (行政许可法 44).
        """
        waiting, aside = _is_waiting(self.state), bool(self.state.handovers or self.state.rounds)
        if self.state.decided is None:
            silence = [timer.due for timer in self.state.timers if timer.node == flow.OF_SILENCE]
            of_case = [self._due(self.state.promised), *silence]
        else:
            of_case = [self.calendar.deadline(start=self.state.decided, limit=DELIVERY)]
        for task in self.state.tasks:
            if not moved and task.no not in self.opened:
                continue
            due = min((limit for limit in (task.due, *of_case) if limit is not None), default=NO_DUE)
            if not aside:
                self._change(task.no, due=due, waiting=waiting)
                continue
            held = bool(flow.handover_of(self.state, task.no).result or flow.rounds_of(self.state, task.no, "before"))
            self._change(task.no, due=due, waiting=waiting or held)
            for signer in (each for one in flow.rounds_of(self.state, task.no) for each in one.unanswered):
                self._change(signer.no, due=due, waiting=waiting or signer.opened is None)


def _user(person: str) -> int | None:
    """The sign-in of a person as the log names them; None for nobody."""
    return int(person.removeprefix("user:")) if person else None


def _came_of(data: Mapping[str, Any]) -> str:
    """What came of a step: as somebody said, or what the diagram has its silence count as."""
    silent = {flow.AGREED: "silent_agreed", flow.ESCALATE: "silent"}.get(str(data.get("silent", "")), "")
    return str(data.get("outcome", silent))


def _is_waiting(state: flow.State) -> bool:
    standing = state.standing
    return standing.supplement == "open" or bool(standing.suspension)
