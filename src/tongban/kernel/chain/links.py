"""The hash chain: each link covers the one before it, so nothing can be changed, dropped or put in between."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from tongban.kernel.chain.canonical import canonical
from tongban.kernel.chain.digests import Algorithm, digest_of
from tongban.kernel.chain.errors import ChainError

__all__ = ["GENESIS", "algorithm_of", "body_digest", "first_broken", "follows", "join", "link_hash"]

GENESIS: bytes = bytes(32)
"""What the first link of every chain covers."""

_TAGS = {Algorithm.SHA256: b"\x01", Algorithm.SM3: b"\x02"}
_ALGORITHMS = {tag[0]: algorithm for algorithm, tag in _TAGS.items()}
_UNTAGGED, _TAGGED = 32, 33


Body = Mapping[str, Any] | bytes
"""What a link covers: a body, or its canonical JSON where that is at hand."""


def link_hash(*, previous: bytes, body: Body, algorithm: Algorithm = Algorithm.SHA256) -> bytes:
    """The link of a body: one byte that names the algorithm, then its digest over the previous link and the body's.

    The body enters by its own digest, so that a proof can pass over an event without showing it. The byte in front lets
    links of several algorithms follow one another in one chain.

    Raises `ChainError`: `chain.hash` if `previous` is no link, and what `canonical` raises.
    """
    if algorithm is Algorithm.SHA256:  # every step of every case comes here: the same as below without its calls
        _check(previous)
        return b"\x01" + sha256(previous + sha256(_content(body)).digest()).digest()
    return join(previous=previous, digest=body_digest(body=body, algorithm=algorithm), algorithm=algorithm)


def body_digest(*, body: Body, algorithm: Algorithm) -> bytes:
    """The digest of the canonical body: 32 bytes. Raises what `canonical` raises."""
    return digest_of(algorithm)(_content(body))


def join(*, previous: bytes, digest: bytes, algorithm: Algorithm) -> bytes:
    """The link of a body of which only the digest is known. Raises `ChainError` `chain.hash`."""
    _check(previous)
    return _TAGS[algorithm] + digest_of(algorithm)(previous + digest)


def algorithm_of(link: bytes) -> Algorithm | None:
    """The algorithm of a link; None for the plain SHA-256 of logs that were begun before links named theirs.

    Raises `ChainError` `chain.hash` if it is no link.
    """
    _check(link)
    return None if len(link) == _UNTAGGED else _ALGORITHMS[link[0]]


def follows(*, previous: bytes, body: Body, link: bytes) -> bool:
    """True when `link` is that of `body` after `previous`, by whatever algorithm it names.

    A body that cannot even be written as JSON was not what was recorded, so it does not follow.
    """
    try:
        algorithm = algorithm_of(link)
        if algorithm is not None:
            return link_hash(previous=previous, body=body, algorithm=algorithm) == link
        _check(previous)
        return sha256(previous + _content(body)).digest() == link
    except ChainError:
        return False


def first_broken(events: Iterable[tuple[Mapping[str, Any], bytes]], *, previous: bytes = GENESIS) -> int | None:
    """The position (from 0) of the first event whose link does not fit, or None when all fit.

    `previous` is the last link that is known to be right, to go on from a checkpoint.
    """
    for position, (body, stored) in enumerate(events):
        link = bytes(stored)
        if not follows(previous=previous, body=body, link=link):
            return position
        previous = link
    return None


def _content(body: Body) -> bytes:
    return body if isinstance(body, bytes) else canonical(body)


def _check(link: bytes) -> None:
    # A link of another length would leave open where it ends and what it covers begins.
    length = len(link)
    if length == _UNTAGGED or (length == _TAGGED and link[0] in _ALGORITHMS):
        return
    raise ChainError("chain.hash", length=length)
