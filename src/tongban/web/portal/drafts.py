"""Filing: one group of questions a page, then papers, then a look at the whole, then the number."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.errors import DraftFiled, DraftIncomplete, DraftOutdated, PledgeBarred, UnknownDraft
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.intake.services import discard, refresh, submit
from tongban.kernel.flow import Refused
from tongban.web.access import signed_in
from tongban.web.portal.filing import ONWARD, Place, address, in_cart, next_place, place_of, review_of
from tongban.web.portal.on_file import fetched_rows, known_rows, promised_rows, saved_words
from tongban.web.preferences import display_of
from tongban.web.requests import Request
from tongban.web.serving import filed_at_window, ticket_of
from tongban.web.speaking import after_call, read_back, spoken_in
from tongban.web.wording import error_words

__all__ = ["resume", "review", "send", "throw_away", "to_place", "unfiled", "version_notice"]

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
    return to_place(request, get_draft(draft=draft, actor=request.actor, at=request.at), None)


@signed_in
@unfiled
def review(request: Request, draft: UUID) -> HttpResponse:
    """Everything once more, each with a way to change it."""
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    if in_cart(view) or (view.order is not None and view.order.is_waiting):
        return to_place(request, view, None)
    return _review(request, view)


@signed_in
@require_http_methods(["GET", "POST"])
def send(request: Request, draft: UUID) -> HttpResponse:
    """File it: once, however often it is sent."""
    if request.method == "GET" or _is_of_an_order(request, draft):  # led back here after signing in again
        return redirect("portal:review", draft=draft)
    if not request.POST.get("declared") and not _is_filed(request, draft):
        return _review(request, get_draft(draft=draft, actor=request.actor, at=request.at), undeclared=True)
    if refresh(draft=draft, actor=request.actor, at=request.at):
        messages.info(request, _("A register says something else by now. Please read it once more, then send it."))
        return to_place(request, get_draft(draft=draft, actor=request.actor, at=request.at), None)
    try:
        spoken = spoken_in(request, draft)
        ticket = ticket_of(request, draft)
        number = submit(draft=draft, actor=request.actor, at=request.at, spoken=spoken, ticket=ticket)
    except (DraftIncomplete, DraftOutdated, PledgeBarred, Refused) as reason:
        return _review(request, get_draft(draft=draft, actor=request.actor, at=request.at), words=error_words(reason))
    filed_at_window(request, ticket, [number])
    return redirect(after_call(request, number, spoken) or reverse("portal:receipt", kwargs={"number": number}))


@signed_in
@unfiled
@require_http_methods(["GET", "POST"])
def throw_away(request: Request, draft: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    if request.method == "GET":
        return render(request, "portal/discard.html", {"draft": view})
    discard(draft=draft, actor=request.actor)
    messages.success(request, _("The draft has been deleted."))
    return redirect("portal:cases")


def to_place(request: Request, draft: DraftView, after: Place | None, *, to_open: bool = False) -> HttpResponse:
    """Lead to the page of a draft that comes next; of a part that waits for its turn, to its order.

    ``to_open``: from a page that was only looked at again, on to the first on which something is still to be done.
    """
    if draft.order is not None and draft.order.is_waiting:
        return redirect("portal:order", number=draft.order.number)
    one_by_one = display_of(request).is_elder
    place = next_place(draft=draft, after=None if to_open else after, one_by_one=one_by_one)
    if place.page == "on_file" and draft.order is not None and in_cart(draft):
        return redirect("portal:cart_on_file", order=draft.order.id)  # once, for all that is in it
    if place.page == "cart" and draft.order is not None:
        cart = reverse("portal:cart", kwargs={"order": draft.order.id})
        return redirect(f"{cart}?{ONWARD}" if after is not None else cart)
    return redirect(address(draft=draft.id, place=place))


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
    one_by_one = display_of(request).is_elder
    context = {
        "draft": draft,
        "for_whom": draft.applicant_name,
        "assisted": draft.is_assisted,
        "matter": draft.definition,
        "review": review_of(draft=draft, one_by_one=one_by_one),
        "undeclared": undeclared,
        "read_back": read_back(draft),
        "refused": words,
        "back": place_of(draft=draft, before=Place("review"), one_by_one=one_by_one),
        "notice": version_notice(request, draft),
        "fetched": fetched_rows(draft),
        "known": known_rows(draft),
        "promised": promised_rows(draft, request.at),
        "saved": saved_words(draft.on_file.saved()),
    }
    return render(request, "portal/review.html", context, status=422 if undeclared or words else 200)


def _is_of_an_order(request: Request, draft: UUID) -> bool:
    """A part is sent with its order, or by itself when its turn comes."""
    try:
        view = get_draft(draft=draft, actor=request.actor, at=request.at)
    except DraftFiled:
        return False
    return in_cart(view) or (view.order is not None and view.order.is_waiting)


def _is_filed(request: Request, draft: UUID) -> bool:
    """A draft that has been filed needs no second declaration: its owner gets the number again."""
    try:
        get_draft(draft=draft, actor=request.actor, at=request.at)
    except DraftFiled:
        return True
    except UnknownDraft:
        return False
    return False
