"""The clerk's side of the queue: open a window, call, serve, pass on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.cases.boards import list_seen
from tongban.apps.halls import services
from tongban.apps.halls.errors import HallError, WindowClosed
from tongban.apps.halls.queries import (
    AtWindow,
    get_board,
    get_course,
    get_hall,
    get_ticket,
    get_window,
    list_done,
    list_halls,
)
from tongban.web.access import official
from tongban.web.kiosks import kiosk_url
from tongban.web.requests import Request
from tongban.web.serving import left_window
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.halls import opens_words, origin_words, step_words

__all__ = ["close", "move", "next_number", "open_window", "queue", "ticket"]


_ANYWAY = "call_outside_hours"
"""The clerk has said that they call although their window is closed by its hours."""


@official("clerk")
@never_cache
@require_GET
def queue(request: Request) -> HttpResponse:
    """Who is at my window and who waits for it; before that, the windows that I can open."""
    here = get_window(actor=request.actor, at=request.at)
    context: dict[str, Any] = {"groups": side_groups(actor=request.actor, here="queue"), "here": here}
    if here is None:
        context["boards"] = [get_board(hall=hall.code, at=request.at) for hall in list_halls()]
        return render(request, "window/queue_open.html", context)
    language = get_language() or "zh-hans"
    context |= {
        "name": here.hall.windows[here.window].name,
        "serves": [here.hall.groups[code].name for code in here.groups],
        "waiting": [(row, origin_words(row.origin), _minutes(request, row.since)) for row in here.waiting],
        "missed": here.missed,
        "done": list_done(hall=here.hall.code, window=here.window, at=request.at),
        "kiosk": kiosk_url(hall=here.hall.code),
        "ways": _ways(here, language),
        "opens": opens_words(here.opens, at=request.at),
        "asks": "call" in request.GET and not here.is_open and here.in_hand is None,
    }
    return render(request, "window/queue.html", context)


@official("clerk")
@never_cache
@require_GET
def ticket(request: Request, number: int) -> HttpResponse:
    """One number: its way through the hall, and what was filed with whoever had it."""
    row, course = get_ticket(number=number, at=request.at), get_course(ticket=number)
    seen = list_seen(numbers=course.cases, actor=request.actor)
    context = {
        "groups": side_groups(actor=request.actor, here="queue"),
        "ticket": row,
        "hall": get_hall(hall=row.hall),
        "origin": origin_words(row.origin),
        "steps": [(step.at, step_words(step)) for step in course.steps],
        "cases": [(case, seen.get(case)) for case in course.cases],
    }
    return render(request, "window/ticket.html", context)


@official("clerk")
@require_POST
def open_window(request: Request) -> HttpResponse:
    """Come to a window."""
    hall, _sep, window = request.POST.get("window", "").partition("/")
    return _done(request, lambda: services.open_window(hall=hall, window=window, actor=request.actor, at=request.at))


@official("clerk")
@require_POST
def close(request: Request) -> HttpResponse:
    """Leave my window; who was left behind is said."""
    here = get_window(actor=request.actor, at=request.at)
    try:
        left = services.close_window(actor=request.actor, at=request.at)
        request.session.pop(_ANYWAY, None)
    except HallError as error:
        messages.error(request, error_words(error))
        return redirect("window:queue")
    if left.moved:
        words = ngettext(
            "%(count)d number that waited for this window alone waits for the others of its group now.",
            "%(count)d numbers that waited for this window alone wait for the others of their group now.",
            left.moved,
        )
        messages.info(request, words % {"count": left.moved})
    if left.stranded and here is not None:
        language = get_language() or "zh-hans"
        names = ", ".join(here.hall.groups[code].name.in_language(language) for code in left.stranded)
        words = _("People still wait and no window is open for them: %(groups)s.")
        messages.warning(request, words % {"groups": names})
    return redirect("window:queue")


@official("clerk")
@require_POST
def next_number(request: Request) -> HttpResponse:
    """Call whoever's turn it is. Outside the window's hours it is asked once, and then no more until it is closed."""
    if request.POST.get("anyway") == "yes":
        request.session[_ANYWAY] = True
    try:
        anyway = bool(request.session.get(_ANYWAY))
        if services.call_next(actor=request.actor, at=request.at, anyway=anyway) is None:
            messages.info(request, _("Nobody waits for your window."))
    except WindowClosed:
        return redirect(f"{reverse('window:queue')}?call=anyway")
    except HallError as error:
        messages.error(request, error_words(error))
    return redirect("window:queue")


@official("clerk")
@require_POST
def move(request: Request, number: int, how: str) -> HttpResponse:
    """Do one of the things that can be done to a number at my window."""
    if how == "hand-on":
        kind, _sep, code = request.POST.get("to", "").partition(":")
        to = {"window": code} if kind == "window" else {"group": code}
        return _done(request, lambda: services.hand_on(number=number, actor=request.actor, at=request.at, **to))
    if how not in _MOVES:
        raise Http404
    return _done(request, lambda: _MOVES[how](number=number, actor=request.actor, at=request.at))


_MOVES: Mapping[str, Callable[..., services.Served | None]] = {
    "finish": services.finish,
    "again": services.call_again,
    "begin": services.begin,
    "miss": services.miss,
    "put-back": services.put_back,
    "bring-back": services.bring_back,
}


def _done(request: Request, command: Callable[[], services.Served | None]) -> HttpResponse:
    try:
        left_window(request, command())
    except HallError as error:
        messages.error(request, error_words(error))
    return redirect("window:queue")


def _minutes(request: Request, since: datetime) -> int:
    return max(0, int((request.at - since).total_seconds() // 60))


def _ways(here: AtWindow, language: str) -> list[tuple[str, str]]:
    """Where a number can be handed on to: the hall's groups, and other windows that are open."""
    groups = [(f"group:{code}", group.name.in_language(language)) for code, group in here.hall.groups.items()]
    windows = [
        (f"window:{code}", f"{code} {here.hall.windows[code].name.in_language(language)}") for code in here.others
    ]
    return [*groups, *windows]
