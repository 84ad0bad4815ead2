"""The API as a whole: its operations, its words, its document."""

from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, Throttled
from ninja.openapi.schema import OpenAPISchema

from tongban.api.v1.clients import SCOPES
from tongban.api.v1.doors import JsonParser, JsonRenderer, guarded
from tongban.api.v1.errors import ApiError
from tongban.api.v1.openapi import complete
from tongban.api.v1.problems import as_api_error, problem
from tongban.api.v1.routes import cases, catalogue, certificates, desk, files, filing
from tongban.api.v1.throttling import ByCaller, seconds_to_wait
from tongban.api.v1.words import Speech
from tongban.apps.people.addresses import address_of

__all__ = ["Api", "build"]

_DESCRIPTION = """File a case once, under one number, and follow it: the same case as from a page or a counter.

Clients authenticate with HTTP Basic (id and secret) or a Bearer token `id.secret`. Every POST that changes anything
carries an `Idempotency-Key`; sent again, it has no second effect. Errors are problem details (RFC 9457) in the language
of `Accept-Language`, Chinese or English. Taking a step on and putting it back is for officers, on their pages.

Scopes: """ + "; ".join(f"`{name}`: {what}" for name, what in SCOPES.items())

_lost = Router()


@_lost.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], "/{path:rest}", auth=None, include_in_schema=False
)
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """What is not there is told as a problem as well."""
    raise Http404


class Api(NinjaAPI):
    """Ninja's API, except that every error is a problem in words."""

    def __init__(self, *, speech: Speech) -> None:
        super().__init__(
            title="Tongban",
            version="1",
            description=_DESCRIPTION,
            docs_url=None,  # the interactive pages need inline scripts, which the content security policy forbids
            parser=JsonParser(),
            renderer=JsonRenderer(),
            throttle=[ByCaller()],
            urls_namespace="api",
        )
        self.speech = speech
        self._document: OpenAPISchema | None = None  # made once: it is the same for every reader

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Tell what went wrong."""
        error = as_api_error(exc)
        if isinstance(exc, Throttled):
            error = _too_often(getattr(request, "_api_wait", None) or 1)
        elif isinstance(exc, AuthenticationError):
            wait = seconds_to_wait(request, key=f"address:{address_of(request)}")
            error = error if wait is None else _too_often(wait)
        elif error.status == 500:
            got_request_exception.send(sender=self.__class__, request=request)
        return problem(error, speech=self.speech, cause=None if isinstance(exc, ApiError) else _cause(exc, error))

    def get_content_type(self) -> str:
        """JSON is UTF-8 (RFC 8259) and needs no charset."""
        return JsonRenderer.media_type

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document, with the problems that operations may answer with."""
        if self._document is None:
            document = super().get_openapi_schema(**options)
            complete(document)
            self._document = document
        return self._document

    def patterns(self, *, declare: Callable[[Any], Any]) -> tuple[list[Any], str, str]:
        """The routes, each behind the API's door. ``declare`` says of a view that it guards itself."""
        routes, app, namespace = self.urls
        for route in routes:
            if isinstance(route, URLPattern):
                route.callback = declare(guarded(route.callback, tell=self.on_exception))
        return routes, app, namespace


def build(*, speech: Speech) -> Api:
    """The API, saying what the domain refuses in the words that are handed in."""
    api = Api(speech=speech)
    for router in (
        catalogue.router,
        certificates.router,
        files.router,
        filing.router,
        cases.router,
        desk.router,
        _lost,
    ):
        api.add_router("", router)
    return api


def _too_often(seconds: int) -> ApiError:
    return ApiError("api.rate", status=429, params={"seconds": seconds}, headers={"Retry-After": str(seconds)})


def _cause(exc: Exception, error: ApiError) -> Exception | None:
    """What the domain raised says more than its code; what only the API knows has the API's own words."""
    return None if error.code.startswith("api.") else exc
