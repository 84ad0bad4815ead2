"""The city's halls as they are now: how many wait for what, how long it may take, and a number from home."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.halls.errors import GroupClosed, HallClosed, HasTicket
from tongban.apps.halls.queries import get_board, get_held, list_halls
from tongban.apps.halls.services import take
from tongban.web.access import public, signed_in
from tongban.web.requests import Request
from tongban.web.wording import error_words
from tongban.web.wording.halls import opens_words, wait_words

__all__ = ["listing", "page", "take_online"]


@public
@require_GET
def listing(request: Request) -> HttpResponse:
    """The halls that give numbers."""
    return render(request, "hall/halls.html", {"halls": list_halls()})


@public
@never_cache
@require_GET
def page(request: Request, hall: str) -> HttpResponse:
    """One hall. Who is signed in takes a number here before they set out."""
    board = get_board(hall=hall, at=request.at)
    held = get_held(hall=hall, actor=request.actor, at=request.at)
    rows = [
        (
            row,
            opens_words(row.opens, at=request.at) or wait_words(row.wait),
            bool(board.hall.bookable_at(row.group.code)),
        )
        for row in board.groups
    ]
    context = {"board": board, "rows": rows, "held": held, "key": uuid4()}
    return render(request, "hall/hall.html", context)


@signed_in
@require_POST
def take_online(request: Request, hall: str) -> HttpResponse:
    """Take a number from anywhere; who has one already is shown that."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    group = request.POST.get("group", "")
    try:
        number = take(hall=hall, group=group, key=key, actor=request.actor, at=request.at)
    except HasTicket as error:
        messages.info(request, _("You have a number in this hall already: this one."))
        return redirect("hall:ticket", number=error.params["number"])
    except (GroupClosed, HallClosed) as error:
        messages.error(request, error_words(error))
        return redirect("hall:hall", hall=hall)
    return redirect("hall:ticket", number=number)
