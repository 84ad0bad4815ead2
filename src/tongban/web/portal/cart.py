"""Several matters in one go: what is in the cart, for whom, checking it and sending it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.catalog.bundles import get_bundle, plan_bundle
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.definitions.bundles import Bundle, Plan
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.errors import DraftIncomplete, DraftOutdated, OrderIncomplete, OrderSent, UnderWay
from tongban.apps.intake.orders.known import look_up_parts, refresh_parts
from tongban.apps.intake.orders.queries import OrderRow, OrderView, get_order, list_orders
from tongban.apps.intake.orders.services import (
    ask_once_more,
    discard_order,
    open_order,
    put,
    set_part,
    submit_order,
)
from tongban.apps.intake.queries import list_applicants_for
from tongban.apps.intake.services import serves
from tongban.apps.people.assurance import LEVELS, meets
from tongban.apps.people.queries import Applicant, list_applicants
from tongban.kernel.flow import Refused
from tongban.web.access import signed_in
from tongban.web.away import away_lines, under_way
from tongban.web.capacity import capacity_of
from tongban.web.fields import Field, Option
from tongban.web.portal.bundles import guide_url
from tongban.web.portal.carting import next_url, part_lines, problem_links, review_sections
from tongban.web.portal.filing import ONWARD
from tongban.web.portal.on_file import all_known_rows
from tongban.web.portal.whom import whom_field
from tongban.web.preferences import display_of
from tongban.web.requests import Request
from tongban.web.serving import at_window, filed_at_window
from tongban.web.templatetags.tongban_ui import leading
from tongban.web.wording import error_words

__all__ = [
    "begin",
    "discard",
    "order_of",
    "page",
    "part",
    "put_in",
    "review",
    "send",
    "unsent",
]

P = ParamSpec("P")


def unsent(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[Concatenate[Request, P], HttpResponse]:
    """Who comes back to a cart that has been sent is led to the order that it became."""

    @wraps(view)
    def inner(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        order = kwargs["order"]
        assert isinstance(order, UUID)
        found = get_order(order=order, actor=request.actor, at=request.at)
        if found.number is not None:
            return redirect("portal:order", number=found.number)
        request.order = found  # type: ignore[attr-defined]  # read once, for the view
        try:
            return view(request, *args, **kwargs)
        except OrderSent as sent:
            return redirect("portal:order", number=sent.params["number"])

    return inner


@signed_in
@require_http_methods(["GET", "POST"])
def begin(request: Request, code: str) -> HttpResponse:
    """From the guide into the cart: in whose name, and which of the optional matters."""
    today = timezone.localdate(request.at)
    bundle = get_bundle(code=code, on=today).definition
    guide = bundle.clean({question.id: request.GET.get(question.id, "") for question in bundle.questions})
    found = plan_bundle(bundle=bundle, answers=guide, on=today)
    if bundle.first_open(guide) is not None or not found.parts:
        return redirect(guide_url(bundle, guide))
    applicants = _applicants(request, found)
    optional = [part for part in found.parts if part.part.optional]
    chosen = request.POST.get("applicant", "") or (applicants[0].key if len(applicants) == 1 else "")
    if request.method == "POST" and chosen:
        without = {part.matter for part in optional} - set(request.POST.getlist("with"))
        opened = partial(open_order, actor=request.actor, bundle=code, guide=guide, applicant_key=chosen, at=request.at)
        try:
            order = opened(without=without, again=_again(request), channel="web")
        except UnderWay:
            return _ask_whom(request, bundle, guide, found, applicants, whose=chosen)
        look_up_parts(order=order, actor=request.actor, at=request.at)
        return redirect("portal:cart", order=order)
    return _ask_whom(request, bundle, guide, found, applicants)


@signed_in
@require_http_methods(["GET", "POST"])
def put_in(request: Request, code: str) -> HttpResponse:
    """Put one matter into the cart: to file it together with others."""
    today = timezone.localdate(request.at)
    published = get_matter(code=code, on=today)
    applicants = list_applicants_for(actor=request.actor, matter=published, on=today)
    chosen = request.POST.get("applicant", "") or (applicants[0].key if len(applicants) == 1 else "")
    if request.method == "POST" and chosen:
        key = {"applicant_key": chosen, "channel": "web"}
        try:
            order = put(actor=request.actor, matter=code, again=_again(request), at=request.at, **key)
        except UnderWay:
            return _ask_into_cart(request, published.definition, applicants, whose=chosen)
        look_up_parts(order=order, actor=request.actor, at=request.at)
        messages.success(request, _("It is in your cart. Add more, or go on."))
        return redirect("portal:cart", order=order)
    return _ask_into_cart(request, published.definition, applicants)


@signed_in
@unsent
@require_safe
def page(request: Request, order: UUID) -> HttpResponse:
    """What is in it, how far each part is, and what comes next."""
    found = order_of(request)
    if ONWARD in request.GET:  # from the last page of one part: nobody has to find the next by themselves
        return redirect(next_url(found))
    context = {
        "order": found,
        "parts": part_lines(found),
        "away": away_lines(found.away),
        "next_url": next_url(found),
        "guide_url": guide_url(found.bundle, dict(found.guide)) if found.bundle is not None else "",
        "shared_count": len(found.shared),
        "is_taken": any(part.on_file.is_taken for part in found.parts),
        "needs": _needs(request, found),
    }
    return render(request, "portal/cart/page.html", context)


@signed_in
@unsent
@require_POST
def part(request: Request, order: UUID, matter: str) -> HttpResponse:
    """Take a part out, or back in; or ask once more for what is under way elsewhere."""
    if request.POST.get("do") == "again":
        ask_once_more(order=order, actor=request.actor, matter=matter, at=request.at)
        messages.success(request, _("It is in your cart once more."))
        return redirect("portal:cart", order=order)
    removed = request.POST.get("do") != "restore"
    set_part(order=order, actor=request.actor, matter=matter, removed=removed, at=request.at)
    messages.success(request, _("It is taken out. You can undo that below.") if removed else _("It is back in."))
    return redirect("portal:cart", order=order)


@signed_in
@unsent
@require_safe
def review(request: Request, order: UUID) -> HttpResponse:
    """Everything once more, each with a way to change it."""
    return _review(request, order_of(request))


@signed_in
@require_http_methods(["GET", "POST"])
def send(request: Request, order: UUID) -> HttpResponse:
    """Send it all: once, however often it is sent."""
    if request.method == "GET":  # led back here after signing in again
        return redirect("portal:cart_review", order=order)
    found = get_order(order=order, actor=request.actor, at=request.at)
    if found.number is None and not request.POST.get("declared"):
        return _review(request, found, undeclared=True)
    if _has_changed(request, found):
        messages.info(request, _("A register says something else by now. Please read it once more, then send it."))
        return redirect("portal:cart_on_file", order=order)
    try:
        ticket = at_window(request) if found.is_assisted and found.number is None else None
        number = submit_order(order=order, actor=request.actor, at=request.at, ticket=ticket)
    except UnderWay as reason:
        messages.warning(request, error_words(reason))
        return redirect("portal:cart", order=order)
    except (OrderIncomplete, DraftIncomplete, DraftOutdated, Refused) as reason:
        found = get_order(order=order, actor=request.actor, at=request.at)
        return _review(request, found, words=_of_part(found, reason))
    if ticket is not None:
        sent = get_order(order=order, actor=request.actor, at=request.at)
        filed_at_window(request, ticket, [part.case.number for part in sent.parts if part.case is not None])
    return redirect(reverse("portal:order", kwargs={"number": number}) + "?sent=1")


@signed_in
@unsent
@require_http_methods(["GET", "POST"])
def discard(request: Request, order: UUID) -> HttpResponse:
    """Throw a cart away, after asking."""
    if request.method == "GET":
        return render(request, "portal/cart/discard.html", {"order": order_of(request)})
    discard_order(order=order, actor=request.actor, at=request.at)
    messages.success(request, _("The cart has been deleted."))
    return redirect("portal:orders")


def _has_changed(request: Request, found: OrderView) -> bool:
    """Whether a register says something else than what was taken, for any part of a cart: all of them are asked."""
    return found.number is None and bool(refresh_parts(order=found, actor=request.actor, at=request.at))


def _again(request: Request) -> bool:
    """Whether they have been told that it is under way, and want it once more."""
    return request.POST.get("again") == "yes"


def order_of(request: Request) -> OrderView:
    """The order of the page, as ``unsent`` has read it."""
    found: OrderView = request.order  # type: ignore[attr-defined]  # put there by ``unsent``
    return found


def _applicants(request: Request, found: Plan) -> list[Applicant]:
    """Everyone in whose name all of it can be asked for."""
    matters = {part.matter for part in found.parts}
    return [
        each
        for each in list_applicants(actor=request.actor, on=timezone.localdate(request.at))
        if (each.matters is None or matters <= each.matters)
        and all(serves(definition=part.definition, applicant=each) for part in found.parts)
    ]


def _ask_whom(
    request: Request,
    bundle: Bundle,
    guide: Mapping[str, str],
    found: Plan,
    applicants: Sequence[Applicant],
    *,
    whose: str = "",
) -> HttpResponse:
    """``whose``: for whom all of it is under way already."""
    language = get_language() or "zh-hans"
    here = capacity_of(request).key
    whom = whom_field(applicants, wrong=request.method == "POST" and not whose, chosen=whose or here)
    named = [each for each in applicants if not whose or each.key == whose]
    ticked = request.POST.getlist("with") if request.method == "POST" else None
    optional = Field(
        kind="checkboxes",
        name="with",
        label=_("What you would like to file as well"),
        hint=_("You can change this later, until you send it."),
        options=tuple(
            Option(
                value=part.matter,
                label=part.definition.name.in_language(language),
                hint=part.part.note.in_language(language) if part.part.note else "",
                selected=ticked is None or part.matter in ticked,
            )
            for part in found.parts
            if part.part.optional
        ),
        required=False,
    )
    context = {
        "bundle": bundle,
        "plan": found,
        "applicants": applicants,
        "whom": whom,
        "optional": optional if optional.options else None,
        "fields": [whom],
        "asked": bool(whose),
        "away": under_way(request, matters=[part.definition for part in found.parts], applicants=named),
        "back": guide_url(bundle, guide),
        "action": f"?{urlencode(guide)}",
        "open": _begun(request, bundle, here),
    }
    return render(request, "portal/cart/begin.html", context, status=422 if request.method == "POST" else 200)


def _needs(request: Request, found: OrderView) -> str:
    """The surest sign-in that any part asks for, where the reader's falls short; at a counter the card counts."""
    asked = [part.definition.assurance for part in found.parts if part.definition.assurance]
    needed = max(asked, key=LEVELS.index, default="")
    return "" if found.is_assisted or meets(request.actor.assurance, needed) else needed


