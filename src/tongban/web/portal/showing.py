"""Showing fields of a certificate to somebody: choose them, hold out a code for minutes, see and end what is shown."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.evidence.errors import EvidenceError, NothingToShow
from tongban.apps.evidence.queries import (
    HIDDEN,
    CertificateView,
    ShowingView,
    draw_check_code,
    get_certificate,
    get_showing,
    list_showings,
)
from tongban.apps.evidence.services import end_showing, start_showing
from tongban.web.access import signed_in
from tongban.web.fields import Field, Option
from tongban.web.portal.wallet import Held, held_by
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import spoken
from tongban.web.wording import error_words

__all__ = ["choose", "end", "listing", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that was shown, as its owner's list has it."""

    showing: ShowingView
    certificate: CertificateView
    fields: list[str]
    is_open: bool


@signed_in
@require_http_methods(["GET", "POST"])
def choose(request: Request, identifier: str) -> HttpResponse:
    """Tick what to show of one certificate, and to whom."""
    held = next((each for each in held_by(request) if each.certificate.identifier == identifier), None)
    if held is None:
        raise Http404
    if request.method == "GET":
        return _ask(request, held)
    try:
        number = start_showing(
            certificate=held.certificate,
            names=request.POST.getlist("names"),
            to_whom=request.POST.get("to_whom", ""),
            purpose=request.POST.get("purpose", ""),
            actor=request.actor,
            at=request.at,
        )
    except NothingToShow as error:
        return _ask(request, held, error=error_words(error))
    except EvidenceError as error:
        return _ask(request, held, general=error_words(error))
    return redirect("portal:showing", number=number)


@signed_in
@require_safe
def page(request: Request, number: int) -> HttpResponse:
    """The code to be scanned, what it shows, until when, and the button that ends it."""
    line = _line(request, get_showing(showing=number, actor=request.actor))
    link = f"{settings.BASE_URL}{reverse('open:see', args=[line.showing.handle])}"
    context = {"line": line, "link": link, "code": draw_check_code(text=link) if line.is_open else ""}
    return render(request, "portal/showing/page.html", context)


@signed_in
@require_POST
def end(request: Request, number: int) -> HttpResponse:
    """The link works no longer, at once."""
    end_showing(showing=number, actor=request.actor, at=request.at)
    messages.success(request, _("Ended. Whoever opens the link now sees nothing any more."))
    return redirect("portal:showings")


@signed_in
@require_safe
def listing(request: Request) -> HttpResponse:
    """What is shown now, and what was shown in the last month."""
    certificates: dict[str, CertificateView] = {
        each.certificate.identifier: each.certificate for each in held_by(request)
    }
    lines = [_line(request, each, certificates) for each in list_showings(actor=request.actor)]
    context = {
        "open": [each for each in lines if each.is_open],
        "over": [each for each in lines if not each.is_open],
    }
    return render(request, "portal/showing/listing.html", context)


def _line(request: Request, showing: ShowingView, known: dict[str, CertificateView] | None = None) -> Line:
    certificate = (known or {}).get(showing.certificate) or get_certificate(identifier=showing.certificate)
    labels = dict(_choices(certificate))
    return Line(
        showing=showing,
        certificate=certificate,
        fields=[labels[name] for name in showing.names if name in labels],
        is_open=showing.is_open(at=request.at),
    )


def _choices(certificate: CertificateView) -> list[tuple[str, str]]:
    """What can be shown: the name of each choice, and what it is called."""
    fixed = dict(zip(HIDDEN, (_("Holder"), _("Number of the certificate"), _("Issued on")), strict=True))
    return [*fixed.items(), *((str(place), str(spoken(each))) for place, each in enumerate(certificate.fields))]


def _ask(request: Request, held: Held, *, error: str = "", general: str = "") -> HttpResponse:
    certificate = held.certificate
    values = {"holder": certificate.holder, "number": certificate.identifier}
    values |= {str(place): str(each["value"]) for place, each in enumerate(certificate.fields)}
    ticked = request.POST.getlist("names")
    names = Field(
        kind="checkboxes",
        name="names",
        label=_("What do you want to show?"),
        hint=_("Name of the certificate, who issued it and whether it holds are always seen. Nothing else is."),
        options=tuple(
            Option(value=name, label=label, hint=values.get(name, ""), selected=name in ticked)
            for name, label in _choices(certificate)
        ),
        errors=(error,) if error else (),
    )
    to_whom = Field(
        kind="text",
        name="to_whom",
        label=_("To whom?"),
        hint=_("For your own list, and they see it too. For example: the landlord."),
        value=request.POST.get("to_whom", ""),
        required=False,
        autocomplete="off",
        attributes={"maxlength": "200"},
    )
    purpose = Field(
        kind="text",
        name="purpose",
        label=_("What for?"),
        value=request.POST.get("purpose", ""),
        required=False,
        autocomplete="off",
        attributes={"maxlength": "200"},
    )
    context = {
        "held": held,
        "fields": [names, to_whom, purpose],
        "wrong": [names] if error else [],
        "general": general,
        "minutes": settings.SHOWING_MINUTES,
    }
    return render(request, "portal/showing/choose.html", context, status=422 if error or general else 200)
