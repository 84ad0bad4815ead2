"""Servers on loopback that speak the protocols of those who carry notices; slow, failing and forgetful ones too."""

import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Browser", "Double", "MailServer", "gateway", "mail_server", "push_service", "receiver", "serve", "wechat"]


class Double:
    """What an HTTP double has been asked. ``moods`` are answers that it gives first, in order: (status, headers)."""

    def __init__(self, answer: Callable[["Double", "Call"], tuple[int, dict[str, str], bytes]]) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.taken: dict[str, bytes] = {}
        self.moods: list[tuple[int, dict[str, str]]] = []
        self.trouble = self.pause = 0.0
        self.dice = random.Random(7)
        self.lock = threading.Lock()
        self.url = ""

    def keys(self) -> list[str]:
        """Under which keys something was taken, each once."""
        return list(self.taken)


class Call:
    """One request."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.method, self.path, self.body = handler.command, handler.path, body
        self.headers = {name.lower(): value for name, value in handler.headers.items()}

    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def serve(answer: Callable[[Double, Call], tuple[int, dict[str, str], bytes]]) -> Iterator[Double]:
    """Serve ``answer`` on a free port of loopback."""
    double = Double(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            call = Call(self, body)
            status, headers, said = self._say(call)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def _say(self, call: Call) -> tuple[int, dict[str, str], bytes]:
            with double.lock:
                double.calls.append(call)
                mood = double.moods.pop(0) if double.moods else None
                bad, slow, mute = (double.dice.random() < double.trouble for _ in range(3))
            time.sleep(0.3 if slow else double.pause)
            if mood is not None:
                return mood[0], mood[1], b""
            if bad:
                return 503, {}, b""
            with double.lock:
                answer = double.answer(double, call)
            # Taken, but the answer is lost: whoever asked must ask again.
            return (502, {}, b"") if mute else answer

        do_POST = do_GET = _do  # noqa: N815 - http.server's names

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


# --- SMS --------------------------------------------------------------------------------------------------------------


def gateway(key: str) -> Callable[[Double, Call], tuple[int, dict[str, str], bytes]]:
    """A gateway that checks each signature by itself and answers a known key with what it answered before."""

    def answer(double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        lines = ["POST", call.path, call.headers["x-timestamp"], hashlib.sha256(call.body).hexdigest()]
        wanted = hmac.new(key.encode(), "\n".join(lines).encode(), "sha256").hexdigest()
        if call.headers["x-signature"] != wanted or abs(time.time() - int(call.headers["x-timestamp"])) > 300:
            return 401, {}, b"{}"
        known = call.headers["idempotency-key"]
        if known not in double.taken:
            double.taken[known] = call.body
        return 200, {"Content-Type": "application/json"}, json.dumps({"id": f"sms-{known[:8]}"}).encode()

    return answer


# --- WeChat -----------------------------------------------------------------------------------------------------------


def wechat(app: str, secret: str, followers: set[str]) -> Callable[[Double, Call], tuple[int, dict[str, str], bytes]]:
    """An official account: tokens that can be made to end, errcodes, and messages dropped by ``client_msg_id``."""
    state: dict[str, Any] = {"token": "", "asked": 0}

    def answer(double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(call.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cgi-bin/token":
            if (asked["appid"], asked["secret"]) != (app, secret):
                return _said({"errcode": 40125, "errmsg": "invalid appsecret"})
            state["asked"] += 1
            state["token"] = f"token-{state['asked']}"
            return _said({"access_token": state["token"], "expires_in": 7200})
        if parts.path == "/sns/oauth2/access_token":
            known = asked["secret"] == secret and asked["code"] == "right"
            return _said({"openid": "open-1"} if known else {"errcode": 40029, "errmsg": "invalid code"})
        if asked.get("access_token") != state["token"] or double.__dict__.pop("token_ended", False):
            state["token"] = ""
            return _said({"errcode": 42001, "errmsg": "access_token expired"})
        message = call.json()
        if message["touser"] not in followers:
            return _said({"errcode": 43004, "errmsg": "require subscribe"})
        double.taken.setdefault(message["client_msg_id"], call.body)
        return _said({"errcode": 0, "errmsg": "ok", "msgid": 200228332})

    return answer


def _said(value: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


# --- web push ---------------------------------------------------------------------------------------------------------


class Browser:
    """A browser with a subscription: its keys, and what it reads of what its push service hands over (RFC 8291)."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = bytes(range(16))
        self.endpoint = endpoint

    @property
    def subscription(self) -> dict[str, Any]:
        """As ``PushSubscription.toJSON`` gives it."""
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": _b64(_point(self.key.public_key())), "auth": _b64(self.secret)},
        }

    def read(self, body: bytes) -> Any:
        """What the page's service worker is given."""
        salt, length = body[:16], body[20]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), body[21 : 21 + length])
        info = b"WebPush: info\x00" + _point(self.key.public_key()) + body[21 : 21 + length]
        shared = _hkdf(self.key.exchange(ec.ECDH(), sender), self.secret, info, 32)
        key = _hkdf(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(shared, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        return json.loads(plain.rstrip(b"\x00").removesuffix(b"\x02"))


def push_service() -> Callable[[Double, Call], tuple[int, dict[str, str], bytes]]:
    """A push service: checks who sends (VAPID, RFC 8292), keeps the last message of each topic."""

    def answer(double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        if call.headers.get("content-encoding") != "aes128gcm" or "ttl" not in call.headers:
            return 400, {}, b""
        if not _is_signed(call.headers["authorization"], audience=double.url):
            return 403, {}, b""
        if call.path.startswith("/gone"):
            return 410, {}, b""
        double.taken[call.headers["topic"]] = call.body
        return 201, {"Location": f"{double.url}/m/{len(double.taken)}"}, b""

    return answer


def _is_signed(header: str, *, audience: str) -> bool:
    parts = dict(each.strip().split("=", 1) for each in header.removeprefix("vapid ").split(","))
    head, claims, signature = parts["t"].split(".")
    raw = _unb64(signature)
    signed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _unb64(parts["k"]))
    key.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))  # raises when it is not theirs
    said = json.loads(_unb64(claims))
    return bool(
        said["aud"] == audience
        and time.time() < said["exp"] <= time.time() + 24 * 3600
        and said["sub"].startswith(("mailto:", "https:"))
    )


