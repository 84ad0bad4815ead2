"""What WeChat's servers hand over at our address, and what they are answered in the same breath."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from lxml import etree

from tongban.apps.correspondence.contents import Content, coordinate
from tongban.apps.correspondence.errors import MessageForged, MessageUnreadable
from tongban.apps.correspondence.receiving import Incoming, receive
from tongban.apps.correspondence.wechat.envelope import (
    WINDOW,
    parse,
    require_fresh,
    require_signed,
    seal_reply,
    unseal,
)
from tongban.apps.correspondence.wording import get_rule, say

__all__ = ["LARGEST", "greet", "take"]

LARGEST = 64 * 1024
_NOTHING = b"success"
_KINDS = {"text": "text", "image": "image", "location": "location", "link": "link", "voice": "voice"}
_KINDS |= {"video": "video", "shortvideo": "video"}


def greet(*, query: Mapping[str, str], at: datetime) -> str:
    """Answer WeChat's question whether this address is ours. Raises ``MessageForged``, ``MessageLate``."""
    require_signed(query)
    require_fresh(query.get("timestamp", ""), at=at)
    return query.get("echostr", "")[:200]


def take(*, query: Mapping[str, str], body: bytes, at: datetime) -> bytes:
    """Take in one message and return what WeChat is answered.

    Where a key is set, only what was sealed with it is taken, also in the compatible mode, which sends both. Raises
    ``MessageForged``, ``MessageLate``, ``MessageUnreadable``.
    """
    require_signed(query)
    require_fresh(query.get("timestamp", ""), at=at)
    found, is_sealed = _open(query, body)
    answer = _answer(found, at)
    if not answer:
        return _NOTHING
    xml = _reply(found, answer, at)
    return seal_reply(xml, timestamp=str(int(at.timestamp())), nonce=query.get("nonce", "")) if is_sealed else xml


def _open(query: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bool]:
    found = parse(body)
    if not settings.WECHAT_AES_KEY:
        if "FromUserName" not in found:
            raise MessageUnreadable  # sealed, and we have no key
        return found, False
    sealed = found.get("Encrypt", "")
    if not sealed:
        raise MessageForged
    require_signed(query, name="msg_signature", sealed=sealed)
    return parse(unseal(sealed)), True


def _answer(found: Mapping[str, str], at: datetime) -> str:
    sender, kind = found.get("FromUserName", ""), found.get("MsgType", "")
    if not sender or len(sender) > 100 or not kind:
        raise MessageUnreadable
    if kind == "event":
        return _greeting() if found.get("Event") == "subscribe" else ""
    if not found.get("MsgId", "").isdigit():
        raise MessageUnreadable
    incoming = Incoming(
        channel="wechat",
        address=sender,
        provider_id=found["MsgId"],
        kind=_KINDS.get(kind, "other"),
        said_at=_said_at(found.get("CreateTime", ""), at),
        content=_content(found),
    )
    return receive(incoming=_heard(incoming, found), at=at)


def _heard(incoming: Incoming, found: Mapping[str, str]) -> Incoming:
    """A voice message whose words WeChat has recognised is as good as written."""
    words = found.get("Recognition", "").strip()
    if incoming.kind != "voice" or not words:
        return incoming
    content = Content(text=words)
    return Incoming(
        channel=incoming.channel,
        address=incoming.address,
        provider_id=incoming.provider_id,
        kind="text",
        said_at=incoming.said_at,
        content=content,
    )


def _content(found: Mapping[str, str]) -> Content:
    match found["MsgType"]:
        case "text":
            return Content(text=found.get("Content", ""))
        case "image":
            return Content(media=found.get("MediaId", "")[:200])
        case "location":
            latitude = coordinate(found.get("Location_X", ""), most=90)
            longitude = coordinate(found.get("Location_Y", ""), most=180)
            if not (latitude and longitude):
                latitude = longitude = ""
            return Content(place=found.get("Label", "")[:300], latitude=latitude, longitude=longitude)
        case "link":
            return Content(text=" ".join(found.get(name, "")[:500] for name in ("Title", "Url")).strip())
    return Content()


def _said_at(text: str, at: datetime) -> datetime:
    """The provider's time; ours where it tells none, or one that cannot be."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return at
    said = datetime.fromtimestamp(int(text), UTC)
    return said if said <= at + WINDOW else at


def _greeting() -> str:
    """To whoever begins to follow the account; nothing is kept of them until they write."""
    minutes = int(get_rule().quiet("wechat").total_seconds() // 60)
    return say("welcome", language=settings.LANGUAGE_CODE, minutes=minutes)


def _reply(found: Mapping[str, str], text: str, at: datetime) -> bytes:
    root = etree.Element("xml")
    values = {
        "ToUserName": found["FromUserName"],
        "FromUserName": found.get("ToUserName", ""),
        "CreateTime": str(int(at.timestamp())),
        "MsgType": "text",
        "Content": text,
    }
    for name, value in values.items():
        etree.SubElement(root, name).text = value if name == "CreateTime" else etree.CDATA(value)
    return etree.tostring(root, encoding="utf-8")
