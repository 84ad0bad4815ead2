"""What a message says, as weighted terms: grams of Chinese, words of other scripts, and places.

Terms are numbers below ``SLOTS``, so that what is known of their frequency never grows. Two terms may fall on one
number; then
both count as somewhat more common than they are. Time and memory for one message are bounded by ``LONGEST`` characters.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tongban.apps.voice.topics.words import BACKGROUND, NO_NAME, PLACE_ENDS

__all__ = ["LONGEST", "SLOTS", "Features", "background", "normalise", "places_in", "read"]

LONGEST = 1000
"""Characters of a message that are looked at: what it is about is said before."""
SLOTS = 1 << 21
NAMES_WITHIN = 300
"""Names of places are looked for in so many characters."""
BEFORE = 3
"""So many characters before a recognised name are taken for a part of it."""
SUBJECT_COUNTS = 3.0
"""How often a term counts that is in the subject."""

_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]{2,40}")
_PLACE = re.compile(
    rf"([\u4e00-\u9fff]{{2}})(?:{'|'.join(sorted(PLACE_ENDS, key=lambda end: (-len(end), end)))})(?![街市州])"
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(43)  # 64 bits less the 21 of SLOTS


@dataclass(frozen=True, slots=True)
class Features:
    """A message read once.

    ``text`` is subject and words, normalised; ``terms`` are distinct numbers with how often each counts in
    ``counts``, and where
    one of them stands first in ``text`` (``starts``, ``lengths``). ``shingles`` are for finding copies. ``places``
    are names of
    places as far as they can be told by their ending.
    """

    text: str
    terms: Any
    counts: Any
    starts: Any
    lengths: Any
    shingles: Any
    where: Any
    places: dict[str, int]


def normalise(text: str) -> str:
    """``text`` without mark-up and unseen characters, in one width and case; at most ``LONGEST`` characters."""
    plain = _UNSEEN.sub("", text[: LONGEST + LONGEST // 2])
    if "<" in plain:
        plain = _TAG.sub(" ", plain)
    plain = plain.translate(_WIDE)
    if not unicodedata.is_normalized("NFKC", plain):
        plain = unicodedata.normalize("NFKC", plain)
    return plain.lower()[:LONGEST]


def places_in(text: str) -> list[tuple[str, int, int]]:
    """Names of places in ``text``, with where they begin and end: what ends like one, with the two characters before.

    Where a Chinese name begins cannot be told without a dictionary; two characters and the ending are the same
    wherever it begins.
    """
    found = []
    at = 0
    while hit := _PLACE.search(text, at, NAMES_WITHIN):
        at = hit.start() + 1
        if not NO_NAME.search(hit.group(0)):
            found.append((hit.group(0), hit.start(), hit.end()))
            at = hit.end() - 1
    return found


def read(*, subject: str, text: str) -> Features:
    """Read a message; whatever it contains, without an error."""
    head = normalise(subject)
    whole = f"{head} {normalise(text)}"[:LONGEST]
    codes = np.frombuffer(whole.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    han = (codes >= 0x3400) & (codes <= 0x9FFF)
    grams, starts, lengths = [], [], []
    for length in (2, 3):
        if len(codes) < length:
            continue
        ours = han[: len(han) - length + 1].copy()
        for step in range(1, length):
            ours &= han[step : len(han) - length + 1 + step]
        where = np.flatnonzero(ours)
        grams.append(_numbers(codes, where, length))
        starts.append(where)
        lengths.append(np.full(len(where), length))
    words = [
        (zlib.crc32(hit.group().encode("utf-8", "replace")) % SLOTS, hit.start(), hit.end() - hit.start())
        for hit in _WORD.finditer(whole)
    ]
    if words:
        number, where, long = np.array(words, dtype=np.int64).T
        grams.append(number)
        starts.append(where)
        lengths.append(long)
    if not grams:
        none = np.zeros(0, dtype=np.int64)
        return Features(whole, none, none.astype(np.float32), none, none, none.astype(np.uint64), none.astype(bool), {})
    every, where, long = np.concatenate(grams), np.concatenate(starts), np.concatenate(lengths)
    terms, first, back = np.unique(every, return_index=True, return_inverse=True)
    counts = np.bincount(back, weights=np.where(where < len(head), SUBJECT_COUNTS, 1.0)).astype(np.float32)
    places: dict[str, int] = {}
    inside = np.zeros(len(codes) + 1, dtype=np.int64)
    for name, begin, end in places_in(whole):
        places.setdefault(name, begin)
        begin = max(begin - BEFORE, 0)
        while not han[begin]:
            begin += 1
        inside[begin + 1 : end + 1] = 1
    within = np.cumsum(inside)
    placed = within[where + long] > within[where]  # also what only touches a name: it says little else
    return Features(whole, terms, counts, where[first], long[first], _shingles(codes), placed[first], places)


def _numbers(codes: Any, where: Any, length: int) -> Any:
    mixed = codes[where] + np.uint64(length)
    for step in range(1, length):
        mixed = mixed * _MULTIPLY + codes[where + step]
    return (((mixed ^ (mixed >> np.uint64(29))) * _MULTIPLY) >> _SHIFT).astype(np.int64)


def _shingles(codes: Any) -> Any:
    """Numbers of all runs of four characters, spaces and punctuation left out."""
    kept = codes[(codes > 0x2F) & ~((codes >= 0x3000) & (codes <= 0x303F)) & ~((codes >= 0xFF00) & (codes <= 0xFF0F))]
    if len(kept) < 4:
        return kept[:1]
    mixed = kept[:-3]
    for step in (1, 2, 3):
        mixed = mixed * _MULTIPLY + kept[step : len(kept) - 3 + step]
    return mixed ^ (mixed >> np.uint64(31))


@lru_cache(maxsize=1)
def background() -> Any:
    """How many of a thousand messages to any government say a term, before one has been read; an array of ``SLOTS``."""
    known = np.zeros(SLOTS, dtype=np.float32)
    for share, words in BACKGROUND.items():
        for word in words.split():
            terms = read(subject="", text=word).terms
            known[terms] = np.maximum(known[terms], share)
    return known
