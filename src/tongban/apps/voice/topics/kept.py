"""What is kept of each message's terms, by row: in blocks, so that room for more moves nothing that is there."""

from typing import Any

import numpy as np

from tongban.apps.voice.topics.vectors import KEPT, Signature

__all__ = ["Kept"]

_BLOCK = 4096


class Kept:
    """Terms, weights in half precision, and whether a term says where, of every message."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Any, Any, Any]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, signature: Signature) -> None:
        """Keep the next row."""
        block, at = divmod(self._size, _BLOCK)
        if block == len(self._blocks):
            self._blocks.append(_empty(_BLOCK))
        kept = len(signature.terms)
        for held, values in zip(
            self._blocks[block], (signature.terms, signature.weights, signature.where), strict=True
        ):
            held[at, :kept] = values
        self._size += 1

    def row(self, row: int) -> tuple[Any, Any, Any]:
        """A row's terms, weights and whether each says where, heaviest first, as arrays."""
        block, at = divmod(row, _BLOCK)
        terms, weights, where = self._blocks[block]
        kept = int(np.count_nonzero(weights[at]))
        return terms[at, :kept], weights[at, :kept].astype(np.float64), where[at, :kept]

    def arrays(self) -> dict[str, Any]:
        """All of it, for saving."""
        joined = [np.concatenate(each) for each in zip(*(self._blocks or [_empty(0)]), strict=True)]
        return {name: held[: self._size] for name, held in zip(("terms", "weights", "flags"), joined, strict=True)}

    def restore(self, arrays: dict[str, Any]) -> None:
        """Take what `arrays` gave."""
        self._blocks, self._size = [], len(arrays["terms"])
        for start in range(0, self._size, _BLOCK):
            block = _empty(_BLOCK)
            for held, name in zip(block, ("terms", "weights", "flags"), strict=True):
                part = arrays[name][start : start + _BLOCK]
                held[: len(part)] = part
            self._blocks.append(block)


def _empty(rows: int) -> tuple[Any, Any, Any]:
    return (
        np.zeros((rows, KEPT), dtype=np.uint32),
        np.zeros((rows, KEPT), dtype=np.float16),
        np.zeros((rows, KEPT), dtype=bool),
    )
