"""Data Integrity proofs with the cryptosuite eddsa-jcs-2022 (W3C vc-di-eddsa, 3.3).

What is signed is SHA-256 over the canonical JSON (RFC 8785) of the proof without its value, followed by SHA-256 over
that of the document without its proof.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tongban.kernel.chain import ChainError, SigningKey, canonical, is_signed
from tongban.kernel.credentials.errors import CredentialError
from tongban.kernel.credentials.multibase import from_multibase, to_base58

__all__ = ["CRYPTOSUITE", "add_proof", "is_proven", "read_proof"]

CRYPTOSUITE = "eddsa-jcs-2022"


def add_proof(
    *, document: Mapping[str, Any], key: SigningKey, method: str, at: datetime, purpose: str = "assertionMethod"
) -> dict[str, Any]:
    """The document with a proof of `key`, which the public finds under `method` (a DID URL)."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "verificationMethod": method,
        "proofPurpose": purpose,
        "@context": document["@context"],
    }
    signature = key.sign(_hashes(proof, document))
    return {**document, "proof": proof | {"proofValue": to_base58(signature)}}


def read_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """The one proof of a document. Raises `CredentialError`: `credential.proof` (none, several, or not whole),
    `credential.suite` (of a kind that we cannot check)."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise CredentialError("credential.proof")
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != CRYPTOSUITE:
        raise CredentialError("credential.suite")
    if not all(isinstance(proof.get(name), str) for name in ("verificationMethod", "proofPurpose", "proofValue")):
        raise CredentialError("credential.proof")
    return proof


def is_proven(*, document: Mapping[str, Any], public: bytes) -> bool:
    """True when the owner of `public` signed exactly this document, its contexts included.

    The standard lets contexts be appended after signing; we do not: they could change what the names mean. Raises
    `CredentialError` as `read_proof` does.
    """
    proof = read_proof(document)
    if "@context" in proof and proof["@context"] != document.get("@context"):
        return False
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        signature = from_multibase(proof["proofValue"])
        message = _hashes(options, unsigned)
    except (CredentialError, ChainError):
        return False
    return is_signed(message=message, signature=signature, public=public)


def _hashes(proof: Mapping[str, Any], document: Mapping[str, Any]) -> bytes:
    return sha256(canonical(proof)).digest() + sha256(canonical(document)).digest()
