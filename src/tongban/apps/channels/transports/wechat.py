"""Template messages of a WeChat official account.

The access token is shared by all processes through the cache and asked for anew when WeChat says that it is over. The
key goes along as ``client_msg_id``: WeChat drops a second message with it, for ten minutes by its documentation.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from tongban.apps.channels.transports import Later, Never, Outgoing
from tongban.apps.channels.transports.http import Answer, post, request

__all__ = ["ask_openid", "authorise_url", "is_on", "send"]

_KEPT = "channels:wechat"
_OVER = frozenset({40001, 40014, 42001})
"""The access token is invalid or has ended."""
_GONE = frozenset({40003, 43004})
"""No such follower, or not a follower any more."""
_BUSY = frozenset({-1, 45009, 45011, 50002})
_MARGIN = 300


def is_on() -> bool:
    """Whether account, secret and template are set."""
    return bool(settings.WECHAT_APP_ID and settings.WECHAT_SECRET and settings.WECHAT_TEMPLATE)


def send(outgoing: Outgoing) -> str:
    """Send one template message; return WeChat's id of it."""
    message = {
        "touser": outgoing.target["openid"],
        "template_id": settings.WECHAT_TEMPLATE,
        "url": outgoing.link,
        "client_msg_id": outgoing.key[:64],
        "data": {"thing1": {"value": outgoing.title[:20]}, "thing2": {"value": outgoing.text[:20]}},
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    said = _post(body)
    if said.get("errcode") in _OVER:
        cache.delete(_KEPT)
        said = _post(body)
    code = int(said.get("errcode", 0))
    if code == 0:
        return str(said.get("msgid", ""))[:120]
    if code in _BUSY or code in _OVER:
        raise Later(f"wechat-{code}", timedelta(minutes=10) if code == 45009 else None)
    raise Never(f"wechat-{code}", gone=code in _GONE)


def authorise_url(*, back: str, state: str) -> str:
    """Return where WeChat asks its user whether we may know them, inside WeChat's own browser."""
    asked = urlencode(
        {
            "appid": settings.WECHAT_APP_ID,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
    )
    return f"{settings.WECHAT_OPEN_URL}/connect/oauth2/authorize?{asked}#wechat_redirect"


def ask_openid(*, code: str) -> str:
    """Return who somebody is to our account, for the code with which WeChat sent them back.

    Raises ``Never`` for a code that WeChat does not know, ``Later`` when it cannot be asked.
    """
    asked = urlencode(
        {
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_SECRET,
            "code": code,
            "grant_type": "authorization_code",
        }
    )
    said = request(method="GET", url=f"{settings.WECHAT_URL}/sns/oauth2/access_token?{asked}").json()
    if "openid" not in said:
        raise Never(f"wechat-{said.get('errcode', 0)}")
    return str(said["openid"])


def _post(body: bytes) -> dict[str, Any]:
    url = f"{settings.WECHAT_URL}/cgi-bin/message/template/send?{urlencode({'access_token': _token()})}"
    return post(url=url, body=body, headers={"Content-Type": "application/json; charset=utf-8"}).json()


def _token() -> str:
    token: str | None = cache.get(_KEPT)
    if token is None:
        asked = urlencode(
            {"grant_type": "client_credential", "appid": settings.WECHAT_APP_ID, "secret": settings.WECHAT_SECRET}
        )
        answer: Answer = request(method="GET", url=f"{settings.WECHAT_URL}/cgi-bin/token?{asked}")
        said = answer.json()
        if "access_token" not in said:
            raise Later(f"wechat-token-{said.get('errcode', answer.status)}")
        token = str(said["access_token"])
        cache.set(_KEPT, token, max(60, int(said.get("expires_in", 7200)) - _MARGIN))
    return token
