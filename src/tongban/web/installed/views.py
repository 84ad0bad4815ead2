"""What a device asks for besides pages: the manifest, the service worker, and what may be kept for reading offline."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import list_cases
from tongban.web.access import public, signed_in
from tongban.web.capacity import capacity_of
from tongban.web.city import get_city
from tongban.web.installed.manifest import manifest_of
from tongban.web.installed.personal import is_own_device, reader_token
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import local

__all__ = ["KEPT_CASES", "KEPT_DAYS", "kept", "kept_list", "manifest", "offline", "worker"]

KEPT_CASES = 20
"""How many of the newest cases are kept for reading offline."""
KEPT_DAYS = 30
"""After so many days without a connection a copy is shown no more: too much may have changed."""
_KEPT_BYTES = 10_000_000
_FILES = ("tongban.css", "desk.css", "tongban.js", "offline.js", "field-queue.js", "field.js", "seal.svg")
_MODULES = ("push.js", "field-queue.js")
"""Scripts that the worker takes in, where they are there: what other parts of the product do in it."""
_SOURCE = Path(__file__).resolve().parents[1] / "static" / "tongban" / "worker.js"


@public
@require_safe
def manifest(request: Request, language: str) -> HttpResponse:
    """Names, icons and shortcuts in a language of the pages."""
    response = JsonResponse(manifest_of(city=get_city(), language=_known(language)))
    response["Content-Type"] = "application/manifest+json"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def worker(request: Request) -> HttpResponse:
    """The service worker, at the root so that it serves the whole site; asked for anew each time."""
    told = {
        "files": [static(f"tongban/{name}") for name in _FILES],
        "pages": {code: reverse("offline", kwargs={"language": code}) for code, _name in settings.LANGUAGES},
        "modules": [static(f"tongban/{name}") for name in _MODULES if finders.find(f"tongban/{name}")],
        "static": static("tongban/"),
        "signOut": reverse("account_logout"),
        "days": KEPT_DAYS,
    }
    words = f"self.TONGBAN = {json.dumps(told | {'version': _version(json.dumps(told))})}\n{_source()}"
    response = HttpResponse(words, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _source() -> str:
    return _SOURCE.read_text(encoding="utf-8")


def _version(told: str) -> str:
    """Changes whenever anything does that the worker keeps: addresses, its own code, a style, the offline pages."""
    found = hashlib.sha256(told.encode() + _source().encode())
    for name in _FILES:
        found.update((_SOURCE.parent / name).read_bytes())
    for code, _name in settings.LANGUAGES:
        found.update(_offline_page(code).encode())
    return found.hexdigest()[:16]


@public
@require_safe
def offline(request: Request, language: str) -> HttpResponse:
    """What is shown where there is no connection: what can be read all the same, and whom to call."""
    response = HttpResponse(_offline_page(_known(language)))
    response["Content-Language"] = language
    response["Cache-Control"] = "no-cache"
    return response


def _offline_page(language: str) -> str:
    with override(language):
        return render_to_string("installed/offline.html")


@signed_in
@require_safe
def kept(request: Request) -> HttpResponse:
    """Ask whether to keep my cases on this device, say what that means, and take it back."""
    context = {"days": KEPT_DAYS, "cases": KEPT_CASES, "is_own_device": is_own_device(request)}
    return render(request, "installed/kept.html", context)


@signed_in
@require_safe
def kept_list(request: Request) -> HttpResponse:
    """What to keep: the newest cases of whom the reader is here for, with certificates, and how much at most."""
    whose, own = capacity_of(request).key, is_own_device(request)
    rows = list_cases(actor=request.actor, group="all", applicant=whose, limit=KEPT_CASES).rows if own else ()
    items = [{"url": reverse("portal:cases"), "title": "", "file": False}]
    for row in rows:
        title = str(local(row.matter_name))
        items.append({"url": reverse("portal:case", kwargs={"number": row.number}), "title": title, "file": False})
        if row.outcome == "granted":
            url = reverse("portal:certificate", kwargs={"number": row.number})
            items.append({"url": url, "title": title, "file": True})
    told = {"reader": reader_token(request), "bytes": _KEPT_BYTES, "items": items if own else []}
    response = JsonResponse(told)
    response["Cache-Control"] = "private, no-store"
    return response


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language
