"""A case as a story that is kept word for word: each command, what came of it, and what was refused and why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.kernel.flow.keeping import event_lines, keep, words
from tests.kernel.flow.living import CALENDAR, Life

from tongban.kernel.flow import (
    NEW,
    Bridge,
    Command,
    Complete,
    Definition,
    FireTimer,
    Refused,
    available_commands,
    clock_view,
    expected_events,
    open_tasks,
    plan_migration,
    return_targets,
)
from tongban.kernel.flow.state import OF_PROCEDURE, OF_SILENCE

__all__ = ["HOUR", "Story"]

HOUR = timedelta(hours=1)


class Story:
    """Tells a life as it goes on."""

    def __init__(self, definition: Definition, **facts: Any) -> None:
        self.life = Life(definition)
        self.life.facts = facts
        self.lines: list[str] = []

    def say(self, command: Command, *, actor: str = "", capacity: str = "officer", after: timedelta = HOUR) -> None:
        """Give a command; put down what came of it, or why not."""
        life = self.life
        self.lines.append(f"> {words(command)}{f' by {actor}' if actor else ''}")
        before, seen = life.at, len(life.log)
        try:
            life.do(command, actor=actor, capacity=capacity, after=after)
        except Refused as refused:
            life.at = before
            self.lines.append(f"! {refused.code} {json.dumps(refused.params, ensure_ascii=False)}")
            return
        self.lines += event_lines(life.log, since=seen)

    def done(self, *nodes: str, **given: Any) -> None:
        """Complete the open task of each of these nodes."""
        for node in nodes:
            self.say(Complete(task=self.no(node), **given))

    def no(self, node: str) -> int:
        """The number of the open task of that node."""
        return self.life.task(node).no

    def late(self, node: str = "") -> None:
        """Let a timer run out: that of a node, or with none of silence or of a procedure."""
        life = self.life
        own = (OF_SILENCE, OF_PROCEDURE) if not node else (life.definition.index[node],)
        timer = next(timer for timer in life.state.timers if timer.node in own)
        self.say(FireTimer(timer=timer.no), after=max(timer.due - life.at, timedelta()), actor="clock")

    def move(self, new: Definition, **mapping: str) -> None:
        """Move to another version, and put down what stands against it or what to know of it."""
        life = self.life
        bridge = Bridge(life.definition, new, mapping)
        plan = plan_migration(bridge=bridge, state=life.state)
        self.lines.append(f"> move with {words(mapping)}")
        self.lines += [f"  {kind}: {note}" for kind in ("obstacles", "notes") for note in getattr(plan, kind)]
        seen = len(life.log)
        try:
            life.move(bridge, after=HOUR)
        except Refused as refused:
            life.at -= HOUR
            self.lines.append(f"! {refused.code} {json.dumps(refused.params, ensure_ascii=False)}")
            return
        self.lines += event_lines(life.log, since=seen)

    def look(self, actor: str = "") -> None:
        """Put down what the desk shows of the case now."""
        life, definition = self.life, self.life.definition
        given: dict[str, Any] = {"definition": definition, "state": life.state}
        can = available_commands(**given, actor=actor)
        self.lines.append(f"? {life.state.status.value}; {' '.join(can.case)}{f' for {actor}' if actor else ''}")
        for task in open_tasks(**given):
            back = return_targets(**given, history=life.log, task=task.no)
            told = [
                f"{task.act}",
                task.department,
                task.by and f"by {task.by}",
                task.due and f"due {task.due:%m-%d %H:%M}",
            ]
            self.lines.append(
                f"  {task.no} {task.node}, {', '.join(one for one in told if one)}: {' '.join(can.tasks[task.no])}"
            )
            self.lines += [f"    back to {' '.join(back)}"] if back else []
        for no in can.tasks.keys() - {task.no for task in life.state.tasks}:
            self.lines.append(f"  {no} to sign: {' '.join(can.tasks[no])}")
        self.lines += [f"  waits for {words(one._replace(node=one.node.id))}" for one in expected_events(**given)]  # type: ignore[arg-type]
        for name in ("statutory", "promised"):
            clock = getattr(life.state, name)
            if clock is not None:
                self.lines.append(f"  {name} {words(clock_view(clock=clock, at=life.at, calendar=CALENDAR))}")

    def keep(self, name: str) -> None:
        """Compare with what is kept, the state at the end included."""
        state = self.life.state
        told = {key: getattr(state, key) for key in _STATE if getattr(state, key) != getattr(NEW, key)}
        keep(f"story-{name}.txt", [*self.lines, "= the state", *(f"  {key}: {words(told[key])}" for key in told)])


_STATE = (
    "status", "outcome", "marking", "tasks", "timers", "variables", "statutory", "promised", "received", "accepted",
    "decided", "last_at", "updated", "seq", "handovers", "rounds", "limits", "closed", "delivered", "supplement",
    "suspension", "extended", "last_activity", "last_department", "next_task", "next_timer",
)  # fmt: skip
