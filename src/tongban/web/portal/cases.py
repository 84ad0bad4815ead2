"""What became of it: my cases, following one of them, and what the applicant may do on the way."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.errors import AlreadyRated, UnknownCase
from tongban.apps.cases.queries import CaseRow, CaseView, get_case, list_cases
from tongban.apps.catalog.city import get_rights
from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import Pledge
from tongban.apps.crossings.queries import get_crossing
from tongban.apps.intake.errors import DeclineTooLate, NotUnasked
from tongban.apps.intake.orders.queries import OrderRow, list_orders, orders_by_case
from tongban.apps.intake.queries import get_saved, get_unasked, list_drafts
from tongban.apps.intake.services import decline as give_back
from tongban.apps.intake.services import start_again
from tongban.apps.payments.queries import get_fee
from tongban.apps.rights.queries import get_carried_out
from tongban.apps.rights.services import record_look
from tongban.kernel.flow import Refused
from tongban.web.access import signed_in
from tongban.web.capacity import capacity_of
from tongban.web.cashier import with_cashier
from tongban.web.documents import document_lines
from tongban.web.fields import Field, Option
from tongban.web.following import follow, parts_of
from tongban.web.portal.on_file import saved_words
from tongban.web.portal.visit_card import visit_card
from tongban.web.questions import answer_rows
from tongban.web.registers import said_for, silent_registers, unconfirmed
from tongban.web.requests import Request
from tongban.web.wording import error_words, grade_words
from tongban.web.wording.rights import carried_words

__all__ = ["again", "decline", "follow_case", "listing", "own_case", "rate", "receipt", "withdraw"]

_PAGE = 20
_WAITING = 100
_GROUPS = ("all", "open", "done")
_LONGEST = 2_000


@signed_in
@require_safe
def listing(request: Request) -> HttpResponse:
    """Drafts first, then what waits for me, then the rest, newest first."""
    group, cursor = request.GET.get("group", "all"), request.GET.get("after", "")
    group = group if group in _GROUPS else "all"
    try:
        whose = capacity_of(request).key
        found = list_cases(actor=request.actor, group=group, applicant=whose, cursor=cursor, limit=_PAGE)
    except ValueError:  # a cursor that somebody made up
        return redirect("portal:cases")
    first = not cursor and group != "done"
    waiting = list_cases(actor=request.actor, group="waiting", applicant=whose, limit=_WAITING).rows if first else []
    context = {
        "drafts": list_drafts(actor=request.actor, applicant=whose) if first else [],
        "carts": list_orders(actor=request.actor, at=request.at, sent=False, applicant=whose) if first else [],
        "waiting": waiting,
        "rows": _grouped(request, [row for row in found.rows if row.status != "supplement"]),
        "group": group,
        "groups": (("all", _("All")), ("open", _("Under way")), ("done", _("Finished"))),
        "first_url": f"?group={group}" if cursor else "",
        "next_url": "?" + urlencode({"group": group, "after": found.next}) if found.next else "",
    }
    return render(request, "portal/cases.html", context)


def _grouped(request: Request, rows: Sequence[CaseRow]) -> list[tuple[CaseRow | None, object, OrderRow | None]]:
    """Cases that were filed together stand as their order, once, where the first of them stands."""
    orders = orders_by_case(numbers=[row.number for row in rows], actor=request.actor, at=request.at)
    lines: list[tuple[CaseRow | None, object, OrderRow | None]] = []
    shown: set[UUID] = set()
    for row in rows:
        order = orders.get(row.number)
        if order is None:
            lines.append((row, parts_of(row), None))
        elif order.id not in shown:
            shown.add(order.id)
            lines.append((None, (), order))
    return lines


@signed_in
@require_safe
def follow_case(request: Request, number: int) -> HttpResponse:
    """Where it is, since when, by when, and what is wanted of me."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    if not case.is_owner:  # an official who may see it has a page of their own for it
        return _to_desk(number)
    form, said = case.definition.form, said_for(case=number, definition=case.definition)
    still_open = unconfirmed(said=said, definition=case.definition)
    context = {
        "case": case,
        "row": case.row,
        "silent": silent_registers(said=said),
        "order": orders_by_case(numbers=[number], actor=request.actor, at=request.at).get(number),
        "following": follow(case=case),
        "documents": document_lines(case),
        "fee": get_fee(case=case),
        "carried": _carried(case),
        "pledged": _pledged(case),
        "visit_card": visit_card(case, request),
        "unasked": get_unasked(number=number, at=request.at) if case.channel == services.UNASKED else None,
        "crossing": get_crossing(case=case),
        "answers": answer_rows(form=form, asked=_answered(case), answers=case.answers, unconfirmed=still_open),
        "certificate_name": case.certificate.name(get_language() or "zh-hans") if case.certificate else "",
    }
    return with_cashier(render(request, "portal/case.html", context))


