"""Limits counted anew by a calendar that has changed: a holiday announced late, a day made up for.

Everything is counted from the log, by the calendar as it is now; what the calendar was before is not needed. Three
rules say what becomes of a day that was told before:

- the statutory limit ends when the law says it does, earlier or later: working days are what the State says they are
  (Administrative Licensing Law, 82);
- a promise moves later with a holiday, but a day made up for does not take back what the applicant was told: units are
  added to the limit until the day is the old one again, as far as the law's own day allows;
- any other day (a step's limit, the silence that accepts, a procedure's end, papers to follow, the answer to a request
  for more) moves later or stays. Nobody who relied on it is late by an announcement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel.clock import Calendar, LegalClock, Limit, after_pause

from . import commands as c
from .acceptance import SILENCE
from .definition import Definition, Kind
from .drafting import Drafting, timers, told_clocks
from .events import Event
from .state import OF_LATER, OF_PROCEDURE, OF_SILENCE, State, Timer
from .times import from_text, to_text

__all__ = ["recount", "supplement_due"]

_Days = dict[str, datetime]


def recount(draft: Drafting, command: c.Recount) -> None:
    """One event that says which days were, and which are; none where no day is another."""
    data: dict[str, Any] = {}
    _clocks(draft, command.told, data)
    _steps(draft, data)
    later = _later(draft, command.later, data)
    _timers(draft, later, data)
    _supplement(draft, data)
    if data:
        said: dict[str, Any] = {"notice": command.notice}
        if command.days:
            said["days"] = dict(command.days)
        draft.emit("clock.recounted", said | data, department="system")


def supplement_due(history: Sequence[Event]) -> datetime | None:
    """By when the applicant is to answer the last request for more; None where no day was set."""
    found = None
    for event in history:
        if event.kind == "supplement.requested":
            found = event.data.get("due")
        elif event.kind == "clock.recounted":
            found = event.data.get("supplement", found)
    return None if found is None else from_text(found)


def _clocks(draft: Drafting, told: Mapping[str, datetime], data: dict[str, Any]) -> None:
    before, after = draft.clocks(), {}
    for name, clock in before.items():
        after[name] = _corrected(clock, name, draft.history, draft.calendar)
    if "promised" in after and "promised" in told and after["promised"].is_running:
        law = after.get("statutory")
        bound = law.due(draft.calendar) if law is not None else None
        after["promised"] = _kept(after["promised"], told["promised"], bound, draft.calendar)
    moved = {
        name: (told[name], due)
        for name, clock in after.items()
        if name in told and (due := clock.due(draft.calendar)) is not None and due != told[name]
    }
    if moved:
        data["before"] = {name: to_text(old) for name, (old, _) in moved.items()}
        data["after"] = {name: to_text(new) for name, (_, new) in moved.items()}
        late = [name for name, (old, new) in moved.items() if new < draft.at <= old]
        if late:
            data["late"] = late
    kept = {name: n for name, clock in after.items() if (n := clock.extension - before[name].extension)}
    if kept:
        data["kept"] = kept
    data |= told_clocks({name: clock for name, clock in after.items() if clock != before[name]})


def _corrected(clock: LegalClock, name: str, history: Sequence[Event], calendar: Calendar) -> LegalClock:
    """The clock with what was used before its pauses counted as the calendar counts now."""
    if not clock.spent and clock.lapsed_at is None:
        return clock
    spent, running = 0, True
    for event in history:
        body = event.data.get("clocks", {}).get(name)
        if body is None:
            continue
        known = LegalClock.from_json(body)
        if known.paused_at is not None and running and known.since is not None:
            if known.paused_at > known.since:
                spent += calendar.count(unit=known.limit.unit, start=known.since, end=known.paused_at)
        elif known.paused_at is None and known.since == known.started_at:
            spent = 0  # it has started, or started again
        running = known.paused_at is None
    grain = clock.limit.unit.grain
    in_time = spent <= (clock.limit.amount + clock.extension) * grain
    return clock._replace(spent=spent, lapsed_at=None if in_time else clock.lapsed_at)


def _kept(clock: LegalClock, told: datetime, bound: datetime | None, calendar: Calendar) -> LegalClock:
    """The clock, lengthened until the day that was told, if the calendar would take some of it away."""
    one = Limit(1, clock.limit.unit)
    while (due := clock.due(calendar)) is not None and due < told:
        longer = clock.extend(one)
        further = longer.due(calendar)
        if bound is not None and further is not None and further > bound:
            break
        clock = longer
    return clock


def _steps(draft: Drafting, data: dict[str, Any]) -> None:
    """Due dates of open steps by limits of their own."""
    counted = _count_steps(draft.definition, draft.state, draft.history, draft.calendar)
    moved = {
        task.no: (task.due, counted[task.no])
        for task in draft.state.tasks
        if task.due is not None and task.no in counted and counted[task.no] > task.due
    }
    if moved:
        data["dues"] = {str(no): to_text(new) for no, (_, new) in moved.items()}
        data["were"] = {str(no): to_text(old) for no, (old, _) in moved.items()}


def _count_steps(
    definition: Definition, state: State, history: Sequence[Event], calendar: Calendar
) -> dict[int, datetime]:
    """When each open step with a limit is due, from its opening through every pause since.

    A step that was moved to another version is not counted: its day was counted by a limit that is not known here.
    """
    limits = {
        task.no: limit for task in state.tasks if task.due and (limit := definition.nodes[task.node].limit) is not None
    }
    opened: dict[int, datetime] = {}
    dues: dict[int, datetime] = {}
    paused: datetime | None = None
    for event in history:
        for row in event.data.get("opens", ()):
            if row["no"] in limits:
                opened[row["no"]] = event.at
                dues[row["no"]] = calendar.deadline(start=event.at, limit=limits[row["no"]])
        if event.kind == "clock.paused":
            paused = event.at
        elif event.data.get("restarted") or (event.kind == "supplement.answered" and "dues" in event.data):
            dues = {no: calendar.deadline(start=event.at, limit=limits[no]) for no in dues}
            paused = None
        elif event.kind == "clock.resumed" and paused is not None:
            since = paused
            dues = {
                no: after_pause(
                    due=due,
                    unit=limits[no].unit,
                    paused_at=max(since, opened[no]),
                    resumed_at=event.at,
                    calendar=calendar,
                )
                for no, due in dues.items()
            }
            paused = None
        elif event.kind == "case.migrated":
            limits = {no: limit for no, limit in limits.items() if no not in dues}
            dues = {}
    return dues


def _later(draft: Drafting, limits: Mapping[str, Limit], data: dict[str, Any]) -> _Days:
    """Papers to follow: their days, counted from the filing."""
    filed = next((event.at for event in draft.history if event.kind == "case.filed"), None)
    found = {one.code: one.due for one in draft.state.later if not one.late}
    moved: _Days = {}
    for code, due in found.items():
        if filed is not None and code in limits:
            counted = draft.calendar.deadline(start=filed, limit=limits[code])
            if counted > due:
                moved[code] = counted
    if moved:
        data["later"] = {code: to_text(due) for code, due in moved.items()}
        return found | moved
    return {}


def _timers(draft: Drafting, later: _Days, data: dict[str, Any]) -> None:
    """Timers whose day is another are set anew, each under a new number that names the one before (`was`)."""
    origin = _origins(draft.history)
    gone: list[int] = []
    anew: list[dict[str, Any]] = []
    for timer in draft.state.timers:
        if timer.node == OF_LATER:
            if later:
                gone.append(timer.no)
            continue
        if timer.node >= 0 and draft.definition.nodes[timer.node].silence:
            moved = data.get("dues", {}).get(str(timer.task))
            due = None if moved is None else from_text(moved)
        else:
            due = _counted(draft, timer, origin.get(timer.no))
        if due is None or due <= timer.due:
            continue
        gone.append(timer.no)
        anew.append(_row(draft, timer, due))
    anew += [{"node": "", "due": to_text(due), "task": 0, "later": True} for due in sorted(set(later.values()))]
    for number, row in enumerate(anew, draft.state.next_timer):
        row["no"] = number
    if gone or anew:
        data["timers"] = timers(anew, gone)


def _counted(draft: Drafting, timer: Timer, since: datetime | None) -> datetime | None:
    """When it is due by the calendar as it is now; None for what does not count working time."""
    calendar = draft.calendar
    if timer.node == OF_SILENCE:
        received = draft.state.received
        return None if received is None else calendar.deadline(start=received, limit=SILENCE)
    if timer.node == OF_PROCEDURE:
        begun = [event for event in draft.history if event.kind == "case.suspended"]
        return calendar.deadline(start=begun[-1].at, limit=Limit.parse(begun[-1].data["limit"])) if begun else None
    node = draft.definition.nodes[timer.node]
    if since is None:
        return None
    if node.kind is Kind.TASK:
        return None if node.limit is None else calendar.deadline(start=since, limit=node.limit)
    rule = node.timer
    if rule is None or rule.at is not None or rule.repeats or not rule.working_days:
        return None
    return rule.after(start=since, calendar=calendar)


def _row(draft: Drafting, timer: Timer, due: datetime) -> dict[str, Any]:
    node = "" if timer.node < 0 else draft.definition.nodes[timer.node].id
    row: dict[str, Any] = {"node": node, "due": to_text(due), "task": timer.task, "was": timer.no}
    if timer.node == OF_PROCEDURE:
        row["procedure"] = draft.state.suspension
    if timer.copy:
        row["copy"] = timer.copy
    if timer.left:
        row["left"] = timer.left
    return row


def _origins(history: Sequence[Event]) -> dict[int, datetime]:
    """When each timer was set first, by its number now."""
    found: dict[int, datetime] = {}
    for event in history:
        for row in event.data.get("timers", {}).get("set", ()):
            found[row["no"]] = found.get(row["was"], event.at) if "was" in row else event.at
    return found


def _supplement(draft: Drafting, data: dict[str, Any]) -> None:
    """The day by which the applicant is to answer, where a request says within what."""
    if draft.state.supplement != "open":
        return
    asked = next((event for event in reversed(draft.history) if event.kind == "supplement.requested"), None)
    due = supplement_due(draft.history)
    if asked is None or due is None or "within" not in asked.data:
        return
    counted = draft.calendar.deadline(start=asked.at, limit=Limit.parse(asked.data["within"]))
    if counted > due:
        data["supplement"] = to_text(counted)
        data["supplement_was"] = to_text(due)
    elif data and due != from_text(asked.data["due"]):
        data["supplement"] = to_text(due)  # moved by an earlier recount: the last one tells where it is
