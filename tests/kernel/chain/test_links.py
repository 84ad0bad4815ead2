"""The hash chain finds whatever was changed."""

import hashlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import GENESIS, ChainError, first_broken, link_hash

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
bodies = st.dictionaries(st.text(max_size=6), values, max_size=4)
Chain = list[tuple[dict[str, Any], bytes]]


def chain_of(recorded: list[dict[str, Any]]) -> Chain:
    links, previous = [], GENESIS
    for body in recorded:
        previous = link_hash(previous=previous, body=body)
        links.append((body, previous))
    return links


chains = st.lists(bodies, min_size=1, max_size=6).map(chain_of)


def test_a_link_is_sha_256_over_the_previous_hash_and_the_body() -> None:
    assert GENESIS == b"\x00" * 32
    expected = hashlib.sha256(GENESIS + '{"a":"同意","b":1}'.encode()).digest()
    assert link_hash(previous=GENESIS, body={"b": 1, "a": "同意"}) == expected


@given(chains)
def test_an_untouched_chain_is_whole(chain: Chain) -> None:
    assert first_broken(chain) is None
    assert first_broken(iter(chain)) is None
    assert first_broken((body, memoryview(stored)) for body, stored in chain) is None  # type: ignore[misc]


def test_nothing_is_whole() -> None:
    assert first_broken([]) is None


@given(chains, st.data())
def test_a_changed_body_is_named(chain: Chain, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    body, stored = chain[place]
    changed = deepcopy(body)
    changed["tampered"] = not body.get("tampered", False)
    chain[place] = (changed, stored)
    assert first_broken(chain) == place


@given(chains, st.data())
def test_one_changed_bit_of_a_hash_is_named(chain: Chain, data: st.DataObject) -> None:
    place, bit = data.draw(st.integers(0, len(chain) - 1)), data.draw(st.integers(0, 255))
    body, stored = chain[place]
    chain[place] = (body, (int.from_bytes(stored) ^ 1 << bit).to_bytes(32))
    assert first_broken(chain) == place


@given(st.lists(bodies, min_size=2, max_size=6, unique_by=repr).map(chain_of), st.data())
def test_a_dropped_or_swapped_event_is_found(chain: Chain, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    assert first_broken(chain[:place] + chain[place + 1 :]) == place
    swapped = [*chain[:place], chain[place + 1], chain[place], *chain[place + 2 :]]
    assert first_broken(swapped) == place


@given(chains, bodies, st.data())
def test_an_inserted_event_is_found(chain: Chain, body: dict[str, Any], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    previous = chain[place - 1][1] if place else GENESIS
    forged = (body, link_hash(previous=previous, body=body))
    broken = first_broken([*chain[:place], forged, *chain[place:]])
    # The forged event fits by itself; the one that follows no longer does.
    assert broken == place + 1


@given(chains, st.data())
def test_checking_goes_on_from_a_known_hash(chain: Chain, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(chain)))
    assert first_broken(chain[place:], previous=chain[place - 1][1]) is None
    if place < len(chain):
        assert first_broken(chain[place:]) == 0


def test_a_body_that_cannot_be_json_is_broken_not_an_error() -> None:
    chain = chain_of([{"a": 1}, {"a": 2}])
    chain[1] = ({"a": 2**60}, chain[1][1])
    assert first_broken(chain) == 1


@pytest.mark.parametrize("length", [0, 31, 33])
def test_the_previous_hash_has_its_length(length: int) -> None:
    with pytest.raises(ChainError) as refusal:
        link_hash(previous=bytes(length), body={})
    assert refusal.value.code == "chain.hash"
