"""Web push: what is said is encrypted for one browser (RFC 8291), the sender names itself (VAPID, RFC 8292).

``Topic`` makes a push service replace a message that has not been delivered yet by the same one, so that a second
attempt is seen once.
"""

import base64
import json
import os
import time
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tongban.apps.channels.transports import Never, Outgoing
from tongban.apps.channels.transports.http import post

__all__ = ["encrypt", "is_on", "public_key", "read_public", "send"]

_DAY = 24 * 3600
_RECORD = 4096
_LAST = b"\x02"
"""Ends the last record; there is only one here."""


def is_on() -> bool:
    """Whether a key to sign with and a way to reach the operator are set."""
    return bool(settings.PUSH_KEY and settings.PUSH_CONTACT)


def public_key() -> str:
    """The key that browsers subscribe with."""
    return _text(_point(_private().public_key()))


def read_public(text: str) -> ec.EllipticCurvePublicKey:
    """Read a browser's key. Raises ``ValueError`` for what is none."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text))


def send(outgoing: Outgoing) -> str:
    """Hand one message to a browser's push service; return the address under which that knows it."""
    endpoint = outgoing.target["endpoint"]
    said = {"title": outgoing.title, "body": outgoing.text, "url": outgoing.link, "tag": outgoing.key[:32]}
    try:
        body = encrypt(
            json.dumps(said, ensure_ascii=False).encode(),
            public=read_public(outgoing.target["public"]),
            auth=_bytes(outgoing.target["auth"]),
            own=ec.generate_private_key(ec.SECP256R1()),
            salt=os.urandom(16),
        )
    except ValueError as error:
        raise Never("subscription-unusable", gone=True) from error
    headers = {
        "Authorization": f"vapid t={_token(endpoint)}, k={public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(3 * _DAY),
        "Topic": outgoing.key[:32],
        "Urgency": "normal",
    }
    return post(url=endpoint, body=body, headers=headers).headers.get("location", "")[:120]


def encrypt(
    plain: bytes, *, public: ec.EllipticCurvePublicKey, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """Return ``plain`` for the browser with this key and secret: one record of aes128gcm (RFC 8188), header included.

    ``own`` and ``salt`` are made for this one message. A test holds it against the example of RFC 8291.
    """
    mine, theirs = _point(own.public_key()), _point(public)
    shared = _derive(own.exchange(ec.ECDH(), public), auth, b"WebPush: info\0" + theirs + mine, 32)
    key = _derive(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(shared, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, plain + _LAST, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _token(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    head = {"typ": "JWT", "alg": "ES256"}
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _DAY // 2,
        "sub": settings.PUSH_CONTACT,
    }
    signed = ".".join(_text(json.dumps(each, separators=(",", ":")).encode()) for each in (head, claims))
    r, s = decode_dss_signature(_private().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _private() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_bytes(settings.PUSH_KEY), "big"), ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
