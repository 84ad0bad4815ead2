"""What WeChat's servers sign and seal: SHA-1 over sorted texts, and AES-256-CBC (its documents: 消息加解密).

In the plain mode the signature covers a moment and a nonce, not the message: whoever has seen one could send another
message with it. In the safe mode it covers the sealed message, which names the account that it is for.
"""

import base64
import hashlib
import hmac
import os
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from lxml import etree

from tongban.apps.correspondence.errors import MessageForged, MessageLate, MessageUnreadable

__all__ = ["WINDOW", "parse", "require_fresh", "require_signed", "seal_reply", "signature", "unseal"]

WINDOW = timedelta(minutes=5)
"""How far a message's signed time may lie from ours, either way."""
_BLOCK = 32
_DECLARES = b"<!DOCTYPE"


def signature(*parts: str) -> str:
    """SHA-1 over the texts, sorted and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # WeChat's choice


def require_signed(query: Mapping[str, str], *, name: str = "signature", sealed: str | None = None) -> None:
    """Raise ``MessageForged`` unless the query is signed with the account's token; ``sealed``: over that as well."""
    parts = [settings.WECHAT_TOKEN, query.get("timestamp", ""), query.get("nonce", "")]
    wanted = signature(*parts, *([sealed] if sealed is not None else []))
    if not settings.WECHAT_TOKEN or not hmac.compare_digest(wanted.encode(), query.get(name, "").encode()):
        raise MessageForged


def require_fresh(timestamp: str, *, at: datetime) -> None:
    """Raise ``MessageLate`` for what was signed too long ago, or for later."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise MessageLate
    if abs(int(timestamp) - at.timestamp()) > WINDOW.total_seconds():
        raise MessageLate


def unseal(sealed: str) -> bytes:
    """Open a sealed message. Raises ``MessageForged`` for another account's, ``MessageUnreadable`` for what is none.

    To be called for what was signed: then nobody can learn from errors what lies in a message that is not theirs.
    """
    try:
        body = base64.b64decode(sealed, validate=True)
        key = _key()
        opening = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = opening.update(body) + opening.finalize()
    except ValueError as error:
        raise MessageUnreadable from error
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or pad > len(plain) or plain[-pad:] != bytes([pad]) * pad:
        raise MessageUnreadable
    plain = plain[:-pad]
    if len(plain) < 20:
        raise MessageUnreadable
    (length,) = struct.unpack("!I", plain[16:20])
    message, app = plain[20 : 20 + length], plain[20 + length :]
    if len(message) != length:
        raise MessageUnreadable
    if not hmac.compare_digest(app, settings.WECHAT_APP_ID.encode()):
        raise MessageForged
    return message


def seal_reply(xml: bytes, *, timestamp: str, nonce: str) -> bytes:
    """Seal and sign what is answered."""
    plain = os.urandom(16) + struct.pack("!I", len(xml)) + xml + settings.WECHAT_APP_ID.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    key = _key()
    sealing = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(sealing.update(plain + bytes([pad]) * pad) + sealing.finalize()).decode()
    root = etree.Element("xml")
    signed = signature(settings.WECHAT_TOKEN, timestamp, nonce, sealed)
    for name, text in (("Encrypt", sealed), ("MsgSignature", signed), ("TimeStamp", timestamp), ("Nonce", nonce)):
        etree.SubElement(root, name).text = text
    return etree.tostring(root, encoding="utf-8")


def parse(xml: bytes) -> dict[str, str]:
    """The texts of a message by name. Raises ``MessageUnreadable``, also for whatever declares a document type."""
    if _DECLARES in xml.partition(b"<xml")[0].upper() or b"\0" in xml:  # before it is parsed: entities may stand there
        raise MessageUnreadable
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MessageUnreadable from error
    docinfo: Any = root.getroottree().docinfo
    if root.tag != "xml" or docinfo.doctype:
        raise MessageUnreadable
    return {str(each.tag): each.text or "" for each in root if isinstance(each.tag, str)}


def _key() -> bytes:
    return base64.b64decode(f"{settings.WECHAT_AES_KEY}=")
