"""The sandbox provider over HTTP: the signed calls of docs/reference/payments.md, and the cashier's page."""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tongban.apps.payments.errors import ProofInvalid
from tongban.apps.payments.providers.words import opened, sealed
from tongban.apps.payments.sandbox.books import Books
from tongban.apps.payments.sandbox.pages import cashier, gone
from tongban.kernel.chain import SigningKey

__all__ = ["Faults", "make_server"]

log = logging.getLogger(__name__)

_PAUSES = (0.0, 1.0, 5.0, 30.0, 120.0)
"""Seconds before each try to tell the city that something was paid."""
_LARGEST = 100_000


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose, for whoever wants to see what the city does then."""

    lose_notices: bool = False
    twice: bool = False
    away: bool = False
    refuse_refunds: bool = False
    short_by: int = 0


def make_server(
    *, port: int, books: Books, key: SigningKey, city_key: bytes, merchant: str, faults: Faults | None = None
) -> ThreadingHTTPServer:
    """Return the server on loopback, not started yet; port 0 takes a free one."""
    wrong = faults or Faults()

    class Handler(_Handler):
        pass

    Handler.books, Handler.key, Handler.city_key = books, key, city_key
    Handler.merchant, Handler.faults = merchant, wrong
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    books: Books
    key: SigningKey
    city_key: bytes
    merchant: str
    faults: Faults
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        """The cashier's page."""
        found = self.books.by_token(self._token())
        self._html(cashier(found) if found else gone("zh"), HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A signed call, or the cashier's button."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LARGEST))
        if self.path.startswith("/v1/"):
            self._call(self.path.removeprefix("/v1/"), body)
        else:
            self._pay()

    def log_message(self, *_args: object) -> None:
        """Nothing: what was paid stands in the books."""

    def _call(self, operation: str, body: bytes) -> None:
        now = datetime.now(UTC)
        if self.faults.away:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"", "text/plain", {})
            return
        headers = {name.title(): value for name, value in self.headers.items()}
        try:
            asked, _proof = opened(public=self.city_key, subject=operation, body=body, headers=headers, at=now)
            if asked.get("merchant") != self.merchant:
                raise ProofInvalid(about=operation)
            said = self._do(operation, asked, now)
        except (ProofInvalid, KeyError, TypeError, ValueError):
            self._answer(HTTPStatus.BAD_REQUEST, b"", "text/plain", {})
            return
        content = json.dumps(said, ensure_ascii=False).encode()
        signed = sealed(key=self.key, subject=operation, body=content, at=now)
        self._answer(HTTPStatus.OK, content, "application/json", signed)

    def _do(self, operation: str, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
        if operation == "checkout":
            datetime.fromisoformat(asked["expires_at"])
            asked["expires_at"] = datetime.fromisoformat(asked["expires_at"]).astimezone(UTC).isoformat()
            host = self.headers.get("Host", "127.0.0.1")
            return {"reference": asked["reference"], "page": f"http://{host}/pay/{self.books.checkout(asked)}"}
        if operation in ("query", "close"):
            return self.books.seen(asked["reference"], close=operation == "close")
        if operation == "refund":
            if self.faults.refuse_refunds:
                return {"type": "refund", "reference": asked["reference"], "state": "failed"}
            return self.books.refund(asked, at=now)
        if operation == "statement":
            day = date.fromisoformat(asked["day"])
            return {"day": asked["day"], "lines": self.books.statement(day, ZoneInfo(asked["timezone"]))}
        raise KeyError(operation)

    def _pay(self) -> None:
        found = self.books.by_token(self._token())
        if found is None:
            self._html(gone("zh"), HTTPStatus.NOT_FOUND)
            return
        amount = found["amount"] - self.faults.short_by if self.faults.short_by else None
        paid = self.books.pay(self._token(), at=datetime.now(UTC), amount=amount)
        if paid is not None and paid["state"] == "paid" and not self.faults.lose_notices:
            for _ in range(2 if self.faults.twice else 1):
                threading.Thread(target=self._notify, args=(paid,), daemon=True).start()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", found["return_url"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _notify(self, paid: dict[str, Any]) -> None:
        """Tell the city, until it has heard."""
        said = {"merchant": self.merchant, **self.books.seen(paid["reference"])}
        body = json.dumps(said, ensure_ascii=False).encode()
        for pause in _PAUSES:
            time.sleep(pause)
            signed = sealed(key=self.key, subject="notice", body=body, at=datetime.now(UTC))
            headers = {"Content-Type": "application/json", **signed}
            request = urllib.request.Request(paid["notify_url"], data=body, headers=headers)  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310  # the city that asked to be told
                    return
            except OSError as error:
                log.warning("the city does not hear of %s: %s", paid["reference"], error)

    def _token(self) -> str:
        return urlsplit(self.path).path.removeprefix("/pay/")

    def _html(self, text: str, status: HTTPStatus) -> None:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
        self._answer(status, text.encode(), "text/html; charset=utf-8", policy)

    def _answer(self, status: HTTPStatus, content: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
