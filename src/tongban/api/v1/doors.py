"""The door of the API: what is turned away before an operation sees it, and what no operation answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import from_json, to_json

from tongban.api.v1.errors import ApiError
from tongban.api.v1.problems import too_large

__all__ = ["JsonParser", "JsonRenderer", "guarded", "takes"]

View = Callable[..., HttpResponseBase]
_ENVELOPE = 100_000
"""Bytes of a multipart request beyond its file."""


class JsonParser(Parser):
    """Reads JSON bodies: a nesting without end or a number without end is an error, not a crash."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body. Raises ``ApiError`` for another kind of content, ``ValueError`` for what is no JSON."""
        if request.content_type != "application/json":
            raise ApiError("api.media-type", status=415, params={"wanted": "application/json"})
        return from_json(request.body, allow_inf_nan=False)


class JsonRenderer(BaseRenderer):
    """Writes JSON as it is read: Chinese as Chinese."""

    media_type: str = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """Return the bytes."""
        return to_json(data)


def takes(media_type: str) -> Callable[[View], View]:
    """Turn any other kind of content away."""

    def decorate(run: View) -> View:
        @wraps(run)
        def checked(request: HttpRequest, **values: Any) -> HttpResponseBase:
            if request.content_type != media_type:
                raise ApiError("api.media-type", status=415, params={"wanted": media_type})
            return run(request, **values)

        return checked

    return decorate


def guarded(view: View, *, tell: Callable[[HttpRequest, Exception], HttpResponseBase]) -> View:
    """Wrap a view so that whatever goes wrong is told as a problem, and nothing private is kept by anyone between."""

    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _require_size(request)
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = tell(request, error)
        if response.status_code == 405 and response.headers.get("Allow") is not None:
            headers = {"Allow": response.headers["Allow"]}
            response = tell(request, ApiError("api.method", status=405, headers=headers))
        if "HTTP_AUTHORIZATION" in request.META:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    entered.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens this door, so no other site can misuse one
    return entered


def _require_size(request: HttpRequest) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    most = settings.UPLOAD_MAX_MEGABYTES * 1_000_000
    if not length.isdigit() or int(length) > most + _ENVELOPE:
        raise too_large(settings.UPLOAD_MAX_MEGABYTES)
