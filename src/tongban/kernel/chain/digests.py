"""The algorithms that a log can be chained with."""

import hashlib
from collections.abc import Callable
from enum import StrEnum

__all__ = ["Algorithm", "digest_of"]

Digest = Callable[[bytes], bytes]
"""Bytes in, 32 bytes out."""


class Algorithm(StrEnum):
    """SHA-256 (FIPS 180-4), or SM3 (GB/T 32905) where Chinese commercial cryptography is prescribed."""

    SHA256 = "sha256"
    SM3 = "sm3"


def digest_of(algorithm: Algorithm) -> Digest:
    """The function that computes a digest of 32 bytes."""
    return _DIGESTS[algorithm]


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _sm3(content: bytes) -> bytes:
    # hashlib has SM3 only where the system's OpenSSL was built with it; cryptography brings its own.
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    state = Hash(SM3())  # named by the standard, not chosen for old times' sake
    state.update(content)
    return state.finalize()


_DIGESTS: dict[Algorithm, Digest] = {Algorithm.SHA256: _sha256, Algorithm.SM3: _sm3}
