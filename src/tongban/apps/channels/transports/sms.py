"""SMS, through an HTTP gateway that the city has a contract with.

Providers differ; this is the one contract that an adapter in front of any of them keeps (docs/reference/channels.md).
A signed POST with ``to``, ``text`` and the idempotency key; 2xx with ``{"id": …}`` is taken. The gateway answers a key
that it has seen with what it answered before.
"""

import hashlib
import hmac
import json
import time
from urllib.parse import urlsplit

from django.conf import settings

from tongban.apps.channels.transports import Outgoing
from tongban.apps.channels.transports.http import post

__all__ = ["is_on", "send", "signature"]


def is_on() -> bool:
    """Whether a gateway and its key are set."""
    return bool(settings.SMS_URL and settings.SMS_KEY)


def send(outgoing: Outgoing) -> str:
    """Hand one message to the gateway; return its id."""
    body = json.dumps(
        {"to": outgoing.target["phone"], "text": outgoing.text, "sign": settings.SMS_SIGN}, ensure_ascii=False
    ).encode()
    now = str(int(time.time()))
    signed = signature(key=settings.SMS_KEY, path=urlsplit(settings.SMS_URL).path, timestamp=now, body=body)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": outgoing.key,
        "X-Timestamp": now,
        "X-Signature": signed,
    }
    return str(post(url=settings.SMS_URL, body=body, headers=headers).json().get("id", ""))[:120]


def signature(*, key: str, path: str, timestamp: str, body: bytes) -> str:
    """Return HMAC-SHA-256, hexadecimal, over method, path, time and the digest of the body, a line each."""
    lines = "\n".join(("POST", path or "/", timestamp, hashlib.sha256(body).hexdigest()))
    return hmac.new(key.encode(), lines.encode(), hashlib.sha256).hexdigest()
