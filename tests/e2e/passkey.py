"""A passkey that no device holds, for pages that only show one."""

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

__all__ = ["made_up"]


def made_up() -> dict[str, Any]:
    """What a browser sends when a passkey is made (WebAuthn, 5.1), without attestation."""
    number = b"k" * 32
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    key = ES256({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
    held = AttestedCredentialData.create(Aaguid.NONE, number, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, held)
    said = {"type": "webauthn.create", "challenge": _text(b"c" * 32), "origin": "https://localhost"}
    return {
        "id": _text(number),
        "rawId": _text(number),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": _text(json.dumps(said).encode()),
            "attestationObject": _text(bytes(AttestationObject.create("none", data, {}))),
        },
    }


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
