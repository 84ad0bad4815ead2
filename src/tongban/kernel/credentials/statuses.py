"""Bitstring status lists (W3C vc-bitstring-status-list): one bit for each credential, the first one leftmost."""

import base64
import gzip
import zlib

from tongban.kernel.credentials.errors import CredentialError
from tongban.kernel.credentials.multibase import from_multibase

__all__ = ["ENTRIES", "empty_list", "encode_list", "expand_list", "is_set", "with_bit"]

ENTRIES = 131_072
"""As few as a list may have, so that asking for one does not tell whose credential is looked at."""
_MOST_BYTES = 4_000_000
"""So long may a list of somebody else become as it is unpacked."""


def empty_list() -> bytes:
    """A list with nothing set."""
    return bytes(ENTRIES // 8)


def with_bit(bits: bytes, index: int, value: bool) -> bytes:
    """The same list with one bit set or not."""
    place, mask = index // 8, 0x80 >> index % 8
    byte = bits[place] | mask if value else bits[place] & ~mask
    return bits[:place] + bytes((byte,)) + bits[place + 1 :]


def is_set(bits: bytes | bytearray, index: int) -> bool:
    """Whether a bit is set. Raises `CredentialError` `credential.list` beyond the end."""
    if not 0 <= index < len(bits) * 8:
        raise CredentialError("credential.list")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def encode_list(bits: bytes) -> str:
    """A list as `encodedList` carries it: gzip, base64url, `u`. Equal lists give equal text."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")


def expand_list(text: str) -> bytes:
    """The reverse. Raises `CredentialError` `credential.list`: not such a text, too short, or endless."""
    try:
        packed = from_multibase(text)
        unpack = zlib.decompressobj(wbits=31)  # gzip
        bits = unpack.decompress(packed, _MOST_BYTES)
    except (CredentialError, zlib.error):
        raise CredentialError("credential.list") from None
    if not text.startswith("u") or len(bits) * 8 < ENTRIES or not unpack.eof:
        raise CredentialError("credential.list")
    return bits