def _begun(request: Request, bundle: Bundle, whose: str) -> list[OrderRow]:
    """Carts of this event of life that are open, for whom the reader is here."""
    carts = list_orders(actor=request.actor, at=request.at, sent=False, applicant=whose)
    return [row for row in carts if row.name == bundle.name]


def _ask_into_cart(
    request: Request, matter: MatterDefinition, applicants: Sequence[Applicant], *, whose: str = ""
) -> HttpResponse:
    """In whose name one matter is put in; ``whose``: for whom it is under way already."""
    wrong = request.method == "POST" and not whose
    whom = whom_field(applicants, wrong=wrong, chosen=whose or capacity_of(request).key)
    named = [each for each in applicants if not whose or each.key == whose]
    context = {
        "matter": matter,
        "applicants": applicants,
        "whom": whom,
        "fields": [whom],
        "asked": bool(whose),
        "away": under_way(request, matters=[matter], applicants=named),
    }
    return render(request, "portal/cart/put_in.html", context, status=422 if request.method == "POST" else 200)


def _review(request: Request, found: OrderView, *, undeclared: bool = False, words: str = "") -> HttpResponse:
    one_by_one = display_of(request).is_elder
    context = {
        "order": found,
        "sections": review_sections(found, one_by_one=one_by_one),
        "known": all_known_rows(found.parts),
        "problems": problem_links(found, one_by_one=one_by_one),
        "undeclared": undeclared,
        "refused": words,
    }
    return render(request, "portal/cart/review.html", context, status=422 if undeclared or words else 200)


def _of_part(found: OrderView, reason: Exception) -> str:
    """Why it could not be sent, and which matter says so."""
    matter = getattr(reason, "matter", "")
    name = next((part.definition.name for part in found.parts if part.matter == matter), None)
    words = error_words(reason)
    return f"{leading(name.in_language(get_language() or 'zh-hans'))}{words}" if name is not None else words
