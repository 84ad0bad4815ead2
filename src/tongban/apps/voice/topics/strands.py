"""Strands: what the machine itself puts together, one message after the other, by what and where.

A strand is never dissolved by the machine: strands are linked to topics (`links`), by the machine or by hand, so that
every
link can be taken back and what was there before is there again.
"""

import math
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongban.apps.voice.topics.kept import Kept
from tongban.apps.voice.topics.spread import Names, Spread
from tongban.apps.voice.topics.text import SLOTS
from tongban.apps.voice.topics.vectors import KEPT, Signature

__all__ = ["LOOKS", "Settings", "Strands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How alike messages must be; found on half of the annotated topics (`benchmarks/data/topics_2019.txt`)."""

    joins: float = 0.15
    """A message joins the strand that it is most like, if at least so much."""
    links: float = 0.32
    """Two strands become one topic if they are at least so much alike."""
    lone: float = 0.2
    """Likewise where the other is a single message, which came before there was anything to join."""
    issue: float = 0.07
    """Below this likeness of what is said (places left out) the whole counts for less: one place has many problems."""
    elsewhere: float = 0.12
    """Factor where both name places, and none in common."""
    other_district: float = 0.6
    """Factor where both name districts, and none in common."""
    wide: int = 3
    """A strand from so many districts is the whole city's, if most of its messages name no place: districts are no
    hindrance.
    """
    aged: float = 0.3
    """A year without a message takes so much off the likeness."""


HEAD, INDEXED, BUCKET, TRIED, WIDEST = 24, 16, 64, 12, 96
"""Terms of a message that are looked up; terms of a strand that are entered; strands kept for one term, newest;
strands compared
in full; terms in a sum."""
FORGOTTEN = 200.0
"""Days after which a message that has stayed alone attracts no other."""
LOOKS = frozenset([*range(2, 9), 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 675, 1000, 1500, 2250, 3400, 5000, 7500])
"""When a strand has grown to so many messages, by about a half, it is looked at anew."""
_NUMBER, _ENTRY = struct.Struct("<i"), struct.Struct("<if")
_ENTRIES = np.dtype([("strand", "<i4"), ("share", "<f4")])
_WIDE = _ENTRY.size * BUCKET
Sum = tuple[Any, Any]
"""Terms in order and their weights, as arrays."""


class Strands:
    """All strands, by number, and which of them say a term.

    Kept in columns and packed bytes: a million messages make half a million strands, and as objects they would take
    8 GB and the collector a third of a second at a time. A strand of one message is that message's row and no more.
    """

    def __init__(self, settings: Settings, *, kept: Kept, places: Names, districts: Names) -> None:
        """``kept``, ``places`` and ``districts`` are those of the rows, and grow before a row is put."""
        self.settings = settings
        self._kept, self._row_places, self._row_districts = kept, places, districts
        self._size, self._first, self._last_row = array("i"), array("i"), array("i")
        self._following = array("i")
        self._whole, self._said, self._day = array("d"), array("d"), array("d")
        self._placed = array("i")
        self._sums: Spread[int, bytes] = Spread()
        self._entered: Spread[int, bytes] = Spread()
        self._places: Spread[int, str] = Spread()
        self._districts: Spread[int, str] = Spread()
        self._index: Spread[int, bytes] = Spread()
        self._where = np.zeros(SLOTS, dtype=bool)
        self._remembered = 0

    def __len__(self) -> int:
        return len(self._size)

    def size(self, number: int) -> int:
        """How many messages a strand has."""
        return self._size[number]

    def rows(self, number: int) -> list[int]:
        """The rows of a strand's messages, in the order they were put."""
        found, row = [], self._first[number]
        while row >= 0:
            found.append(row)
            row = self._following[row]
        return found

    def sum(self, number: int) -> dict[int, float]:
        """What a strand's messages say together, by term."""
        terms, weights = self._sum(number)
        return dict(zip(terms.tolist(), weights.tolist(), strict=True))

    def best(
        self, signature: Signature, *, places: Iterable[str], districts: Iterable[str], day: float
    ) -> tuple[int | None, float]:
        """The strand most like a message, and how much; None if none is."""
        here, parts = set(places), set(districts)
        found, most = None, 0.0
        numbers = self._candidates(signature.terms[:HEAD], signature.weights)
        for number, score in zip(numbers, self._alike(signature, numbers), strict=True):
            if score > most:  # what follows only makes it less
                score *= self._apart(number, here, parts) * self._aged(self._day[number], day)
                if score > most:
                    found, most = number, score
        return found, most

    def open(self) -> int:
        """A new strand without messages; its number."""
        number = len(self._size)
        for counted in (self._size, self._placed):
            counted.append(0)
        for rows in (self._first, self._last_row):
            rows.append(-1)
        for measured in (self._whole, self._said, self._day):
            measured.append(0.0)
        return number

    def put(self, number: int, row: int, *, day: float) -> None:
        """Put a message, of which the row is kept, into a strand."""
        terms, weights, where = self._kept.row(row)
        self._where[terms] = where
        if self._size[number] == 1:
            self._unfold(number)
        self._append(number, row)
        if self._size[number] == 1:
            squares = weights * weights
            self._whole[number], self._said[number] = float(squares.sum()), float(squares[~where].sum())
            self._placed[number] = bool(self._row_places[row])
            self._enter(number, terms[:INDEXED], weights[:INDEXED])
        else:
            self._grow(number, row, terms, weights, where)
        self._day[number] = max(self._day[number], day)
        self._forget(day)

    def empty(self, number: int) -> None:
        """Take all messages out, to put some of them in again."""
        self._leave(number)
        self._size[number], self._first[number], self._last_row[number], self._placed[number] = 0, -1, -1, 0
        self._whole[number] = self._said[number] = self._day[number] = 0.0
        for packed in (self._sums, self._entered):
            packed.drop(number)
        for counted in (self._places, self._districts):
            counted.drop(number)

    def like(self, number: int) -> list[tuple[int, float]]:
        """Other strands at least as like this one as `Settings.links` says, most alike first."""
        terms, weights = self._sum(number)
        top, length = _heaviest(terms, weights, KEPT), self._length(number)
        signature = Signature(
            terms[top].tolist(),
            (weights[top] / length).tolist(),
            self._where[terms[top]].tolist(),
            math.sqrt(max(self._said[number], 0.0)) / length,
        )
        places, districts = set(self._places_of(number)), set(self._districts_of(number))
        numbers = [each for each in self._candidates(signature.terms[:HEAD], signature.weights) if each != number]
        found = []
        for other, alike in zip(numbers, self._alike(signature, numbers), strict=True):
            score = alike * self._apart(other, places, districts)
            if score >= (self.settings.lone if self._size[other] == 1 else self.settings.links):
                found.append((other, score))
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def shared(self, signature: Signature, number: int) -> list[tuple[int, float]]:
        """Terms that a message and a strand have in common, with their share of the likeness; heaviest first."""
        held, length = self.sum(number), self._length(number)
        parts = [
            (term, weight * held[term] / length)
            for term, weight in zip(signature.terms, signature.weights, strict=True)
            if term in held
        ]
        return sorted(parts, key=lambda each: (-each[1], each[0]))

    # Likeness

    def _candidates(self, terms: list[int], weights: list[float]) -> list[int]:
        buckets = [self._index.get(term, b"") for term in terms]
        entries = np.frombuffer(b"".join(buckets), dtype=_ENTRIES)
        if not len(entries):
            return []
        worth = np.repeat(weights[: len(terms)], [len(each) // _ENTRY.size for each in buckets]) * entries["share"]
        numbers, back = np.unique(entries["strand"], return_inverse=True)
        whole = np.bincount(back, weights=worth)
        order = np.lexsort((numbers, -whole))[:TRIED]
        return [number for number, score in zip(numbers[order].tolist(), whole[order].tolist(), strict=True) if score]

    def _alike(self, signature: Signature, numbers: list[int]) -> list[float]:
        """How like each of these strands a message is, places and districts left aside."""
        if not numbers:
            return []
        sums = [self._sum(number) for number in numbers]
        terms, weights = (np.concatenate(each) for each in zip(*sums, strict=True))
        owner = np.repeat(np.arange(len(numbers)), [len(each) for each, _ in sums])
        parts = _times(signature, terms, weights)
        whole = np.bincount(owner, weights=parts, minlength=len(numbers))
        what = whole - np.bincount(owner, weights=parts * self._where[terms], minlength=len(numbers))
        issue = np.sqrt(np.maximum([self._said[number] for number in numbers], 0.0)) * signature.issue
        likeness = np.divide(what, issue, out=np.zeros(len(numbers)), where=issue > 0)
        lengths = np.array([self._length(number) for number in numbers])
        scores: list[float] = (whole / lengths * np.sqrt(np.clip(likeness / self.settings.issue, 0.0, 1.0))).tolist()
        return scores

    def _apart(self, number: int, places: set[str], districts: set[str]) -> float:
        size, factor = self._size[number], 1.0
        held = self._districts_of(number) if districts or not places else {}
        if places and 2 * self._placed[number] >= size:
            # A place that hardly anybody there names is an accident, not the place of the strand.
            named = self._places_of(number)
            if not any(10 * named.get(place, 0) >= size for place in places):
                factor *= self.settings.elsewhere
        elif len(held or self._districts_of(number)) >= self.settings.wide:
            return 1.0
        if districts and held and districts.isdisjoint(held):
            factor *= self.settings.other_district
        return factor

    def _aged(self, last: float, day: float) -> float:
        return 1 - self.settings.aged * min(1.0, abs(day - last) / 365)

    # What a strand holds

    def _length(self, number: int) -> float:
        return math.sqrt(self._whole[number]) or 1.0

    def _sum(self, number: int) -> Sum:
        if packed := self._sums.get(number, b""):
            wide = len(packed) // 12
            return (
                np.frombuffer(packed, dtype=np.uint32, count=wide),
                np.frombuffer(packed, dtype=np.float64, offset=4 * wide),
            )
        if self._first[number] < 0:
            return np.zeros(0, dtype=np.uint32), np.zeros(0)
        return self._kept.row(self._first[number])[:2]

    def _places_of(self, number: int) -> dict[str, int]:
        return _counted(self._places, number, self._row_places[self._first[number]] if self._size[number] else ())

    def _districts_of(self, number: int) -> dict[str, int]:
        return _counted(self._districts, number, self._row_districts[self._first[number]] if self._size[number] else ())

    def _append(self, number: int, row: int) -> None:
        if row >= len(self._following):
            self._following.extend([-1] * (row + 1 - len(self._following)))
        self._following[row] = -1
        if self._size[number]:
            self._following[self._last_row[number]] = row
        else:
            self._first[number] = row
        self._last_row[number] = row
        self._size[number] += 1

    def _unfold(self, number: int) -> None:
        """Write out what a strand of one message holds, before there are two."""
        terms, weights = self._sum(number)
        self._entered[number] = terms[:INDEXED].tobytes()
        self._pack(number, terms, weights)

    def _grow(self, number: int, row: int, terms: Any, weights: Any, where: Any) -> None:
        held, sums = self._sum(number)
        at = np.minimum(np.searchsorted(held, terms), len(held) - 1)
        known = held[at] == terms
        before = np.where(known, sums[at], 0.0)
        more = weights * (weights + 2 * before)
        self._whole[number] += float(more.sum())
        self._said[number] += float(more[~where].sum())
        sums = sums.copy()
        np.add.at(sums, at[known], weights[known])
        held, sums = np.concatenate([held, terms[~known]]), np.concatenate([sums, weights[~known]])
        named = self._row_places[row]
        self._placed[number] += bool(named)
        _count(self._places, number, self._places_of(number), named)
        _count(self._districts, number, self._districts_of(number), self._row_districts[row])
        if len(held) > 2 * WIDEST or self._size[number] in LOOKS:
            self._measure(number, held, sums)
        else:
            self._pack(number, held, sums)
            self._tell(number)

    def _measure(self, number: int, terms: Any, weights: Any) -> None:
        """Let go of what few say, and enter what most say."""
        top = _heaviest(terms, weights, WIDEST)
        terms, weights = terms[top], weights[top]
        squares = weights * weights
        self._whole[number], self._said[number] = float(squares.sum()), float(squares[~self._where[terms]].sum())
        self._pack(number, terms, weights)
        self._tell(number)
        self._enter(number, terms[:INDEXED], weights[:INDEXED])
        entered = np.frombuffer(self._entered.get(number, b""), dtype=np.uint32)
        self._entered[number] = np.union1d(entered, terms[:INDEXED]).astype(np.uint32).tobytes()

    def _pack(self, number: int, terms: Any, weights: Any) -> None:
        order = np.argsort(terms, kind="stable")
        self._sums[number] = terms[order].astype(np.uint32).tobytes() + weights[order].astype(np.float64).tobytes()

    # The index

    def _forget(self, day: float) -> None:
        """Let go of what lone messages said that nobody has joined for long: they stay, and attract nothing any
        more.
        """
        for _ in range(2):
            oldest = self._remembered
            if oldest == len(self._size) or (self._size[oldest] == 1 and day - self._day[oldest] <= FORGOTTEN):
                return
            self._remembered += 1
            if self._size[oldest] == 1:
                self._leave(oldest)

    def _enter(self, number: int, terms: Any, weights: Any) -> None:
        """Enter a strand under terms, or say anew how much of it each is."""
        length, key = self._length(number), _NUMBER.pack(number)
        for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
            part = self._index.part(term)
            bucket = part.get(term, b"")
            entry = _ENTRY.pack(number, weight / length)
            at = _place(bucket, key)
            if at < 0:
                part[term] = (bucket[_ENTRY.size :] if len(bucket) >= _WIDE else bucket) + entry
            else:
                part[term] = bucket[:at] + entry + bucket[at + _ENTRY.size :]

    def _tell(self, number: int) -> None:
        """Say anew how much of a strand each term is under which it was entered; where it has been crowded out it
        stays out.
        """
        held, sums = self._sum(number)
        entered = np.frombuffer(self._entered.get(number, b""), dtype=np.uint32)
        at = np.minimum(np.searchsorted(held, entered), len(held) - 1)
        shares = np.where(held[at] == entered, sums[at], 0.0) / self._length(number)
        key = _NUMBER.pack(number)
        for term, share in zip(entered.tolist(), shares.tolist(), strict=True):
            part = self._index.part(term)
            bucket = part.get(term, b"")
            place = _place(bucket, key)
            if place >= 0:
                part[term] = bucket[:place] + _ENTRY.pack(number, share) + bucket[place + _ENTRY.size :]

    def _leave(self, number: int) -> None:
        """Take a strand out of the index."""
        packed = self._entered.get(number, b"")
        entered = np.frombuffer(packed, dtype=np.uint32) if packed else self._sum(number)[0][:INDEXED]
        key = _NUMBER.pack(number)
        for term in entered.tolist():
            part = self._index.part(term)
            bucket = part.get(term, b"")
            at = _place(bucket, key)
            if at >= 0:
                left = bucket[:at] + bucket[at + _ENTRY.size :]
                if left:
                    part[term] = left
                else:
                    del part[term]


def _times(signature: Signature, terms: Any, weights: Any) -> Any:
    """Each weight times that of the same term in a signature, nought where there is none."""
    asked = np.array(signature.terms, dtype=np.uint32)
    order = np.argsort(asked, kind="stable")
    asked, own = asked[order], np.array(signature.weights)[order]
    at = np.searchsorted(asked, terms)
    at[at == len(asked)] = 0
    return np.where(asked[at] == terms, own[at] * weights, 0.0)


def _place(bucket: bytes, key: bytes) -> int:
    """Where the entry of a strand stands in a bucket, or -1."""
    at = bucket.find(key)
    while at >= 0 and at % _ENTRY.size:
        at = bucket.find(key, at + 1)
    return at


def _counted(kept: Spread[int, str], number: int, only: Iterable[str]) -> dict[str, int]:
    """Names with how often each is there: as kept, or those of a strand's only message."""
    packed = kept.get(number, "")
    if not packed:
        return dict.fromkeys(only, 1)
    return {name: int(times) for name, times in (each.split("\t") for each in packed.split("\n"))}


def _count(kept: Spread[int, str], number: int, counted: dict[str, int], names: Iterable[str]) -> None:
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    if counted:
        kept[number] = "\n".join(f"{name}\t{times}" for name, times in counted.items())


def _heaviest(terms: Any, weights: Any, most: int) -> Any:
    return np.lexsort((terms, -weights))[:most]
