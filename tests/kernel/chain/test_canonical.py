"""Canonical JSON: the quick way writes what RFC 8785 writes, byte by byte."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from unittest.mock import patch

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import ChainError, canonical

LARGEST = 2**53 - 1
# Text that sorts differently by code point and by UTF-16 unit, and text that must be escaped.
awkward = st.text(
    st.sampled_from('\x00\x08\n\x1f\x7f"\\/é\u2028\ud7ff\ue000\uffff\U00010000\U0001f600\U0010ffff'), max_size=4
)
texts = st.text() | awkward
integers = st.integers(-LARGEST, LARGEST)
plain = st.none() | st.booleans() | integers | texts
floats = st.floats(allow_nan=False, allow_infinity=False)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=25)


@given(nested(plain))
def test_plain_values_are_written_as_the_standard_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(nested(plain | floats))
def test_values_with_floats_are_written_as_the_standard_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(nested(plain))
def test_what_is_written_reads_back(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])), integers))
def test_the_quick_way_is_taken_where_it_may_be(value: dict[str, int]) -> None:
    standard = rfc8785.dumps(value)
    with patch.object(rfc8785, "dumps", side_effect=AssertionError("the slow way was taken")):
        assert canonical(value) == standard


def test_keys_are_ordered_by_utf_16_unit() -> None:
    # U+1F600 is D83D DE00 in UTF-16, so it comes before U+E000, though its code point is the greater one.
    assert canonical({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}'.encode()


def test_the_example_of_the_standard() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


class Colour(StrEnum):
    RED = "red"


class Grade(IntEnum):
    FIVE = 5


class Frozen(Mapping[str, Any]):
    """A mapping that is not a dict."""

    def __init__(self, **members: Any) -> None:
        self._members = members

    def __getitem__(self, key: str) -> Any:
        return self._members[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def test_relatives_of_plain_types_are_written_as_what_they_stand_for() -> None:
    value = {Colour.RED: Colour.RED, "grade": Grade.FIVE, "frozen": Frozen(b=(1, 2), a=1.0), "zero": -0.0}
    assert canonical(value) == b'{"frozen":{"a":1,"b":[1,2]},"grade":5,"red":"red","zero":0}'


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0, 2611220483917724])
def test_integers_up_to_the_largest_exact_one_are_written(value: int) -> None:
    assert canonical([value]) == f"[{value}]".encode()


def at_depth(value: Any) -> Any:
    return {"a": [1, {"b": value}]}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (2**53, "chain.integer"),
        (-(2**53), "chain.integer"),
        (10**30, "chain.integer"),
        (float("nan"), "chain.number"),
        (float("inf"), "chain.number"),
        (float("-inf"), "chain.number"),
        ("\ud83d", "chain.text"),
        ("\ud83d\ude00", "chain.text"),
        ({"\udc00": 1}, "chain.text"),
        ({"\ud83d\U0001f600": 1}, "chain.text"),
        ({1: 1}, "chain.key"),
        ({None: 1}, "chain.key"),
        ({True: 1, "a": 2}, "chain.key"),
        (Decimal("1.5"), "chain.type"),
        (b"bytes", "chain.type"),
        ({1, 2}, "chain.type"),
        (object(), "chain.type"),
    ],
)
def test_what_json_cannot_hold_is_refused_at_any_depth(value: Any, code: str) -> None:
    for whole in (value, at_depth(value), at_depth([value, 0.5])):
        with pytest.raises(ChainError) as refusal:
            canonical(whole)
        assert refusal.value.code == code
        assert str(refusal.value).startswith(f"{code}: ")


def test_what_has_no_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = 0.5
    for _ in range(100_000):
        deep = [deep]
    for value in (endless, deep):
        with pytest.raises(ChainError) as refusal:
            canonical(value)
        assert refusal.value.code == "chain.depth"
