"""Finding copies: MinHash over runs of four characters, in bands (LSH); the same text with other names is a copy
too.
"""

import struct
from array import array
from typing import Any

import numpy as np

from tongban.apps.voice.topics.spread import Spread

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

_PLACE = struct.Struct("<i")


def sketch(shingles: Any) -> Any:
    """The signature of a text of these shingles, ``BANDS`` x ``ROWS`` numbers; None where there is no text."""
    if not len(shingles):
        return None
    return ((shingles[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)).min(axis=0).astype(np.uint32)


def alike(one: Any, other: Any) -> float:
    """The share of runs that two texts have in common, estimated from their signatures."""
    return float((one == other).mean())


class Copies:
    """An index of signatures by row number: a ring of the newest, and which of its places share a band."""

    def __init__(self) -> None:
        self._buckets: Spread[int, bytes] = Spread()
        self._marks = np.zeros((REMEMBERED, BANDS * ROWS), dtype=np.uint32)  # taken from the system as it is filled
        self._rows = array("i")
        self._read = 0
        self._next = 0

    def add(self, signature: Any) -> None:
        """Remember the next row's signature."""
        row, self._next = self._next, self._next + 1
        if signature is None:
            return
        place = self._read % REMEMBERED
        if self._read >= REMEMBERED:
            self._forget(place)
            self._rows[place] = row
        else:
            self._rows.append(row)
        self._read += 1
        self._marks[place] = signature
        key = _PLACE.pack(place)
        for band in self._bands(signature):
            part = self._buckets.part(band)
            bucket = part.get(band, b"")
            part[band] = (bucket[_PLACE.size :] if len(bucket) >= _MOST * _PLACE.size else bucket) + key

    def known(self) -> dict[int, Any]:
        """Signatures by row, oldest first."""
        places = sorted(range(len(self._rows)), key=self._rows.__getitem__)
        return {self._rows[place]: self._marks[place] for place in places}

    def restore(self, signatures: dict[int, Any], *, following: int) -> None:
        """Take signatures as saved; ``following`` is the number of the next row."""
        for row, signature in signatures.items():
            self._next = row
            self.add(signature)
        self._next = following

    def _forget(self, place: int) -> None:
        key = _PLACE.pack(place)
        for band in self._bands(self._marks[place]):
            part = self._buckets.part(band)
            bucket = part.get(band, b"")
            at = bucket.find(key)
            while at >= 0 and at % _PLACE.size:
                at = bucket.find(key, at + 1)
            if at >= 0:
                left = bucket[:at] + bucket[at + _PLACE.size :]
                if left:
                    part[band] = left
                else:
                    del part[band]

    def find(self, signature: Any, *, least: float) -> list[tuple[int, float]]:
        """Rows whose text has at least ``least`` in common with this one, most alike first, then newest."""
        joined = b"".join(self._buckets.get(band, b"") for band in self._bands(signature))
        if not joined:
            return []
        places = np.unique(np.frombuffer(joined, dtype=np.int32))
        shares = (self._marks[places] == signature).mean(axis=1)
        found = [
            (self._rows[place], share)
            for place, share in zip(places.tolist(), shares.tolist(), strict=True)
            if share >= least
        ]
        return sorted(found, key=lambda each: (-each[1], -each[0]))

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
