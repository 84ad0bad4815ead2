"""What is on file already: shown before it is used, taken with one press, or left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.intake.services import decline_on_file, look_up, take_on_file
from tongban.web.access import signed_in
from tongban.web.portal.drafts import to_place, unfiled
from tongban.web.portal.on_file import fetched_rows, paper_words, said_by, saved_words, shown_sources
from tongban.web.requests import Request

__all__ = ["on_file"]


@signed_in
@unfiled
@require_http_methods(["GET", "POST"])
def on_file(request: Request, draft: UUID) -> HttpResponse:
    """Read what registers said; use all of it, or fill it in by oneself. Registers that need consent are asked here."""
    if request.method == "GET":
        return _show(request, get_draft(draft=draft, actor=request.actor, at=request.at))
    action = request.POST.get("action", "")
    if action == "decline":
        decline_on_file(draft=draft, actor=request.actor, at=request.at)
        messages.info(request, _("Nothing of it is used. You fill everything in yourself."))
        return _onward(request, draft)
    before = said_by(get_draft(draft=draft, actor=request.actor, at=request.at).on_file)
    found = look_up(draft=draft, actor=request.actor, at=request.at, consented=request.POST.getlist("consent"))
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    if action == "look" or said_by(view.on_file) != before:
        if action != "look":
            messages.info(request, _("The register says something else by now. Please read it once more."))
        elif not found.is_open and not found.is_taken:
            messages.info(request, _("The register does not answer, or has no record. You can go on."))
        return redirect("portal:on_file", draft=draft)
    take_on_file(draft=draft, actor=request.actor, at=request.at)
    saved = get_draft(draft=draft, actor=request.actor, at=request.at).on_file.saved()
    if saved:
        messages.success(request, saved_words(saved))
    return _onward(request, draft)


def _show(request: Request, view: DraftView) -> HttpResponse:
    shown = shown_sources(view)
    if not shown and not view.on_file.papers:
        return to_place(request, view, None)
    context = {
        "draft": view,
        "for_whom": view.applicant_name,
        "matter": view.definition,
        "shown": [each for each in shown if each.source.extract is not None],
        "papers": [(each, paper_words(each)) for each in view.on_file.papers],
        "unasked": [each for each in shown if each.source.extract is None],
        "others": [each for each in fetched_rows(view) if each.spec.code in view.on_file.certificates],
    }
    return render(request, "portal/on_file.html", context)


def _onward(request: Request, draft: UUID) -> HttpResponse:
    return to_place(request, get_draft(draft=draft, actor=request.actor, at=request.at), None)