@signed_in
@require_safe
def receipt(request: Request, number: int) -> HttpResponse:
    """The number, what happens next and by when; at a counter, what the clerk gives to who stands there."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    if not case.is_owner and not (case.channel == "window" and request.actor.has_role("clerk")):
        raise UnknownCase
    context = {
        "case": case,
        "row": case.row,
        "assisted": not case.is_owner,
        "following": follow(case=case),
        "documents": () if case.is_owner else document_lines(case),
        "fee": get_fee(case=case),
        "saved": saved_words(get_saved(cases=[number])),
    }
    if not case.is_owner:
        record_look(view=case, actor=request.actor, at=request.at)
    return with_cashier(render(request, "portal/receipt.html", context))


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, number: int) -> HttpResponse:
    """Take the case back, after saying what that means."""
    case = own_case(request, number)
    if request.method == "GET" or not case.may_withdraw:
        return render(request, "portal/withdraw.html", {"case": case, "row": case.row})
    reason = request.POST.get("reason", "").strip()[:_LONGEST]
    try:
        services.withdraw(number=number, reason=reason, actor=request.actor, at=request.at)
        messages.success(request, _("You have taken it back. Nothing more will be done with it."))
    except Refused as refused:
        messages.error(request, error_words(refused))
    return redirect("portal:case", number=number)


@signed_in
@require_POST
def decline(request: Request, number: int) -> HttpResponse:
    """Give back what was granted without asking."""
    own_case(request, number)
    try:
        give_back(number=number, actor=request.actor, at=request.at)
        messages.success(request, _("You have declined it. You can still ask for it yourself at any time."))
    except (NotUnasked, DeclineTooLate) as refused:
        messages.info(request, error_words(refused))
    return redirect("portal:case", number=number)


@signed_in
@require_POST
def again(request: Request, number: int) -> HttpResponse:
    """Ask for the same once more, with what was answered then."""
    draft = start_again(case=own_case(request, number), actor=request.actor, at=request.at)
    messages.info(request, _("Your earlier answers are filled in. Please read them; numbers of people are asked anew."))
    return redirect("portal:resume", draft=draft)


@signed_in
@require_http_methods(["GET", "POST"])
def rate(request: Request, number: int) -> HttpResponse:
    """Five grades and, if they like, words; once."""
    case = own_case(request, number)
    if not case.may_rate:
        done = _("You have rated this already. Thank you.") if case.rating else _("You can rate it once it is decided.")
        messages.info(request, done)
        return redirect("portal:case", number=number)
    grade, words = request.POST.get("grade", ""), request.POST.get("words", "").strip()[:_LONGEST]
    if request.method == "GET" or grade not in {"1", "2", "3", "4", "5"}:
        wrong = (_("Please choose one of the five"),) if request.method == "POST" else ()
        return _ask_rating(request, case, words, wrong)
    try:
        shown = request.POST.get("shown") == "yes"
        services.rate(number=number, grade=int(grade), words=words, shown=shown, actor=request.actor, at=request.at)
        messages.success(request, _("Thank you for telling us."))
    except (AlreadyRated, Refused) as refused:
        messages.info(request, error_words(refused))
    return redirect("portal:case", number=number)


def _pledged(case: CaseView) -> Pledge | None:
    """What was signed as it was filed, in the words of the version that held then."""
    at = next((seq for seq, event in enumerate(case.history, 1) if event.kind == "pledge.signed"), 0)
    return case.versions.at(at).pledge if at else None


def _carried(case: CaseView) -> dict[str, list[str]] | None:
    """What was done on a request about one's data, and what stays; None for any other case."""
    if case.row.matter not in get_rights().matters.values():
        return None
    found = get_carried_out(case=case.number)
    if found is None:
        return None
    return {"done": list(map(carried_words, found.done)), "kept": list(map(carried_words, found.kept))}


def own_case(request: Request, number: int) -> CaseView:
    """The case, if it is the reader's own. Raises ``UnknownCase`` for an official, too: these pages are the owner's."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    if not case.is_owner:
        raise UnknownCase
    return case


def _answered(case: CaseView) -> list[Asked]:
    return [field for name, field in case.definition.form.fields.items() if name in case.answers]


def _ask_rating(request: Request, case: CaseView, words: str, wrong: tuple[str, ...]) -> HttpResponse:
    options = tuple(Option(value=str(grade), label=grade_words(grade)) for grade in (5, 4, 3, 2, 1))
    grade = Field(kind="rating", name="grade", label=_("How was it?"), options=options, errors=wrong)
    more = Field(
        kind="textarea",
        name="words",
        label=_("What should we know?"),
        hint=_("Please leave out numbers of cards and telephones."),
        value=words,
        required=False,
    )
    shown = Field(
        kind="checkbox",
        name="shown",
        label=_("Others may read my words on the page of this matter, without my name"),
        value="yes" if request.POST.get("shown") == "yes" else "",
        required=False,
    )
    context = {"case": case, "row": case.row, "grade": grade, "more": more, "shown": shown, "fields": [grade]}
    return render(request, "portal/rate.html", context, status=422 if wrong else 200)


def _to_desk(number: int) -> HttpResponse:
    try:
        return redirect(reverse("desk:case", kwargs={"number": number}))
    except NoReverseMatch:
        raise UnknownCase from None
