"""The events of one command as they come to be, each applied before the next is thought of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel.clock import Calendar, LegalClock
from tongban.kernel.rules import Value

from .apply import apply
from .aside import handover_of, hanging_on
from .definition import Definition, Kind, Node
from .departments import meant_by
from .dues import dues_after_pause
from .errors import Refusal, Refused
from .events import Event
from .oracle import FactsOracle, Heard
from .propagation import holder_of
from .silences import silence_timers, timers_anew
from .state import OF_SILENCE, State, Task
from .times import to_text
from .tokens import Walk, is_over, leave, passed
from .walking import walk

__all__ = ["STAND_IN", "Drafting", "timers", "told_clocks"]

STAND_IN = "stand-in:"
"""The capacity of a stand-in begins with it; the absent person follows, as in `stand-in:user:7`."""


class Drafting:
    """A command under way: the state so far and the events so far."""

    def __init__(
        self,
        *,
        definition: Definition,
        state: State,
        facts: Mapping[str, Value],
        at: datetime,
        calendar: Calendar,
        history: Sequence[Event],
        actor: str,
        capacity: str,
    ) -> None:
        self.definition = definition
        self.state = state
        self.facts = facts
        self.at = at
        self.calendar = calendar
        self.history = history
        self.actor = actor
        self.capacity = capacity
        self.events: list[Event] = []
        self.heard = Heard()

    def emit(
        self,
        kind: str,
        data: dict[str, Any],
        *,
        node: Node | None = None,
        task: int = 0,
        department: str = "",
        actor: str | None = None,
        capacity: str = "system",
    ) -> None:
        """Put an event on record and apply it. With `actor`, somebody else did it, in that capacity."""
        if self.state.rounds and "closes" in data:
            data["closes"] = [*data["closes"], *hanging_on(self.state, data["closes"])]
        if not department and node is not None:
            department = handover_of(self.state, task).department or node.department
        event = Event(
            kind,
            self.at,
            data,
            self.actor if actor is None else actor,
            self.capacity if actor is None else capacity,
            meant_by(department, self.definition.departments, self.state.dispatched),
            "" if node is None else node.id,
            task,
        )
        self.events.append(event)
        self.state = apply(definition=self.definition, state=self.state, event=event)

    def oracle(self) -> FactsOracle:
        """Answers from the facts and the state as it is now."""
        state, calendar = self.state, self.calendar
        return FactsOracle(self.definition, state.variables, self.facts, self.at, calendar.timezone, self.heard)

    @property
    def stands_for(self) -> str:
        """In whose place the actor acts, "" when in their own."""
        return self.capacity.removeprefix(STAND_IN) if self.capacity.startswith(STAND_IN) else ""

    # Tokens

    def finish(self, task: Task, value: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """End a task, with the value that its node has for later conditions; the data of the event that says so."""
        node = self.definition.nodes[task.node]
        oracle = self.oracle()
        if value is not None:
            oracle.put(node, task.copy, dict(value))
        token = self.definition.place(node.index) + task.copy * self.definition.size
        filled = passed(self.definition, node, oracle, task.copy)
        return self.move((token,), filled, oracle, closes=[task.no])

    def move(
        self,
        emptied: tuple[int, ...],
        filled: tuple[int, ...],
        oracle: FactsOracle,
        *,
        closes: Iterable[int] = (),
        cancelled: Iterable[int] = (),
        broken: tuple[int, ...] = (),
        accepted: bool = False,
        entered: tuple[int, ...] = (),
    ) -> dict[str, Any]:
        """Fire and let the tokens run; the data of the event that causes it."""
        found = walk(
            self.definition,
            self.state.marking,
            emptied,
            filled,
            oracle,
            accepted=accepted or self.state.accepted is not None,
            broken=broken,
            entered=entered,
        )
        return self.told(found, oracle, closes=closes, cancelled=cancelled)

    def told(
        self, found: Walk, oracle: FactsOracle, *, closes: Iterable[int] = (), cancelled: Iterable[int] = ()
    ) -> dict[str, Any]:
        """A walk in the words of an event."""
        closing = list(closes)
        data: dict[str, Any] = {"moves": found.moves}
        opens, set_timers = self.entered(found.entered)
        if not self.state.marking:
            set_timers += self.timers_of(self.definition.scopes[0].handlers, 0, 0, len(set_timers))
        if opens:
            data["opens"] = opens
        gone = self._gone(found) if found.broken else Counter[int]()
        if found.broken:
            closing += self._ended(gone, closing)
        if closing:
            data["closes"] = closing
        stopped = list(cancelled)
        if self.state.timers:
            stopped += self._stopped(found, gone, closing, stopped)
        if set_timers or stopped:
            data["timers"] = timers(set_timers, stopped)
        if not self.definition.steady:
            oracle.collect(found.marking, map(self._token, found.entered), len(found.moves) - 1)
        data.update(oracle.record())
        return data

    def _gone(self, found: Walk) -> Counter[int]:
        """How many of the tokens that stood in nodes stand there no more, those that came anew not counted."""
        gone: Counter[int] = Counter(self.state.marking)
        gone.subtract(found.marking)
        gone.update(map(self._token, found.entered))
        return gone

    def _token(self, entered: int) -> int:
        """The token of a node that a walk tells."""
        definition = self.definition
        copy, index = divmod(entered, len(definition.nodes))
        return definition.place(index) + copy * definition.size

    def _ended(self, gone: Counter[int], closing: Sequence[int]) -> list[int]:
        """The tasks that were ended from outside."""
        definition = self.definition
        rest = Counter(gone)
        ended = []
        tasks = sorted(self.state.tasks, key=lambda task: task.no not in closing)
        for task in tasks:
            token = definition.place(task.node) + task.copy * definition.size
            if rest[token] > 0:
                rest[token] -= 1
                if task.no not in closing:
                    ended.append(task.no)
        return ended

    def _stopped(
        self, found: Walk, gone: Mapping[int, int], closing: Sequence[int], stopped: Sequence[int]
    ) -> list[int]:
        """The timers that go with what they hung on."""
        definition = self.definition
        left = set(map(self._token, found.left))
        more = []
        for timer in self.state.timers:
            if timer.node < 0 or timer.no in stopped:
                continue
            if timer.task:
                ends = timer.task in closing
            else:
                token = holder_of(definition, definition.nodes[timer.node], timer.copy)
                ends = token in left or gone.get(token, 0) > 0
            if ends:
                more.append(timer.no)
        return more

    def entered(self, entered: Iterable[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The tasks that open and the timers that are set when tokens come to wait in these nodes."""
        definition = self.definition
        opens: list[dict[str, Any]] = []
        set_timers: list[dict[str, Any]] = []
        for one in entered:
            copy, index = divmod(one, len(definition.nodes)) if one >= len(definition.nodes) else (0, one)
            node = definition.nodes[index]
            no = 0
            whole = node.loop is not None and definition.holds(node, copy)
            if node.kind is Kind.TASK and not whole:
                no = self.state.next_task + len(opens)
                due = self.calendar.deadline(start=self.at, limit=node.limit) if node.limit is not None else None
                if node.special and due is not None:
                    number = self.state.next_timer + len(set_timers)
                    one_more: dict[str, Any] = {"no": number, "node": node.id, "due": to_text(due), "task": no}
                    set_timers.append(one_more | ({"copy": copy} if copy else {}))
                opens.append(
                    {
                        "no": no,
                        "node": node.id,
                        "department": meant_by(node.department, definition.departments, self.state.dispatched),
                        "act": str(node.act),
                        "due": None if due is None else to_text(due),
                    }
                )
                if copy:
                    opens[-1]["copy"] = copy
            timed: list[int] = []
            if not whole:
                timed += definition.timed[index]
            if node.loop is None or whole:
                timed += definition.boundaries[index]
            if timed:
                set_timers += self.timers_of(timed, no, copy, len(set_timers))
        return opens, set_timers

    def timers_of(self, nodes: Iterable[int], task: int, copy: int, before: int) -> list[dict[str, Any]]:
        """The timers of these events, numbered after those that were set before."""
        found: list[dict[str, Any]] = []
        for index in nodes:
            rule = self.definition.nodes[index].timer
            if rule is None or (self.definition.nodes[index].silence and self.pause_reason()):
                continue  # a limit that stands still is counted when it goes on
            due = rule.due(start=self.at, calendar=self.calendar)
            number = self.state.next_timer + before + len(found)
            one: dict[str, Any] = {
                "no": number, "node": self.definition.nodes[index].id, "due": to_text(due), "task": task,
            }  # fmt: skip
            if copy:
                one["copy"] = copy
            if rule.repeats and not self.definition.nodes[index].interrupting:
                one["left"] = rule.repeats - 1 if rule.repeats > 0 else -1
            if one.get("left") == 0:
                del one["left"]
            found.append(one)
        return found

    def clear(self) -> dict[str, Any]:
        """End everything: no token, task or timer is left."""
        data: dict[str, Any] = {"moves": [[list(self.state.marking), []]]} if self.state.marking else {}
        if self.state.tasks:
            data["closes"] = [task.no for task in self.state.tasks]
        if self.state.timers:
            data["timers"] = timers([], [timer.no for timer in self.state.timers])
        return data | self.stopped()

    # Clocks

    def clocks(self) -> dict[str, LegalClock]:
        """The legal clocks that run or pause."""
        state = self.state
        found = {"statutory": state.statutory, "promised": state.promised}
        return {name: clock for name, clock in found.items() if clock is not None and not clock.is_stopped}

    def stopped(self) -> dict[str, Any]:
        """The data that stops the clocks."""
        return told_clocks({name: clock.stop(self.at) for name, clock in self.clocks().items()})

    def pause_reason(self) -> str:
        """Why time does not count now: the first reason, or nothing."""
        state = self.state
        if state.supplement == "open":
            return "supplement"
        if state.suspension:
            return state.suspension
        if self.definition.has_special:
            for task in state.tasks:
                special = self.definition.nodes[task.node].special
                if special:
                    return special
        return ""

    def settle(self) -> None:
        """What follows by itself: decisions by rule, clocks that pause or go on, the end."""
        while self._decide_by_rule() or self._swing_clocks():
            pass
        if not self.state.closed and is_over(self.definition, self.state.marking):
            data: dict[str, Any] = {"outcome": str(self.state.outcome or "closed"), **self.stopped()}
            rest = [timer.no for timer in self.state.timers]
            if rest:  # of event subprocesses of the process, of a procedure, of an acceptance that was passed by
                data["timers"] = timers([], rest)
            self.emit("case.closed", data, actor="system")

    def _swing_clocks(self) -> bool:
        clocks = self.clocks()
        if not clocks or self.state.decided is not None:
            return False
        reason = self.pause_reason()
        paused = any(clock.is_paused for clock in clocks.values())
        if bool(reason) == paused:
            return False
        if reason:
            after = {name: clock.pause(self.at, self.calendar, reason) for name, clock in clocks.items()}
            held = silence_timers(self.definition, self.state)
            still = {"timers": timers([], held)} if held else {}
            self.emit("clock.paused", {"reason": reason, **told_clocks(after), **still})
        else:
            after = {name: clock.resume(self.at) for name, clock in clocks.items()}
            moved = dues_after_pause(
                definition=self.definition,
                tasks=self.state.tasks,
                clocks=clocks.values(),
                at=self.at,
                calendar=self.calendar,
            )
            self.emit("clock.resumed", {**told_clocks(after), **moved, **self.silences_anew(moved)})
        return True

    def silences_anew(self, moved: Mapping[str, Any]) -> dict[str, Any]:
        """The data that sets the timers of limits for the days on which steps are due from now on."""
        held = silence_timers(self.definition, self.state)
        anew = timers_anew(self.definition, self.state.tasks, moved.get("dues", {}), self.state.next_timer)
        return {"timers": timers(anew, held)} if anew or held else {}

    def start_clocks(self, at: datetime) -> dict[str, Any]:
        """The data that starts the legal clocks at an instant."""
        limits = self.state.limits
        started = {}
        if limits.statutory is not None:
            started["statutory"] = LegalClock(limits.statutory).start(at)
        if limits.promised is not None:
            started["promised"] = LegalClock(limits.promised).start(at)
        return told_clocks(started)

    def _decide_by_rule(self) -> bool:
        automatic = self.definition.automatic
        if not automatic or self.state.closed:
            return False
        token = next((token for token in self.state.marking if self.definition.at(token)[1] in automatic), None)
        if token is None:
            return False
        copy, place = self.definition.at(token)
        node = self.definition.waiting(place)
        assert node is not None
        if self.state.decided is not None:
            raise Refused(Refusal.DECIDED, {"node": node.id})
        if self.state.accepted is None:
            self.accept_now()
        oracle = self.oracle()
        rule = oracle.evaluate(node, copy=copy)
        outcome, reason = _outcome(node, rule["result"])
        oracle.assign(node.variable, {"outcome": outcome}, frame=self.definition.frame(node.scope, copy))
        data = self.move((token,), leave(self.definition, node.index, oracle, copy), oracle)
        data |= {"outcome": outcome, "reason": reason, "rules": [rule, *oracle.rules], **self.stopped()}
        self.emit("case.decided", data, node=node, department="system", actor="system")
        return True

    def accept_now(self) -> None:
        """Accept without an acceptance step: the diagram has none before this point."""
        silence = [timer.no for timer in self.state.timers if timer.node == OF_SILENCE]
        data = self.start_clocks(self.at)
        if silence:
            data["timers"] = timers([], silence)
        self.emit("case.accepted", data, actor="system", department="system")


def timers(set_timers: list[dict[str, Any]], cancelled: list[int]) -> dict[str, Any]:
    """Only what there is."""
    data: dict[str, Any] = {}
    if set_timers:
        data["set"] = set_timers
    if cancelled:
        data["cancelled"] = cancelled
    return data


def told_clocks(clocks: Mapping[str, LegalClock]) -> dict[str, Any]:
    """Clocks in the words of an event."""
    return {"clocks": {name: clock.to_json() for name, clock in clocks.items()}} if clocks else {}


def _outcome(node: Node, result: Any) -> tuple[str, str]:
    """What a deciding rule said: the outcome itself, or a context that holds it and perhaps a reason."""
    reason = ""
    if isinstance(result, Mapping):
        reason = str(result.get("reason") or "")
        result = result.get("outcome")
    if result not in ("granted", "denied"):
        raise Refused(Refusal.NO_DECISION, {"node": node.id})
    return str(result), reason
