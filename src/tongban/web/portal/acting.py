"""The switch in the header: for whom somebody is here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.people.queries import get_applicant, list_applicants
from tongban.web.access import signed_in
from tongban.web.capacity import capacity_of, choose_capacity
from tongban.web.portal.whom import whom_field
from tongban.web.requests import Request

__all__ = ["acting"]


@signed_in
@require_http_methods(["GET", "POST"])
def acting(request: Request) -> HttpResponse:
    """Everyone in whose name I may act; what is chosen stands on every page from then on."""
    on = timezone.localdate(request.at)
    wrong = False
    if request.method == "POST":
        chosen = get_applicant(actor=request.actor, key=request.POST.get("applicant", ""), on=on)
        if chosen is not None:
            choose_capacity(request, chosen)
            said = _("You act for %(name)s now.") if chosen.kind else _("You act for yourself now, %(name)s.")
            messages.success(request, said % {"name": chosen.name})
            return redirect(_next(request))
        wrong = True
    here = capacity_of(request).key
    applicants = list_applicants(actor=request.actor, on=on)
    field = whom_field(applicants, wrong=wrong, chosen=here or f"person:{request.actor.person_id}")
    context = {"whom": field, "applicants": applicants, "next": request.GET.get("next", ""), "fields": [field]}
    return render(request, "portal/acting.html", context, status=422 if wrong else 200)


def _next(request: Request) -> str:
    """Where the reader was: but not into what belongs to another capacity."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours and not asked.startswith("/drafts/") else "portal:cases"
