"""What rules have decided alone for whoever decides there: told nobody at once, but never hidden from them."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import list_ruled
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["by_rule"]


@official("decider")
@require_safe
def by_rule(request: Request) -> HttpResponse:
    """The latest first; ``?unasked=1``: only what was granted without being asked for."""
    cursor, unasked = request.GET.get("after", ""), request.GET.get("unasked") == "1"
    try:
        page = list_ruled(actor=request.actor, unasked=unasked, cursor=cursor)
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:by_rule")
    language, asked = get_language() or "zh-hans", {"unasked": "1"} if unasked else {}
    here = reverse("desk:by_rule")
    context = {
        "groups": side_groups(actor=request.actor, here="by_rule"),
        "lines": [(each, each.row.matter_name.in_language(language)) for each in page.rows],
        "unasked": unasked,
        "first_url": f"{here}?{urlencode(asked)}" if cursor else "",
        "next_url": "?" + urlencode(asked | {"after": page.next}) if page.next else "",
    }
    return render(request, "desk/by_rule.html", context)
