"""Fees and the provider's statements: which days agree, where they do not, and how that was settled."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.payments.queries import get_stuck, is_on, list_days, list_differences
from tongban.apps.payments.services import count_till, settle_difference
from tongban.web.access import official
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["count", "payments", "settle"]

_DAYS = 31
_STUCK = timedelta(hours=1)


@official("administrator")
@require_safe
def payments(request: Request) -> HttpResponse:
    """Open differences first, then the days, the latest first."""
    before = request.GET.get("before", "")
    days = list_days(before=_day(before), limit=_DAYS + 1)
    opened, refunds = get_stuck(before=request.at - _STUCK)
    context = {
        "on": is_on(),
        "differences": list_differences(),
        "settled": list_differences(settled=True, limit=20),
        "days": days[:_DAYS],
        "next_url": f"?before={days[_DAYS - 1].day.isoformat()}" if len(days) > _DAYS else "",
        "first_url": "?" if before else "",
        "opened": opened,
        "refunds": refunds,
        "till": _till_fields(request),
        "groups": side_groups(actor=request.actor, here="payments"),
    }
    return render(request, "supervise/payments.html", context)


@official("administrator")
@require_POST
def count(request: Request) -> HttpResponse:
    """Hold what a till held in the evening against the receipts of the day."""
    day, text = _day(request.POST.get("day", "")), request.POST.get("counted", "").strip()
    try:
        counted = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        counted = None
    if day is None or counted is None or day > timezone.localdate(request.at):
        messages.error(request, _("Write a day that has come, and an amount in yuan."))
        return redirect("supervise:payments")
    note = request.POST.get("note", "").strip()
    differs = count_till(day=day, counted=counted, note=note, actor=request.actor, at=request.at)
    if differs:
        messages.warning(request, _("It differs by %(amount)s yuan.") % {"amount": differs})
    else:
        messages.success(request, _("It agrees with the receipts."))
    return redirect("supervise:payments")


@official("administrator")
@require_POST
def settle(request: Request, number: int) -> HttpResponse:
    """Say how a difference was settled."""
    note = request.POST.get("note", "").strip()
    if not note:
        messages.error(request, _("Please say how it was settled."))
    else:
        settle_difference(number=number, note=note, actor=request.actor, at=request.at)
        messages.success(request, _("Noted."))
    return redirect("supervise:payments")


def _till_fields(request: Request) -> list[Field]:
    today = timezone.localdate(request.at).isoformat()
    return [
        Field(kind="text", name="day", label=_("Day"), value=today, type="date", width=10),
        Field(kind="text", name="counted", label=_("Counted"), suffix=_("yuan"), width=10, inputmode="decimal"),
        Field(kind="text", name="note", label=_("Remark"), required=False, attributes={"maxlength": "400"}),
    ]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
