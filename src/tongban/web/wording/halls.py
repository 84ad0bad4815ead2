"""Words for numbers in a service hall."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.halls.queries import TicketRow, Wait

__all__ = ["ahead_words", "call_words", "origin_words", "ticket_words", "wait_words"]


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


def call_words(row: TicketRow) -> str:
    """What a voice says in the hall when a number is called, in the language of the page."""
    return _("Number %(label)s, please come to window %(window)s.") % {"label": row.label, "window": row.window}


def origin_words(origin: str) -> str:
    """How a number was taken, to a clerk."""
    words = {"kiosk": _("at the kiosk"), "online": _("online"), "booked": _("booked a time")}
    return words.get(origin, origin)
