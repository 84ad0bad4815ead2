"""The hash chain finds whatever was changed."""

import hashlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import (
    GENESIS,
    Algorithm,
    ChainError,
    algorithm_of,
    canonical,
    first_broken,
    follows,
    join,
    link_hash,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
bodies = st.dictionaries(st.text(max_size=6), values, max_size=4)
Chain = list[tuple[dict[str, Any], bytes]]


def chain_of(recorded: list[dict[str, Any]], algorithms: tuple[Algorithm | None, ...] = tuple(Algorithm)) -> Chain:
    """A log whose algorithm was changed at every event."""
    links, previous = [], GENESIS
    for number, body in enumerate(recorded):
        previous = plain_or_named(previous, body, algorithms[number % len(algorithms)])
        links.append((body, previous))
    return links


def plain_or_named(previous: bytes, body: dict[str, Any], algorithm: Algorithm | None) -> bytes:
    if algorithm is None:  # as logs were chained before links named their algorithm
        return hashlib.sha256(previous + canonical(body)).digest()
    return link_hash(previous=previous, body=body, algorithm=algorithm)


EVERY = st.permutations([None, *Algorithm]).map(tuple)
chains = st.builds(chain_of, st.lists(bodies, min_size=1, max_size=6), EVERY)


def test_a_link_is_the_algorithm_and_sha_256_over_the_previous_link_and_the_digest_of_the_body() -> None:
    assert GENESIS == b"\x00" * 32
    digest = hashlib.sha256('{"a":"同意","b":1}'.encode()).digest()
    expected = b"\x01" + hashlib.sha256(GENESIS + digest).digest()
    assert link_hash(previous=GENESIS, body={"b": 1, "a": "同意"}) == expected
    assert join(previous=GENESIS, digest=digest, algorithm=Algorithm.SHA256) == expected


def test_a_link_by_sm3_says_so() -> None:
    # GB/T 32905-2016, A.1: the digest of "abc", here of a body whose canonical form we digest ourselves.
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    def sm3(content: bytes) -> bytes:
        state = Hash(SM3())
        state.update(content)
        return state.finalize()

    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    expected = b"\x02" + sm3(GENESIS + sm3(b'{"a":1}'))
    assert link_hash(previous=GENESIS, body={"a": 1}, algorithm=Algorithm.SM3) == expected


def test_every_link_names_its_algorithm() -> None:
    for algorithm in Algorithm:
        assert algorithm_of(link_hash(previous=GENESIS, body={}, algorithm=algorithm)) is algorithm
    assert algorithm_of(GENESIS) is None


@given(bodies)
def test_a_link_of_one_algorithm_does_not_pass_for_another(body: dict[str, Any]) -> None:
    links = [plain_or_named(GENESIS, body, algorithm) for algorithm in (None, *Algorithm)]
    assert all(follows(previous=GENESIS, body=body, link=link) for link in links)
    for link in links[1:]:
        for tag in range(256):
            changed = bytes([tag]) + link[1:]
            assert follows(previous=GENESIS, body=body, link=changed) is (changed == link)
        assert not follows(previous=GENESIS, body=body, link=link[1:])


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
    place = data.draw(st.integers(0, len(chain) - 1))
    body, stored = chain[place]
    bit = data.draw(st.integers(0, 8 * len(stored) - 1))
    chain[place] = (body, (int.from_bytes(stored) ^ 1 << bit).to_bytes(len(stored)))
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


@pytest.mark.parametrize("length", [0, 31, 33, 34])
@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_previous_link_has_its_length_and_a_known_algorithm(length: int, algorithm: Algorithm) -> None:
    with pytest.raises(ChainError) as refusal:
        link_hash(previous=bytes(length), body={}, algorithm=algorithm)
    assert refusal.value.code == "chain.hash"
    assert not follows(previous=bytes(length), body={}, link=link_hash(previous=GENESIS, body={}, algorithm=algorithm))
    assert not follows(previous=GENESIS, body={}, link=bytes(length))
