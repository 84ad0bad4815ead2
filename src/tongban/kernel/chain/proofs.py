"""The proof that one event, or one log as it stood, was signed for: a value that is checked without any database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongban.kernel.chain.checkpoints import Checkpoint, head_leaf
from tongban.kernel.chain.errors import ChainError
from tongban.kernel.chain.keys import key_id
from tongban.kernel.chain.links import algorithm_of, body_digest, follows, join
from tongban.kernel.chain.merkle import root_from_path

__all__ = ["Link", "Proof", "Proven", "check_proof"]

_PROOF = "tongban-proof/1"
_MOST_SEQ, _MOST_CASE = 2**32 - 1, 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event in a proof: its hash, and its content or only the digest of it."""

    hash: bytes
    body: Mapping[str, Any] | None = None
    digest: bytes = b""

    @classmethod
    def of(cls, *, hash: bytes, body: Mapping[str, Any], shown: bool) -> "Link":
        """An event shown whole or, where its hash allows, by digest alone.

        Plain SHA-256 of a log begun before links named their algorithm covers the content itself: it must be shown.
        """
        algorithm = algorithm_of(hash)
        if shown or algorithm is None:
            return cls(hash=hash, body=body)
        return cls(hash=hash, digest=body_digest(body=body, algorithm=algorithm))

    def is_after(self, previous: bytes) -> bool:
        """True when its hash follows from the hash before it."""
        if self.body is not None:
            return follows(previous=previous, body=self.body, link=self.hash)
        algorithm = algorithm_of(self.hash)
        return algorithm is not None and join(previous=previous, digest=self.digest, algorithm=algorithm) == self.hash

    def to_json(self) -> dict[str, Any]:
        """With its content, or its digest in hexadecimal."""
        shown = {"digest": self.digest.hex()} if self.body is None else {"body": dict(self.body)}
        return {"hash": self.hash.hex(), **shown}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Link":
        """Read what `to_json` wrote. Raises `KeyError`, `TypeError` or `ValueError`."""
        body = value.get("body")
        if body is not None and not isinstance(body, Mapping):
            raise TypeError("the content of an event is an object")
        digest = bytes.fromhex(value["digest"]) if body is None else b""
        return cls(hash=bytes.fromhex(value["hash"]), body=body, digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """From an event (`event` at `seq`, after `previous`) along the log to its end of that day, up to the signed root.

    Without `event` it proves the log as a whole up to `head_seq`, and shows nothing of it but hashes.
    """

    case: int
    head_seq: int
    head: bytes
    index: int
    path: Sequence[bytes]
    checkpoint: Checkpoint
    public: bytes
    seq: int = 0
    previous: bytes = b""
    event: Link | None = None
    following: Sequence[Link] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """A plain object, for a file or an answer."""
        members: dict[str, Any] = {
            "type": _PROOF,
            "case": f"{self.case:016d}",
            "head": {"seq": self.head_seq, "hash": self.head.hex()},
            "path": {"index": self.index, "hashes": [each.hex() for each in self.path]},
            "checkpoint": self.checkpoint.to_json(),
            "public_key": self.public.hex(),
        }
        if self.event is not None:
            members["event"] = {"seq": self.seq, "previous": self.previous.hex(), **self.event.to_json()}
            members["following"] = [link.to_json() for link in self.following]
        return members

    @classmethod
    def from_json(cls, value: Any) -> "Proof":
        """Read what `to_json` wrote. Raises `ChainError` `chain.proof`, or `chain.checkpoint` for what was signed."""
        try:
            if value["type"] != _PROOF:
                raise ValueError(f"its type is {value['type']!r}, not {_PROOF!r}")
            event = value.get("event")
            if event is None and not value.keys().isdisjoint({"event", "following"}):
                raise ValueError("the event that it was about has been taken out")
            return cls(
                case=_count(value["case"]),
                head_seq=_count(value["head"]["seq"], most=_MOST_SEQ),
                head=bytes.fromhex(value["head"]["hash"]),
                index=_count(value["path"]["index"]),
                path=[bytes.fromhex(each) for each in value["path"]["hashes"]],
                checkpoint=Checkpoint.from_json(value["checkpoint"]),
                public=bytes.fromhex(value["public_key"]),
                seq=_count(event["seq"], most=_MOST_SEQ) if event is not None else 0,
                previous=bytes.fromhex(event["previous"]) if event is not None else b"",
                event=Link.from_json(event) if event is not None else None,
                following=[Link.from_json(each) for each in value["following"]] if event is not None else (),
            )
        except ChainError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
            raise ChainError("chain.proof", problem=repr(problem)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a proof that holds says. `seq` is 0 and `body` None where it is about the log as a whole."""

    checkpoint: Checkpoint
    case: int
    head_seq: int
    seq: int
    body: Mapping[str, Any] | None
    public: bytes
    trusted: bool


def check_proof(proof: Proof, *, trusted: Collection[bytes] = ()) -> Proven:
    """What `proof` proves. `trusted` are the public keys that the reader relies on; with none given it is only said
    that the signature fits the key in the proof.

    Raises `ChainError`: `chain.proof-event`, `chain.proof-chain`, `chain.proof-path`, `chain.proof-key`,
    `chain.proof-signature`, `chain.proof-trust`.
    """
    if proof.event is not None:
        _check_events(proof, proof.event)
    checkpoint = proof.checkpoint
    leaf = head_leaf(case=proof.case, seq=proof.head_seq, link=proof.head, algorithm=checkpoint.algorithm)
    root = root_from_path(
        leaf=leaf, index=proof.index, size=checkpoint.cases, path=proof.path, algorithm=checkpoint.algorithm
    )
    if root != checkpoint.root:
        raise ChainError("chain.proof-path")
    if key_id(proof.public) != checkpoint.key:
        raise ChainError("chain.proof-key")
    if not checkpoint.is_signed_by(proof.public):
        raise ChainError("chain.proof-signature")
    if trusted and proof.public not in trusted:
        raise ChainError("chain.proof-trust", key=checkpoint.key)
    return Proven(
        checkpoint=checkpoint,
        case=proof.case,
        head_seq=proof.head_seq,
        seq=proof.seq,
        body=proof.event.body if proof.event is not None else None,
        public=proof.public,
        trusted=proof.public in trusted,
    )


def _check_events(proof: Proof, event: Link) -> None:
    said = event.body
    fits = said is None or (said.get("case") == proof.case and said.get("seq") == proof.seq)
    if not fits or not _holds(event, proof.previous):
        raise ChainError("chain.proof-event")
    last = event.hash
    for link in proof.following:
        if not _holds(link, last):
            raise ChainError("chain.proof-chain")
        last = link.hash
    if last != proof.head or proof.seq + len(proof.following) != proof.head_seq:
        raise ChainError("chain.proof-chain")


def _holds(link: Link, previous: bytes) -> bool:
    try:
        return link.is_after(previous)
    except ChainError:  # a hash of another length
        return False


def _count(value: Any, *, most: int = _MOST_CASE) -> int:
    """A whole number that is not out of reach, written as one or, as case numbers are, in digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is not a whole number")
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise ValueError(f"{value!r} is not a whole number")
    number = int(value)
    if not 0 <= number <= most:
        raise ValueError(f"{value!r} is out of reach")
    return number
