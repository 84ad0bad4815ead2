"""What I have pledged: kept or broken, until when that counts, and how to object."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import list_pledges
from tongban.apps.catalog.city import get_rights
from tongban.web.access import signed_in
from tongban.web.requests import Request

__all__ = ["pledges"]


@signed_in
@require_safe
def pledges(request: Request) -> HttpResponse:
    """Mine, and those of whom I act for."""
    on = timezone.localdate(request.at)
    lines = [(each, each.is_in_force(on)) for each in list_pledges(actor=request.actor)]
    context = {"lines": lines, "ask": get_rights().matters}
    return render(request, "portal/me/pledges.html", context)
