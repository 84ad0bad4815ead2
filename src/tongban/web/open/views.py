"""Looking something up without signing in: where a case is."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import CaseView, track_case
from tongban.apps.intake.errors import UnknownOrder
from tongban.apps.intake.orders.tracking import track_order
from tongban.apps.payments.queries import list_owed_of
from tongban.kernel.numbers import NumberError, parse_case_number
from tongban.web.access import public
from tongban.web.documents import document_lines, document_response
from tongban.web.fields import Field
from tongban.web.following import follow
from tongban.web.limits import asks_too_often, unlisted
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["document", "track", "tracked"]

_KEPT = timedelta(minutes=15)
_PER_NUMBER = "10/h"
"""Four digits are soon tried through: so often a case can be asked for in an hour, from wherever."""


@public
@unlisted
@require_http_methods(["GET", "POST"])
def track(request: Request) -> HttpResponse:
    """Ask for the number, and for the four characters that open it."""
    if request.method == "GET":
        return _ask_number(request)
    if asks_too_often(request, "track", settings.RATE_TRACKING):
        return too_many_requests(request)
    try:
        number = parse_case_number(request.POST.get("number", ""))
    except NumberError as error:
        return _ask_number(request, number=error_words(error))
    if asks_too_often(request, "track-number", _PER_NUMBER, key=str(number)):
        return too_many_requests(request)
    ending = request.POST.get("phone", "").strip()
    kind = _kind_of(request, number, ending)
    if not kind:
        words = _("We cannot find a case with this number and these digits. Please compare both with the receipt.")
        return _ask_number(request, phone=words)
    for name in ("tracked", "tracked_order"):
        request.session.pop(name, None)
    request.session[kind] = {"number": number, "ending": ending, "until": (request.at + _KEPT).isoformat()}
    return redirect(f"open:{kind}")


@public
@unlisted
@require_safe
def tracked(request: Request) -> HttpResponse:
    """The case that this browser has just shown the right digits for; for some minutes."""
    case = _tracked_case(request)
    if case is None:
        return redirect("open:track")
    context = {
        "case": case,
        "row": case.row,
        "following": follow(case=case),
        "documents": document_lines(case, public=True),
        "is_of_order": "tracked_order" in request.session,
        "owed": list_owed_of(numbers=[case.number]),
    }
    return render(request, "open/tracked.html", context)


@public
@unlisted
@require_safe
def document(request: Request, entry: int) -> HttpResponse:
    """A document of the case that this browser has just shown the right digits for, without the name."""
    case = _tracked_case(request)
    return redirect("open:track") if case is None else document_response(case, entry, at=request.at, public=True)


def _kind_of(request: Request, number: int, ending: str) -> str:
    """Whether it is a case or an order that number and digits fit; "" for neither."""
    try:
        track_case(number=number, ending=ending, at=request.at)
    except UnknownCase:
        try:
            track_order(number=number, ending=ending)
        except UnknownOrder:
            return ""
        return "tracked_order"
    return "tracked"


def _tracked_case(request: Request) -> CaseView | None:
    kept = request.session.get("tracked")
    if not kept or kept["until"] < request.at.isoformat():
        request.session.pop("tracked", None)
        return None
    return track_case(number=kept["number"], ending=kept["ending"], at=request.at)


def _ask_number(request: Request, *, number: str = "", phone: str = "") -> HttpResponse:
    fields = [
        Field(
            kind="text",
            name="number",
            label=_("Case or order number"),
            hint=_("16 digits, on your receipt. Spaces do not matter."),
            value=request.POST.get("number", request.GET.get("number", "")),
            errors=(number,) if number else (),
            width=20,
            inputmode="numeric",
            autocomplete="off",
        ),
        Field(
            kind="text",
            name="phone",
            label=_("Last four digits of the applicant's telephone"),
            hint=_("Filed without a telephone? Then the last four characters of the identity number."),
            value=request.POST.get("phone", ""),
            errors=(phone,) if phone else (),
            width=4,
            autocomplete="off",
        ),
    ]
    return render(request, "open/track.html", {"fields": fields}, status=422 if number or phone else 200)
