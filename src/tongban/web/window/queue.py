"""The clerk's side of the queue: open a window, call, serve, pass on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.halls import services
from tongban.apps.halls.errors import HallError
from tongban.apps.halls.queries import AtWindow, get_board, get_window, list_halls
from tongban.apps.intake.filings import list_filed
from tongban.web.access import official
from tongban.web.kiosks import kiosk_url
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.halls import origin_words

__all__ = ["close", "move", "next_number", "open_window", "queue"]


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
        "kiosk": kiosk_url(hall=here.hall.code),
        "ways": _ways(here, language),
    }
    return render(request, "window/queue.html", context)


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
    """Call whoever's turn it is."""
    try:
        if services.call_next(actor=request.actor, at=request.at) is None:
            messages.info(request, _("Nobody waits for your window."))
    except HallError as error:
        messages.error(request, error_words(error))
    return redirect("window:queue")


@official("clerk")
@require_POST
def move(request: Request, number: int, how: str) -> HttpResponse:
    """Do one of the things that can be done to a number at my window."""
    if how == "finish":
        return _done(request, lambda: _finish(request, number))
    if how == "hand-on":
        kind, _sep, code = request.POST.get("to", "").partition(":")
        to = {"window": code} if kind == "window" else {"group": code}
        return _done(request, lambda: services.hand_on(number=number, actor=request.actor, at=request.at, **to))
    if how not in _MOVES:
        raise Http404
    return _done(request, lambda: _MOVES[how](number=number, actor=request.actor, at=request.at))


_MOVES: Mapping[str, Callable[..., None]] = {
    "again": services.call_again,
    "begin": services.begin,
    "miss": services.miss,
    "put-back": services.put_back,
    "bring-back": services.bring_back,
}


def _finish(request: Request, number: int) -> None:
    """With the cases that were filed while they were here, so that the ticket's log leads to them."""
    here = get_window(actor=request.actor, at=request.at)
    begun = here.begun_at if here is not None else None
    rows = list_filed(actor=request.actor, on=timezone.localdate(request.at)) if begun is not None else []
    cases = [row.number for row in rows if begun is not None and row.filed_at >= begun]
    services.finish(number=number, actor=request.actor, at=request.at, cases=cases)


def _done(request: Request, command: Callable[[], None]) -> HttpResponse:
    try:
        command()
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
