"""Yellow and red cards, for supervisors: which were shown, how they stand, by department; and appeals to rule on."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.people.queries import get_department_names
from tongban.apps.supervision.queries import count_by_department
from tongban.web.access import official
from tongban.web.cards import card_page, list_context, read_filters
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["card", "cards"]


@official("supervisor", "administrator")
@require_safe
def cards(request: Request) -> HttpResponse:
    """All cards, the newest first, and how many each department was shown in that time."""
    filters, language, names = read_filters(request), get_language() or "zh-hans", get_department_names()
    try:
        found = list_context(
            request,
            filters=filters,
            url=lambda number: reverse("supervise:card", args=[number]),
        )
    except ValueError:  # a cursor that somebody made up
        return redirect("supervise:cards")
    counts = count_by_department(at=request.at, since=filters.since(request.at))
    context = found | {
        "groups": side_groups(actor=request.actor, here="cards"),
        "here_url": reverse("supervise:cards"),
        "counts": [(each, names[each.department].short(language)) for each in counts if each.department in names],
        "overseen": True,
        "days": filters.query["days"],
    }
    return render(request, "cards/list.html", context)


@official("supervisor", "administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request, number: int) -> HttpResponse:
    """One card; a supervisor rules on its appeal."""
    url, back = reverse("supervise:card", args=[number]), reverse("supervise:cards")
    return card_page(request, number=number, here="cards", url=url, back=back)
