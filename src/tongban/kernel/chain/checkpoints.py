"""A daily checkpoint: one signed hash over the ends of all logs that grew that day, and over the checkpoint before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from tongban.kernel.chain.canonical import canonical
from tongban.kernel.chain.digests import Algorithm, digest_of
from tongban.kernel.chain.errors import ChainError
from tongban.kernel.chain.keys import SigningKey, is_signed
from tongban.kernel.chain.merkle import leaf_hash

__all__ = ["Checkpoint", "Rotation", "head_leaf"]

_CHECKPOINT, _ROTATION = "tongban-checkpoint/1", "tongban-key-rotation/1"


def head_leaf(*, case: int, seq: int, link: bytes, algorithm: Algorithm) -> bytes:
    """The leaf of a log's end: case (8 bytes) and seq (4 bytes), most significant first, then the link."""
    return leaf_hash(content=case.to_bytes(8) + seq.to_bytes(4) + link, algorithm=algorithm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What was signed for one day.

    `day` is a local day of `timezone`. `root` is the Merkle root over the day's heads in the order of case numbers,
    `cases` their number. `previous` is the hash of the checkpoint before, empty for the very first, so that none can
    be dropped or replaced unseen.
    """

    city: str
    day: date
    timezone: str
    algorithm: Algorithm
    cases: int
    root: bytes
    previous: bytes
    key: str
    signed_at: datetime
    signature: bytes = b""

    def statement(self) -> bytes:
        """The bytes that are signed: canonical JSON of everything but the signature."""
        return canonical(self._members())

    def sign(self, key: SigningKey) -> Self:
        """The same, signed. The key's name is part of what is signed."""
        named = replace(self, key=key.id)
        return replace(named, signature=key.sign(named.statement()))

    def is_signed_by(self, public: bytes) -> bool:
        """True when the owner of `public` signed it as it stands."""
        return is_signed(message=self.statement(), signature=self.signature, public=public)

    @property
    def hash(self) -> bytes:
        """What the next checkpoint covers: the digest of the signed statement, signature included."""
        return digest_of(self.algorithm)(canonical(self.to_json()))

    def to_json(self) -> dict[str, Any]:
        """As it is published: hashes in hexadecimal, the instant in UTC."""
        return self._members() | {"signature": self.signature.hex()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises `ChainError` `chain.checkpoint`."""
        try:
            if value["type"] != _CHECKPOINT:
                raise ValueError(f"its type is {value['type']!r}, not {_CHECKPOINT!r}")
            found = cls(
                city=value["city"],
                day=date.fromisoformat(value["day"]),
                timezone=value["timezone"],
                algorithm=Algorithm(value["algorithm"]),
                cases=value["cases"],
                root=bytes.fromhex(value["root"]),
                previous=bytes.fromhex(value["previous"]),
                key=value["key"],
                signed_at=datetime.fromisoformat(value["signed_at"]),
                signature=bytes.fromhex(value["signature"]),
            )
            words = (found.city, found.timezone, found.key)
            if type(found.cases) is not int or not all(isinstance(each, str) for each in words):
                raise TypeError("a number or a text is something else")
            if found.to_json() != dict(value):
                raise ValueError("it has members that a checkpoint has not, or writes them in another way")
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise ChainError("chain.checkpoint", problem=problem) from None
        return found

    def _members(self) -> dict[str, Any]:
        return {
            "type": _CHECKPOINT,
            "city": self.city,
            "day": self.day.isoformat(),
            "timezone": self.timezone,
            "algorithm": self.algorithm.value,
            "cases": self.cases,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "key": self.key,
            "signed_at": self.signed_at.astimezone(UTC).isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """A change of the key that signs: the old key says which one follows, the new one that it is there.

    `by_old` is empty when the old key was lost; then nothing but the city's own word vouches for the new one.
    """

    old: bytes
    new: bytes
    first_day: date
    by_old: bytes = b""
    by_new: bytes = b""

    def statement(self) -> bytes:
        """The bytes that both keys sign."""
        return canonical(
            {
                "type": _ROTATION,
                "old": self.old.hex(),
                "new": self.new.hex(),
                "first_day": self.first_day.isoformat(),
            }
        )

    def sign(self, *, old: SigningKey | None, new: SigningKey) -> Self:
        """The same, signed by both, or by the new key alone when the old one is gone."""
        message = self.statement()
        return replace(self, by_old=old.sign(message) if old is not None else b"", by_new=new.sign(message))

    @property
    def is_endorsed(self) -> bool:
        """True when the old key vouches for the new one."""
        return self.is_acknowledged and is_signed(message=self.statement(), signature=self.by_old, public=self.old)

    @property
    def is_acknowledged(self) -> bool:
        """True when whoever has the new key agreed."""
        return is_signed(message=self.statement(), signature=self.by_new, public=self.new)
