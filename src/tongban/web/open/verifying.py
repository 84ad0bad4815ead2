"""Whether a certificate is genuine, and what it is worth today: by its number or code, or by its file."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.evidence.queries import LARGEST, Verdict, check_file, check_number, law_of
from tongban.kernel.numbers import CertificateIdentifier, NumberError
from tongban.web.access import public
from tongban.web.fields import Field
from tongban.web.limits import asks_too_often, unlisted
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording import error_words, ground_words, law_words, verdict_words

__all__ = ["certificate", "file", "verify"]


@public
@unlisted
@require_safe
def verify(request: Request) -> HttpResponse:
    """Ask for the number of a certificate or its file, or lead to what was asked."""
    typed = "".join(request.GET.get("identifier", "").split()).upper()[:120]
    if "/" in typed:  # no number has one, and no address of ours could carry it
        return _ask(request, number=typed, number_error=error_words(NumberError("number.digits", kind="certificate")))
    if typed:
        return redirect("open:certificate", identifier=typed)
    return _ask(request)


@public
@unlisted
@require_safe
def certificate(request: Request, identifier: str) -> HttpResponse:
    """What is known under a number, or that it is no number at all."""
    if asks_too_often(request, "verify", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    try:
        plain = str(CertificateIdentifier.parse(identifier))
    except NumberError as error:
        return _ask(request, number=identifier, number_error=error_words(error))
    verdict = check_number(identifier=plain, on=timezone.localdate(request.at))
    return _told(request, verdict, plain, status=404 if verdict.code == "unknown" else 200)


@public
@unlisted
@require_http_methods(["GET", "POST"])
def file(request: Request) -> HttpResponse:
    """A file that somebody was given: its signature, its issuer, and what it is worth now. It is not kept."""
    if request.method == "GET":
        return redirect("open:verify")
    if asks_too_often(request, "verify", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    given = request.FILES.get("file")
    if given is None or not given.size:
        return _ask(request, file_error=_("Choose the file first."))
    if given.size > LARGEST:
        words = _("The file is too large to be a certificate: at most %(limit)s MB.")
        return _ask(request, file_error=words % {"limit": LARGEST // 1_000_000})
    try:
        return _told(request, check_file(content=given.read(), at=request.at))
    except EvidenceError as error:
        return _ask(request, file_error=error_words(error))


def _told(request: Request, verdict: Verdict, identifier: str = "", *, status: int = 200) -> HttpResponse:
    found = verdict.certificate
    context = {
        "verdict": verdict,
        "words": verdict_words(verdict.code, elsewhere=verdict.shown is not None),
        "found": found,
        "name": found.name(get_language() or "zh-hans") if found else "",
        "ground": ground_words(found.ground) if found and found.state != "issued" else "",
        "law": law_words(law_of(found.ground)) if found and found.state != "issued" else "",
        "inside": _inside(verdict.inside) if verdict.inside else None,
        "shown": _shown(verdict.shown) if verdict.shown else None,
        "identifier": found.identifier if found else identifier,
    }
    return render(request, "open/certificate.html", context, status=status)


def _inside(verdict: Verdict) -> dict[str, Any]:
    """What came of the credential that travels in a PDF: checked by itself, whatever the PDF's own signature says."""
    found = verdict.certificate
    return {"words": verdict_words(verdict.code), "identifier": found.identifier if found else ""}


def _shown(document: Mapping[str, Any]) -> dict[str, str]:
    """What a credential of somebody else says of itself, as far as it can be shown."""
    subject = document.get("credentialSubject")
    holder = subject.get("name") if isinstance(subject, dict) else ""
    return {"name": _text(document.get("name")), "holder": _text(holder), "until": str(document.get("validUntil", ""))}


def _text(value: object) -> str:
    """A text of a credential, in the reader's language where it has several."""
    if not isinstance(value, list):
        return value if isinstance(value, str) else ""
    texts = [each for each in value if isinstance(each, dict)]
    chinese = (get_language() or "zh-hans").startswith("zh")
    own = [each for each in texts if str(each.get("@language", "")).startswith("zh") is chinese]
    return next((str(each.get("@value", "")) for each in own or texts), "")


def _ask(request: Request, *, number: str = "", number_error: str = "", file_error: str = "") -> HttpResponse:
    number_field = Field(
        kind="text",
        name="identifier",
        label=_("Number of the certificate"),
        hint=_("At the foot of the certificate, beginning with 1.2.156.3005.2. Or scan its QR code with your phone."),
        value=number,
        errors=(number_error,) if number_error else (),
        autocomplete="off",
    )
    file_field = Field(
        kind="file",
        name="file",
        label=_("File of the certificate"),
        hint=_("As the holder downloaded it, unchanged. It is checked and not kept."),
        errors=(file_error,) if file_error else (),
        accept=".json,.pdf",
    )
    wrong = [each for each in (number_field, file_field) if each.errors]
    context = {"number_field": number_field, "file_field": file_field, "fields": wrong}
    return render(request, "open/verify.html", context, status=422 if wrong else 200)
