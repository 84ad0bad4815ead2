"""Acting for others: who acts for whom, until when; giving, asking, answering, ending, and what happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.people import services
from tongban.apps.people.errors import PeopleError, UnknownMandate
from tongban.apps.people.queries import MandateView, get_mandate, list_mandates
from tongban.web.access import signed_in
from tongban.web.requests import Request
from tongban.web.scopes import names_of_matters
from tongban.web.wording import error_words
from tongban.web.wording.mandates import (
    assurance_words,
    change_words,
    mandate_lines,
    mandate_state_words,
    side_name,
    source_words,
)

__all__ = ["accept", "decline", "end", "listing", "my_mandates", "show"]

_OVER = ("over", "declined", "withdrawn", "revoked", "replaced")


@dataclass(frozen=True, slots=True)
class Line:
    """A mandate in a list: in words, where it stands, with whom."""

    view: MandateView
    sentence: str
    state: str
    other: str


@signed_in
@require_safe
def listing(request: Request) -> HttpResponse:
    """What waits for me first, then for whom I act, who acts for me and mine, then what is over."""
    return render(request, "portal/mandates/listing.html", my_mandates(request))


@signed_in
@require_safe
def show(request: Request, mandate: int) -> HttpResponse:
    """One mandate: in words, what happened to it, and what I can do."""
    on = timezone.localdate(request.at)
    found = get_mandate(mandate=mandate, actor=request.actor, on=on)
    names = names_of_matters([found], on=on)
    waits = found.waits_for if found.state == "waiting" else ""
    log = [
        {"name": change_words(each.kind, each.capacity), "at": each.at, "state": "done", "lines": _reasons(each.data)}
        for each in reversed(found.history)
    ]
    context = {
        "line": _line(found, names),
        "view": found,
        "waits": side_name(found, waits) if waits else "",
        "rows": [
            {"key": _("Acts"), "value": f"{side_name(found, 'agent')} · {found.agent.masked}"},
            {"key": _("Is represented"), "value": f"{side_name(found, 'represented')} · {found.represented.masked}"},
            {"key": _("Where it comes from"), "value": source_words(found.source)},
            {"key": _("Given"), "value": assurance_words(found.assurance)},
        ],
        "log": log,
    }
    return render(request, "portal/mandates/show.html", context)


@signed_in
@require_POST
def accept(request: Request, mandate: int) -> HttpResponse:
    """Say yes to what the other side has offered or asked for."""
    return _done(request, mandate, services.accept_mandate, _("Accepted: it holds from now on."))


@signed_in
@require_POST
def decline(request: Request, mandate: int) -> HttpResponse:
    """Say no to it."""
    return _done(request, mandate, services.decline_mandate, _("Declined. Nothing has changed for you."))


@signed_in
@require_http_methods(["GET", "POST"])
def end(request: Request, mandate: int) -> HttpResponse:
    """End it at once, or take an offer back, after asking."""
    if request.method == "POST":
        return _done(request, mandate, services.revoke_mandate, _("Ended. It has no effect any more."))
    on = timezone.localdate(request.at)
    found = get_mandate(mandate=mandate, actor=request.actor, on=on)
    if not found.may_end:
        return redirect("portal:mandate", mandate=mandate)
    other = side_name(found, "represented" if "agent" in found.sides else "agent")
    context = {"line": _line(found, names_of_matters([found], on=on)), "view": found, "other": other}
    return render(request, "portal/mandates/end.html", context)


def my_mandates(request: Request) -> dict[str, list[Line]]:
    """Mandates of which the reader is a side: to answer, asked of others, held (act), given (acted), over."""
    on = timezone.localdate(request.at)
    found = list_mandates(actor=request.actor, on=on)
    names = names_of_matters(found, on=on)
    lines = [_line(each, names) for each in found]
    live = [each for each in lines if each.view.state not in _OVER]
    return {
        "answer": [each for each in live if each.view.may_answer],
        "asked": [each for each in live if each.view.state == "waiting" and not each.view.may_answer],
        "act": [each for each in live if each.view.state != "waiting" and "agent" in each.view.sides],
        "acted": [each for each in live if each.view.state != "waiting" and "agent" not in each.view.sides],
        "over": [each for each in lines if each.view.state in _OVER],
    }


def _done(request: Request, mandate: int, command: Callable[..., None], words: str) -> HttpResponse:
    """Do it and say so; what cannot be done is said on the page of the mandate."""
    try:
        command(mandate=mandate, actor=request.actor, on=timezone.localdate(request.at), at=request.at)
        messages.success(request, words)
    except UnknownMandate:
        raise
    except PeopleError as refused:
        messages.error(request, error_words(refused))
    return redirect("portal:mandate", mandate=mandate)


def _line(view: MandateView, names: dict[str, str]) -> Line:
    other = "represented" if "agent" in view.sides else "agent"
    return Line(view, mandate_lines(view, names), mandate_state_words(view.state), side_name(view, other))


def _reasons(data: object) -> Sequence[str]:
    reason = data.get("reason", "") if isinstance(data, dict) else ""
    return [str(reason)] if reason else []
