"""The kiosk in the hall: one press for a number, on a screen that belongs to nobody, without signing in or scripts."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_ratelimit.core import is_ratelimited

from tongban.apps.halls.errors import GroupClosed, HallClosed, HallError, UnknownTicket
from tongban.apps.halls.queries import get_board, get_ticket
from tongban.apps.halls.services import arrive, take
from tongban.web.access import public
from tongban.web.hall.tickets import context_of
from tongban.web.kiosks import is_kiosk
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording import error_words
from tongban.web.wording.halls import opens_words

__all__ = ["arrived", "kiosk", "taken"]

_RATE = "60/m"
"""Presses of one kiosk: more than that no crowd makes."""
_CODES = "20/m"
"""Codes that are typed at one kiosk: nobody shall guess one."""


@public
@never_cache
@require_http_methods(["GET", "POST"])
def kiosk(request: Request, hall: str, token: str) -> HttpResponse:
    """What people come for, a button each; pressed, it gives a number."""
    if not is_kiosk(hall=hall, token=token):
        raise Http404
    if request.method == "POST":
        if is_ratelimited(request, group="kiosk", key=lambda *_: hall, rate=_RATE, increment=True):
            return too_many_requests(request)
        try:
            number = take(hall=hall, group=request.POST.get("group", ""), key=_key(request), at=request.at)
        except (GroupClosed, HallClosed):
            return redirect("hall:kiosk", hall=hall, token=token)
        return redirect("hall:kiosk_ticket", hall=hall, token=token, number=number)
    board = get_board(hall=hall, at=request.at)
    rows = [(row, opens_words(row.opens, at=request.at)) for row in board.groups]
    context = {"board": board, "rows": rows, "key": uuid4(), "token": token}
    return render(request, "hall/kiosk.html", context)


@public
@require_POST
def arrived(request: Request, hall: str, token: str) -> HttpResponse:
    """Who has booked a time types its code: a number that goes first, or why not."""
    if not is_kiosk(hall=hall, token=token):
        raise Http404
    if is_ratelimited(request, group="kiosk-arrive", key=lambda *_: hall, rate=_CODES, increment=True):
        return too_many_requests(request)
    code = "".join(letter for letter in request.POST.get("code", "") if letter.isdecimal())
    try:
        number = arrive(hall=hall, code=code, at=request.at)
    except HallError as error:
        messages.error(request, error_words(error))
        return redirect("hall:kiosk", hall=hall, token=token)
    return redirect("hall:kiosk_ticket", hall=hall, token=token, number=number)


@public
@never_cache
@require_GET
def taken(request: Request, hall: str, token: str, number: int) -> HttpResponse:
    """The number that was just taken, to be printed; soon the kiosk is free for the next person."""
    if not is_kiosk(hall=hall, token=token):
        raise Http404
    ticket = get_ticket(number=number, at=request.at)
    if ticket.hall != hall:
        raise UnknownTicket
    return render(request, "hall/kiosk_ticket.html", context_of(ticket, at=request.at) | {"token": token})


def _key(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
