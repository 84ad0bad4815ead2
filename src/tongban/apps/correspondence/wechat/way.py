"""WeChat's own interface: pictures, customer-service messages, and a template for what waits.

The token is the stable one: asked for again it stays the same, and it is apart from the one that ``channels`` asks for
to send its templates, so that neither ends the other's.
"""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.going import Held, Later, Never, ask, ask_json
from tongban.apps.correspondence.wording import say

__all__ = ["fetch", "is_on", "send", "tell_of_held"]

_KEPT = "correspondence:wechat"
_OVER = frozenset({40001, 40014, 42001})
"""The access token is invalid or has ended."""
_BUSY = frozenset({-1, 45009, 45011, 50002})
_WINDOW = frozenset({45015, 45047})
"""They wrote too long ago, or have been written to as often as they may be."""
_MARGIN = 300
_LARGEST = 10_000_000


def is_on() -> bool:
    """Whether the account, its secret and the token of its address are set."""
    return bool(settings.WECHAT_APP_ID and settings.WECHAT_SECRET and settings.WECHAT_TOKEN)


def send(*, address: str, text: str, key: str, case: int | None, language: str, content: Content) -> str:
    """Send words as a customer-service message; WeChat gives it no id. Raises ``Later``, ``Never``, ``Held``."""
    message = {"touser": address, "msgtype": "text", "text": {"content": text}}
    said = _post("/cgi-bin/message/custom/send", message)
    if int(said.get("errcode", 0)) in _WINDOW:
        raise Held
    _require_done(said)
    return ""


def tell_of_held(*, address: str, key: str, language: str) -> None:
    """Tell them by the account's template that there is news. It names no case and no words. Raises as ``send``."""
    if not settings.WECHAT_TEMPLATE:
        return
    words = {"thing1": say("news", language=language), "thing2": say("news_short", language=language)}
    message = {
        "touser": address,
        "template_id": settings.WECHAT_TEMPLATE,
        "client_msg_id": key[:64],
        "data": {name: {"value": text[:20]} for name, text in words.items()},
    }
    _require_done(_post("/cgi-bin/message/template/send", message))


def fetch(*, media: str) -> tuple[str, bytes]:
    """Fetch a picture; WeChat keeps it for three days. Raises ``Later``, ``Never``."""
    for tried in range(2):
        asked = urlencode({"access_token": _token(), "media_id": media})
        said = ask(method="GET", url=f"{settings.WECHAT_URL}/cgi-bin/media/get?{asked}", largest=_LARGEST)
        if not said.headers.get("content-type", "").startswith(("application/json", "text/plain")):
            return "wechat.jpg", said.body
        code = _errcode(said.body)
        if code not in _OVER or tried:
            raise Later(f"wechat-{code}") if code in _BUSY | _OVER else Never(f"wechat-{code}")
        cache.delete(_KEPT)
    raise Later("wechat-token")


def _post(path: str, message: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(message, ensure_ascii=False).encode()
    said = _call(path, body)
    if said.get("errcode") in _OVER:
        cache.delete(_KEPT)
        said = _call(path, body)
    return said


def _call(path: str, body: bytes) -> dict[str, Any]:
    return ask_json(
        method="POST", url=f"{settings.WECHAT_URL}{path}?{urlencode({'access_token': _token()})}", body=body
    )


def _require_done(said: dict[str, Any]) -> None:
    code = int(said.get("errcode", 0))
    if code in _BUSY or code in _OVER:
        raise Later(f"wechat-{code}")
    if code:
        raise Never(f"wechat-{code}")


def _token() -> str:
    token: str | None = cache.get(_KEPT)
    if token is None:
        asked = {
            "grant_type": "client_credential",
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_SECRET,
        }
        said = ask_json(
            method="POST", url=f"{settings.WECHAT_URL}/cgi-bin/stable_token", body=json.dumps(asked).encode()
        )
        if "access_token" not in said:
            raise Later(f"wechat-token-{said.get('errcode', 0)}")
        token = str(said["access_token"])
        cache.set(_KEPT, token, max(60, int(said.get("expires_in", 7200)) - _MARGIN))
    return token


def _errcode(body: bytes) -> int:
    try:
        return int(json.loads(body).get("errcode", 0))
    except (ValueError, AttributeError):
        return 0
