"""Which messages are copies of each other, nearly: so that none is learned from and examined with at once."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from tongban.apps.voice.text.normal import plain

__all__ = ["folds", "groups", "same"]

_SHINGLE = 6
_KEPT = 4  # one shingle of so many is looked at
_SHORT = 60
_COMMON = 60  # a shingle that more messages share is a phrase, not a copy
_SHARE, _FEWEST = 0.35, 3


def groups(texts: Sequence[str]) -> Any:
    """For each text the number of a group; those that share a third of their runs of six characters are in one.

    Looks at a quarter of the runs, chosen by their hash, so time grows with the length of the texts.
    """
    sketches = [_sketch(text) for text in texts]
    holders: dict[int, list[int]] = {}
    for at, sketch in enumerate(sketches):
        for shingle in sketch:
            holders.setdefault(shingle, []).append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for held in holders.values():
        if 1 < len(held) <= _COMMON:
            shared.update(combinations(held, 2))
    parent = list(range(len(texts)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for (a, b), common in shared.items():
        fewest = min(len(sketches[a]), len(sketches[b]))
        if common == fewest or (common >= _FEWEST and common >= _SHARE * fewest):
            parent[root(b)] = root(a)
    # Texts that are equal but common, or too short for a shingle, meet here.
    first: dict[str, int] = {}
    for at, text in enumerate(texts):
        parent[root(at)] = root(first.setdefault(_bare(text), at))
    return np.array([root(at) for at in range(len(texts))], np.int64)


def same(texts: Sequence[str]) -> Any:
    """For each text the number of a group; those that are equal but for marks, width and case are in one."""
    first: dict[str, int] = {}
    return np.array([first.setdefault(_bare(text), at) for at, text in enumerate(texts)], np.int64)


def folds(group: Any, labels: Sequence[str], *, count: int, seed: int) -> Any:
    """For each message a fold, groups kept whole and each category spread evenly."""
    random = np.random.default_rng(seed)
    names, codes = np.unique(np.array(labels), return_inverse=True)
    members: dict[int, list[int]] = {}
    for at, number in enumerate(group.tolist()):
        members.setdefault(number, []).append(at)
    order = list(members)
    random.shuffle(order)
    order.sort(key=lambda number: -len(members[number]))
    filled = np.zeros((count, len(names)))
    wanted = np.maximum(np.bincount(codes, minlength=len(names)) / count, 1e-9)
    found = np.zeros(len(labels), np.int64)
    for number in order:
        adds = np.bincount(codes[members[number]], minlength=len(names))
        cost = (((filled + adds) / wanted) * (adds > 0)).max(axis=1) + random.random(count) * 1e-6
        fold = int(np.argmin(cost))
        filled[fold] += adds
        found[members[number]] = fold
    return found


def _bare(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())


def _sketch(text: str) -> set[int]:
    points = np.frombuffer(_bare(text).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    if len(points) < _SHINGLE:
        return set()
    windows = np.lib.stride_tricks.sliding_window_view(points, _SHINGLE)
    powers = np.array([pow(0x9E3779B97F4A7C15, at, 1 << 64) for at in range(1, _SHINGLE + 1)], np.uint64)
    with np.errstate(over="ignore"):
        hashes = (windows * powers).sum(axis=1, dtype=np.uint64)
        hashes ^= hashes >> np.uint64(29)
        hashes *= np.uint64(0xBF58476D1CE4E5B9)
        hashes >>= np.uint64(8)
    kept = hashes if len(points) < _SHORT else hashes[hashes % np.uint64(_KEPT) == 0]
    return {int(each) for each in kept}
