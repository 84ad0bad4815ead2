"""Looking something up without signing in: where a case is, and whether a certificate is genuine."""

from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import track_case
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.queries import get_certificate
from tongban.kernel.numbers import CertificateIdentifier, NumberError, parse_case_number
from tongban.web.access import View, public
from tongban.web.addresses import address_of
from tongban.web.fields import Field
from tongban.web.following import follow
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["certificate", "track", "tracked", "verify"]

_KEPT = timedelta(minutes=15)
_PER_NUMBER = "10/h"
"""Four digits are soon tried through: so often a case can be asked for in an hour, from wherever."""


def unlisted(view: View) -> View:
    """What these pages say of single cases and certificates is not for search engines."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return inner  # type: ignore[return-value]  # wraps keeps the view's own shape


# --- tracking ---------------------------------------------------------------------------------------------------------


@public
@unlisted
@require_http_methods(["GET", "POST"])
def track(request: Request) -> HttpResponse:
    """Ask for the number and the last four digits of the telephone."""
    if request.method == "GET":
        return _ask_number(request)
    if _asks_too_often(request, "track", settings.RATE_TRACKING):
        return too_many_requests(request)
    try:
        number = parse_case_number(request.POST.get("number", ""))
    except NumberError as error:
        return _ask_number(request, number=error_words(error))
    if _asks_too_often(request, "track-number", _PER_NUMBER, key=str(number)):
        return too_many_requests(request)
    ending = request.POST.get("phone", "").strip()
    try:
        track_case(number=number, phone_ending=ending, at=request.at)
    except UnknownCase:
        words = _("We cannot find a case with this number and these digits. Please compare both with the receipt.")
        return _ask_number(request, phone=words)
    request.session["tracked"] = {"number": number, "ending": ending, "until": (request.at + _KEPT).isoformat()}
    return redirect("open:tracked")


@public
@unlisted
@require_safe
def tracked(request: Request) -> HttpResponse:
    """The case that this browser has just shown the right digits for; for some minutes."""
    kept = request.session.get("tracked")
    if not kept or kept["until"] < request.at.isoformat():
        request.session.pop("tracked", None)
        return redirect("open:track")
    case = track_case(number=kept["number"], phone_ending=kept["ending"], at=request.at)
    return render(request, "open/tracked.html", {"case": case, "row": case.row, "following": follow(case=case)})


def _ask_number(request: Request, *, number: str = "", phone: str = "") -> HttpResponse:
    fields = [
        Field(
            kind="text",
            name="number",
            label=_("Case number"),
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
            value=request.POST.get("phone", ""),
            errors=(phone,) if phone else (),
            width=4,
            inputmode="numeric",
            autocomplete="off",
        ),
    ]
    return render(request, "open/track.html", {"fields": fields}, status=422 if number or phone else 200)


# --- verification -----------------------------------------------------------------------------------------------------


@public
@unlisted
@require_safe
def verify(request: Request) -> HttpResponse:
    """Ask for the number of a certificate, or lead to what was asked."""
    typed = "".join(request.GET.get("identifier", "").split()).upper()[:120]
    if "/" in typed:  # no number has one, and no address of ours could carry it
        return _no_number(request, typed, NumberError("number.digits", kind="certificate"))
    if typed:
        return redirect("open:certificate", identifier=typed)
    return render(request, "open/verify.html", {"field": _identifier_field("", "")})


@public
@unlisted
@require_safe
def certificate(request: Request, identifier: str) -> HttpResponse:
    """Genuine, expired, unknown, or no such number at all: told apart."""
    if _asks_too_often(request, "verify", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    try:
        plain = str(CertificateIdentifier.parse(identifier))
        found = get_certificate(identifier=plain)
    except NumberError as error:
        return _no_number(request, identifier, error)
    except UnknownCertificate:
        return render(request, "open/certificate.html", {"identifier": identifier, "found": None}, status=404)
    context = {
        "found": found,
        "name": found.name(get_language() or "zh-hans"),
        "is_valid": found.is_valid(on=timezone.localdate(request.at)),
        "identifier": plain,
    }
    return render(request, "open/certificate.html", context)


def _no_number(request: Request, typed: str, error: NumberError) -> HttpResponse:
    field = _identifier_field(typed, error_words(error))
    return render(request, "open/verify.html", {"field": field, "fields": [field]}, status=422)


def _identifier_field(value: str, error: str) -> Field:
    return Field(
        kind="text",
        name="identifier",
        label=_("Number of the certificate"),
        hint=_("At the foot of the certificate, beginning with 1.2.156.3005.2. Or scan its QR code with your phone."),
        value=value,
        errors=(error,) if error else (),
        autocomplete="off",
    )


def _asks_too_often(request: HttpRequest, group: str, rate: str, *, key: str = "") -> bool:
    """Count this request; true when there were more than ``rate`` of them from one address, or for one ``key``."""
    counted = key or address_of(request)
    return bool(is_ratelimited(request, group=group, key=lambda *_: counted, rate=rate, increment=True))
