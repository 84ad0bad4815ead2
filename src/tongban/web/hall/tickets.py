"""A number that was taken: where it stands, for whoever has it in their hand."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.evidence.queries import draw_check_code
from tongban.apps.halls.queries import TicketRow, get_hall, get_ticket
from tongban.apps.halls.services import give_back
from tongban.web.access import public, signed_in
from tongban.web.requests import Request
from tongban.web.wording.halls import ahead_words, opens_words, ticket_words, wait_words

__all__ = ["context_of", "returned", "ticket"]


@public
@never_cache
@require_GET
def ticket(request: Request, number: int) -> HttpResponse:
    """One ticket. Its address is on the paper: who has it needs no sign-in, and it says nothing of a person."""
    row = get_ticket(number=number, at=request.at)
    mine = row.person_id is not None and row.person_id == request.actor.person_id
    return render(request, "hall/ticket.html", context_of(row, at=request.at) | {"mine": mine})


@signed_in
@require_POST
def returned(request: Request, number: int) -> HttpResponse:
    """Give back a number that I have taken and do not need."""
    give_back(number=number, actor=request.actor, at=request.at)
    messages.success(request, _("Thank you: whoever waits behind you waits less."))
    return redirect("hall:ticket", number=number)


def context_of(row: TicketRow, *, at: datetime) -> dict[str, Any]:
    """What pages that show a ticket need to know."""
    waits = row.state == "waiting" and row.is_today
    address = f"{settings.BASE_URL}{reverse('hall:ticket', kwargs={'number': row.number})}"
    return {
        "ticket": row,
        "hall": get_hall(hall=row.hall),
        "state": ticket_words(row),
        "ahead": ahead_words(row.ahead) if waits else "",
        "wait": (opens_words(row.opens, at=at) or (wait_words(row.wait) if row.ahead else "")) if waits else "",
        "code": draw_check_code(text=address),
    }
