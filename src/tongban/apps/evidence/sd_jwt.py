"""SD-JWT (RFC 9901) in the profile of SD-JWT VC: a signed token whose claims can be shown one by one.

Pure: values in, values out. A claim that can be hidden stands in the token as a salted digest; its *disclosure* (salt,
name, value) travels beside the token, and whoever holds the token leaves out what they do not want to show.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tongban.kernel.chain import SigningKey

__all__ = ["ALGORITHM", "TYPE", "SdJwtError", "Shown", "disclose", "issue", "key_id_of", "verify"]

TYPE = "dc+sd-jwt"
ALGORITHM = "Ed25519"
"""RFC 9864; what was called ``EdDSA`` before is the same signature under a name that says less."""
_LARGEST = 100_000


class SdJwtError(ValueError):
    """Why a token proves nothing: ``unreadable``, ``foreign-key`` or ``changed``."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a token proves: its claims with what is disclosed in place, and nothing of what is not."""

    claims: Mapping[str, Any]
    key: str


def issue(
    *, claims: Mapping[str, Any], hidden: Mapping[str, Any], listed: Mapping[str, Sequence[Any]], key: SigningKey
) -> str:
    """Return a token with all its disclosures, for its holder.

    ``claims`` are shown to everybody; each of ``hidden`` can be disclosed by its name; ``listed`` are lists each
    element of which can be disclosed by itself.
    """
    disclosures: list[str] = []

    def digest(*parts: Any) -> str:
        text = _encode([secrets.token_urlsafe(16), *parts])
        disclosures.append(text)
        return _digest(text)

    payload: dict[str, Any] = {
        **claims,
        **{name: [{"...": digest(each)} for each in values] for name, values in listed.items()},
        # Sorted: the order of digests says nothing about the order of claims.
        "_sd": sorted(digest(name, value) for name, value in hidden.items()),
        "_sd_alg": "sha-256",
    }
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.id}
    signed = jws.serialize_compact(header, _json(payload), _private(key), algorithms=[ALGORITHM])
    return "~".join([signed, *disclosures, ""])


def disclose(*, token: str, names: Sequence[str] = (), listed: Mapping[str, Sequence[int]] | None = None) -> str:
    """Return the token with the disclosures of these names and of these places in lists, and no others."""
    signed, *disclosures = token.split("~")[:-1]
    payload = json.loads(_decode(signed.split(".")[1]))
    places = {
        element["..."] for name, indexes in (listed or {}).items() for element in (payload[name][at] for at in indexes)
    }
    kept = [text for text in disclosures if _digest(text) in places or _name(text) in names]
    return "~".join([signed, *kept, ""])


def key_id_of(token: str) -> str:
    """Return the name of the key that a token claims to be signed with. Raises ``SdJwtError``."""
    try:
        return str(json.loads(_decode(token.split(".", 1)[0]))["kid"])
    except (ValueError, KeyError, TypeError) as error:
        raise SdJwtError("unreadable") from error


def verify(*, token: str, keys: Mapping[str, bytes]) -> Shown:
    """Return what a token proves, signed with one of ``keys`` (Ed25519, by their names). Raises ``SdJwtError``.

    All of RFC 9901, 7.1: a digest may stand once, a disclosure must belong somewhere, a claim is not disclosed over
    another. Whether it is still valid is the caller's question. A token bound to a key of its holder is not taken.
    """
    if len(token) > _LARGEST or not token.endswith("~"):
        raise SdJwtError("unreadable")
    kid = key_id_of(token)
    if kid not in keys:
        raise SdJwtError("foreign-key")
    signed, *disclosures = token.split("~")[:-1]
    public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _base64(keys[kid])})
    try:
        found = jws.deserialize_compact(signed, public, algorithms=[ALGORITHM])
        payload = json.loads(found.payload)
    except (JoseError, ValueError) as error:
        raise SdJwtError("changed") from error
    if found.headers().get("typ") != TYPE or not isinstance(payload, dict):
        raise SdJwtError("unreadable")
    if payload.pop("_sd_alg", "sha-256") != "sha-256":
        raise SdJwtError("unreadable")
    opened = _Opening.of(disclosures)
    claims = opened.open(payload)
    if opened.disclosures:
        raise SdJwtError("unreadable")
    return Shown(claims=claims, key=kid)


@dataclass(slots=True)
class _Opening:
    """Puts disclosures where their digests stand; what is left in ``disclosures`` belongs nowhere."""

    disclosures: dict[str, list[Any]]
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Opening":
        found: dict[str, list[Any]] = {}
        for text in texts:
            try:
                parts = json.loads(_decode(text))
            except ValueError as error:
                raise SdJwtError("unreadable") from error
            digest = _digest(text)
            if not isinstance(parts, list) or len(parts) not in (2, 3) or digest in found:
                raise SdJwtError("unreadable")
            found[digest] = parts
        return cls(found)

    def open(self, node: Any) -> Any:
        if isinstance(node, dict):
            return self._open_object(node)
        if isinstance(node, list):
            return [value for element in node for value in self._open_element(element)]
        return node

    def _open_object(self, node: Mapping[str, Any]) -> dict[str, Any]:
        if "..." in node:
            raise SdJwtError("unreadable")
        claims = {name: self.open(value) for name, value in node.items() if name != "_sd"}
        for digest in node.get("_sd", ()):
            parts = self._take(digest, 3)
            if parts is None:
                continue
            name = parts[1]
            if not isinstance(name, str) or name in ("_sd", "...") or name in claims:
                raise SdJwtError("unreadable")
            claims[name] = self.open(parts[2])
        return claims

    def _open_element(self, element: Any) -> list[Any]:
        if isinstance(element, dict) and set(element) == {"..."}:
            parts = self._take(element["..."], 2)
            return [] if parts is None else [self.open(parts[1])]
        return [self.open(element)]

    def _take(self, digest: Any, length: int) -> list[Any] | None:
        if not isinstance(digest, str) or digest in self.seen:
            raise SdJwtError("unreadable")
        self.seen.add(digest)
        parts = self.disclosures.pop(digest, None)
        if parts is not None and len(parts) != length:
            raise SdJwtError("unreadable")
        return parts


def _private(key: SigningKey) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _base64(key.public), "d": _base64(key.seed())})


def _name(text: str) -> str | None:
    parts = json.loads(_decode(text))
    return parts[1] if len(parts) == 3 else None


def _digest(text: str) -> str:
    return _base64(sha256(text.encode("ascii")).digest())


def _encode(value: Any) -> str:
    return _base64(_json(value))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise SdJwtError("unreadable") from error
