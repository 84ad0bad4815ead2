"""Messages of the public come in here, from their providers' servers. Signatures say who they are, not a sign-in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import get_usage

from tongban.apps.correspondence.errors import (
    CorrespondenceError,
    MessageForged,
    MessageLate,
    MessageTooLarge,
)
from tongban.apps.correspondence.services import Provider, provider
from tongban.apps.people.addresses import address_of

__all__ = ["patterns"]

_STATUS = {MessageForged: 403, MessageLate: 403, MessageTooLarge: 413}


def patterns(*, declare: Callable[[Any], Any]) -> list[URLPattern]:
    """The routes. ``declare`` says of a view that it guards itself."""
    return [path("correspondence/<slug:channel>", declare(take_in), name="correspondence")]


@csrf_exempt
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, channel: str) -> HttpResponse:
    """A provider asks whether this address is ours (GET), or hands over one message (POST)."""
    of = provider(channel=channel)
    if of is None:
        raise Http404
    if _failed_too_often(request, count=False):
        return HttpResponse(status=429)
    try:
        return _answer(request, of)
    except CorrespondenceError as error:
        if isinstance(error, MessageForged | MessageLate):
            _failed_too_often(request, count=True)
        return HttpResponse(error.code, status=_STATUS.get(type(error), 400), content_type="text/plain")


def _answer(request: HttpRequest, of: Provider) -> HttpResponse:
    query = request.GET.dict()
    if request.method == "GET":
        return HttpResponse(of.greet(query=query, at=timezone.now()), content_type="text/plain; charset=utf-8")
    body = request.read(of.largest + 1)
    if len(body) > of.largest:
        raise MessageTooLarge
    return HttpResponse(of.take(query=query, body=body, at=timezone.now()), content_type=of.content_type)


def _failed_too_often(request: HttpRequest, *, count: bool) -> bool:
    """So many forged messages from an address in a minute, and it is not listened to for a while."""
    usage = get_usage(
        request,
        group="correspondence",
        key=lambda _group, each: address_of(each),
        rate=settings.RATE_CORRESPONDENCE,
        increment=count,
    )
    return bool(usage and usage["should_limit"])
