"""How files are drawn: pure, so that anybody with the numbers and the seed can draw again and get the same.

Each file's place is the SHA-256 of the seed and its number. The seed is the hash of a signed checkpoint that did not
exist when the sample was announced: neither who asks for it nor who decides the files can know what will be drawn.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

__all__ = ["Criteria", "Drawn", "digest_of", "draw", "size_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which decided files are looked at: from ``since`` to ``until``, both days included.

    ``of``: decided by a ``rule`` or an ``officer``. ``late``: past their promise. ``grade``: rated so or worse.
    ``officer``: a sign-in that had a step. ``pattern``: one that evades the clock. ``case``: that file alone.
    """

    since: date
    until: date
    of: str = ""
    matters: tuple[str, ...] = ()
    department: str = ""
    late: bool = False
    grade: int = 0
    officer: int = 0
    pattern: str = ""
    case: int = 0

    def to_json(self) -> dict[str, Any]:
        """What is not left open, for a log and a row; a case's number as text."""
        given = {name: value for name, value in asdict(self).items() if value}
        given |= {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return given | ({"case": str(self.case)} if self.case else {})

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Criteria":
        """The same again."""
        given = dict(value)
        given |= {name: date.fromisoformat(given[name]) for name in ("since", "until")}
        given["matters"] = tuple(given.get("matters", ()))
        return cls(**given | {"case": int(given.get("case", 0))})


@dataclass(frozen=True, slots=True)
class Drawn:
    """The files that were drawn, in their order, and those left out of it because they had been audited before."""

    chosen: Sequence[int]
    skipped: Sequence[int]


def size_of(*, population: int, share: int, minimum: int) -> int:
    """How many of a part: its share in percent, rounded up, but not fewer than the minimum, nor more than there are."""
    return min(population, max(minimum, -(-population * share // 100)))


def draw(
    *,
    population: Iterable[tuple[int, str]],
    seed: bytes,
    share: int,
    minimum: int,
    most: int,
    audited: Collection[int] = frozenset(),
) -> Drawn:
    """Draw from numbers, each with the part that it belongs to.

    Of more than ``most`` in all, the first of each part come first, so that no part is left out for another's sake.
    """
    parts: dict[str, list[tuple[bytes, int]]] = {}
    for number, part in population:
        parts.setdefault(part, []).append((_place(seed, number), number))
    found: list[tuple[int, bytes, int]] = []
    passed: list[tuple[int, bytes, int]] = []
    for ranked in parts.values():
        wanted, taken = size_of(population=len(ranked), share=share, minimum=minimum), 0
        for place, number in sorted(ranked):
            if taken == wanted:
                break
            (passed if number in audited else found).append((taken, place, number))
            taken += number not in audited
    return Drawn([number for *_, number in sorted(found)[:most]], [number for *_, number in sorted(passed)])


def digest_of(numbers: Iterable[int]) -> str:
    """What tells whether a population is the same: the SHA-256 of its numbers in order, one a line."""
    return hashlib.sha256("\n".join(str(number) for number in sorted(numbers)).encode()).hexdigest()


def _place(seed: bytes, number: int) -> bytes:
    return hashlib.sha256(seed + number.to_bytes(8, "big")).digest()
