"""A copy of my data to take away: asked for by who has just signed in, made meanwhile, fetched for a day."""

from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.rights.queries import get_export, open_export
from tongban.apps.rights.services import ask_export
from tongban.web.access import just_signed_in, signed_in
from tongban.web.requests import Request

__all__ = ["ask", "fetch", "show"]


@signed_in
@require_safe
def show(request: Request) -> HttpResponse:
    """What is in it, and how far it is."""
    found = get_export(actor=request.actor, at=request.at)
    percent = round(100 * found.done / found.total) if found and found.total else 0
    context = {"export": found, "percent": percent, "person": request.actor.person_id is not None}
    return render(request, "portal/me/export.html", context)


@signed_in
@require_POST
@just_signed_in
def ask(request: Request) -> HttpResponse:
    """Let it be made: once more only when there is none."""
    if request.actor.person_id is not None:
        ask_export(actor=request.actor, at=request.at)
    return redirect("portal:export")


@signed_in
@require_safe
@just_signed_in
def fetch(request: Request, export: UUID) -> HttpResponseBase:
    """The archive itself, streamed; for its owner, who has just signed in."""
    path = open_export(actor=request.actor, export=export, at=request.at)
    name = f"my-data-{request.at:%Y-%m-%d}.zip"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
