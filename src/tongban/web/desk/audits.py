"""What audits found in files of my departments: to be answered."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.web.access import official
from tongban.web.audits import audit_page, list_context
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["audit", "audits"]


@official("clerk", "handler", "reviewer", "decider")
@require_safe
def audits(request: Request) -> HttpResponse:
    """Audits of files of my departments, once something was found, the newest first."""
    departments = sorted(request.actor.departments)
    try:
        found = list_context(request, departments=departments, url=lambda number: reverse("desk:audit", args=[number]))
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:audits")
    context = found | {
        "groups": side_groups(actor=request.actor, here="desk-audits"),
        "here_url": reverse("desk:audits"),
        "overseen": False,
    }
    return render(request, "audits/list.html", context)


@official("clerk", "handler", "reviewer", "decider")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: Request, number: int) -> HttpResponse:
    """One audit, with what is to be said to it."""
    url, back = reverse("desk:audit", args=[number]), reverse("desk:audits")
    return audit_page(request, number=number, here="desk-audits", url=url, back=back)
