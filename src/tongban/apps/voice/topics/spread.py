"""Large tables of small things: many small dictionaries for a large one, and names by row in one string.

A dictionary of a million entries stops everything for a twentieth of a second when it grows; a thousandth of it does
not. Python's collector looks at each member of a list, a set or a tuple, and for a million of them that takes as long;
at numbers, strings and bytes in such dictionaries and in numpy's arrays it does not look.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np

__all__ = ["Column", "Names", "Spread"]

K = TypeVar("K", int, str)
V = TypeVar("V", int, str, bytes)
_PARTS = 1024
_BLOCK = 4096


class Column:
    """Strings by row, in blocks."""

    def __init__(self, strings: Iterable[str] = ()) -> None:
        self._blocks: list[Any] = []
        self._size = 0
        for each in strings:
            self.append(each)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, row: int) -> str:
        if not 0 <= row < self._size:
            raise IndexError(row)
        found: str = self._blocks[row // _BLOCK][row % _BLOCK]
        return found

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(self._size))

    def append(self, string: str) -> None:
        """Keep the next row's."""
        block, at = divmod(self._size, _BLOCK)
        if not at:
            self._blocks.append(np.empty(_BLOCK, dtype=object))
        self._blocks[block][at] = string
        self._size += 1


class Names:
    """A tuple of names for each row, in a third of the room that tuples take."""

    def __init__(self) -> None:
        self._rows = Column()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> tuple[str, ...]:
        joined = self._rows[row]
        return tuple(joined.split("\n")) if joined else ()

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (self[row] for row in range(len(self._rows)))

    def append(self, names: Iterable[str]) -> None:
        """Keep the next row's names; an empty one is none."""
        self._rows.append("\n".join(" ".join(each.split()) for each in names if each.strip()))


class Spread(Generic[K, V]):
    """A dictionary in many parts, each of which grows in less than a millisecond."""

    def __init__(self) -> None:
        self._parts: list[dict[K, V]] = [{} for _ in range(_PARTS)]

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def part(self, key: K) -> dict[K, V]:
        """The dictionary in which a key is or would be."""
        return self._parts[hash(key) % _PARTS]

    def __contains__(self, key: K) -> bool:
        return key in self._parts[hash(key) % _PARTS]

    def __getitem__(self, key: K) -> V:
        return self._parts[hash(key) % _PARTS][key]

    def __setitem__(self, key: K, value: V) -> None:
        self._parts[hash(key) % _PARTS][key] = value

    def get(self, key: K, default: V) -> V:
        """The value of a key, or ``default``."""
        return self._parts[hash(key) % _PARTS].get(key, default)

    def drop(self, key: K) -> None:
        """Take a key out, if it is there."""
        self.part(key).pop(key, None)

    def items(self) -> Iterator[tuple[K, V]]:
        """All keys with their values."""
        for part in self._parts:
            yield from part.items()
