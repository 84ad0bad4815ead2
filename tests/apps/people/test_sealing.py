"""Sealed numbers open with any of the keys, and with no other; a changed byte is noticed."""

import base64
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import is_sealed, lookup_hash, open_sealed, seal


@given(st.text())
def test_what_is_sealed_opens(text: str) -> None:
    assert open_sealed(seal(text)) == text


def test_two_seals_of_one_number_differ() -> None:
    assert seal("13900000001") != seal("13900000001")
    assert is_sealed(seal("x"))
    assert not is_sealed("x")
    assert not is_sealed(None)


def test_keys_rotate(settings: Any) -> None:
    old = seal("before")
    new_key = base64.b64encode(os.urandom(32)).decode()
    settings.DATA_KEYS = [new_key, *settings.DATA_KEYS]
    assert open_sealed(old) == "before"
    fresh = seal("after")
    settings.DATA_KEYS = [new_key]
    assert open_sealed(fresh) == "after"
    with pytest.raises(SealBroken):
        open_sealed(old)


@pytest.mark.parametrize(
    "harm", [lambda s: s[:-2] + "AA", lambda s: s.replace(":", ";"), lambda s: "sealed:", str.upper]
)
def test_a_changed_seal_is_broken(harm: Callable[[str], str]) -> None:
    with pytest.raises(SealBroken):
        open_sealed(harm(seal("361799198805140027")))


def test_a_look_up_needs_the_key(settings: Any) -> None:
    before = lookup_hash(kind="identity", text="1")
    assert before != lookup_hash(kind="phone", text="1")
    settings.LOOKUP_KEY = base64.b64encode(os.urandom(32)).decode()
    assert before != lookup_hash(kind="identity", text="1")
