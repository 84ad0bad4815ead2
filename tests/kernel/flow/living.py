"""A case that lives in a test: every step is checked against its own log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tongban.kernel.clock import Calendar, Limit, calendar_for
from tongban.kernel.flow import (
    NEW,
    Command,
    Definition,
    Event,
    File,
    Limits,
    State,
    Task,
    event_body,
    event_from_body,
    replay,
    state_from_json,
    state_to_json,
    step,
)

__all__ = ["CALENDAR", "LIMITS", "MONDAY", "Life"]

CALENDAR: Calendar = calendar_for(first_year=2025, last_year=2028)
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LIMITS = Limits(Limit.parse("20 working days"), Limit.parse("8 working days"), Limit.parse("10 working days"))


class Life:
    """One case. After every step the log, written as JSON and read back, must replay to the same bytes."""

    def __init__(self, definition: Definition, *, at: datetime = MONDAY) -> None:
        self.definition = definition
        self.state: State = NEW
        self.log: list[Event] = []
        self.at = at
        self.facts: dict[str, Any] = {}

    def do(self, command: Command, *, after: timedelta = timedelta(), actor: str = "") -> tuple[Event, ...]:
        """Give a command some time after the last."""
        self.at += after
        events, self.state = step(
            definition=self.definition,
            state=self.state,
            command=command,
            facts=self.facts,
            at=self.at,
            calendar=CALENDAR,
            history=self.log,
            actor=actor,
            capacity="officer",
        )
        self.log.extend(events)
        self.check()
        return events

    def check(self) -> None:
        """Replay, and the tasks and tokens agree."""
        bodies = [event_body(event=event, case=1, seq=seq) for seq, event in enumerate(self.log, 1)]
        read = [event_from_body(body) for body in json.loads(json.dumps(bodies))]
        assert state_to_json(replay(definition=self.definition, events=read)) == state_to_json(self.state)
        assert state_to_json(state_from_json(state_to_json(self.state))) == state_to_json(self.state)
        for node in self.definition.nodes:
            tokens = self.state.marking.count(self.definition.place(node.index))
            tasks = sum(task.node == node.index for task in self.state.tasks)
            assert tokens == tasks or (not tasks and not (node.waits and node.act)), node.id

    def file(self, limits: Limits = LIMITS, facts: Mapping[str, Any] | None = None) -> tuple[Event, ...]:
        """Begin."""
        self.facts = dict(facts or {})
        return self.do(File(limits=limits))

    def task(self, node: str) -> Task:
        """The open task of that node."""
        return next(task for task in self.state.tasks if self.definition.nodes[task.node].id == node)

    @property
    def open(self) -> list[str]:
        """The ids of the nodes of open tasks, in order."""
        return [self.definition.nodes[task.node].id for task in self.state.tasks]

    @property
    def kinds(self) -> list[str]:
        """The kinds of all events."""
        return [event.kind for event in self.log]