# --- web hooks --------------------------------------------------------------------------------------------------------


def receiver(secret: str) -> Callable[[Double, Call], tuple[int, dict[str, str], bytes]]:
    """A system that checks signatures as Standard Webhooks has it, and counts an event once."""

    def answer(double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        known, when = call.headers["webhook-id"], call.headers["webhook-timestamp"]
        raw = base64.b64decode(secret.removeprefix("whsec_"))
        signed = hmac.new(raw, f"{known}.{when}.".encode() + call.body, "sha256").digest()
        wanted = f"v1,{base64.b64encode(signed).decode()}"
        if wanted not in call.headers["webhook-signature"].split() or abs(time.time() - int(when)) > 300:
            return 401, {}, b""
        double.taken.setdefault(known, call.body)
        return 204, {}, b""

    return answer


# --- mail -------------------------------------------------------------------------------------------------------------


class MailServer:
    """What an SMTP server was handed. ``refuse`` are answers to recipients that it gives first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse: list[str] = []
        self.trouble = 0.0
        self.dice = random.Random(11)

    def by_id(self) -> dict[str, list[EmailMessage]]:
        """The mails under each Message-ID."""
        found: dict[str, list[EmailMessage]] = {}
        for mail in self.mails:
            found.setdefault(str(mail["Message-ID"]), []).append(mail)
        return found

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.dice.random() < self.trouble:
            return "451 try later"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, int]]:
    """An SMTP server on a free port of loopback."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    double = MailServer()
    controller = Controller(double, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield double, port
    finally:
        controller.stop()


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
