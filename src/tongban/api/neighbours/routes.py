"""Messages of neighbours come in here. Who they are and what they may is said by their signatures, not by a sign-in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.core import get_usage

from tongban.apps.catalog.city import get_city
from tongban.apps.neighbours.errors import TooLarge, TooOften
from tongban.apps.neighbours.queries import document
from tongban.apps.neighbours.services import Taken, largest_of, receive, turn_away
from tongban.apps.people.addresses import address_of

__all__ = ["patterns"]

_UNKNOWN = frozenset({401, 404, 421})
"""Answers to what may be somebody trying: so many in a minute, and the address is not listened to for a while."""


def patterns(*, declare: Callable[[Any], Any]) -> list[URLPattern]:
    """The routes. ``declare`` says of a view that it guards itself."""
    return [
        path("neighbours/v1/<path:service>", declare(take_in), name="neighbours"),
        path(".well-known/tongban-keys.json", declare(show_keys), name="neighbour_keys"),
    ]


@csrf_exempt
@require_POST
def take_in(request: HttpRequest, service: str) -> HttpResponse:
    """One message: read up to its limit, judged by its signature, answered with ours."""
    if _failed_too_often(request, count=False):
        return _http(turn_away(error=TooOften()))
    largest = largest_of(service=service)
    body = request.read(largest + 1)
    if len(body) > largest:
        return _http(turn_away(error=TooLarge()))
    taken = receive(service=service, headers=request.headers, body=body, at=timezone.now())
    if taken.status in _UNKNOWN:
        _failed_too_often(request, count=True)
    return _http(taken)


@require_safe
def show_keys(request: HttpRequest) -> HttpResponse:
    """Our public keys, for whoever sets us up as a neighbour."""
    return JsonResponse(document(us=get_city().code, at=timezone.now()))


def _failed_too_often(request: HttpRequest, *, count: bool) -> bool:
    usage = get_usage(
        request,
        group="neighbours",
        key=lambda _group, each: address_of(each),
        rate=settings.RATE_NEIGHBOURS,
        increment=count,
    )
    return bool(usage and usage["should_limit"])


def _http(taken: Taken) -> HttpResponse:
    response = HttpResponse(taken.body, status=taken.status, headers=dict(taken.headers))
    response["Cache-Control"] = "no-store"
    return response
