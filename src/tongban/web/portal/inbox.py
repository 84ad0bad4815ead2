"""The inbox: all that government tells somebody, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.channels.errors import UnknownNotice
from tongban.apps.channels.queries import InboxPage, NoticeRow, count_unread, count_unread_of, list_notices
from tongban.apps.channels.services import mark_all_read, mark_read
from tongban.apps.intake.errors import UnknownOrder
from tongban.apps.intake.orders.facts import name_orders
from tongban.apps.intake.orders.queries import get_order_numbered
from tongban.apps.payments.queries import Owed, list_owed_of
from tongban.web.access import signed_in
from tongban.web.capacity import capacity_of
from tongban.web.cashier import with_cashier
from tongban.web.requests import Request
from tongban.web.wording import carrier_words, group_words

__all__ = ["listing", "open_notice", "read_all", "read_one"]

_OF_THE_ORDER = ("order_filed", "order_part")
_SHOW = ("all", "new", "wanted", "result", "progress", "reminder")


@signed_in
@require_safe
def listing(request: Request) -> HttpResponse:
    """What I have been told, or who I am here for: all of it, what is new, or what is about one thing."""
    show, cursor = request.GET.get("show", "all"), request.GET.get("after", "")
    show = show if show in _SHOW else "all"
    try:
        found = _page(request, show, cursor)
    except ValueError:  # a cursor that somebody made up
        return redirect("portal:inbox")
    context = {
        "threads": _threads(found),
        "owed": {each.case: each for each in _owed(found)},
        "show": show,
        "choices": [(code, _name(code)) for code in _SHOW],
        "new": _new(request),
        "until": request.at.isoformat(),
        "back": request.get_full_path(),
        "first_url": f"?{urlencode({'show': show})}" if cursor else "",
        "next_url": "?" + urlencode({"show": show, "after": found.next}) if found.next else "",
    }
    return with_cashier(render(request, "portal/inbox.html", context))


@signed_in
@require_safe
def open_notice(request: Request, notice: int) -> HttpResponse:
    """Note that it is read, and go to what it is about."""
    found = mark_read(person_id=_reader(request), notice_id=notice, at=request.at)
    if found.kind in _OF_THE_ORDER and found.order and _may_follow(request, found.order):
        return redirect("portal:order", number=found.order)
    if found.kind == "fee_due" and found.case:
        return redirect("portal:fee", number=found.case)
    if found.kind == "draft_ends":
        return redirect("portal:cases")
    if found.kind == "cart_ends":
        return redirect("portal:orders")
    if found.kind.startswith("appointment_"):
        return redirect("hall:appointments")
    if found.kind == "number_near":
        return redirect("hall:ticket", number=int(found.params["ticket"]))
    if found.kind == "event_stated":
        return redirect("voice:event", number=int(found.params["event"]))
    if found.kind.startswith("mandate_"):
        return redirect("portal:mandates")
    return redirect("portal:case", number=found.case) if found.case else redirect("portal:inbox")


@signed_in
@require_POST
def read_one(request: Request, notice: int) -> HttpResponse:
    """Note that it is read, and stay where the reader was."""
    mark_read(person_id=_reader(request), notice_id=notice, at=request.at)
    return redirect(_back(request))


@signed_in
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Note that all is read that was there when the page was drawn; what has come since stays new."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = request.at
    until = min(until, request.at) if until.tzinfo else request.at
    whose = capacity_of(request).key
    matters = request.actor.matters_for(whose) if whose else None
    count = mark_all_read(person_id=_reader(request), at=request.at, until=until, whose=whose, matters=matters)
    words = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", count)
    messages.success(request, words % {"count": count})
    return redirect("portal:inbox")


@dataclass(frozen=True, slots=True)
class Thread:
    """Notices of one order, the newest in sight; or one notice by itself (``order`` None)."""

    order: int | None
    name: str
    newest: tuple[NoticeRow, str]
    earlier: Sequence[tuple[NoticeRow, str]]


def _threads(found: InboxPage) -> list[Thread]:
    """What belongs to one order stands together, where the newest of it stands."""
    lines: dict[object, list[tuple[NoticeRow, str]]] = {}
    for row in found.rows:
        sent = ", ".join(carrier_words(each) for each in row.sent)
        lines.setdefault(f"order {row.order}" if row.order else row.id, []).append((row, sent))
    names = name_orders(numbers={row.order for row in found.rows if row.order is not None})
    language = get_language() or "zh-hans"
    return [
        Thread(
            order=mine[0][0].order,
            name=names[order].in_language(language) if (order := mine[0][0].order) in names else _("Filed together"),
            newest=mine[0],
            earlier=mine[1:],
        )
        for mine in lines.values()
    ]


def _owed(found: InboxPage) -> list[Owed]:
    """What can be paid right here."""
    return list_owed_of(numbers={row.case for row in found.rows if row.kind == "fee_due" and row.case is not None})


def _may_follow(request: Request, number: int) -> bool:
    """Whether the reader put that order together: others who are told follow its case."""
    try:
        get_order_numbered(number=number, actor=request.actor, at=request.at)
    except UnknownOrder:
        return False
    return True


def _page(request: Request, show: str, cursor: str) -> InboxPage:
    if request.actor.person_id is None:
        return InboxPage(rows=[])
    whose = capacity_of(request).key
    return list_notices(
        person_id=request.actor.person_id,
        language=get_language() or "zh-hans",
        group="" if show in ("all", "new") else show,
        unread=show == "new",
        whose=whose,
        matters=request.actor.matters_for(whose) if whose else None,
        cursor=cursor,
    )


def _new(request: Request) -> int:
    """How many of those that this inbox shows are new to the reader."""
    person, whose = request.actor.person_id, capacity_of(request).key
    if person is None:
        return 0
    if not whose:
        return count_unread(person_id=person)
    return count_unread_of(person_id=person, whose=whose, matters=request.actor.matters_for(whose))


def _reader(request: Request) -> int:
    if request.actor.person_id is None:
        raise UnknownNotice
    return request.actor.person_id


def _name(code: str) -> str:
    return {"all": _("All"), "new": _("New")}.get(code) or group_words(code)


def _back(request: Request) -> str:
    """Only back into the inbox, whatever the form says."""
    asked = request.POST.get("next", "")
    return asked if asked.startswith("/inbox/?") else "/inbox/"
