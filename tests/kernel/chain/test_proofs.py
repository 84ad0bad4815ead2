"""A proof holds for what was signed, whatever the algorithms of its links, and for nothing else."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import (
    GENESIS,
    Algorithm,
    ChainError,
    Checkpoint,
    Link,
    Proof,
    SigningKey,
    canonical,
    check_proof,
    head_leaf,
    link_hash,
    merkle_path,
    merkle_root,
)

KEY = SigningKey(bytes(range(32)))
CASE = 2611220483917725
Chained = list[tuple[dict[str, Any], bytes]]


def log_of(algorithms: list[Algorithm | None]) -> Chained:
    """A log, each event chained by its own algorithm; None is the plain form of old."""
    found: Chained = []
    previous = GENESIS
    for seq, algorithm in enumerate(algorithms, start=1):
        body = {"case": CASE, "seq": seq, "kind": "task.completed", "opinion": f"Seen {seq} times."}
        if algorithm is None:
            previous = hashlib.sha256(previous + canonical(body)).digest()
        else:
            previous = link_hash(previous=previous, body=body, algorithm=algorithm)
        found.append((body, previous))
    return found


def proof_of(
    log: Chained, seq: int, *, others: int = 4, shown: bool = True, tree: Algorithm = Algorithm.SHA256
) -> Proof:
    head = head_leaf(case=CASE, seq=len(log), link=log[-1][1], algorithm=tree)
    before = [head_leaf(case=number, seq=1, link=GENESIS, algorithm=tree) for number in range(others)]
    leaves = [*before, head]
    signed = Checkpoint(
        city="mingchuan",
        day=date(2026, 3, 2),
        timezone="Asia/Shanghai",
        algorithm=tree,
        cases=len(leaves),
        root=merkle_root(leaves=leaves, algorithm=tree),
        previous=b"",
        key="",
        signed_at=datetime(2026, 3, 2, 16, 10, tzinfo=UTC),
    ).sign(KEY)
    return Proof(
        case=CASE,
        head_seq=len(log),
        head=log[-1][1],
        index=others,
        path=merkle_path(leaves=leaves, index=others, algorithm=tree),
        checkpoint=signed,
        public=KEY.public,
        seq=seq,
        previous=log[seq - 2][1] if seq > 1 else GENESIS,
        event=Link.of(hash=log[seq - 1][1], body=log[seq - 1][0], shown=shown),
        following=[Link.of(hash=link, body=body, shown=False) for body, link in log[seq:]],
    )


logs = st.lists(st.sampled_from([None, *Algorithm]), min_size=1, max_size=6).map(log_of)


@given(logs, st.data(), st.integers(0, 9), st.booleans(), st.sampled_from(Algorithm))
def test_it_holds_written_to_a_file_and_read_back(
    log: Chained, data: st.DataObject, others: int, shown: bool, tree: Algorithm
) -> None:
    seq = data.draw(st.integers(1, len(log)))
    proof = proof_of(log, seq, others=others, shown=shown, tree=tree)
    read = Proof.from_json(json.loads(json.dumps(proof.to_json())))
    proven = check_proof(read, trusted=[KEY.public])
    assert (proven.case, proven.seq, proven.head_seq, proven.trusted) == (CASE, seq, len(log), True)
    named = len(log[seq - 1][1]) == 33
    assert proven.body == (None if named and not shown else log[seq - 1][0])
    assert not check_proof(read).trusted


def test_what_followed_is_not_shown_where_its_hash_allows() -> None:
    told = proof_of(log_of([Algorithm.SHA256] * 3), 1).to_json()
    assert "Seen 1 times." in json.dumps(told)
    assert "Seen 2 times." not in json.dumps(told)
    old = proof_of(log_of([Algorithm.SHA256, None]), 1).to_json()
    assert "Seen 2 times." in json.dumps(old)  # plain hashes cover the content: without it nothing could be checked


@given(logs, st.data())
def test_an_event_that_was_not_there_is_not_proven(log: Chained, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, len(log)))
    told = proof_of(log, seq).to_json()
    told["event"]["body"]["opinion"] = "Never seen."
    with pytest.raises(ChainError) as refusal:
        check_proof(Proof.from_json(told))
    assert refusal.value.code == "chain.proof-event"


def test_another_signer_is_not_believed() -> None:
    proof = proof_of(log_of([Algorithm.SHA256]), 1)
    with pytest.raises(ChainError) as refusal:
        check_proof(proof, trusted=[SigningKey(bytes(32)).public])
    assert refusal.value.code == "chain.proof-trust"


paths = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.parametrize("name", ["cases", "city", "timezone", "key"])
@pytest.mark.parametrize("instead", [None, True, [], {}, 1.5])
def test_what_was_signed_is_of_its_kind(name: str, instead: Any) -> None:
    told = proof_of(log_of([Algorithm.SHA256]), 1).to_json()
    told["checkpoint"][name] = instead
    with pytest.raises(ChainError) as refusal:
        Proof.from_json(told)
    assert refusal.value.code == "chain.checkpoint"


@pytest.mark.parametrize("change", [{"event": None}, {"event": None, "following": None}])
def test_an_event_is_not_taken_out_by_the_way(change: dict[str, Any]) -> None:
    told = proof_of(log_of([Algorithm.SHA256]), 1).to_json() | change
    with pytest.raises(ChainError) as refusal:
        Proof.from_json(told)
    assert refusal.value.code == "chain.proof"


@given(st.data(), paths)
def test_a_damaged_file_is_refused_never_an_error(data: st.DataObject, instead: Any) -> None:
    proof = Proof.from_json(proof_of(log_of([Algorithm.SHA256, Algorithm.SM3, None]), 1).to_json())
    told = proof.to_json()
    place: Any = told
    while True:
        key = data.draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    changed = place[key] != instead
    place[key] = instead
    with suppress(ChainError):
        read = Proof.from_json(told)
        check_proof(read)
        assert not changed or read == proof  # written otherwise, it says the same: a number as a number


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(case="9" * 19),
        lambda told: told.update(case="９" * 16),
        lambda told: told["head"].update(seq=2**32),
        lambda told: told["head"].update(seq=-1),
        lambda told: told["path"].update(index="one"),
        lambda told: told.update(public_key="zz"),
    ],
)
def test_numbers_out_of_reach_are_refused(change: Callable[[dict[str, Any]], None]) -> None:
    told = proof_of(log_of([Algorithm.SHA256]), 1).to_json()
    change(told)
    with pytest.raises(ChainError) as refusal:
        check_proof(Proof.from_json(told))
    assert refusal.value.code in ("chain.proof", "chain.proof-path", "chain.proof-event")
