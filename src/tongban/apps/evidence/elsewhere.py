"""What authorities elsewhere publish: their keys and their status lists. Only of those that the operator trusts.

https only, no redirects, answers bounded in size and time, kept for some minutes.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache

from tongban.kernel.credentials import CredentialError, public_from_multikey, url_of_did

__all__ = ["Elsewhere", "KnownKey", "Unreachable", "fetch", "keys_of_document"]

_LARGEST = 2_000_000
_SECONDS = 5
_KEPT = 300


class Unreachable(Exception):
    """It could not be had, or is not what it should be: nothing is known of whether the certificate holds."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key in an issuer's document; ``vouches``: what it signed is still stood by."""

    public: bytes
    vouches: bool


def keys_of_document(document: Mapping[str, Any]) -> dict[str, KnownKey]:
    """Return the Ed25519 keys that a did:web document lists, by their names; what cannot be read is left out."""
    vouching = {each for each in _listed(document, "assertionMethod") if isinstance(each, str)}
    found = {}
    for method in _listed(document, "verificationMethod"):
        try:
            if method["type"] == "Multikey" and method["controller"] == document["id"]:
                public = public_from_multikey(method["publicKeyMultibase"])
                found[str(method["id"])] = KnownKey(public, method["id"] in vouching and "revoked" not in method)
        except (KeyError, TypeError, AttributeError, CredentialError):
            continue
    return found


def fetch(url: str) -> bytes:
    """Return what lies at an https address. Raises ``Unreachable``."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Unreachable
    connection = http.client.HTTPSConnection(
        parts.hostname, parts.port, timeout=_SECONDS, context=ssl.create_default_context()
    )
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json, application/vc"})
        response = connection.getresponse()
        content = response.read(_LARGEST + 1)
    except (OSError, http.client.HTTPException):
        raise Unreachable from None
    finally:
        connection.close()
    if response.status != 200 or len(content) > _LARGEST:
        raise Unreachable
    return content


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How others are asked; tests put another ``fetch`` in."""

    fetch: Callable[[str], bytes] = field(default=fetch)

    def get_did_document(self, did: str) -> Mapping[str, Any]:
        """Return the document of a did:web name. Raises ``Unreachable``."""
        try:
            document = self._get(url_of_did(did))
        except CredentialError:
            raise Unreachable from None
        if document.get("id") != did:
            raise Unreachable
        return document

    def get_list(self, url: str, *, issuer: str) -> Mapping[str, Any]:
        """Return a status list, from the issuer's own host and nowhere else. Raises ``Unreachable``."""
        if urlsplit(url).netloc != urlsplit(url_of_did(issuer)).netloc:
            raise Unreachable
        return self._get(url)

    def _get(self, url: str) -> Mapping[str, Any]:
        kept = cache.get(f"elsewhere:{url}")
        if kept is None:
            kept = self.fetch(url)
            cache.set(f"elsewhere:{url}", kept, _KEPT)
        try:
            document = json.loads(kept)
        except ValueError:
            raise Unreachable from None
        if not isinstance(document, dict):
            raise Unreachable
        return document


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []
