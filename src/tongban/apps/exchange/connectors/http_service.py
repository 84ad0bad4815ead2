"""A department's own HTTP service: the key and the fields go as JSON in the body, never in the address."""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tongban.apps.exchange.connectors.interface import Away, Found
from tongban.apps.exchange.connectors.places import filled
from tongban.apps.exchange.requests import Request

__all__ = ["HttpService"]

_LARGEST = 100_000


class HttpService:
    """``POST url`` with ``{"key": …, "fields": […]}``; 200 with ``{"found": true, "record": {…}}`` or ``false``."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._url = filled(str(given["url"]))
        self._token = filled(str(given.get("token", "")))

    def fetch(self, *, request: Request, number: int, fields: Sequence[str], seconds: float) -> Found:
        """See ``Connector``."""
        asked = {"key": request.key, "fields": list(fields), "purpose": request.purpose, "record": str(number)}
        said = self._post(json.dumps(asked).encode(), seconds)
        try:
            answer = json.loads(said)
            if not answer["found"]:
                return None
            return {name: answer["record"][name] for name in fields}
        except (KeyError, TypeError, ValueError) as error:
            raise Away("answer") from error

    def _post(self, body: bytes, seconds: float) -> bytes:
        parts = urlsplit(self._url)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=seconds)
        until = time.monotonic() + seconds
        try:
            connection.request("POST", parts.path or "/", body, headers)
            response = connection.getresponse()
            if response.status >= 500:
                raise Away("status", again=True)
            if response.status != 200:
                raise Away("status")
            return _read(response, until)
        except (OSError, http.client.HTTPException) as error:
            raise Away("connection", again=True) from error
        finally:
            connection.close()


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """The body, whole or not at all: a server that sends a byte a second does not hold a filing up."""
    said = b""
    while part := response.read1(_LARGEST):
        said += part
        if len(said) > _LARGEST:
            raise Away("answer")
        if time.monotonic() > until:
            raise Away("connection")
    if response.length:
        raise Away("connection", again=True)
    return said
