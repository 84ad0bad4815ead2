"""Names of issuers (did:web), where their documents lie, and what these say (W3C CID 1.0, DID 1.0)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from tongban.kernel.credentials.errors import CredentialError
from tongban.kernel.credentials.multibase import to_multikey

__all__ = ["DidKey", "did_document", "did_of_url", "url_of_did"]

_DID = re.compile(r"did:web:([A-Za-z0-9.-]+(?:%3A[0-9]{1,5})?)((?::[A-Za-z0-9._-]+)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DidKey:
    """A public key in a document: its name in it, and since when it must not be trusted any more, if so."""

    id: str
    public: bytes
    revoked: datetime | None = None


def did_of_url(url: str) -> str:
    """The name of whoever publishes at this address: `https://a.cn:8000/b/c` is `did:web:a.cn%3A8000:b:c`."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    return "did:web:" + ":".join([parts.netloc.replace(":", "%3A"), *(path.split("/") if path else ())])


def url_of_did(did: str) -> str:
    """Where the document of a name lies. Raises `CredentialError` `credential.did` for other names."""
    found = _DID.fullmatch(did)
    if found is None:
        raise CredentialError("credential.did")
    path = found[2].replace(":", "/") or "/.well-known"
    return f"https://{unquote(found[1])}{path}/did.json"


def did_document(*, did: str, keys: Iterable[DidKey]) -> dict[str, Any]:
    """What says which keys are an issuer's.

    A key that was changed for another stays and still proves what it signed. One that got into other hands is listed
    with the day of its end, and proves nothing any more: nobody can tell when something was signed with it.
    """
    listed = list(keys)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [_method(did, key) for key in listed],
        "assertionMethod": [f"{did}#{key.id}" for key in listed if key.revoked is None],
    }


def _method(did: str, key: DidKey) -> dict[str, Any]:
    method = {
        "id": f"{did}#{key.id}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": to_multikey(key.public),
    }
    return method if key.revoked is None else method | {"revoked": f"{key.revoked.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
