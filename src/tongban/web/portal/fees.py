"""The fee of my case: what it costs and why, the way to the cashier and back, the receipt."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.payments.errors import NothingOwed, PaymentError, PaymentsOff, ProofInvalid, ProviderAway
from tongban.apps.payments.queries import get_fee, render_receipt
from tongban.apps.payments.services import open_payment, settle
from tongban.web.access import signed_in
from tongban.web.cashier import with_cashier
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["fee", "pay", "receipt", "returned"]


@signed_in
@require_safe
def fee(request: Request, number: int) -> HttpResponse:
    """What it costs, on what basis, and how it stands with that."""
    case = own_case(request, number)
    found = get_fee(case=case)
    if found.state == "none":
        raise Http404
    context = {"case": case, "row": case.row, "fee": found, "waits": bool(found.opened) and "back" in request.GET}
    template = "portal/fee_state.html" if request.headers.get("HX-Request") else "portal/fee.html"
    return with_cashier(render(request, template, context))


@signed_in
@require_POST
def pay(request: Request, number: int) -> HttpResponse:
    """Go to the cashier. Twice leads to the same page there."""
    case = own_case(request, number)
    here = f"{settings.BASE_URL}{reverse('portal:fee_returned', args=[number])}"
    try:
        page = open_payment(
            case=case,
            actor=request.actor,
            language=get_language() or "zh-hans",
            return_url=here,
            notify_url=f"{settings.BASE_URL}{reverse('open:payment_notice')}",
            at=request.at,
        )
    except NothingOwed as error:
        messages.info(request, error_words(error))
        return redirect("portal:fee", number=number)
    except (ProviderAway, ProofInvalid, PaymentsOff) as error:
        messages.error(request, error_words(error))
        return redirect("portal:fee", number=number)
    return redirect(page)


@signed_in
@require_safe
def returned(request: Request, number: int) -> HttpResponse:
    """Back from the cashier: ask the provider once; what it has not confirmed yet is waited for on the fee's page."""
    case = own_case(request, number)
    found = get_fee(case=case)
    if found.opened:
        with suppress(PaymentError):  # the page says that it is not confirmed; the worker goes on asking
            settle(reference=found.opened, at=request.at)
        found = get_fee(case=case)
    if found.state == "paid":
        messages.success(request, _("Paid. Thank you."))
        return redirect("portal:fee", number=number)
    return redirect(f"{reverse('portal:fee', args=[number])}?back")


@signed_in
@require_safe
def receipt(request: Request, number: int, receipt: str) -> HttpResponse:
    """The receipt of a payment, as PDF."""
    case = own_case(request, number)
    payment = next((each for each in get_fee(case=case).payments if each.receipt_no == receipt), None)
    if payment is None:
        raise Http404
    check_url = f"{settings.BASE_URL}{reverse('portal:fee', args=[number])}"
    content = render_receipt(case=case, payment=payment, check_url=check_url, at=request.at)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{_('Receipt for a fee')}-{receipt}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
