"""The cards that my departments were shown: to be answered, or appealed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.web.access import official
from tongban.web.cards import card_page, list_context, read_filters
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["card", "cards"]


@official("clerk", "handler", "reviewer", "decider")
@require_safe
def cards(request: Request) -> HttpResponse:
    """Cards of my departments, the newest first."""
    filters = read_filters(request)
    try:
        found = list_context(
            request,
            filters=filters,
            departments=sorted(request.actor.departments),
            url=lambda number: reverse("desk:card", args=[number]),
        )
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:cards")
    context = found | {
        "groups": side_groups(actor=request.actor, here="desk-cards"),
        "here_url": reverse("desk:cards"),
        "overseen": False,
    }
    return render(request, "cards/list.html", context)


@official("clerk", "handler", "reviewer", "decider")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request, number: int) -> HttpResponse:
    """One card, with what is to be said to it."""
    url, back = reverse("desk:card", args=[number]), reverse("desk:cards")
    return card_page(request, number=number, here="desk-cards", url=url, back=back)
