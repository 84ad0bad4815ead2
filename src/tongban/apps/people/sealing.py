"""Identity and phone numbers: sealed at rest, found again by a keyed hash.

AES-256-GCM; the first of ``DATA_KEYS`` seals and all of them open, so that keys rotate without a stop. The sealed text
starts with the first hexadecimal digits of its key's digest, which tell which key opens it.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tongban.apps.people.errors import SealBroken
from tongban.kernel.numbers import NumberError, parse_mobile

__all__ = [
    "is_current",
    "is_sealed",
    "kept_telephone",
    "lookup_hash",
    "open_sealed",
    "reseal",
    "seal",
    "telephone_hash",
]

_PREFIX = "sealed:"


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    raw = [base64.b64decode(key) for key in keys]
    return {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in raw}


def seal(text: str) -> str:
    """Return ``text`` encrypted and authenticated; two seals of one text differ."""
    name, cipher = next(iter(_ciphers(tuple(settings.DATA_KEYS)).items()))
    nonce = os.urandom(12)
    body = nonce + cipher.encrypt(nonce, text.encode(), name.encode())
    return f"{_PREFIX}{name}:{base64.urlsafe_b64encode(body).decode()}"


def is_sealed(text: object) -> bool:
    """Whether ``text`` is what ``seal`` returns."""
    return isinstance(text, str) and text.startswith(_PREFIX)


def is_current(text: str) -> bool:
    """Whether ``text`` was sealed with the key that seals now."""
    return text.startswith(f"{_PREFIX}{next(iter(_ciphers(tuple(settings.DATA_KEYS))))}:")


def reseal(text: str) -> str:
    """Return ``text`` under the key that seals now; unchanged where it is so already. Raises ``SealBroken``."""
    return text if is_current(text) else seal(open_sealed(text))


def open_sealed(text: str) -> str:
    """Return what was sealed. Raises ``SealBroken`` when the key is unknown or a byte was changed."""
    try:
        _, name, body = text.split(":", 2)
        raw = base64.urlsafe_b64decode(body)
        return _ciphers(tuple(settings.DATA_KEYS))[name].decrypt(raw[:12], raw[12:], name.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise SealBroken from error


def lookup_hash(*, kind: str, text: str) -> str:
    """Return the keyed hash by which a sealed number is found; ``kind`` keeps equal digits of two kinds apart."""
    key = base64.b64decode(settings.LOOKUP_KEY)
    return hmac.digest(key, f"{kind}\0{text}".encode(), "sha256").hex()


def telephone_hash(number: str) -> str:
    """The keyed hash of a telephone number, however it is written: +86 and spaces make no other number of it."""
    try:
        plain = parse_mobile(number)
    except NumberError:
        plain = "".join(each for each in number if each.isdigit())
    return lookup_hash(kind="telephone", text=plain) if plain else ""


def kept_telephone(number: str) -> dict[str, str]:
    """A person's telephone as its two columns keep it, sealed and to be found by; empty where there is none."""
    return {"phone_sealed": seal(number) if number else "", "phone_hash": telephone_hash(number)}
