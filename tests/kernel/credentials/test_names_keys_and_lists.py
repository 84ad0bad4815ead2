"""did:web names, keys as text, and status lists: both ways, and what strangers may hand in."""

import gzip
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.credentials import (
    ENTRIES,
    CredentialError,
    DidKey,
    did_document,
    did_of_url,
    empty_list,
    encode_list,
    expand_list,
    from_multibase,
    is_set,
    to_base58,
    url_of_did,
    with_bit,
)


@given(st.binary(max_size=70))
def test_base58_comes_back(content: bytes) -> None:
    assert from_multibase(to_base58(content)) == content


@pytest.mark.parametrize("text", ["", "z0", "zO", "x11", "z" + "1" * 300, "u!", "f00"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(CredentialError):
        from_multibase(text)


@pytest.mark.parametrize(
    ("url", "did", "document"),
    [
        ("https://a.cn", "did:web:a.cn", "https://a.cn/.well-known/did.json"),
        ("https://a.cn/b/c", "did:web:a.cn:b:c", "https://a.cn/b/c/did.json"),
        ("http://127.0.0.1:8000/b/", "did:web:127.0.0.1%3A8000:b", "https://127.0.0.1:8000/b/did.json"),
    ],
)
def test_a_name_leads_to_its_document(url: str, did: str, document: str) -> None:
    assert did_of_url(url) == did
    assert url_of_did(did) == document


@pytest.mark.parametrize("did", ["did:key:z6Mk", "did:web:", "did:web:a.cn/b", "did:web:a.cn:..%2Fb", "did:web:a@b.cn"])
def test_other_names_lead_nowhere(did: str) -> None:
    with pytest.raises(CredentialError):
        url_of_did(did)


def test_a_key_in_other_hands_is_listed_with_its_end_and_vouches_for_nothing() -> None:
    at = datetime(2026, 11, 27, 8, tzinfo=UTC)
    keys = [DidKey(id="a", public=bytes(32), revoked=at), DidKey(id="b", public=b"\x01" * 32)]
    document = did_document(did="did:web:a.cn", keys=keys)
    assert document["assertionMethod"] == ["did:web:a.cn#b"]
    assert [each.get("revoked") for each in document["verificationMethod"]] == ["2026-11-27T08:00:00Z", None]


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=20))
def test_a_list_comes_back_with_what_was_set(places: set[int]) -> None:
    bits = empty_list()
    for place in places:
        bits = with_bit(bits, place, True)
    back = expand_list(encode_list(bits))
    assert {place for place in places if is_set(back, place)} == places
    assert sum(byte.bit_count() for byte in back) == len(places)


def test_the_first_place_is_the_leftmost_bit() -> None:
    assert with_bit(empty_list(), 0, True)[0] == 0x80


def test_a_bit_can_be_taken_back() -> None:
    assert with_bit(with_bit(empty_list(), 9, True), 9, False) == empty_list()


def test_equal_lists_give_equal_text() -> None:
    assert encode_list(empty_list()) == encode_list(bytes(ENTRIES // 8))


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(bytes(10)), gzip.compress(bytes(5_000_000))],
    ids=["empty", "other", "short", "long"],
)
def test_what_is_no_list_is_refused_before_it_fills_the_memory(content: bytes) -> None:
    with pytest.raises(CredentialError):
        expand_list("u" + urlsafe_b64encode(content).decode().rstrip("="))


def test_beyond_the_end_there_is_nothing() -> None:
    with pytest.raises(CredentialError):
        is_set(empty_list(), ENTRIES)
