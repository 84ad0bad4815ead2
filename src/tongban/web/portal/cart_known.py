"""What is on file for everything in a cart: one page, taken with one press for all of it, or left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.intake.orders.known import decline_known, look_up_parts, take_known
from tongban.apps.intake.orders.queries import OrderView, get_order
from tongban.web.access import signed_in
from tongban.web.portal.cart import order_of, unsent
from tongban.web.portal.carting import next_url
from tongban.web.portal.on_file import all_shown, said_by, saved_words
from tongban.web.requests import Request

__all__ = ["on_file"]


@signed_in
@unsent
@require_http_methods(["GET", "POST"])
def on_file(request: Request, order: UUID) -> HttpResponse:
    """Read what there is for all parts; use all of it, or none. Registers that need consent are asked here."""
    found = order_of(request)
    if request.method == "GET":
        # Begun at a counter, or before registers were asked for carts.
        if found.is_owner and look_up_parts(order=order, actor=request.actor, at=request.at, first=True):
            found = get_order(order=order, actor=request.actor, at=request.at)
        return _show(request, found)
    action = request.POST.get("action", "")
    if action == "decline":
        decline_known(order=order, actor=request.actor, at=request.at)
        messages.info(request, _("Nothing of it is used. You fill everything in yourself."))
        return _onward(request, order)
    before, consented = _said(found), request.POST.getlist("consent")
    look_up_parts(order=order, actor=request.actor, at=request.at, consented=consented)
    found = get_order(order=order, actor=request.actor, at=request.at)
    if action == "look" or _said(found) != before:
        if action != "look":
            messages.info(request, _("The register says something else by now. Please read it once more."))
        elif not found.is_offered and not any(part.on_file.is_taken for part in found.parts):
            messages.info(request, _("The register does not answer, or has no record. You can go on."))
        return redirect("portal:cart_on_file", order=order)
    if saved := take_known(order=order, actor=request.actor, at=request.at):
        messages.success(request, saved_words(saved))
    return _onward(request, order)


def _said(order: OrderView) -> dict[str, list[object]]:
    return {part.matter: said_by(part.on_file) for part in order.parts}


def _show(request: Request, order: OrderView) -> HttpResponse:
    shown = all_shown(order.parts)
    if not shown:
        return redirect(next_url(order))
    return render(request, "portal/cart/on_file.html", {"order": order, "all": shown})


def _onward(request: Request, order: UUID) -> HttpResponse:
    return redirect(next_url(get_order(order=order, actor=request.actor, at=request.at)))
