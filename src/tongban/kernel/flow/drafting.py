"""The events of one command as they come to be, each applied before the next is thought of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel.clock import Calendar, LegalClock
from tongban.kernel.rules import Value

from .apply import apply
from .definition import Definition, Kind, Node
from .errors import Refusal, Refused
from .events import Event
from .oracle import FactsOracle
from .state import State, Task
from .times import to_text
from .tokens import Walk, is_over, leave, walk

__all__ = ["Drafting", "timers", "told_clocks"]


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

    def emit(
        self,
        kind: str,
        data: dict[str, Any],
        *,
        node: Node | None = None,
        task: int = 0,
        department: str = "",
        actor: str | None = None,
    ) -> None:
        """Put an event on record and apply it."""
        department = department or (node.department if node is not None else "")
        event = Event(
            kind,
            self.at,
            data,
            self.actor if actor is None else actor,
            self.capacity if actor is None else "system",
            self.definition.departments.get(department, department),
            "" if node is None else node.id,
            task,
        )
        self.events.append(event)
        self.state = apply(definition=self.definition, state=self.state, event=event)

    def oracle(self) -> FactsOracle:
        """Answers from the facts and the state as it is now."""
        return FactsOracle(self.definition, self.state.variables, self.facts, self.at, self.calendar.timezone)

    # Tokens

    def finish(self, task: Task, value: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """End a task, with the value that its node has for later conditions; the data of the event that says so."""
        node = self.definition.nodes[task.node]
        oracle = self.oracle()
        if value is not None:
            oracle.assign(node.id, dict(value))
        place = (self.definition.place(node.index),)
        return self.move(place, leave(self.definition, node.index, oracle), oracle, closes=[task.no])

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
        )
        return self.told(found, oracle, closes=closes, cancelled=cancelled)

    def told(
        self, found: Walk, oracle: FactsOracle, *, closes: Iterable[int] = (), cancelled: Iterable[int] = ()
    ) -> dict[str, Any]:
        """A walk in the words of an event."""
        definition = self.definition
        closing = list(closes)
        if found.broken:
            inside = frozenset[int]().union(*(definition.scopes[scope].places for scope in found.broken))
            closing += [t.no for t in self.state.tasks if definition.place(t.node) in inside and t.no not in closing]
        else:
            inside = frozenset()
        data: dict[str, Any] = {"moves": found.moves}
        opens, set_timers = self.entered(found.entered)
        if opens:
            data["opens"] = opens
        if closing:
            data["closes"] = closing
        stopped = list(cancelled)
        for timer in self.state.timers:
            if timer.node < 0 or timer.no in stopped:
                continue
            host = definition.nodes[timer.node].attached
            if timer.task in closing or host in found.left or definition.place(timer.node) in inside:
                stopped.append(timer.no)
        if set_timers or stopped:
            data["timers"] = timers(set_timers, stopped)
        if oracle.sets:
            data["set"] = oracle.sets
        if oracle.rules:
            data["rules"] = oracle.rules
        return data

    def entered(self, entered: Iterable[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The tasks that open and the timers that are set when tokens come to wait in these nodes."""
        definition = self.definition
        opens: list[dict[str, Any]] = []
        set_timers: list[dict[str, Any]] = []
        for index in entered:
            node = definition.nodes[index]
            no = 0
            if node.kind is Kind.TASK:
                no = self.state.next_task + len(opens)
                due = self.calendar.deadline(start=self.at, limit=node.limit) if node.limit is not None else None
                opens.append(
                    {
                        "no": no,
                        "node": node.id,
                        "department": node.department,
                        "act": str(node.act),
                        "due": None if due is None else to_text(due),
                    }
                )
            for timed in (index, *definition.boundaries[index]):
                rule = definition.nodes[timed].timer
                if rule is None:
                    continue
                due = rule.due(start=self.at, calendar=self.calendar)
                number = self.state.next_timer + len(set_timers)
                set_timers.append({"no": number, "node": definition.nodes[timed].id, "due": to_text(due), "task": no})
        return opens, set_timers

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
            self.emit("case.closed", {"outcome": str(self.state.outcome or "closed"), **self.stopped()}, actor="system")

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
            self.emit("clock.paused", {"reason": reason, **told_clocks(after)})
        else:
            after = {name: clock.resume(self.at) for name, clock in clocks.items()}
            self.emit("clock.resumed", told_clocks(after))
        return True

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
        place = next((place for place in self.state.marking if place in automatic), None)
        if place is None:
            return False
        node = self.definition.waiting(place)
        assert node is not None
        if self.state.decided is not None:
            raise Refused(Refusal.DECIDED, {"node": node.id})
        if self.state.accepted is None:
            self.accept_now()
        oracle = self.oracle()
        rule = oracle.evaluate(node)
        outcome, reason = _outcome(node, rule["result"])
        oracle.assign(node.id, {"outcome": outcome})
        data = self.move((place,), leave(self.definition, node.index, oracle), oracle)
        data |= {"outcome": outcome, "reason": reason, "rules": [rule, *oracle.rules], **self.stopped()}
        self.emit("case.decided", data, node=node, department="system", actor="system")
        return True

    def accept_now(self) -> None:
        """Accept without an acceptance step: the diagram has none before this point."""
        silence = [timer.no for timer in self.state.timers if timer.node < 0]
        data = {"effective": to_text(self.at), **self.start_clocks(self.at)}
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
