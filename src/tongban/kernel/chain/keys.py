"""Ed25519 keys (RFC 8032): who signs checkpoints, and under which name the public finds the key."""

import base64
import binascii
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongban.kernel.chain.errors import ChainError

__all__ = ["SigningKey", "is_signed", "key_id"]


class SigningKey:
    """A private key. It shows its public half and its name, never itself."""

    __slots__ = ("_private", "id", "public")

    id: str
    public: bytes

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ChainError("chain.key-length", length=len(seed))
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    @classmethod
    def from_text(cls, text: str) -> "SigningKey":
        """Read base64 of 32 bytes. Raises `ChainError` `chain.key-length` or `chain.key-text`."""
        try:
            seed = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise ChainError("chain.key-text") from None
        return cls(seed)

    def __repr__(self) -> str:
        return f"<SigningKey {self.id}>"

    def seed(self) -> bytes:
        """The key itself, for a library that signs in its own format: never kept, never shown."""
        return self._private.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature over a message: 64 bytes, the same for the same message."""
        return self._private.sign(message)


def key_id(public: bytes) -> str:
    """A key's short name: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def is_signed(*, message: bytes, signature: bytes, public: bytes) -> bool:
    """True when the owner of `public` signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
