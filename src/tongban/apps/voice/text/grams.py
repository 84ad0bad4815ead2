"""The pieces of many messages at once, counted with numpy: characters, pairs of them, words, and families of words.

Chinese needs no segmenting for this: a pair of characters is most often a word or the middle of one. A pair never
reaches over a mark or a space, so nothing is made up. Where a text comes segmented its words count too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from tongban.apps.voice.text.families import Families

__all__ = ["FAMILY", "KINDS", "PAIR", "WORD", "Grams", "Passage", "Pieces", "count", "kinds", "pieces"]

_BITS = 21
PAIR = 1 << _BITS
"""Keys from here on are pairs; below it stands the code point of a single character."""
WORD = 1 << (2 * _BITS)
"""Keys from here on are words of segmented text."""
FAMILY = 2 * WORD
"""Keys from here on are families of words."""
KINDS = 4
_KEYS = 2 * _BITS + 2  # bits of a key
_SUBJECT = 3.0  # what a subject's characters count
_AFTER_SUBJECT = 60  # where a body goes on from below a subject, in the law by which they fall
_OF_SPACED = 2 / 3  # of segmented text so much is characters
_AT_ONCE = 4096
_END = 0x10FFFF  # stands between messages; no text has it, for it is no character


@dataclass(frozen=True, slots=True)
class Passage:
    """One message, normalised: its subject counts more, for people say there what it is about.

    ``spaced`` is subject and body with spaces between words, where the text came segmented.
    """

    subject: str
    body: str
    spaced: str = ""

    @property
    def whole(self) -> str:
        """Subject and body as one."""
        return self.subject + "\n" + self.body


@dataclass(frozen=True, slots=True)
class Pieces:
    """Each piece where it stands: ``rows`` (the message), ``keys``, what it counts (``weights``), from which place of
    the messages put one after another (``starts``) and how many characters (``lengths``).

    Words stand in the spaced text instead; their lengths are below nought.
    """

    rows: Any
    keys: Any
    weights: Any
    starts: Any
    lengths: Any


@dataclass(frozen=True, slots=True)
class Grams:
    """What was counted: ``rows`` (the message), ``keys`` and ``counts`` side by side, in order of row and key."""

    messages: int
    rows: Any
    keys: Any
    counts: Any


def kinds(keys: Any) -> Any:
    """Of what kind each key is: 0 a character, 1 a pair, 2 a word, 3 a family."""
    return (keys >= PAIR).astype(np.int64) + (keys >= WORD) + (keys >= FAMILY)


def count(passages: Sequence[Passage], *, families: Families) -> Grams:
    """Count the pieces of all passages.

    What a piece counts falls with its place: people say first what it is about, most of all in a subject.
    """
    found = []
    for at in range(0, len(passages), _AT_ONCE):
        part = passages[at : at + _AT_ONCE]
        seen = pieces(part, families=families)
        rows, keys, counts = _summed(seen)
        found.append((rows + at, keys, counts))
    if not found:
        nothing = np.zeros(0, np.int64)
        found.append((nothing, nothing, np.zeros(0)))
    rows, keys, counts = (np.concatenate(each) for each in zip(*found, strict=True))
    return Grams(len(passages), rows, keys, counts)


def pieces(passages: Sequence[Passage], *, families: Families) -> Pieces:
    """Every piece of every passage, one by one."""
    points, row, weight = _laid_out([each.whole for each in passages], [len(each.subject) for each in passages])
    letter = _letters()[points]
    single = np.flatnonzero(letter)
    pair = np.flatnonzero(letter[:-1] & letter[1:])
    at, length, family = families.found(points)
    starts = [single, pair, at]
    keys = [points[single], (points[pair] << _BITS) | points[pair + 1], FAMILY + family]
    lengths = [np.ones(len(single), np.int64), np.full(len(pair), 2), length]
    rows = [row[each] for each in starts]
    counts = [weight[single], weight[pair], weight[at] * np.sqrt(length)]
    if any(each.spaced for each in passages):
        for into, more in zip((rows, keys, counts, starts, lengths), _words(passages), strict=True):
            into.append(more)
    return Pieces(*(np.concatenate(each) for each in (rows, keys, counts, starts, lengths)))


def _laid_out(texts: Sequence[str], heads: Sequence[int], *, step: float = 1.0) -> tuple[Any, Any, Any]:
    """The code points of all texts one after another, the row of each, and what it counts there.

    ``heads`` are the lengths of the subjects; ``step`` is how far a character goes.
    """
    points = _points(chr(_END).join(texts))
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) + 1 for each in texts], out=starts[1:])
    row = np.repeat(np.arange(len(texts)), np.diff(starts))[: len(points)]
    place = np.arange(len(points)) - starts[row]
    head = np.array(heads, np.int64)
    begun = np.where(head > 0, _AFTER_SUBJECT - head * step, 0.0)  # a body below a subject says less at its beginning
    law = _falling()
    weight = law[np.clip(place * step + begun[row], 0, len(law) - 1).astype(np.int64)]
    return points, row, np.where(place < head[row], _SUBJECT, weight)


@cache
def _falling() -> Any:
    """What a character counts by its place, from the first on."""
    return 0.4 + 2.1 * np.exp(-np.arange(1024) / 120)


def _words(passages: Sequence[Passage]) -> tuple[Any, Any, Any, Any, Any]:
    """Rows, keys, weights, starts and lengths (below nought) of the words of segmented texts."""
    texts = [each.spaced for each in passages]
    heads = [max(0, each.spaced.find("\n")) if each.subject else 0 for each in passages]
    points, row, weight = _laid_out(texts, heads, step=_OF_SPACED)
    letter = _letters()[points]
    edges = np.diff(np.concatenate([[False], letter, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    inside = np.flatnonzero(letter)
    place = inside - np.repeat(starts, ends - starts)
    mixed = points[inside].astype(np.uint64) * (place.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) | np.uint64(1))
    begins = np.cumsum(ends - starts) - (ends - starts)
    whole = np.add.reduceat(mixed, begins) if len(begins) else np.zeros(0, np.uint64)
    whole = (whole ^ (whole >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = WORD | (whole >> np.uint64(64 - 2 * _BITS)).astype(np.int64)
    return row[starts], keys, weight[starts], starts, starts - ends


def _summed(seen: Pieces) -> tuple[Any, Any, Any]:
    if not len(seen.keys):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, np.zeros(0)
    whole = (seen.rows << _KEYS) | seen.keys
    order = np.argsort(whole)
    whole = whole[order]
    first = np.flatnonzero(np.concatenate([[True], whole[1:] != whole[:-1]]))
    return (whole[first] >> _KEYS, whole[first] & ((1 << _KEYS) - 1), np.add.reduceat(seen.weights[order], first))


def _points(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)


@cache
def _letters() -> Any:
    """For every code point whether it is a letter or a digit; the marks between are none."""
    found = np.zeros(_END + 1, bool)
    found[[point for point in range(0x30000) if chr(point).isalnum()]] = True
    return found
