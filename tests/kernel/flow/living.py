"""A case that lives in a test: every step is checked against its own log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from tongban.kernel.clock import Calendar, Limit, calendar_for
from tongban.kernel.flow import (
    NEW,
    Bridge,
    Command,
    Definition,
    Event,
    File,
    Kind,
    Limits,
    Refused,
    State,
    Task,
    apply,
    decide,
    event_body,
    event_from_body,
    link,
    migrate,
    replay,
    state_from_json,
    state_to_json,
    step,
)

__all__ = ["CALENDAR", "LIMITS", "MONDAY", "Life"]

CALENDAR: Calendar = calendar_for(first_year=2025, last_year=2028)
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LIMITS = Limits(Limit.parse("20 working days"), Limit.parse("8 working days"), Limit.parse("10 working days"))


class _Given(TypedDict):
    definition: Definition
    command: Command
    facts: Mapping[str, Any]
    at: datetime
    calendar: Calendar
    history: Sequence[Event]
    actor: str
    capacity: str


_LATER = (timedelta(minutes=1), timedelta(days=11, hours=5))
"""So much later each step is tried as well: the same day, and after silence has accepted."""


def _outcome(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except Refused as refused:
        return refused.code, refused.params


class Life:
    """One case. After every step the log, written as JSON and read back, must replay to the same bytes."""

    def __init__(self, definition: Definition, *, at: datetime = MONDAY) -> None:
        self.definition = definition
        self.state: State = NEW
        self.log: list[Event] = []
        self.at = at
        self.facts: dict[str, Any] = {}
        self.former: dict[int, Definition] = {}

    def do(
        self, command: Command, *, after: timedelta = timedelta(), actor: str = "", capacity: str = "officer"
    ) -> tuple[Event, ...]:
        """Give a command some time after the last."""
        self.at += after
        given: _Given = {
            "definition": self.definition,
            "command": command,
            "facts": self.facts,
            "at": self.at,
            "calendar": CALENDAR,
            "history": tuple(self.log),
            "actor": actor,
            "capacity": capacity,
        }
        before = self.state
        events, self.state = step(state=before, **given)
        self.log.extend(events)
        self.check()
        # Decided by the handlers, and looked up once it is known: each time the same to the last field.
        assert self._by_hand(before, given) == (events, self.state)
        again, after_again = step(state=state_from_json(state_to_json(before)), **given)
        assert (again, after_again) == (events, self.state)
        # And the same again at another time: what a step that is known leaves open is filled in anew.
        for later in _LATER:
            given["at"] = self.at + later
            assert _outcome(lambda: step(state=before, **given)) == _outcome(lambda: self._by_hand(before, given))
        return events

    def _by_hand(self, state: State, given: _Given) -> tuple[tuple[Event, ...], State]:
        linked = []
        for event in decide(state=state, **given):
            linked.append(link(definition=self.definition, state=state, event=event, calendar=CALENDAR))
            state = apply(definition=self.definition, state=state, event=event)
        return tuple(linked), state

    def move(self, bridge: Bridge, *, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Move to another version."""
        assert bridge.old is self.definition
        self.at += after
        version = len(self.former) + 1
        events, self.state = migrate(
            bridge=bridge,
            state=self.state,
            history=self.log,
            facts=self.facts,
            at=self.at,
            calendar=CALENDAR,
            versions=(version, version + 1),
        )
        self.former[version] = self.definition
        self.definition = bridge.new
        self.log.extend(events)
        self.check()
        return events

    def check(self) -> None:
        """Replay, and the tasks and tokens agree."""
        bodies = [event_body(event=event, case=1, seq=seq) for seq, event in enumerate(self.log, 1)]
        read = [event_from_body(body) for body in json.loads(json.dumps(bodies))]
        assert state_to_json(replay(definition=self.definition, events=read, former=self.former)) == state_to_json(
            self.state
        )
        assert state_to_json(state_from_json(state_to_json(self.state))) == state_to_json(self.state)
        definition = self.definition
        open_at = Counter(definition.place(task.node) + task.copy * definition.size for task in self.state.tasks)
        for token, count in Counter(self.state.marking).items():
            standing = definition.standing(token)
            if standing is None or definition.holds(*standing) or standing[0].kind is not Kind.TASK:
                assert token not in open_at
            else:
                assert open_at[token] == count, standing[0].id
        assert set(open_at) <= set(self.state.marking)

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
