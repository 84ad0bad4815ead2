"""The hash chain: each link covers the one before it, so nothing can be changed, dropped or put in between."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from tongban.kernel.chain.canonical import canonical
from tongban.kernel.chain.errors import ChainError

__all__ = ["GENESIS", "first_broken", "link_hash"]

GENESIS: bytes = bytes(32)
"""What the first link of every chain covers."""


def link_hash(*, previous: bytes, body: Mapping[str, Any]) -> bytes:
    """SHA-256 over the previous hash and the canonical body: 32 bytes.

    Raises `ChainError`: `chain.hash` if `previous` is not 32 bytes (the boundary to the body would be ambiguous),
    and what `canonical` raises.
    """
    if len(previous) != 32:
        raise ChainError("chain.hash", expected=32, length=len(previous))
    return sha256(previous + canonical(body)).digest()


def first_broken(events: Iterable[tuple[Mapping[str, Any], bytes]], *, previous: bytes = GENESIS) -> int | None:
    """The position (from 0) of the first event whose hash does not fit, or None when all fit.

    `previous` is the last hash that is known to be right, to go on from a checkpoint. A body that cannot even be
    written as JSON was not what was recorded, so it is broken too.
    """
    for position, (body, stored) in enumerate(events):
        try:
            expected = link_hash(previous=previous, body=body)
        except ChainError:
            return position
        if bytes(stored) != expected:
            return position
        previous = expected
    return None
