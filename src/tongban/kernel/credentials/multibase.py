"""Bytes as text that says how it is written (Multibase), and public keys as such text (Multikey)."""

import base64
import binascii

from tongban.kernel.credentials.errors import CredentialError

__all__ = ["from_multibase", "public_from_multikey", "to_base58", "to_multikey"]

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ED25519 = b"\xed\x01"
"""What a Multikey of an Ed25519 public key begins with."""
_LONGEST = 200
"""Keys and signatures are shorter; the arithmetic below is quadratic, and strangers hand texts in."""


def to_base58(content: bytes) -> str:
    """Base58 as Bitcoin writes it, with the `z` that says so."""
    number, digits = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + _ALPHABET[0] * zeros + digits


def from_multibase(text: str) -> bytes:
    """The bytes of a text in base58 (`z`) or base64url (`u`). Raises `CredentialError` `credential.multibase`."""
    if text.startswith("z") and len(text) <= _LONGEST:
        return _from_base58(text[1:])
    if text.startswith("u"):
        try:
            return base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise CredentialError("credential.multibase") from None
    raise CredentialError("credential.multibase")


def to_multikey(public: bytes) -> str:
    """An Ed25519 public key (32 bytes) as a Multikey."""
    return to_base58(_ED25519 + public)


def public_from_multikey(text: str) -> bytes:
    """The 32 bytes of an Ed25519 key. Raises `CredentialError` `credential.multibase` or `credential.key`."""
    content = from_multibase(text)
    if not content.startswith(_ED25519) or len(content) != 34:
        raise CredentialError("credential.key")
    return content[2:]


def _from_base58(digits: str) -> bytes:
    number = 0
    for character in digits:
        if character not in _VALUES:
            raise CredentialError("credential.multibase")
        number = number * 58 + _VALUES[character]
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
