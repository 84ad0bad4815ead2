"""Words for numbers in a service hall."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import CounterTime
from tongban.apps.halls.appointments import AppointmentRow
from tongban.apps.halls.queries import Step, TicketRow, Wait
from tongban.web.templatetags.tongban_ui import day

__all__ = [
    "ahead_words",
    "appointment_words",
    "call_words",
    "opens_words",
    "origin_words",
    "step_words",
    "ticket_words",
    "time_words",
    "visit_words",
    "wait_words",
]


def ticket_words(row: TicketRow) -> str:
    """Where a ticket stands, to whoever has it."""
    window = row.window_name.in_language(get_language() or "zh-hans") if row.window_name is not None else row.window
    facts = {"label": row.label, "code": row.window, "window": window}
    if row.state == "waiting" and not row.is_today:
        return _("This number was for another day. Please take a new one.")
    if row.state == "waiting":
        return _("Your number has not been called yet.")
    if row.state == "called":
        return _("It is your turn: please come to window %(code)s, %(window)s.") % facts
    if row.state == "serving":
        return _("You are at window %(code)s, %(window)s.") % facts
    if row.state == "missed":
        return _("Your number was called and nobody came. Tell somebody at a window, and you are let in again.")
    if row.state == "done":
        return _("This is done. Thank you for coming.")
    if row.state == "returned":
        return _("You have given this number back.")
    return _("The day ended before it was your turn. We are sorry: please take a new number.")


def ahead_words(ahead: int) -> str:
    """How many go first."""
    if not ahead:
        return _("You are the next one.")
    return ngettext("%(ahead)d person goes before you.", "%(ahead)d people go before you.", ahead) % {"ahead": ahead}


def wait_words(wait: Wait | None) -> str:
    """How long it may take, so that nobody takes it for a promise."""
    if wait is None:
        return _("No window is open for this now, so we cannot say how long it takes.")
    if not wait.least:
        return _("It takes up to about %(most)d minutes, as far as we can tell from the last weeks.") % {
            "most": wait.most
        }
    return _("It takes about %(least)d to %(most)d minutes, as far as we can tell from the last weeks.") % {
        "least": wait.least,
        "most": wait.most,
    }


def opens_words(opens: datetime | None, *, at: datetime) -> str:
    """When windows open that are closed now; "" where that is not known."""
    if opens is None:
        return ""
    local = timezone.localtime(opens)
    if local.date() == timezone.localdate(at):
        return _("Opens today at %(time)s.") % {"time": f"{local:%H:%M}"}
    return _("Opens on %(day)s at %(time)s.") % {"day": day(local), "time": f"{local:%H:%M}"}


def call_words(row: TicketRow) -> str:
    """What a voice says in the hall when a number is called, in the language of the page."""
    return _("Number %(label)s, please come to window %(window)s.") % {"label": row.label, "window": row.window}


def time_words(start: datetime, end: datetime) -> str:
    """From when to when, on the wall; with the zone where an hour comes twice and the wall alone does not say which."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    twice = any(at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset() for at in (first, last))
    return f"{first:%H:%M %Z} – {last:%H:%M %Z}" if twice else f"{first:%H:%M} – {last:%H:%M}"


def appointment_words(row: AppointmentRow) -> str:
    """How it stands with an appointment."""
    if row.state == "booked" and not row.is_open:
        return _("The hall is closed on that day: please choose another time, or cancel it.")
    words = {
        "booked": _("It is booked for you."),
        "arrived": _("You came to it."),
        "missed": _("Nobody came to it."),
        "cancelled": _("It is cancelled."),
    }
    return words.get(row.state, row.state)


def origin_words(origin: str) -> str:
    """How a number was taken, to a clerk."""
    words = {"kiosk": _("at the kiosk"), "online": _("online"), "booked": _("booked a time")}
    return words.get(origin, origin)


def visit_words(visit: CounterTime) -> str:
    """At which window a case came in, with which number, and how long that took."""
    facts = {"window": visit.window, "label": visit.label, "waited": visit.waited, "served": visit.served}
    if visit.served is None:
        return _("came in at window %(window)s, number %(label)s, waited %(waited)d min") % facts
    return _("came in at window %(window)s, number %(label)s, waited %(waited)d min, served %(served)d min") % facts


def step_words(step: Step) -> str:
    """What happened to a ticket, to a clerk."""
    words = {
        "ticket.taken": _("The number was taken"),
        "ticket.called": _("Called to window %(window)s after %(waited)d min"),
        "ticket.called_again": _("Called once more"),
        "ticket.begun": _("They came to window %(window)s"),
        "ticket.done": _("Done after %(served)d min"),
        "ticket.missed": _("Called, and nobody came"),
        "ticket.put_back": _("Waits again"),
        "ticket.handed_on": _("Handed on from window %(window)s"),
        "ticket.returned": _("Given back by who had it"),
        "ticket.expired": _("The day ended first"),
    }
    return words[step.kind] % {"window": step.window, "waited": step.waited or 0, "served": step.served or 0}
