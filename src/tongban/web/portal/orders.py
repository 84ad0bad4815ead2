"""Following several matters as one: each part's progress, what is wanted of me next, and one timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.queries import CaseRow
from tongban.apps.intake.orders.queries import OrderView, PartView, get_order, get_order_numbered, list_orders
from tongban.apps.intake.orders.sharing import get_invitation, revoke_share, share_order, take_share
from tongban.apps.intake.queries import get_saved
from tongban.apps.payments.queries import list_owed_of
from tongban.web.access import signed_in
from tongban.web.away import away_lines
from tongban.web.capacity import capacity_of
from tongban.web.cashier import with_cashier
from tongban.web.following import Item
from tongban.web.portal.ahead import next_steps
from tongban.web.portal.on_file import saved_words
from tongban.web.requests import Request
from tongban.web.wording import outcome_words, refusal_words

__all__ = ["follow", "listing", "share", "take"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that waits for the reader."""

    words: str
    url: str
    action: str


@signed_in
@require_safe
def listing(request: Request) -> HttpResponse:
    """Carts first, then what was sent; for whom the reader is here."""
    whose = capacity_of(request).key
    context = {
        "carts": list_orders(actor=request.actor, at=request.at, sent=False, applicant=whose),
        "sent": list_orders(actor=request.actor, at=request.at, sent=True, applicant=whose, limit=50),
    }
    return render(request, "portal/orders/listing.html", context)


@signed_in
@require_safe
def follow(request: Request, number: int) -> HttpResponse:
    """Where each part is, what is wanted of me, and all that has happened in one line."""
    order = get_order_numbered(number=number, actor=request.actor, at=request.at)
    numbers = [part.case.number for part in order.parts if part.case is not None]
    owed = list_owed_of(numbers=numbers)
    context = {
        "order": order,
        "wanted": _wanted(order),
        "away": away_lines(order.away),
        "timeline": _timeline(order),
        "just_sent": request.GET.get("sent") == "1",
        "saved": saved_words(get_saved(cases=numbers)),
        "steps": next_steps(order, owed=owed, at=request.at),
        "owing": [each for each in owed if each.amount],
        "segments": [{"name": part.definition.name, "state": _state(part)} for part in order.parts],
    }
    return with_cashier(render(request, "portal/orders/page.html", context))


@signed_in
@require_http_methods(["GET", "POST"])
def share(request: Request, order: UUID) -> HttpResponse:
    """Let somebody else look at it and complete it, and take that back again."""
    found = get_order(order=order, actor=request.actor, at=request.at)
    if found.number is not None:
        return redirect("portal:order", number=found.number)
    if not found.is_owner:
        return redirect("portal:cart", order=order)
    link = ""
    if request.method == "POST" and (revoke := request.POST.get("revoke", "")):
        no = int(revoke) if revoke.isascii() and revoke.isdigit() else 0
        revoke_share(order=order, share=no, actor=request.actor, at=request.at)
        messages.success(request, _("The link no longer works."))
        return redirect("portal:cart_share", order=order)
    if request.method == "POST":
        secret = share_order(order=order, actor=request.actor, at=request.at)
        link = request.build_absolute_uri(reverse("portal:take", kwargs={"secret": secret}))
        found = get_order(order=order, actor=request.actor, at=request.at)
    return render(request, "portal/cart/share.html", {"order": found, "link": link})


@signed_in
@require_http_methods(["GET", "POST"])
def take(request: Request, secret: str) -> HttpResponse:
    """Somebody has been sent a link: who from is told to whoever has signed in, what is in it once they take it."""
    if request.method == "GET":
        name = get_invitation(secret=secret, actor=request.actor, at=request.at)
        return render(request, "portal/cart/take.html", {"by": name})
    order = take_share(secret=secret, actor=request.actor, at=request.at)
    return redirect("portal:cart", order=order)


def _wanted(order: OrderView) -> list[Wanted]:
    found: list[Wanted] = []
    for part in order.parts:
        name = part.definition.name.in_language(_language())
        if part.state == "wanted":
            words = (
                refusal_words(code=part.why) if part.why else _("It is its turn now. A few answers are still needed.")
            )
            url = reverse("portal:resume", kwargs={"draft": part.draft})
            found.append(Wanted(f"{name} · {words}", url, _("Fill it in and send it")))
        elif part.case is not None and part.case.status == "supplement":
            url = reverse("portal:supplement", kwargs={"number": part.case.number})
            found.append(Wanted(f"{name} · {_('Something is missing. Please hand it in.')}", url, _("Hand it in")))
    return found


def _state(part: PartView) -> str:
    if part.case is not None and part.case.status == "supplement":
        return "waiting"
    if part.case is not None:
        return "done" if part.case.outcome or part.case.closed_at else "active"
    return {"wanted": "waiting", "stopped": "done"}.get(part.state, "ahead")


def _timeline(order: OrderView) -> Sequence[Item]:
    """All that has happened, over all parts, and what is ahead."""
    happened: list[tuple[datetime, str, str]] = []
    if order.submitted_at is not None:
        happened.append((order.submitted_at, _("Sent together"), ""))
    for part in order.parts:
        if part.case is not None:
            happened += _happened(part.case, part.definition.name.in_language(_language()))
    items = [
        Item(name, "done", (line,) if line else (), at) for at, name, line in sorted(happened, key=lambda one: one[0])
    ]
    ahead = [part for part in order.parts if part.case is None and part.state in ("waiting", "wanted")]
    for part in ahead:
        why = [one.why.in_language(_language()) for _name, one in part.after]
        state = "waiting" if part.state == "wanted" else "ahead"
        items.append(Item(part.definition.name.in_language(_language()), state, why))
    return items


def _happened(case: CaseRow, name: str) -> list[tuple[datetime, str, str]]:
    found = [(case.filed_at, name, _("received"))]
    if case.accepted_at is not None and case.accepted_at != case.decided_at:
        found.append((case.accepted_at, name, _("accepted")))
    end = case.decided_at or case.closed_at
    if end is not None and case.outcome:
        found.append((end, name, outcome_words(case.ended_as)))
    return found


def _language() -> str:
    return get_language() or "zh-hans"
