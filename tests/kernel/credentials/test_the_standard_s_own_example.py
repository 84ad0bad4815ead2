"""The example of the standard (W3C vc-di-eddsa, appendix: eddsa-jcs-2022), to the byte, both ways."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tongban.kernel.chain import SigningKey
from tongban.kernel.credentials import CredentialError, add_proof, from_multibase, is_proven, public_from_multikey

PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
UNSIGNED: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}


def _signed() -> dict[str, Any]:
    key = SigningKey(from_multibase(PRIVATE)[2:])
    at = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
    return add_proof(document=UNSIGNED, key=key, method=f"did:key:{PUBLIC}#{PUBLIC}", at=at)


def test_we_sign_as_the_standard_signs() -> None:
    assert _signed()["proof"]["proofValue"] == VALUE


def test_we_check_what_the_standard_signed() -> None:
    assert is_proven(document=_signed(), public=public_from_multikey(PUBLIC))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Alumni credential"},
        {"added": None},
        {"@context": UNSIGNED["@context"][:1]},
        {"@context": [*UNSIGNED["@context"], "https://elsewhere.example/v1"]},
    ],
)
def test_whatever_is_changed_is_found(changed: dict[str, Any]) -> None:
    assert not is_proven(document=_signed() | changed, public=public_from_multikey(PUBLIC))


@pytest.mark.parametrize("name", ["created", "verificationMethod", "proofPurpose"])
def test_the_proof_covers_what_it_says_of_itself(name: str) -> None:
    signed = _signed()
    signed["proof"][name] += "x"
    assert not is_proven(document=signed, public=public_from_multikey(PUBLIC))


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (None, "credential.proof"),
        ([{}, {}], "credential.proof"),
        ({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}, "credential.suite"),
        ({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}, "credential.proof"),
    ],
)
def test_what_is_no_proof_that_we_can_check_is_said_to_be_none(proof: object, code: str) -> None:
    with pytest.raises(CredentialError) as refused:
        is_proven(document=UNSIGNED | {"proof": proof}, public=bytes(32))
    assert refused.value.code == code
