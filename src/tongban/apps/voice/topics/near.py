"""Finding copies: MinHash over runs of four characters, in bands (LSH); the same text with other names is a copy
too.
"""

from array import array
from typing import Any

import numpy as np

__all__ = ["Copies", "alike", "sketch"]

BANDS, ROWS = 8, 3
"""Two texts that share a share ``s`` of their runs meet in some band with 1 - (1 - s^3)^8: 0.66 at a half, 0.99 at
0.75.
"""
_random = np.random.default_rng(52)
_FACTORS = _random.integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
_OFFSETS = _random.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64)
REMEMBERED = 100_000
"""So many newest messages are compared with; who copies something older is found by what it says."""
_MOST = 64
"""Of one band's bucket so many newest messages are remembered: a flood of copies is found by its newest."""


def sketch(shingles: Any) -> Any:
    """The signature of a text of these shingles, ``BANDS`` x ``ROWS`` numbers; None where there is no text."""
    if not len(shingles):
        return None
    return ((shingles[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)).min(axis=0).astype(np.uint32)


def alike(one: Any, other: Any) -> float:
    """The share of runs that two texts have in common, estimated from their signatures."""
    return float((one == other).mean())


class Copies:
    """An index of signatures by row number."""

    def __init__(self) -> None:
        self._buckets: dict[int, array[int]] = {}
        self._signatures: dict[int, Any] = {}
        self._next = 0

    def add(self, signature: Any) -> None:
        """Remember the next row's signature."""
        row, self._next = self._next, self._next + 1
        if signature is None:
            return
        self._signatures[row] = signature
        for band in self._bands(signature):
            bucket = self._buckets.get(band)
            if bucket is None:
                self._buckets[band] = array("i", (row,))
            else:
                if len(bucket) >= _MOST:
                    del bucket[0]
                bucket.append(row)
        if len(self._signatures) > REMEMBERED:
            self._forget(next(iter(self._signatures)))

    def known(self) -> dict[int, Any]:
        """Signatures by row, oldest first."""
        return self._signatures

    def restore(self, signatures: dict[int, Any], *, following: int) -> None:
        """Take signatures as saved; ``following`` is the number of the next row."""
        for row, signature in signatures.items():
            self._next = row
            self.add(signature)
        self._next = following

    def _forget(self, row: int) -> None:
        for band in self._bands(self._signatures.pop(row)):
            bucket = self._buckets[band]
            if row in bucket:
                bucket.remove(row)
            if not bucket:
                del self._buckets[band]

    def find(self, signature: Any, *, least: float) -> list[tuple[int, float]]:
        """Rows whose text has at least ``least`` in common with this one, most alike first, then newest."""
        rows = {row for band in self._bands(signature) for row in self._buckets.get(band, ())}
        found = [(row, alike(self._signatures[row], signature)) for row in rows]
        return sorted((each for each in found if each[1] >= least), key=lambda each: (-each[1], -each[0]))

    @staticmethod
    def _bands(signature: Any) -> list[int]:
        if signature is None:
            return []
        mixed = signature.reshape(BANDS, ROWS).astype(np.uint64)
        folded = (
            (mixed[:, 0] * np.uint64(0x9E3779B97F4A7C15))
            ^ (mixed[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F))
            ^ (mixed[:, 2] << np.uint64(17))
        )
        folded = (folded & ~np.uint64(7)) | np.arange(BANDS, dtype=np.uint64)
        return folded.tolist()  # type: ignore[no-any-return]
