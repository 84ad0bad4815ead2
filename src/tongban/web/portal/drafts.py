"""Filing: one group of questions a page, then papers, then a look at the whole, then the number."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.errors import DraftFiled, DraftIncomplete, DraftOutdated, UnknownDraft
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.intake.services import discard, submit
from tongban.kernel.flow import Refused
from tongban.web.access import signed_in
from tongban.web.portal.filing import Place, next_place, place_of, review_of
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["resume", "review", "send", "throw_away", "unfiled", "version_notice"]

P = ParamSpec("P")


def unfiled(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[Concatenate[Request, P], HttpResponse]:
    """Who comes back to a draft that has been filed is led to the case that it became."""

    @wraps(view)
    def inner(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DraftFiled as filed:
            messages.info(request, error_words(filed))
            return redirect("portal:case", number=filed.params["number"])

    return inner


@signed_in
@unfiled
def resume(request: Request, draft: UUID) -> HttpResponse:
    """Go on where something is still open."""
    return to_place(get_draft(draft=draft, actor=request.actor), None)


@signed_in
@unfiled
def review(request: Request, draft: UUID) -> HttpResponse:
    """Everything once more, each with a way to change it."""
    return _review(request, get_draft(draft=draft, actor=request.actor))


@signed_in
@require_http_methods(["GET", "POST"])
def send(request: Request, draft: UUID) -> HttpResponse:
    """File it: once, however often it is sent."""
    if request.method == "GET":  # led back here after signing in again
        return redirect("portal:review", draft=draft)
    if not request.POST.get("declared") and not _is_filed(request, draft):
        return _review(request, get_draft(draft=draft, actor=request.actor), undeclared=True)
    try:
        number = submit(draft=draft, actor=request.actor, at=request.at)
    except (DraftIncomplete, DraftOutdated, Refused) as reason:
        return _review(request, get_draft(draft=draft, actor=request.actor), words=error_words(reason))
    return redirect("portal:receipt", number=number)


@signed_in
@unfiled
@require_http_methods(["GET", "POST"])
def throw_away(request: Request, draft: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    view = get_draft(draft=draft, actor=request.actor)
    if request.method == "GET":
        return render(request, "portal/discard.html", {"draft": view})
    discard(draft=draft, actor=request.actor)
    messages.success(request, _("The draft has been deleted."))
    return redirect("portal:cases")


def to_place(draft: DraftView, after: str | None) -> HttpResponse:
    """Lead to the page of a draft that comes next."""
    place: Place = next_place(draft=draft, after=after)
    if place.step:
        return redirect("portal:step", draft=draft.id, step=place.step)
    return redirect(f"portal:{place.page}", draft=draft.id)


def version_notice(request: Request, draft: DraftView) -> str:
    """What has changed in the matter since the draft was begun; nothing if nothing has."""
    try:
        current = get_matter(code=draft.definition.code, on=timezone.localdate(request.at))
    except UnknownMatter:
        return _("This matter is not offered any more. Please call us before you go on.")
    if current.version_id == draft.version_id:
        return ""
    return _(
        "This form has changed since you started. When you send it, it moves to the new form with all your answers, "
        "and you are asked to read them once more."
    )


def _review(request: Request, draft: DraftView, *, undeclared: bool = False, words: str = "") -> HttpResponse:
    context = {
        "draft": draft,
        "matter": draft.definition,
        "review": review_of(draft=draft),
        "undeclared": undeclared,
        "refused": words,
        "back": place_of(draft=draft, before="review"),
        "notice": version_notice(request, draft),
    }
    return render(request, "portal/review.html", context, status=422 if undeclared or words else 200)


def _is_filed(request: Request, draft: UUID) -> bool:
    """A draft that has been filed needs no second declaration: its owner gets the number again."""
    try:
        get_draft(draft=draft, actor=request.actor)
    except DraftFiled:
        return True
    except UnknownDraft:
        return False
    return False
