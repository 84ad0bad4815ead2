"""What is filed while somebody's number is at the clerk's window: the case says so, and so does the number's log."""

from collections.abc import Collection
from uuid import UUID

from tongban.apps.cases.services import note_served
from tongban.apps.halls.queries import AtCounter, get_at_counter
from tongban.apps.halls.services import Served, note_filed
from tongban.apps.intake.errors import DraftFiled
from tongban.apps.intake.queries import get_draft
from tongban.web.requests import Request

__all__ = ["Facts", "at_window", "facts_of", "filed_at_window", "left_window", "ticket_of"]

Facts = dict[str, str | int]
"""A ticket as the log of a case has it."""


def at_window(request: Request) -> Facts | None:
    """Whose number is at the clerk's window; None where nobody's is, and for who is no clerk."""
    here = get_at_counter(actor=request.actor, at=request.at) if request.actor.has_role("clerk") else None
    return facts_of(here) if here is not None else None


def ticket_of(request: Request, draft: UUID) -> Facts | None:
    """The same, for a draft that a clerk fills in at a counter and has not filed yet."""
    if not request.actor.has_role("clerk"):
        return None
    try:
        view = get_draft(draft=draft, actor=request.actor, at=request.at)
    except DraftFiled:
        return None
    return at_window(request) if view.channel == "window" else None


def filed_at_window(request: Request, ticket: Facts | None, cases: Collection[int]) -> None:
    """Put what was filed into the log of the number that is at the window."""
    for case in cases if ticket else ():
        assert ticket is not None
        note_filed(ticket=int(ticket["number"]), case=case, actor=request.actor, at=request.at)


def left_window(request: Request, was: Served | None) -> None:
    """Who was at the window has left it: each case that was filed meanwhile hears how long it took."""
    for case in was.cases if was is not None else ():
        assert was is not None
        ticket = facts_of(was.at)
        note_served(number=case, ticket=ticket, minutes=was.served, actor=request.actor, at=request.at)


def facts_of(here: AtCounter) -> Facts:
    """A number at a window, as the log of a case has it."""
    return {
        "number": f"{here.ticket:016d}",
        "label": here.label,
        "hall": here.hall,
        "window": here.window,
        "waited": here.waited,
    }
