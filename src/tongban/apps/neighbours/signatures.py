"""HTTP message signatures (RFC 9421) with Ed25519, as messages between systems bear them.

What is signed says whom it is for, by what method and at which address, and the digest of the body (RFC 9530); the
signature says when it was made, until when it holds, a number used once and the key. An answer is signed over the
request's own signature too, so that it answers that request and no other. The library builds and checks what is
signed; which keys are good, how old a message may be and what has to be covered is decided here.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from tongban.apps.neighbours.errors import (
    BodyChanged,
    FromTheFuture,
    KeyExpired,
    Malformed,
    NotForUs,
    SignatureWrong,
    TooOld,
    UnknownKey,
    Unsigned,
)

__all__ = [
    "LIFE",
    "SKEW",
    "Answer",
    "Checked",
    "Key",
    "Request",
    "Signing",
    "check_answer",
    "check_request",
    "sign_answer",
    "sign_request",
]

LIFE = timedelta(minutes=5)
"""So long after it was signed is a message taken in."""
SKEW = timedelta(minutes=1)
"""By so much may two clocks differ."""

_TAG = "tongban"
_LABEL = "sig"
_REQUEST = ("@method", "@target-uri", "content-type", "content-digest", "tongban-to")
_ANSWER = (
    "@status",
    "content-type",
    "content-digest",
    '"@method";req',
    '"@target-uri";req',
    '"content-digest";req',
    f'"signature";req;key="{_LABEL}"',
)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key of somebody's: Ed25519, good up to and including its last day (UTC)."""

    owner: str
    id: str
    public: bytes
    until: date

    @property
    def name(self) -> str:
        """As the key is called on the wire."""
        return f"{self.owner}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs: a private key's 32 bytes under its name on the wire."""

    name: str
    seed: bytes


@dataclass(slots=True, kw_only=True)
class Request:
    """A request as it is signed. ``url`` is the whole address that the receiver is known by."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class Answer:
    """An answer as it is signed, with the request that it answers."""

    status_code: int
    headers: dict[str, str]
    body: bytes
    request: Request


@dataclass(frozen=True, slots=True)
class Checked:
    """What a good signature says: whose it is, its number used once, and until when it can come again."""

    sender: str
    key: str
    nonce: str
    until: datetime


FindKey = Callable[[str], Key | None]


def sign_request(*, request: Request, to: str, by: Signing, at: datetime) -> None:
    """Sign a request for the neighbour ``to``: adds the headers that belong to it."""
    request.headers["Tongban-To"] = to
    request.headers["Content-Digest"] = _digest(request.body)
    _sign(request, _REQUEST, by, at)


def sign_answer(*, answer: Answer, by: Signing, at: datetime) -> None:
    """Sign an answer to a request, bound to that request's signature."""
    answer.headers["Content-Digest"] = _digest(answer.body)
    signed = "signature" in {name.lower() for name in answer.request.headers}
    _sign(answer, _ANSWER if signed else _ANSWER[:3], by, at)


def check_request(*, request: Request, us: str, find_key: FindKey, at: datetime) -> Checked:
    """Return who sent a request. Raises one kind of ``WireError`` for each way in which it is not as it should be.

    Whether it has been here before is for the caller to find out, by its ``nonce``.
    """
    found = _check(request, _REQUEST, find_key, at)
    if _header(request.headers, "tongban-to") != us:
        raise NotForUs
    return found


def check_answer(*, answer: Answer, sender: str, find_key: FindKey, at: datetime) -> Checked:
    """Return what signed an answer of ``sender``; it must be bound to the request. Raises kinds of ``WireError``."""
    found = _check(answer, _ANSWER, find_key, at)
    if found.sender != sender:
        raise NotForUs
    return found


# --- inside -----------------------------------------------------------------------------------------------------------


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, public: bytes) -> None:
        self._public = public

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self._public)


class _Verifier(HTTPMessageVerifier):
    """The library's, without its own clock: times are checked by ``_check_times``."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Nothing: they have been looked at."""


def _sign(message: Request | Answer, covered: tuple[str, ...], by: Signing, at: datetime) -> None:
    """The library says what is signed. It would say so a second time to set the headers: this takes half as long."""
    prepared = HTTPMessageSigner(signature_algorithm=algorithms.ED25519).prepare(
        message,
        key_id=by.name,
        created=at,
        expires=at + LIFE,
        nonce=secrets.token_urlsafe(18),
        label=_LABEL,
        tag=_TAG,
        include_alg=False,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    signature = Ed25519PrivateKey.from_private_bytes(by.seed).sign(prepared.signature_base)
    message.headers["Signature-Input"] = f"{_LABEL}={prepared.signature_params}"
    message.headers["Signature"] = f"{_LABEL}=:{base64.b64encode(signature).decode()}:"


def _check(message: Request | Answer, covered: tuple[str, ...], find_key: FindKey, at: datetime) -> Checked:
    params = _parameters(message)
    key = find_key(params["keyid"])
    if key is None:
        raise UnknownKey
    if at.astimezone(UTC).date() > key.until:
        raise KeyExpired
    until = _check_times(params, at)
    if _header(message.headers, "content-digest") != _digest(message.body):
        raise BodyChanged
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(public=key.public))
    try:
        verifier.verify(message, max_age=None, expect_tag=_TAG, expect_label=_LABEL, require_components=covered)
    except InvalidSignature as error:
        raise (Unsigned if "not covered" in str(error) else SignatureWrong) from error
    except HTTPMessageSignaturesException as error:
        raise SignatureWrong from error
    return Checked(key.owner, key.id, params["nonce"], until)


def _parameters(message: Request | Answer) -> Mapping[str, Any]:
    """What the one signature says of itself, before anything of it is believed."""
    text = _header(message.headers, "signature-input")
    if not text or not _header(message.headers, "signature"):
        raise Unsigned
    try:
        labels: Any = http_sf.parse(text.encode("ascii"), tltype="dictionary")
    except (ValueError, KeyError) as error:
        raise Malformed from error
    if not isinstance(labels, dict) or list(labels) != [_LABEL]:
        raise Unsigned
    params: Mapping[str, Any] = labels[_LABEL][1]
    for name, kind in (("keyid", str), ("nonce", str), ("created", int), ("expires", int)):
        if type(params.get(name)) is not kind or len(str(params[name])) > _LONGEST:
            raise Unsigned
    return params


def _check_times(params: Mapping[str, Any], at: datetime) -> datetime:
    now, skew = at.timestamp(), SKEW.total_seconds()
    created, expires = params["created"], min(params["expires"], params["created"] + int(LIFE.total_seconds()))
    if created > now + skew:
        raise FromTheFuture
    if expires < now - skew:
        raise TooOld
    return datetime.fromtimestamp(expires, UTC) + SKEW


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for given, value in headers.items() if given.lower() == name), "")
