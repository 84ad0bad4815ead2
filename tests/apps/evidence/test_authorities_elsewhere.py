"""Certificates of authorities elsewhere: only of those that the operator trusts, and never without their word."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tongban.apps.evidence.elsewhere import Elsewhere, Unreachable
from tongban.apps.evidence.queries import check_credential
from tongban.kernel.chain import SigningKey
from tongban.kernel.credentials import DidKey, add_proof, did_document, empty_list, encode_list, with_bit

pytestmark = pytest.mark.django_db
DID = "did:web:linchuan.example:authorities:market"
AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
KEY = SigningKey(b"\x01" * 32)


def _signed(document: dict[str, Any]) -> dict[str, Any]:
    return add_proof(document=document, key=KEY, method=f"{DID}#{KEY.id}", at=AT)


def _certificate(**changed: Any) -> dict[str, Any]:
    return _signed(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": {"id": DID},
            "name": "A licence",
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": "2027-01-01T00:00:00Z",
            "credentialSubject": {"name": "Somebody"},
            "credentialStatus": {
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "7",
                "statusListCredential": "https://linchuan.example/status/1/revocation",
            },
        }
        | changed
    )


def _list(bits: bytes = empty_list(), **changed: Any) -> dict[str, Any]:
    return _signed(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": DID,
            "validUntil": "2026-12-01T00:00:00Z",
            "credentialSubject": {"statusPurpose": "revocation", "encodedList": encode_list(bits)},
        }
        | changed
    )


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def check(city: Any, settings: Any, asked: list[str]) -> Callable[..., str]:
    settings.TRUSTED_ISSUERS = [DID]
    document = did_document(did=DID, keys=[DidKey(id=KEY.id, public=KEY.public)])

    def run(credential: dict[str, Any], listing: Any = None, did: Any = document, at: datetime = AT) -> str:
        lies = {
            "https://linchuan.example/authorities/market/did.json": did,
            "https://linchuan.example/status/1/revocation": listing or _list(),
        }

        def fetch(url: str) -> bytes:
            asked.append(url)
            if lies.get(url) is None:
                raise Unreachable
            return json.dumps(lies[url]).encode()

        return check_credential(content=json.dumps(credential).encode(), at=at, elsewhere=Elsewhere(fetch)).code

    return run


def test_it_works(check: Callable[..., str]) -> None:
    assert check(_certificate()) == "valid"


def test_who_is_not_trusted_is_not_even_asked(check: Callable[..., str], asked: list[str], settings: Any) -> None:
    settings.TRUSTED_ISSUERS = []
    assert check(_certificate()) == "foreign-issuer"
    assert asked == []


def test_a_revoked_one_is_told(check: Callable[..., str]) -> None:
    assert check(_certificate(), _list(with_bit(empty_list(), 7, True))) == "revoked"


def test_days_are_told(check: Callable[..., str]) -> None:
    assert check(_certificate(validUntil="2026-06-01T00:00:00Z")) == "expired"
    assert check(_certificate(validFrom="2026-12-01T00:00:00Z")) == "not-yet"


def test_a_changed_one_is_told(check: Callable[..., str]) -> None:
    assert check(_certificate() | {"name": "Another"}) == "changed"


@pytest.mark.parametrize(
    "listing",
    [
        {"no": "list"},
        _list() | {"validUntil": "2030-01-01T00:00:00Z"},
        _list(validUntil="2026-11-01T00:00:00Z"),
        _list(issuer="did:web:elsewhere.example"),
        _list(credentialSubject={"statusPurpose": "suspension", "encodedList": encode_list(empty_list())}),
        _list(credentialSubject={"statusPurpose": "revocation", "encodedList": "uAAAA"}),
    ],
)
def test_without_a_list_that_counts_nothing_is_said_to_be_valid(check: Callable[..., str], listing: Any) -> None:
    assert check(_certificate(), listing) == "unreachable"


@pytest.mark.parametrize(
    "status",
    [
        {"type": "AnotherStatus"},
        "text",
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://127.0.0.1/status/1",
        },
    ],
)
def test_a_status_that_we_cannot_read_is_no_reason_to_trust(check: Callable[..., str], status: Any) -> None:
    assert check(_certificate(credentialStatus=status)) == "unreachable"


@pytest.mark.parametrize("did", [None, {"id": "did:web:another.example"}, ["no document"]])
def test_an_issuer_that_does_not_answer_is_told(check: Callable[..., str], did: Any) -> None:
    assert check(_certificate(), did=did) == "unreachable"


def test_a_list_that_has_grown_old_counts_no_more(check: Callable[..., str]) -> None:
    assert check(_certificate(), at=AT + timedelta(days=10)) == "unreachable"
