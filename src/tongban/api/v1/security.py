"""Who calls: HTTP Basic with id and secret, or a Bearer token that is both in one; and what it takes to enter."""

import base64
import binascii
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase

from tongban.api.v1.clients import Caller, recognise
from tongban.api.v1.errors import ApiError

__all__ = ["ApiRequest", "Basic", "Bearer", "needs"]

_LONGEST = 512


class ApiRequest(HttpRequest):
    """A request as operations see it: ``at`` is the clock, read once at the door; ``auth`` is who calls."""

    at: datetime
    auth: Caller


class _Credentials(AuthBase):
    """Recognises the caller by one scheme and lets it in if it has any of ``scopes``."""

    openapi_type: str = "http"
    scheme = ""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Caller | None:
        scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != self.scheme or not given or len(given) > _LONGEST:
            return None
        client, secret = self.read(given.strip())
        # A database refuses NUL in a text before it could answer that there is no such client.
        caller = recognise(client=client, secret=secret) if client.isalnum() and client.isascii() else None
        if caller is not None and caller.scopes.isdisjoint(self.scopes):
            raise ApiError("api.scope", status=403, params={"scopes": ", ".join(self.scopes)})
        return caller

    def read(self, given: str) -> tuple[str, str]:
        """Client id and secret in what follows the scheme; empty where there are none."""
        raise NotImplementedError


class Basic(_Credentials):
    """``Authorization: Basic base64(id:secret)`` (RFC 7617)."""

    openapi_scheme = scheme = "basic"

    def read(self, given: str) -> tuple[str, str]:
        """Decode the pair."""
        try:
            client, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return "", ""
        return client, secret


class Bearer(_Credentials):
    """``Authorization: Bearer id.secret`` (RFC 6750)."""

    openapi_scheme = scheme = "bearer"

    def read(self, given: str) -> tuple[str, str]:
        """Split the token."""
        client, _, secret = given.partition(".")
        return client, secret


def needs(*scopes: str) -> list[Any]:
    """The ``auth`` of an operation: a recognised client that has any of ``scopes``."""
    return [Basic(scopes), Bearer(scopes)]
