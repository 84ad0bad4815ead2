"""The fee of a case as its authority sees it, and paying it back with a reason."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.queries import CaseView, get_case
from tongban.apps.payments.errors import AmountUnfit, PaymentError
from tongban.apps.payments.queries import FeeView, RefundLine, get_fee
from tongban.apps.payments.services import record_cash, record_cash_refund, refund
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words

__all__ = ["fee"]


@official()
@require_http_methods(["GET", "POST"])
def fee(request: Request, number: int) -> HttpResponse:
    """What was paid and paid back; a decider of the authority pays back."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    found = get_fee(case=case)
    if found.state == "none":
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at)
    do = request.POST.get("do", "refund")
    errors = _DOING.get(do, _give_back)(request, case) if request.method == "POST" else {}
    if do in _DOING and errors and not _takes_cash(request, found) and not _handing_back(request, found, {}):
        messages.error(request, next(iter(errors.values())))  # no form is left on the page that could say it
        return redirect("desk:fee", number=number)
    if request.method == "POST" and not errors:
        messages.success(request, _DONE.get(do, _DONE["refund"]))
        return redirect("desk:fee", number=number)
    may = request.actor.has_role("decider", department=case.row.authority)
    context = {
        "case": case,
        "row": case.row,
        "fee": found,
        "may_refund": may and found.paid is not None and found.paid.left > 0,
        "fields": _fields(request, errors if do == "refund" else {}, found.paid.left if found.paid else Decimal(0)),
        "cash": _cash_fields(request, errors if do == "cash" else {}, found.amount)
        if _takes_cash(request, found)
        else [],
        "handing_back": _handing_back(request, found, errors if do == "cash_back" else {}),
        "groups": side_groups(actor=request.actor),
    }
    return render(request, "desk/fee.html", context, status=422 if errors else 200)


def _takes_cash(request: Request, fee: FeeView) -> bool:
    return request.actor.has_role("clerk") and fee.state in ("due", "later")


def _take_cash(request: Request, case: CaseView) -> dict[str, str]:
    """Write down cash that was taken, against the number of the receipt that was given."""
    receipt, amount = request.POST.get("receipt", "").strip(), _amount(request.POST.get("cash", ""))
    if not receipt:
        return {"receipt": _("Write the number of the receipt that you gave.")}
    if amount is None:
        return {"cash": _("Write an amount in yuan, with no more than two decimals.")}
    try:
        record_cash(case=case, receipt=receipt, amount=amount, actor=request.actor, at=request.at)
    except AmountUnfit as error:
        return {"cash": _("The fee is %(amount)s yuan.") % {"amount": error.params["left"]}}
    except PaymentError as error:
        return {"receipt": error_words(error)}
    return {}


def _hand_back(request: Request, case: CaseView) -> dict[str, str]:
    """Write down cash that was handed back."""
    receipt, reference = request.POST.get("receipt", "").strip(), request.POST.get("reference", "")
    if not receipt:
        return {"receipt": _("Write the number of the receipt that they signed.")}
    try:
        record_cash_refund(case=case, reference=reference, receipt=receipt, actor=request.actor, at=request.at)
    except PaymentError as error:
        return {"receipt": error_words(error)}
    return {}


def _handing_back(request: Request, fee: FeeView, errors: dict[str, str]) -> list[tuple[RefundLine, list[Field]]]:
    """What waits to be handed back in cash, for whoever stands at the counter."""
    if not request.actor.has_role("clerk"):
        return []
    lines = [line for payment in fee.payments if payment.cash for line in payment.refunds if line.done_at is None]
    return [(line, [_receipt_field(request, errors, _("Number of the receipt that they signed"))]) for line in lines]


def _cash_fields(request: Request, errors: dict[str, str], owed: Decimal) -> list[Field]:
    amount = Field(
        kind="text",
        name="cash",
        label=_("Taken in cash"),
        suffix=_("yuan"),
        width=10,
        inputmode="decimal",
        value=request.POST.get("cash", f"{owed}"),
        errors=(errors["cash"],) if "cash" in errors else (),
    )
    return [_receipt_field(request, errors, _("Number of the receipt that you gave")), amount]


def _receipt_field(request: Request, errors: dict[str, str], label: str) -> Field:
    return Field(
        kind="text",
        name="receipt",
        label=label,
        width=20,
        value=request.POST.get("receipt", ""),
        errors=(errors["receipt"],) if "receipt" in errors else (),
        attributes={"maxlength": "40"},
    )


_DOING = {"cash": _take_cash, "cash_back": _hand_back}
_DONE = {
    "refund": gettext_lazy("It is being paid back. The applicant sees it on the page of the case."),
    "cash": gettext_lazy("It is written down as paid. The applicant finds the receipt on the page of the case."),
    "cash_back": gettext_lazy("It is written down as handed back."),
}


def _amount(text: str) -> Decimal | None:
    """An amount in yuan as it was typed; None for what is none."""
    try:
        amount = Decimal(text.strip())
        if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
            raise InvalidOperation
    except InvalidOperation:
        return None
    return amount


def _give_back(request: Request, case: CaseView) -> dict[str, str]:
    errors: dict[str, str] = {}
    reason, amount = request.POST.get("reason", "").strip(), _amount(request.POST.get("amount", ""))
    if amount is None:
        errors["amount"] = _("Write an amount in yuan, with no more than two decimals.")
    if not reason:
        errors["reason"] = _("Please give the reason: the applicant has a right to know it.")
    if errors or amount is None:
        return errors
    try:
        refund(
            case=case,
            reference=request.POST.get("reference", ""),
            amount=amount,
            reason=reason,
            actor=request.actor,
            at=request.at,
        )
    except AmountUnfit as error:
        return {"amount": error_words(error)}
    return {}


def _fields(request: Request, errors: dict[str, str], left: Decimal) -> list[Field]:
    given = request.POST
    return [
        Field(
            kind="text",
            name="amount",
            label=_("Amount"),
            suffix=_("yuan"),
            width=10,
            inputmode="decimal",
            value=given.get("amount", f"{left}"),
            errors=(errors["amount"],) if "amount" in errors else (),
        ),
        Field(
            kind="textarea",
            name="reason",
            label=_("Reason"),
            hint=_("The applicant reads it."),
            value=given.get("reason", ""),
            errors=(errors["reason"],) if "reason" in errors else (),
            attributes={"maxlength": "400"},
        ),
    ]
