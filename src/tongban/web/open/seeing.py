"""What somebody shows of their certificate: the ticked fields, and what the certificate is worth at this moment."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from tongban.apps.evidence.errors import EvidenceError, ShowingEnded, ShowingExpired
from tongban.apps.evidence.queries import get_end_of_showing
from tongban.apps.evidence.services import look_at_showing
from tongban.web.access import public
from tongban.web.limits import asks_too_often, unlisted
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording import error_words, verdict_words

__all__ = ["page", "token"]

_GONE = (ShowingEnded, ShowingExpired)


@public
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, handle: str) -> HttpResponse:
    """The fields in words, once a person asks for them; a link that is over says so, and which way it ended.

    Mail and chat programs open links to draw a preview: what they get names nobody, and is no look. They press no
    button.
    """
    if asks_too_often(request, "see", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    try:
        if request.method != "POST":
            until = get_end_of_showing(handle=handle, at=request.at)
            return _private(render(request, "open/see.html", {"until": until}))
        shown = look_at_showing(handle=handle, at=request.at)
    except EvidenceError as error:
        status = 410 if isinstance(error, _GONE) else 404
        return _private(render(request, "open/seen_no_more.html", {"words": error_words(error)}, status=status))
    language = "zh" if (get_language() or "zh-hans").startswith("zh") else "en"
    context: dict[str, Any] = {
        "shown": shown,
        "words": verdict_words(shown.standing),
        "name": shown.claims["name"][language],
        "authority": shown.claims["authority"][language],
        "lines": [(each["label"][language], each["value"]) for each in shown.claims["fields"]],
        "claims": shown.claims,
        "token_path": request.path + "token",
    }
    return _private(render(request, "open/seen.html", context))


@public
@unlisted
@require_GET
def token(request: Request, handle: str) -> HttpResponse:
    """The same for machines: the SD-JWT with these disclosures, which the issuer's keys prove; what it is worth now
    stands in the header ``Tongban-Standing``."""
    if asks_too_often(request, "see", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    try:
        shown = look_at_showing(handle=handle, at=request.at)
    except EvidenceError as error:
        status = 410 if isinstance(error, _GONE) else 404
        problem = {"type": f"tag:tongban:{error.code}", "title": str(error_words(error)), "status": status}
        return _private(JsonResponse(problem, status=status, content_type="application/problem+json"))
    response = HttpResponse(shown.token, content_type="application/dc+sd-jwt")
    response["Tongban-Standing"] = shown.standing
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way, and its address told to no other site (which the settings see to)."""
    response["Cache-Control"] = "private, no-store"
    return response
