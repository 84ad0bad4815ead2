"""Calls to other servers: bounded in time and size, and only to where this server may call.

An address that somebody else has chosen (a web hook, a browser's push service) must not reach machines that only we can
reach. The name is resolved once, each address is looked at, and the connection goes to what was looked at: there is no
moment in between in which the name could come to mean something else. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

from tongban.apps.neighbours.errors import TargetForbidden

__all__ = ["SECONDS", "NoAnswer", "Said", "call", "check_target"]

SECONDS = 10.0


class NoAnswer(Exception):
    """The server is away or slow, or broke off; the text is a short code."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    *,
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    largest: int,
    seconds: float = SECONDS,
) -> Said:
    """Call a server once and read at most ``largest`` bytes of its answer; each wait lasts ``seconds`` at most.

    Raises ``NoAnswer``, or ``TargetForbidden`` for an address that is not to be called.
    """
    host, port, addresses = check_target(url=url)
    parts = urlsplit(url)
    connection = _Connection(host, port, addresses, secure=parts.scheme == "https", seconds=seconds)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Said(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read(largest))
    except TimeoutError as error:
        raise NoAnswer("timeout") from error
    except ssl.SSLError as error:
        raise NoAnswer("tls") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer("no-answer") from error
    finally:
        connection.close()


def check_target(*, url: str) -> tuple[str, int, list[str]]:
    """Return host, port and the addresses that may be called. Raises ``TargetForbidden`` (``why``).

    Only https, and only public addresses; hosts in ``PRIVATE_TARGETS`` may be anything, also plain http.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    trusted = host in settings.PRIVATE_TARGETS
    if not host or parts.username or parts.scheme not in ("https", "http"):
        raise TargetForbidden(why="not-an-address")
    if parts.scheme == "http" and not trusted:
        raise TargetForbidden(why="not-https")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise TargetForbidden(why="unknown-host") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not trusted and not all(_is_public(address) for address in addresses):
        raise TargetForbidden(why="private")
    return host, port, addresses


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or found
    return inner.is_global and not inner.is_multicast


@cache
def _trust() -> ssl.SSLContext:
    """Reading all authorities takes longer than a call."""
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """Connects to addresses that were looked at, whatever the name means by now; TLS is for the name."""

    def __init__(self, host: str, port: int, addresses: list[str], *, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._addresses, self._secure, self._seconds = addresses, secure, seconds
        if secure:
            self.default_port = 443

    def connect(self) -> None:
        last: OSError = OSError()
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((address, self.port), self._seconds)
                break
            except OSError as error:
                last = error
        else:
            raise last
        if self._secure:
            self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)
