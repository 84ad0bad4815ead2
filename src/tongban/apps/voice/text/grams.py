"""The single characters and pairs of characters of many messages at once, counted with numpy.

Chinese needs no segmenting for this: a pair of characters is most often a word or the middle of one. A pair never
reaches over a mark or a space, so nothing is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

__all__ = ["PAIR", "Grams", "Passage", "count", "gram_text"]

_BITS = 21
PAIR = 1 << _BITS
"""Keys from here on are pairs; below it stands the code point of a single character."""
_GUESSED_HEAD = 30
_END = 0x10FFFF  # stands between messages; no text has it, for it is no character


@dataclass(frozen=True, slots=True)
class Passage:
    """One message, normalised: its subject counts more, for people say there what it is about."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Grams:
    """What was counted: ``rows`` (the message), ``keys`` and ``counts`` side by side, in order of row and key."""

    messages: int
    rows: Any
    keys: Any
    counts: Any


def count(passages: Sequence[Passage], *, subject_weight: float, head_weight: float) -> Grams:
    """Count the grams of all passages; a subject's count ``subject_weight`` times.

    Where there is no subject the first thirty characters are taken for it, and count ``head_weight`` times.
    """
    texts = [each.subject + "\n" + each.body for each in passages]
    heads = [len(each.subject) or min(_GUESSED_HEAD, len(each.body)) + 1 for each in passages]
    weights = [subject_weight if each.subject else head_weight for each in passages]
    points = _points(chr(_END).join(texts))
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) + 1 for each in texts], out=starts[1:])
    row = np.repeat(np.arange(len(texts)), np.diff(starts))[: len(points)]
    place = np.arange(len(points)) - starts[row]
    weight = np.where(place < np.array(heads)[row], np.array(weights, np.float64)[row], 1.0)
    letter = _letters()[points]
    pair = letter[:-1] & letter[1:]
    keys = np.concatenate([points[letter], (points[:-1][pair] << _BITS) | points[1:][pair]])
    rows = np.concatenate([row[letter], row[:-1][pair]])
    weight = np.concatenate([weight[letter], weight[:-1][pair]])
    return _summed(len(texts), rows, keys, weight)


def gram_text(key: int) -> str:
    """The characters that a key stands for."""
    return chr(key >> _BITS) + chr(key & (PAIR - 1)) if key >= PAIR else chr(key)


def _summed(messages: int, rows: Any, keys: Any, weight: Any) -> Grams:
    if not len(keys):
        nothing = np.zeros(0, np.int64)
        return Grams(messages, nothing, nothing, np.zeros(0))
    whole = (rows << (2 * _BITS)) | keys
    order = np.argsort(whole, kind="stable")
    whole = whole[order]
    first = np.flatnonzero(np.concatenate([[True], whole[1:] != whole[:-1]]))
    return Grams(
        messages,
        whole[first] >> (2 * _BITS),
        whole[first] & ((1 << (2 * _BITS)) - 1),
        np.add.reduceat(weight[order], first),
    )


def _points(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)


@cache
def _letters() -> Any:
    """For every code point whether it is a letter or a digit; the marks between are none."""
    found = np.zeros(_END + 1, bool)
    found[[point for point in range(0x30000) if chr(point).isalnum()]] = True
    return found
