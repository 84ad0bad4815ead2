"""The legal clocks of a case as an officer reads them: what is left, until when, and why they stand still."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.apps.cases.queries import CaseView, ClockView
from tongban.apps.catalog.city import get_calendar
from tongban.kernel.clock import LegalClock
from tongban.kernel.flow import OF_SILENCE
from tongban.web.due import date_words
from tongban.web.wording import amount_words, procedure_words

__all__ = ["clock_lines"]


def clock_lines(view: CaseView, at: datetime) -> dict[str, Any]:
    """Both legal clocks as the card shows them, and why they stand still if they do."""
    state = view.state
    lines = [
        _clock_line(words, shown, clock, at)
        for words, shown, clock in (
            (_("Promised"), view.promised, state.promised),
            (_("By law"), view.statutory, state.statutory),
        )
        if shown is not None and clock is not None
    ]
    silence = next((timer.due for timer in state.timers if timer.node == OF_SILENCE), None)
    paused = state.statutory is not None and state.statutory.is_paused
    return {
        "lines": lines,
        "silence": date_words(silence) if silence else "",
        "paused": procedure_words(state.statutory.reason) if paused and state.statutory else "",
        "paused_since": state.statutory.paused_at if paused and state.statutory else None,
        "extended": state.extended,
        "limits": {
            "promised": amount_words(state.limits.promised.amount, state.limits.promised.unit.value)
            if state.limits.promised
            else "",
            "statutory": amount_words(state.limits.statutory.amount, state.limits.statutory.unit.value)
            if state.limits.statutory
            else "",
        },
    }


def _clock_line(words: str, shown: ClockView, clock: LegalClock, at: datetime) -> dict[str, Any]:
    total = clock.total
    left = shown.remaining
    due = clock.due_if_resumed(at, get_calendar()) if clock.is_paused else shown.due
    percent = 100 if left < 0 else min(100, 100 * shown.used // max(1, total.amount))
    tone = "sun" if clock.is_paused else "done" if clock.is_stopped and left >= 0 else "seal" if left < 0 else ""
    return {
        "name": words,
        "figure": abs(left),
        "unit": _left_words(left, total.unit.value),
        "used": amount_words(shown.used, total.unit.value),
        "total": amount_words(total.amount, total.unit.value),
        "percent": percent,
        "tone": tone or ("sun" if left <= 1 else ""),
        "due": date_words(due) if due else "",
        "paused": clock.is_paused,
        "stopped": clock.is_stopped,
    }


def _left_words(left: int, unit: str) -> str:
    days = unit in ("working_days", "calendar_days")
    if left < 0:
        if unit == "working_days":
            return ngettext("working day late", "working days late", -left)
        return ngettext("day late", "days late", -left) if days else ngettext("hour late", "hours late", -left)
    if unit == "working_days":
        return ngettext("working day left", "working days left", left)
    return ngettext("day left", "days left", left) if days else ngettext("hour left", "hours left", left)
