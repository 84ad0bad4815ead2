"""Events for other systems: CloudEvents 1.0 in structured mode, signed as Standard Webhooks has it.

``webhook-id`` stays the same however often an event is sent: the receiver drops what it has seen. The signature is
HMAC-SHA-256 over ``id.timestamp.body``.
"""

import base64
import hashlib
import hmac
import json
import time

from tongban.apps.channels.transports import Outgoing
from tongban.apps.channels.transports.http import post

__all__ = ["is_on", "send", "sign"]

_PREFIX = "whsec_"


def is_on() -> bool:
    """Always: there is nobody to be called as long as no web hook is registered."""
    return True


def send(outgoing: Outgoing) -> str:
    """Call a web hook with one event."""
    body = json.dumps(outgoing.data, ensure_ascii=False, separators=(",", ":")).encode()
    now = str(int(time.time()))
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "tongban",
        "webhook-id": outgoing.key,
        "webhook-timestamp": now,
        "webhook-signature": sign(secret=outgoing.target["secret"], key=outgoing.key, timestamp=now, body=body),
    }
    post(url=outgoing.target["url"], body=body, headers=headers)
    return ""


def sign(*, secret: str, key: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a call: ``v1,`` and base64."""
    raw = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.new(raw, f"{key}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
