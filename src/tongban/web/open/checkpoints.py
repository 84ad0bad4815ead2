"""What was signed of the log: pages to read, JSON to keep, a feed to follow; and the proof of one log."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.catalog.city import get_city
from tongban.apps.ledger.checkpoints import Key, get_checkpoint, list_checkpoints, list_keys, prove
from tongban.apps.ledger.errors import LedgerError
from tongban.kernel.chain import Checkpoint
from tongban.web.access import public
from tongban.web.limits import asks_too_often, unlisted
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request

__all__ = ["checkpoint", "checkpoints", "feed", "proof"]

_PAGE = 50


@public
@require_safe
def checkpoints(request: Request, form: str = "") -> HttpResponse:
    """Signed days, newest first, and the keys: as a page, or as JSON for whoever keeps them."""
    before = _day(request.GET.get("before", ""))
    found = list_checkpoints(before=before, limit=_PAGE + 1)
    shown, keys = found[:_PAGE], list_keys()
    older = shown[-1].day.isoformat() if len(found) > _PAGE else ""
    if _wants_json(request, form):
        address = request.build_absolute_uri(reverse("open:checkpoints_json"))
        return JsonResponse(
            {
                "city": get_city().code,
                "keys": [_key_to_json(key) for key in keys],
                "checkpoints": [each.to_json() for each in shown],
                "older": f"{address}?before={older}" if older else None,
            }
        )
    context = {"checkpoints": shown, "keys": keys, "older": older, "is_first": before is None}
    return render(request, "open/checkpoints.html", context)


@public
@require_safe
def checkpoint(request: Request, day: date, form: str = "") -> HttpResponse:
    """What was signed for one day."""
    found = get_checkpoint(day=day)
    if found is None:
        raise Http404
    if _wants_json(request, form):
        return JsonResponse(found.to_json())
    return render(request, "open/checkpoint.html", {"checkpoint": found, "rows": _rows(found)})


@public
@require_safe
def feed(request: Request) -> HttpResponse:
    """The newest days as an Atom feed, so that keeping them needs no program of one's own."""
    page = request.build_absolute_uri(reverse("open:checkpoints"))
    atom = Atom1Feed(
        title=_("Signed days of the log"),
        link=page,
        description="",
        feed_url=request.build_absolute_uri(),
        author_name=get_city().code,
    )
    for each in list_checkpoints(limit=_PAGE):
        address = request.build_absolute_uri(reverse("open:checkpoint", kwargs={"day": each.day}))
        atom.add_item(
            title=each.day.isoformat(),
            link=address,
            description=each.root.hex(),
            unique_id=address,
            pubdate=each.signed_at,
            updateddate=each.signed_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@public
@unlisted
@require_safe
def proof(request: Request, number: int, head: str, form: str = "") -> HttpResponse:
    """That a case's log was signed as it stands: hashes, nothing else.

    ``head`` is the hash at its end. Whoever does not know it is told the same as of a case that is not there.
    """
    if asks_too_often(request, "proof", settings.RATE_VERIFICATION):
        return too_many_requests(request)
    try:
        found = prove(case=number, head=bytes.fromhex(head))
    except LedgerError as error:
        raise Http404 from error
    if _wants_json(request, form):
        return JsonResponse(found.to_json())
    rows = [
        {"key": _("End of the log"), "value": found.head.hex()},
        {"key": _("Its place among the logs of that day"), "value": f"{found.index + 1} / {found.checkpoint.cases}"},
        *_rows(found.checkpoint),
    ]
    context = {"proof": found, "checkpoint": found.checkpoint, "rows": rows, "head": head}
    return render(request, "open/proof.html", context)


def _rows(found: Checkpoint) -> list[dict[str, Any]]:
    return [
        {"key": _("Root over all of them"), "value": found.root.hex()},
        {"key": _("Hash of the day before"), "value": found.previous.hex() or _("none, this is the first day")},
        {"key": _("Algorithm"), "value": {"sha256": "SHA-256", "sm3": "SM3"}[found.algorithm.value]},
        {"key": _("Key"), "value": found.key},
        {"key": _("Signature"), "value": found.signature.hex()},
    ]


def _key_to_json(key: Key) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": key.id,
        "public_key": key.public.hex(),
        "first_day": key.first_day.isoformat(),
        "last_day": key.last_day.isoformat() if key.last_day else None,
    }
    if key.change is not None:
        told["follows"] = {
            "public_key": key.change.old.hex(),
            "signed_by_old": key.change.by_old.hex() or None,
            "signed_by_new": key.change.by_new.hex(),
        }
    return told


def _wants_json(request: Request, form: str) -> bool:
    return form == "json" or request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
