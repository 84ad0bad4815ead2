"""What Weibo's servers hand over at our address (粉丝服务平台), and what they are answered in the same breath.

Weibo signs a moment and a nonce, and not the message. So the two are taken with one message only: whoever has seen them
can hand over the same again, which changes nothing, and no other.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache

from tongban.apps.correspondence.contents import Content, coordinate
from tongban.apps.correspondence.errors import MessageForged, MessageLate, MessageUnreadable
from tongban.apps.correspondence.receiving import Incoming, receive
from tongban.apps.correspondence.wording import get_rule, say

__all__ = ["LARGEST", "greet", "take"]

LARGEST = 64 * 1024
_WINDOW = 300
_KINDS = {"text": "text", "image": "image", "position": "location", "voice": "voice"}


def greet(*, query: Mapping[str, str], at: datetime) -> str:
    """Answer Weibo's question whether this address is ours. Raises ``MessageForged``, ``MessageLate``."""
    _require_signed(query, at)
    return query.get("echostr", "")[:200]


def take(*, query: Mapping[str, str], body: bytes, at: datetime) -> bytes:
    """Take in one message and return what Weibo is answered, b"" for nothing.

    Raises ``MessageForged``, ``MessageLate``, ``MessageUnreadable``.
    """
    _require_signed(query, at)
    _require_once(query, body)
    found = _read(body)
    answer = _answer(found, at)
    if not answer:
        return b""
    data = quote(json.dumps({"text": answer}, ensure_ascii=False))
    ends = {"sender_id": str(found["receiver_id"]), "receiver_id": str(found["sender_id"])}
    return json.dumps({"result": True, "type": "text", "data": data} | ends).encode()


def _require_signed(query: Mapping[str, str], at: datetime) -> None:
    stamp = query.get("timestamp", "")
    parts = sorted([settings.WEIBO_SECRET, stamp, query.get("nonce", "")])
    wanted = hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324  # Weibo's choice
    if not settings.WEIBO_SECRET or not hmac.compare_digest(wanted.encode(), query.get("signature", "").encode()):
        raise MessageForged
    if not (stamp.isascii() and stamp.isdigit() and 9 <= len(stamp) <= 13):
        raise MessageLate
    seconds = int(stamp[:10])  # some of its servers count milliseconds
    if abs(seconds - at.timestamp()) > _WINDOW:
        raise MessageLate


def _require_once(query: Mapping[str, str], body: bytes) -> None:
    digest = hashlib.sha256(body).hexdigest()
    key = f"correspondence:weibo:{query.get('signature', '')[:40]}"
    if not cache.add(key, digest, 2 * _WINDOW) and cache.get(key) != digest:
        raise MessageForged


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MessageUnreadable from error
    known = isinstance(found, dict) and all(str(found.get(name, "")).isdigit() for name in ("sender_id", "receiver_id"))
    if not known or not isinstance(found.get("type"), str) or len(str(found["sender_id"])) > 20:
        raise MessageUnreadable
    return dict(found)


def _answer(found: Mapping[str, Any], at: datetime) -> str:
    data = found.get("data") if isinstance(found.get("data"), dict) else {}
    assert isinstance(data, dict)
    if found["type"] in ("event", "mention"):
        return _greeting() if data.get("subtype") in ("follow", "subscribe") else ""
    incoming = Incoming(
        channel="weibo",
        address=str(found["sender_id"]),
        provider_id=_identity(found),
        kind=_KINDS.get(found["type"], "other"),
        said_at=_said_at(str(found.get("created_at", "")), at),
        content=_content(found["type"], str(found.get("text") or ""), data),
    )
    return receive(incoming=incoming, at=at)


def _identity(found: Mapping[str, Any]) -> str:
    """Weibo gives a message no number: who, when (as Weibo advises), and what, for people send two in a second."""
    whole = json.dumps([found.get(name) for name in ("created_at", "type", "text", "data")], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _content(kind: str, text: str, data: Mapping[str, Any]) -> Content:
    if kind == "image":
        return Content(media=str(data.get("tovfid") or data.get("vfid") or "")[:200])
    if kind == "position":
        latitude = coordinate(str(data.get("latitude", "")), most=90)
        longitude = coordinate(str(data.get("longitude", "")), most=180)
        if not (latitude and longitude):
            latitude = longitude = ""
        return Content(latitude=latitude, longitude=longitude)
    return Content(text=text if kind == "text" else "")


def _said_at(text: str, at: datetime) -> datetime:
    """``Mon Jul 16 18:09:20 +0800 2012``; ours where it is none."""
    try:
        said = datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return at
    return said if abs((said - at).total_seconds()) < 7 * 86_400 else at


def _greeting() -> str:
    minutes = int(get_rule().quiet("weibo").total_seconds() // 60)
    return say("welcome", language=settings.LANGUAGE_CODE, minutes=minutes)
