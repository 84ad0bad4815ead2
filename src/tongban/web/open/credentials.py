"""What machines ask for to check a certificate: the keys of an authority, its status lists, the words explained.

Open to all, also from pages of others; lists lie ready as they were signed.
"""

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tongban.apps.evidence.queries import (
    STATUS_TTL,
    get_context,
    get_did_document,
    get_issuer_metadata,
    get_status_document,
    get_type_metadata,
)
from tongban.web.access import public
from tongban.web.requests import Request

__all__ = ["context", "did", "issuer", "kind", "status_list"]

_HOUR = 3600


@public
@require_safe
def did(request: Request, authority: str) -> HttpResponse:
    """The did:web document of an authority: which keys are its own, were, or are not to be trusted any more."""
    document = get_did_document(authority=authority)
    if document is None:
        raise Http404
    return _told(_json(document), kind="application/did+json", seconds=int(STATUS_TTL.total_seconds()))


@public
@require_safe
def issuer(request: Request, authority: str) -> HttpResponse:
    """The keys with which an authority signs what its holders show field by field (SD-JWT VC)."""
    document = get_issuer_metadata(authority=authority)
    if document is None:
        raise Http404
    return _told(_json(document), kind="application/json", seconds=int(STATUS_TTL.total_seconds()))


@public
@require_safe
def kind(request: Request) -> HttpResponse:
    """What the claims of such a token mean."""
    return _told(_json(get_type_metadata()), kind="application/json", seconds=_HOUR)


@public
@require_safe
def status_list(request: Request, number: int, purpose: str) -> HttpResponse:
    """A status list, signed; unchanged since the caller last had it, nothing is sent."""
    found = get_status_document(number=number, purpose=purpose)
    if found is None:
        raise Http404
    document, signed_at = found
    response = _told(document, kind="application/vc", seconds=int(STATUS_TTL.total_seconds()))
    response["ETag"] = f'"{number}-{purpose}-{signed_at:%Y%m%d%H%M%S%f}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@public
@require_safe
def context(request: Request) -> HttpResponse:
    """The JSON-LD context of our own words. It never changes under its name."""
    return _told(_json(get_context()), kind="application/ld+json", seconds=24 * _HOUR)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _told(text: str, *, kind: str, seconds: int) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
