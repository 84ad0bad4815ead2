"""Every error as problem details (RFC 9457): which status, which code, which words."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field
from pydantic_core import to_json

from tongban.api.v1.errors import ApiError, Invalid, Wrong
from tongban.api.v1.words import Speech, title_of
from tongban.apps.cases.errors import CaseError, NotYours, UnknownCase
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.desks.errors import DeskError
from tongban.apps.evidence.errors import EvidenceError, FileTooLarge, PapersBusy, UnknownCertificate
from tongban.apps.intake.errors import IntakeError, NoMandate
from tongban.apps.people.errors import NotAllowed
from tongban.apps.rights.errors import LookNotRecorded
from tongban.kernel.flow import Refused
from tongban.kernel.numbers import NumberError

__all__ = ["MEDIA_TYPE", "Problem", "WrongValue", "as_api_error", "problem"]

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)
_UNREADABLE = (HttpError, BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)
_STATUS: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((UnknownCase, UnknownMatter, UnknownCertificate, NumberError), 404),
    ((NotYours, NoMandate, NotAllowed), 403),
    ((FileTooLarge,), 413),
    ((Refused, CaseError, DeskError), 409),
    ((EvidenceError, IntakeError), 422),
)
# Not "not now" but "not like this": the caller can mend it without waiting for anything.
_MENDABLE = frozenset({"event.unknown", "reason.missing", "supplement.nothing-asked", "task.unknown-outcome"})
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "too_long": "too-many",
    "too_short": "too-few",
    "greater_than_equal": "minimum",
    "less_than_equal": "maximum",
    "literal_error": "choice",
    "enum": "choice",
    "string_pattern_mismatch": "pattern",
    "control_characters": "control-characters",
}
_LIMITS = ("max_length", "min_length", "ge", "le")


class WrongValue(BaseModel):
    """One value that cannot be taken: where it is, the stable code, and a sentence in the reader's language."""

    field: str = Field(description="Where, as `answers.shop_name` or `materials.floor_plan`.")
    code: str
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(description="`urn:tongban:problem:` and the code.")
    title: str
    status: int
    detail: str = Field(description="A sentence in the language of `Accept-Language`, Chinese or English.")
    code: str = Field(description="Stable; for programs.")
    errors: list[WrongValue] | None = Field(None, description="Every value that is wrong, where values are.")


def problem(error: ApiError, *, speech: Speech, cause: Exception | None = None) -> HttpResponse:
    """The answer that says what is the matter. ``cause`` is what the domain raised, if it was the domain."""
    body: dict[str, Any] = {
        "type": f"urn:tongban:problem:{error.code}",
        "title": title_of(error.status),
        "status": error.status,
        "detail": speech.of_error(cause or error),
        "code": error.code,
    }
    if isinstance(error, Invalid):
        body["errors"] = [
            {"field": wrong.field, "code": wrong.code, "message": speech.of_wrong(wrong)} for wrong in error.wrong
        ]
    return HttpResponse(to_json(body), status=error.status, content_type=MEDIA_TYPE, headers=dict(error.headers))


def as_api_error(error: Exception) -> ApiError:
    """What an exception means to a caller; what nobody expected is noted and becomes 500."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, ValidationError):
        return Invalid([_wrong(each) for each in error.errors])
    if isinstance(error, AuthenticationError):
        challenge = 'Basic realm="tongban", charset="UTF-8", Bearer realm="tongban"'
        return ApiError("api.unauthenticated", status=401, headers={"WWW-Authenticate": challenge})
    if isinstance(error, RequestDataTooBig):
        return too_large(2.5)
    if isinstance(error, HttpError) and isinstance(error.__cause__, ApiError):
        return error.__cause__
    if isinstance(error, _UNREADABLE):
        return ApiError("api.unreadable", status=400)
    if isinstance(error, Http404):
        return ApiError("api.not-found", status=404)
    if isinstance(error, OperationalError | InterfaceError | LookNotRecorded):
        _log.warning("database unavailable", exc_info=error)
        return ApiError("api.busy", status=503, headers={"Retry-After": "1"})
    if isinstance(error, PapersBusy):
        return ApiError(error.code, status=503, headers={"Retry-After": "60"})
    return _of_domain(error)


def too_large(megabytes: float) -> ApiError:
    """More than is taken."""
    return ApiError("api.too-large", status=413, params={"limit": f"{megabytes:g}"})


def _of_domain(error: Exception) -> ApiError:
    for kinds, status in _STATUS:
        if isinstance(error, kinds):
            code = str(getattr(error, "code", ""))
            return ApiError(code, status=422 if code in _MENDABLE else status, params=_params(error))
    _log.error("unexpected error in the API", exc_info=error)
    return ApiError("api.internal", status=500)


def _params(error: Exception) -> Mapping[str, Any]:
    params = getattr(error, "params", {})
    return params if isinstance(params, Mapping) else {}


def _wrong(error: Mapping[str, Any]) -> Wrong:
    """One of pydantic's findings under our code: a form's answer and a call's value go by the same names."""
    found, context = str(error["type"]), error.get("ctx") or {}
    limit = next((context[name] for name in _LIMITS if name in context), None)
    return Wrong(
        field=_place(error["loc"]),
        code=_CODES.get(found, "type"),
        params={} if limit is None else {"limit": limit},
    )


def _place(loc: Iterable[str | int]) -> str:
    """Where a value is: the kind of parameter is left out, and the name under which ninja holds the whole body."""
    source, *rest = (str(part) for part in loc)
    if source == "body" and rest[:1] == ["body"]:
        rest = rest[1:]
    return ".".join(rest) or source
