"""A call that is repeated has one effect and one answer.

The key is written first and the answer last, in the transaction of the effect. So a process that is killed in between
leaves neither; a duplicate that comes at the same time waits at the key (PostgreSQL) or at the door of the database
(SQLite) and then finds the answer. A call that was refused leaves no key: mended, it may be sent again under the same.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel
from pydantic_core import from_json

from tongban.api.v1.errors import ApiError, Invalid, Wrong
from tongban.api.v1.models import IdempotentCall
from tongban.api.v1.security import ApiRequest

__all__ = ["KEYED", "KEY_HEADER", "once"]

P = ParamSpec("P")
KEY_HEADER = "Idempotency-Key"
_PARAMETER: dict[str, Any] = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": "Your own name for this call, such as a UUID. Sent again, it has no second effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]{1,255}$"},
}
KEYED: dict[str, Any] = {"parameters": [_PARAMETER]}
"""What the document says of an operation that is done once."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_CLAIM = (
    "INSERT INTO api_idempotent_call (client_id, key, digest, status, body, created_at) "
    "VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING"
)
_KEEP = "UPDATE api_idempotent_call SET body = %s WHERE client_id = %s AND key = %s"


def once(
    *, status: int = 200
) -> Callable[[Callable[Concatenate[ApiRequest, P], BaseModel]], Callable[Concatenate[ApiRequest, P], HttpResponse]]:
    """Let a repeated call of this operation have its effect once; answer it with ``status`` and what it returns."""

    def decorate(
        operation: Callable[Concatenate[ApiRequest, P], BaseModel],
    ) -> Callable[Concatenate[ApiRequest, P], HttpResponse]:
        @wraps(operation)
        def call(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            key, digest = _key(request), _digest(request, kwargs)
            client = request.auth.client
            with transaction.atomic():
                if not _claim(client=client, key=key, digest=digest, status=status, at=request.at):
                    return _again(client=client, key=key, digest=digest)
                body = operation(request, *args, **kwargs).model_dump_json()
                _keep(client=client, key=key, body=body)
            return _answer(body, status)

        return call

    return decorate


def _key(request: HttpRequest) -> str:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not _KEY.fullmatch(key):
        raise Invalid([Wrong(field=KEY_HEADER, code="api.key-missing")], status=400)
    return str(key)


def _digest(request: HttpRequest, values: Mapping[str, object]) -> str:
    """What was asked for: method, address and body. An upload counts by its content: its boundary is new each time."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, value in sorted(values.items()):
        digest.update(f"{name}\0".encode())
        if isinstance(value, UploadedFile):
            digest.update(f"{value.name}\0".encode())
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
        else:
            digest.update(f"{value}\0".encode())
    return digest.hexdigest()


def _claim(*, client: str, key: str, digest: str, status: int, at: datetime) -> bool:
    """Take the key; False when a call has had its effect under it. Waits for a call that is under way."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_CLAIM, [client, key, digest, status, moment])
        return bool(cursor.rowcount)


def _keep(*, client: str, key: str, body: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [body, client, key])


def _again(*, client: str, key: str, digest: str) -> HttpResponse:
    kept = IdempotentCall.objects.get(client=client, key=key)
    if kept.digest != digest:
        raise ApiError("api.key-reused", status=422)
    response = _answer(kept.body, kept.status)
    response["Idempotency-Replayed"] = "true"
    return response


def _answer(body: str, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json")
    if status == 201 and (made := from_json(body).get("href")):
        response["Location"] = made
    return response
