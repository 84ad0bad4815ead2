"""Weibo's own interface: pictures, and private messages to whoever has written within two days."""

import json
from urllib.parse import urlencode

from django.conf import settings

from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.going import Later, Never, ask, ask_json

__all__ = ["fetch", "is_on", "send", "tell_of_held"]

_LARGEST = 10_000_000
_BUSY = frozenset({10001, 10002, 10010, 10022, 10023, 10024})
"""Weibo is in trouble, or was asked too often."""
_TOKEN = range(21301, 21333)
"""The account's authorisation has ended: an operator has to renew it."""


def is_on() -> bool:
    """Whether the application's secret and the account's access token are set."""
    return bool(settings.WEIBO_SECRET and settings.WEIBO_ACCESS_TOKEN)


def send(*, address: str, text: str, key: str, case: int | None, language: str, content: Content) -> str:
    """Send words as a private message; Weibo knows no key of ours. Raises ``Later``, ``Never``."""
    fields = {
        "access_token": settings.WEIBO_ACCESS_TOKEN,
        "type": "text",
        "receiver_id": address,
        "data": json.dumps({"text": text}, ensure_ascii=False),
    }
    said = ask_json(
        method="POST",
        url=f"{settings.WEIBO_URL}/2/messages/reply.json",
        body=urlencode(fields).encode(),
        kind="application/x-www-form-urlencoded",
    )
    code = int(said.get("error_code") or 0)
    if code in _BUSY or code in _TOKEN:
        raise Later(f"weibo-{code}")
    if code or said.get("result") is False:
        raise Never(f"weibo-{code}")
    return ""


def fetch(*, media: str) -> tuple[str, bytes]:
    """Fetch a picture. Raises ``Later``, ``Never``."""
    asked = urlencode({"access_token": settings.WEIBO_ACCESS_TOKEN, "fid": media})
    said = ask(method="GET", url=f"{settings.WEIBO_UPLOAD_URL}/2/mss/msget?{asked}", largest=_LARGEST)
    if said.headers.get("content-type", "").startswith("application/json"):
        raise Never("weibo-no-picture")
    return "weibo.jpg", said.body


def tell_of_held(*, address: str, key: str, language: str) -> None:
    """Weibo has no means for it."""
