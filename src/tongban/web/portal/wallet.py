"""My certificates in one place: what holds, what ends soon, what has ended; to show, to download, to renew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import list_held_certificates
from tongban.apps.catalog.queries import list_rows
from tongban.apps.evidence.errors import CredentialNotReady
from tongban.apps.evidence.queries import CertificateView, draw_check_code, get_credential_text
from tongban.apps.people.queries import Applicant, list_applicants
from tongban.web.access import signed_in
from tongban.web.capacity import capacity_of
from tongban.web.requests import Request
from tongban.web.wording import error_words, ground_words

__all__ = ["credential", "held_by", "show", "wallet"]

_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A certificate in the wallet.

    ``state``: ``valid``, ``soon`` (it ends within 60 days), ``paused`` (suspended, or not valid yet), ``ended``.
    ``standing`` is what it is worth today, more exactly, ``ground`` why an authority has changed that.
    """

    certificate: CertificateView
    whose: Applicant
    state: str
    days_left: int | None
    renewable: bool
    standing: str
    ground: str


@signed_in
@require_safe
def wallet(request: Request) -> HttpResponse:
    """Those that end soon first, then those that hold, are not valid now, have ended; by the switch."""
    whose = capacity_of(request).key
    held = [each for each in held_by(request) if whose in ("", each.whose.key)]
    groups = [(state, [each for each in held if each.state == state]) for state in ("soon", "valid", "paused", "ended")]
    context = {"groups": [group for group in groups if group[1]], "several": len({one.whose.key for one in held}) > 1}
    return render(request, "portal/wallet.html", context)


@signed_in
@require_safe
def show(request: Request, identifier: str) -> HttpResponse:
    """One certificate to be held out at a counter: large, with the code that leads to its verification."""
    found = next((each for each in held_by(request) if each.certificate.identifier == identifier), None)
    if found is None:
        raise Http404
    verify_url = f"{settings.BASE_URL}{reverse('open:certificate', args=[identifier])}"
    context = {"held": found, "verify_url": verify_url, "code": draw_check_code(text=verify_url)}
    return render(request, "portal/certificate.html", context)


@signed_in
@require_safe
def credential(request: Request, identifier: str) -> HttpResponse:
    """One certificate as a file that machines check: a signed W3C Verifiable Credential."""
    found = next((each for each in held_by(request) if each.certificate.identifier == identifier), None)
    if found is None:
        raise Http404
    try:
        text = get_credential_text(identifier=identifier)
    except CredentialNotReady as error:
        messages.info(request, error_words(error))
        return redirect("portal:show_certificate", identifier=identifier)
    response = HttpResponse(text, content_type="application/vc")
    response["Content-Disposition"] = f'attachment; filename="{identifier}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def held_by(request: Request) -> Sequence[Held]:
    """The certificates of all in whose name the reader may act, with what they are worth today."""
    on = timezone.localdate(request.at)
    applicants = {each.key: each for each in list_applicants(actor=request.actor, on=on)}
    pairs = list_held_certificates(applicants=applicants)
    offered = {row.code for row in list_rows(codes=sorted({one.matter for one, _ in pairs}), on=on)}
    newest: set[tuple[str, str]] = set()
    held = []
    for certificate, whose in pairs:
        first = (whose.key, certificate.matter) not in newest
        newest.add((whose.key, certificate.matter))
        state = _state(certificate, on)
        held.append(
            Held(
                certificate=certificate,
                whose=whose,
                state=state,
                days_left=(certificate.valid_until - on).days if certificate.valid_until else None,
                renewable=first and state in ("soon", "ended") and certificate.matter in offered,
                standing=certificate.standing(on=on),
                ground=ground_words(certificate.ground) if certificate.state != "issued" else "",
            )
        )
    return held


def _state(certificate: CertificateView, on: date) -> str:
    standing = certificate.standing(on=on)
    if standing != "valid":
        return "paused" if standing in ("suspended", "not-yet") else "ended"
    return "soon" if certificate.valid_until and certificate.valid_until - on <= _SOON else "valid"
