"""Papers that may be handed in after the filing (容缺后补): each has a day of its own, beside what the process does.

Whoever files without one promises it by that day. Nothing waits for it and no clock stops; a decision ends the promise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tongban.kernel.clock import Limit

from . import commands as c
from .drafting import Drafting, timers
from .errors import Refusal, Refused
from .requirements import require_undecided
from .state import OF_LATER, Timer
from .times import to_text

__all__ = ["bring", "hand_in", "miss", "promise"]


def promise(draft: Drafting, later: Sequence[tuple[str, Limit]], data: dict[str, Any]) -> None:
    """Put into the data of a filing by when each of these is to come; a timer for each day on which one is due."""
    if not later:
        return
    days = {code: draft.calendar.deadline(start=draft.at, limit=limit) for code, limit in sorted(later)}
    data["later"] = {code: to_text(due) for code, due in days.items()}
    waiting = data.setdefault("timers", {}).setdefault("set", [])
    for due in sorted(set(days.values())):
        number = draft.state.next_timer + len(waiting)
        waiting.append({"no": number, "node": "", "due": to_text(due), "task": 0, "later": True})


def bring(draft: Drafting, codes: Collection[str], data: dict[str, Any]) -> None:
    """Put into the data of an event what of these was awaited; the timers that nothing hangs on any more stop."""
    brought = [one.code for one in draft.state.later if one.code in codes]
    if not brought:
        return
    data["brought"] = brought
    open_days = {one.due for one in draft.state.later if one.code not in brought}
    stopped = [each.no for each in draft.state.timers if each.node == OF_LATER and each.due not in open_days]
    if stopped:
        data.setdefault("timers", {}).setdefault("cancelled", []).extend(stopped)


def hand_in(draft: Drafting, command: c.HandIn) -> None:
    """What was to be handed in later is there, in time or not."""
    require_undecided(draft)
    awaited = [one.code for one in draft.state.later]
    unknown = [code for code in command.codes if code not in awaited]
    if unknown or not command.codes:
        raise Refused(Refusal.NOT_LATER, {"codes": unknown, "awaited": awaited})
    data: dict[str, Any] = {"about": dict(command.about)} if command.about else {}
    bring(draft, command.codes, data)
    draft.emit("material.handed_in", data, department="applicant")


def miss(draft: Drafting, timer: Timer) -> None:
    """A day has passed: what was due on it is late, on record, and nothing else changes."""
    late = [one.code for one in draft.state.later if one.due <= timer.due and not one.late]
    data: dict[str, Any] = {"timer": timer.no, "timers": timers([], [timer.no])}
    if late:
        data["late"] = late
    draft.emit("timer.fired", data, department="system", actor="system")
