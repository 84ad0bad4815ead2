"""W3C Verifiable Credentials as values: proofs (eddsa-jcs-2022), status lists, did:web names and documents."""

from tongban.kernel.credentials.dids import DidKey, did_document, did_of_url, url_of_did
from tongban.kernel.credentials.errors import CredentialError
from tongban.kernel.credentials.multibase import from_multibase, public_from_multikey, to_base58, to_multikey
from tongban.kernel.credentials.proofs import CRYPTOSUITE, add_proof, is_proven, read_proof
from tongban.kernel.credentials.statuses import (
    ENTRIES,
    empty_list,
    encode_list,
    expand_list,
    is_set,
    with_bit,
)

__all__ = [
    "CRYPTOSUITE",
    "ENTRIES",
    "CredentialError",
    "DidKey",
    "add_proof",
    "did_document",
    "did_of_url",
    "empty_list",
    "encode_list",
    "expand_list",
    "from_multibase",
    "is_proven",
    "is_set",
    "public_from_multikey",
    "read_proof",
    "to_base58",
    "to_multikey",
    "url_of_did",
    "with_bit",
]
