"""A WeChat official account on loopback: it hands over what its users write, and keeps what it is asked to carry.

Its signatures, seals and XML are made here by WeChat's documents, with nothing of the product's.
"""

import base64
import hashlib
import html
import itertools
import json
import re
import struct
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.apps.channels.doubles import Call, Double
from tests.apps.correspondence.aes import decrypt_cbc, encrypt_cbc

__all__ = ["Account"]

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20 + b"\xff\xd9"
_NUMBERS = itertools.count(24_000_000_000_000_001)


class Account:
    """``hand_over`` gives a message to the product and returns what it answered, opened."""

    app, secret, token, original = "wx0123456789abcdef", "secret-of-app", "Ab3dEf7hIj1kLm5n", "gh_0123456789ab"
    aes_key = "kZ3mQv8xT1bYc6nR0pLw5sHj7dGf2aUe9iOoXyBtMzA"

    def __init__(self, post: Callable[[dict[str, str], bytes], Any]) -> None:
        self.post = post
        self.mode = "safe"
        self.pictures = {"media-1": JPEG}
        self.window_is_over = False
        self.errcodes: list[int] = []
        self.tokens = 0

    # --- towards the product ---------------------------------------------------------------------------------------

    def hand_over(
        self, sender: str, at: datetime, *, number: int | None = None, said: int | None = None, **fields: str
    ) -> str:
        """One message of ``sender``, sent at ``said``; ``number`` to hand over one of before again."""
        status, body = self.try_to(sender, at, number=number, said=said, **fields)
        assert status == 200, body
        return self.read(body)

    def try_to(
        self, sender: str, at: datetime, *, number: int | None = None, said: int | None = None, **fields: str
    ) -> tuple[int, bytes]:
        """The same, with whatever comes of it."""
        stamp = int(at.timestamp())
        xml = self.xml(sender, number or next(_NUMBERS), said or stamp, fields)
        query, body = self.envelope(xml, stamp)
        answer = self.post(query, body)
        return answer.status_code, answer.content

    def xml(self, sender: str, number: int, said: int, fields: dict[str, str]) -> bytes:
        """As WeChat writes it."""
        kind = fields.get("MsgType", "text")
        texts = {"ToUserName": self.original, "FromUserName": sender, "MsgType": kind, **fields}
        parts = [f"<{name}><![CDATA[{text}]]></{name}>" for name, text in texts.items()]
        identity = "" if kind == "event" else f"<MsgId>{number}</MsgId>"
        return f"<xml>{''.join(parts)}<CreateTime>{said}</CreateTime>{identity}</xml>".encode()

    def envelope(self, xml: bytes, stamp: int, *, app: str | None = None) -> tuple[dict[str, str], bytes]:
        """Query and body in the account's mode: plain, compatible or safe."""
        nonce = "1372623149"
        query = {"timestamp": str(stamp), "nonce": nonce, "signature": self.sign(str(stamp), nonce), "openid": "o"}
        if self.mode == "plain":
            return query, xml
        sealed = self.seal(xml, app or self.app)
        query |= {"encrypt_type": "aes", "msg_signature": self.sign(str(stamp), nonce, sealed)}
        both = xml.removesuffix(b"</xml>") if self.mode == "compatible" else b"<xml>"
        return query, both + f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self.token, *parts])).encode()).hexdigest()  # noqa: S324  # WeChat's choice

    def seal(self, xml: bytes, app: str) -> str:
        plain = b"0123456789abcdef" + struct.pack(">I", len(xml)) + xml + app.encode()
        pad = 32 - len(plain) % 32
        return self.encrypt(plain + bytes([pad]) * pad)

    def encrypt(self, plain: bytes) -> str:
        key = base64.b64decode(self.aes_key + "=")
        return base64.b64encode(encrypt_cbc(plain, key=key, start=key[:16])).decode()

    def read(self, body: bytes) -> str:
        """What a user of WeChat gets to read of an answer: "" for none."""
        if body in (b"", b"success"):
            return ""
        found = self._parts(body)
        if self.mode != "plain":
            signed = self.sign(found["TimeStamp"], found["Nonce"], found["Encrypt"])
            assert found["MsgSignature"] == signed
            key = base64.b64decode(self.aes_key + "=")
            plain = decrypt_cbc(base64.b64decode(found["Encrypt"]), key=key, start=key[:16])
            plain = plain[: -plain[-1]]
            length = int.from_bytes(plain[16:20], "big")
            assert plain[20 + length :] == self.app.encode()
            found = self._parts(plain[20 : 20 + length])
        assert (found["FromUserName"], found["MsgType"]) == (self.original, "text")
        return found["Content"]

    @staticmethod
    def _parts(xml: bytes) -> dict[str, str]:
        found = re.findall(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", xml.decode(), re.DOTALL)
        return {name: inner or html.unescape(plain) for name, inner, plain in found}

    # --- what the product calls ------------------------------------------------------------------------------------

    def answer(self, double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(call.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cgi-bin/stable_token":
            wanted = {"grant_type": "client_credential", "appid": self.app, "secret": self.secret}
            if call.json() != wanted:
                return _said({"errcode": 40125, "errmsg": "invalid appsecret"})
            self.tokens += 1
            return _said({"access_token": f"token-{self.tokens}", "expires_in": 7200})
        if asked.get("access_token") != f"token-{self.tokens}":
            return _said({"errcode": 42001, "errmsg": "access_token expired"})
        if self.errcodes and (code := self.errcodes.pop(0)):
            return _said({"errcode": code, "errmsg": "as the test wants"})
        if parts.path == "/cgi-bin/media/get":
            picture = self.pictures.get(asked["media_id"])
            if picture is None:
                return _said({"errcode": 40007, "errmsg": "invalid media_id"})
            return 200, {"Content-Type": "image/jpeg"}, picture
        message = call.json()
        if parts.path == "/cgi-bin/message/custom/send":
            if self.window_is_over:
                return _said({"errcode": 45015, "errmsg": "response out of time limit"})
            double.taken[f"{len(double.taken)}:{message['touser']}"] = message["text"]["content"].encode()
            return _said({"errcode": 0, "errmsg": "ok"})
        assert parts.path == "/cgi-bin/message/template/send", parts.path
        double.taken.setdefault(f"template:{message['client_msg_id']}", call.body)
        return _said({"errcode": 0, "errmsg": "ok", "msgid": 1})


def _said(value: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()
