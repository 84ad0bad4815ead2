"""What is signed for a day, by whom, and how one key follows another."""

import base64
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import Algorithm, ChainError, Checkpoint, Rotation, SigningKey, head_leaf, key_id

KEY, OTHER = SigningKey(bytes(range(32))), SigningKey(bytes(32))
AT = datetime(2026, 3, 3, 0, 10, tzinfo=timezone(timedelta(hours=8)))
UNSIGNED = Checkpoint(
    city="mingchuan",
    day=date(2026, 3, 2),
    timezone="Asia/Shanghai",
    algorithm=Algorithm.SHA256,
    cases=3,
    root=bytes(range(32)),
    previous=b"",
    key="",
    signed_at=AT,
)
SIGNED = UNSIGNED.sign(KEY)


def test_whoever_has_the_public_key_can_check_it() -> None:
    assert SIGNED.is_signed_by(KEY.public)
    assert SIGNED.key == KEY.id == key_id(KEY.public)
    assert not SIGNED.is_signed_by(OTHER.public)
    assert not SIGNED.is_signed_by(b"")
    assert not UNSIGNED.is_signed_by(KEY.public)


@pytest.mark.parametrize(
    "change",
    [
        {"city": "elsewhere"},
        {"day": date(2026, 3, 3)},
        {"timezone": "Europe/Berlin"},
        {"algorithm": Algorithm.SM3},
        {"cases": 4},
        {"root": bytes(32)},
        {"previous": bytes(32)},
        {"key": OTHER.id},
        {"signed_at": AT + timedelta(microseconds=1)},
        {"signature": bytes(64)},
    ],
)
def test_nothing_of_it_can_be_changed(change: dict[str, Any]) -> None:
    changed = replace(SIGNED, **change)
    assert not changed.is_signed_by(KEY.public)
    assert changed.hash != SIGNED.hash


def test_it_is_published_and_read_back() -> None:
    told = SIGNED.to_json()
    assert told["day"] == "2026-03-02"
    assert told["signed_at"] == "2026-03-02T16:10:00+00:00"
    again = Checkpoint.from_json(told)
    assert again == replace(SIGNED, signed_at=AT.astimezone(UTC))
    assert again.hash == SIGNED.hash
    assert again.is_signed_by(KEY.public)


@given(st.dictionaries(st.sampled_from(sorted(SIGNED.to_json())), st.none() | st.text(max_size=3) | st.integers()))
def test_what_is_none_is_refused_never_an_error(changes: dict[str, Any]) -> None:
    told = SIGNED.to_json() | changes
    read = None
    with suppress(ChainError):
        read = Checkpoint.from_json(told)
    assert read is None or read.to_json() == told


@pytest.mark.parametrize("told", [{}, {"type": "receipt"}, [], None, "checkpoint", SIGNED.to_json() | {"more": 1}])
def test_another_thing_is_refused(told: Any) -> None:
    with pytest.raises(ChainError) as refusal:
        Checkpoint.from_json(told)
    assert refusal.value.code == "chain.checkpoint"
    assert "pass what was published" in str(refusal.value)


def test_the_leaf_of_a_log_covers_case_place_and_hash() -> None:
    leaf = head_leaf(case=1, seq=2, link=b"link", algorithm=Algorithm.SHA256)
    for other in ({"case": 2}, {"seq": 3}, {"link": b"kink"}, {"algorithm": Algorithm.SM3}):
        given: dict[str, Any] = {"case": 1, "seq": 2, "link": b"link", "algorithm": Algorithm.SHA256, **other}
        assert head_leaf(**given) != leaf


# Keys


def test_a_key_is_read_from_base64_and_never_shown() -> None:
    key = SigningKey.from_text(base64.b64encode(bytes(range(32))).decode())
    assert (key.id, key.public) == (KEY.id, KEY.public)
    assert repr(key) == f"<SigningKey {KEY.id}>"
    # RFC 8032, 7.1, first example.
    example = SigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert example.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert example.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "chain.key-length"), ("AAAA", "chain.key-length"), ("not base64", "chain.key-text"), ("ä", "chain.key-text")],
)
def test_what_is_no_key_is_refused(text: str, code: str) -> None:
    with pytest.raises(ChainError) as refusal:
        SigningKey.from_text(text)
    assert refusal.value.code == code
    assert "openssl rand -base64 32" in str(refusal.value)


CHANGE = Rotation(old=KEY.public, new=OTHER.public, first_day=date(2026, 3, 3))


def test_both_keys_sign_for_the_change() -> None:
    change = CHANGE.sign(old=KEY, new=OTHER)
    assert change.is_endorsed
    assert change.is_acknowledged


def test_without_the_old_key_nobody_vouches() -> None:
    change = CHANGE.sign(old=None, new=OTHER)
    assert not change.is_endorsed
    assert change.is_acknowledged


@pytest.mark.parametrize(
    "change", [{"old": OTHER.public}, {"new": KEY.public}, {"first_day": date(2026, 3, 4)}, {"by_old": bytes(64)}]
)
def test_a_change_cannot_be_forged(change: dict[str, Any]) -> None:
    assert not replace(CHANGE.sign(old=KEY, new=OTHER), **change).is_endorsed
    assert not replace(CHANGE.sign(old=KEY, new=OTHER), by_new=bytes(64)).is_endorsed
