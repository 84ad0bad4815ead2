"""Words that are about the same: one that was never taught with speaks for what its family was taught for.

The families of ``families.txt`` are for any city and any list of categories; a directory adds its own.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tongban.apps.voice.text.normal import plain

__all__ = ["Families", "common"]

_LONGEST = 12  # no longer word is looked for
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FILTER = 16  # bits of a first look: whether any word begins with a pair


class Families:
    """Words by family, found in many texts at once. ``groups`` are the words of each; a word may be in several."""

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self.groups = tuple(tuple(dict.fromkeys(filter(None, map(_fit, group)))) for group in groups)
        members: dict[str, list[int]] = {}
        for number, group in enumerate(self.groups):
            for word in group:
                members.setdefault(word, []).append(number)
        words = sorted(members)
        points = [np.array([ord(letter) for letter in word], np.uint64) for word in words]
        hashes = np.array([_hash(each) for each in points], np.uint64)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._counts = np.array([len(members[words[at]]) for at in order], np.int64)
        self._begins = np.cumsum(self._counts) - self._counts
        self._numbers = np.array([number for at in order for number in members[words[at]]], np.int64)
        self._lengths = np.array([len(words[at]) for at in order], np.int64)
        self._tried = sorted({len(word) for word in words})
        self._begun = np.zeros(1 << _FILTER, bool)
        for each in points:
            self._begun[_slots(each[:1], each[1:2])] = True

    def found(self, points: Any) -> tuple[Any, Any, Any]:
        """Where words stand in code points of text, how long each is, and the number of each of its families."""
        nothing = np.zeros(0, np.int64)
        if not self._tried or len(points) < 2:
            return nothing, nothing, nothing
        wide = np.concatenate([points.astype(np.uint64), np.zeros(_LONGEST, np.uint64)])
        starts = np.flatnonzero(self._begun[_slots(wide[: len(points) - 1], wide[1 : len(points)])])
        hashes = np.zeros(len(starts), np.uint64)
        where, which = [nothing], [nothing]
        for length in range(1, self._tried[-1] + 1):
            hashes = _next(hashes, wide[starts + (length - 1)])
            if length in self._tried:
                places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
                hit = (self._hashes[places] == hashes) & (self._lengths[places] == length)
                where.append(starts[hit])
                which.append(places[hit])
        at, word = np.concatenate(where), np.concatenate(which)
        times = self._counts[word]
        inside = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        return (
            np.repeat(at, times),
            np.repeat(self._lengths[word], times),
            self._numbers[np.repeat(self._begins[word], times) + inside],
        )


@cache
def common() -> tuple[tuple[str, ...], ...]:
    """The families that come with the software."""
    lines = Path(__file__).with_name("families.txt").read_text("utf-8").splitlines()
    groups: list[list[str]] = []
    for line in lines:
        name, colon, words = line.rpartition(":")
        if line.startswith("#"):
            continue
        if colon and name:
            groups.append([])
        groups[-1].extend(words.split())
    return tuple(tuple(group) for group in groups)


def _fit(word: str) -> str:
    """The word as text is read, or nothing where it is no word of two characters and more."""
    found = plain(word)
    return found if 2 <= len(found) <= _LONGEST and found.isalnum() else ""


def _next(hashes: Any, points: Any) -> Any:
    mixed = (hashes ^ points) * _STEP
    return mixed ^ (mixed >> np.uint64(29))


def _hash(points: Any) -> Any:
    found = np.zeros(1, np.uint64)
    for at in range(len(points)):
        found = _next(found, points[at : at + 1])
    return found[0]


def _slots(first: Any, second: Any) -> Any:
    return (((first << np.uint64(21)) | second) * _STEP) >> np.uint64(64 - _FILTER)
