"""Strands: what the machine itself puts together, one message after the other, by what and where.

A strand is never dissolved by the machine: strands are linked to topics (`links`), by the machine or by hand, so that
every
link can be taken back and what was there before is there again.
"""

import math
from array import array
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tongban.apps.voice.topics.text import SLOTS
from tongban.apps.voice.topics.vectors import KEPT, Signature

__all__ = ["LOOKS", "Settings", "Strand", "Strands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How alike messages must be; found on half of the annotated topics (`benchmarks/data/topics_2019.txt`)."""

    joins: float = 0.15
    """A message joins the strand that it is most like, if at least so much."""
    links: float = 0.32
    """Two strands become one topic if they are at least so much alike."""
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


@dataclass(slots=True)
class Strand:
    """Messages that belong together (rows, in order of arrival), and the sum of what they say."""

    number: int
    rows: "array[int]"
    sum: dict[int, float] = field(default_factory=dict)
    whole: float = 0.0
    said: float = 0.0
    """Squares of the lengths of the sum, and of its part that says what, not where."""
    placed: int = 0
    """Messages that name a place."""
    places: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    last: float = 0.0
    indexed: set[int] = field(default_factory=set)

    @property
    def length(self) -> float:
        return math.sqrt(self.whole) or 1.0

    @property
    def issue(self) -> float:
        return math.sqrt(max(self.said, 0.0))


HEAD, INDEXED, BUCKET, TRIED, WIDEST = 24, 16, 64, 12, 96
"""Terms of a message that are looked up; terms of a strand that are entered; strands kept for one term, newest;
strands compared
in full; terms in a sum."""
FORGOTTEN = 200.0
"""Days after which a message that has stayed alone attracts no other."""
LOOKS = frozenset([*range(2, 9), 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 675, 1000, 1500, 2250, 3400, 5000, 7500])
"""When a strand has grown to so many messages, by about a half, it is looked at anew."""


class Strands:
    """All strands, and which of them say a term."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.all: list[Strand] = []
        self._index: dict[int, array[int]] = {}
        self._where = bytearray(SLOTS)
        self._lone: deque[int] = deque()

    def best(
        self, signature: Signature, *, places: Iterable[str], districts: Iterable[str], day: float
    ) -> tuple[int | None, float]:
        """The strand most like a message, and how much; None if none is."""
        here, parts = set(places), set(districts)
        found, most = None, 0.0
        for number in self._candidates(signature.terms[:HEAD], signature.weights):
            strand = self.all[number]
            score = self._alike(signature, strand)
            score *= self._apart(strand, here, parts) * self._aged(strand.last, day)
            if score > most:
                found, most = number, score
        return found, most

    def open(self) -> Strand:
        """A new strand without messages."""
        strand = Strand(len(self.all), array("i"))
        self.all.append(strand)
        self._lone.append(strand.number)
        return strand

    def put(
        self,
        strand: Strand,
        row: int,
        signature: Signature,
        *,
        places: Iterable[str],
        districts: Iterable[str],
        day: float,
    ) -> None:
        """Put a message into a strand."""
        strand.rows.append(row)
        held, whole, said = strand.sum, strand.whole, strand.said
        for term, weight, where in zip(signature.terms, signature.weights, signature.where, strict=True):
            before = held.get(term, 0.0)
            held[term] = before + weight
            more = weight * (weight + 2 * before)
            whole += more
            if not where:
                said += more
            self._where[term] = where
        strand.whole, strand.said = whole, said
        named = tuple(places)
        strand.placed += bool(named)
        for place in named:
            strand.places[place] = strand.places.get(place, 0) + 1
        for district in districts:
            strand.districts[district] = strand.districts.get(district, 0) + 1
        strand.last = max(strand.last, day)
        self._forget(day)
        if len(strand.rows) == 1:
            self._enter(strand, signature.terms[:INDEXED])
        elif len(held) > 2 * WIDEST or len(strand.rows) in LOOKS:
            self._measure(strand)

    def empty(self, strand: Strand) -> None:
        """Take all messages out, to put some of them in again."""
        strand.rows = array("i")
        strand.sum, strand.places, strand.districts, strand.last = {}, {}, {}, 0.0
        strand.whole, strand.said, strand.placed = 0.0, 0.0, 0

    def like(self, strand: Strand) -> list[tuple[int, float]]:
        """Other strands at least as like this one as `Settings.links` says, most alike first."""
        top = _heaviest(strand.sum, KEPT)
        signature = Signature(
            [term for term, _ in top],
            [weight / strand.length for _, weight in top],
            [bool(self._where[term]) for term, _ in top],
            strand.issue / strand.length,
        )
        found = []
        for number in self._candidates(signature.terms[:HEAD], signature.weights):
            other = self.all[number]
            if number != strand.number and other.rows:
                score = self._alike(signature, other) * self._apart(other, set(strand.places), set(strand.districts))
                if score >= self.settings.links:
                    found.append((number, score))
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def shared(self, signature: Signature, strand: Strand) -> list[tuple[int, float]]:
        """Terms that a message and a strand have in common, with their share of the likeness; heaviest first."""
        parts = [
            (term, weight * strand.sum[term] / strand.length)
            for term, weight in zip(signature.terms, signature.weights, strict=True)
            if term in strand.sum
        ]
        return sorted(parts, key=lambda each: (-each[1], each[0]))

    def _candidates(self, terms: list[int], weights: list[float]) -> list[int]:
        found: dict[int, float] = {}
        for term, weight in zip(terms, weights, strict=False):
            for number in self._index.get(term, ()):
                strand = self.all[number]
                if share := strand.sum.get(term):
                    found[number] = found.get(number, 0.0) + weight * share / strand.length
        return sorted(found, key=lambda number: (-found[number], number))[:TRIED]

    def _alike(self, signature: Signature, strand: Strand) -> float:
        what = where = 0.0
        held, placed = strand.sum, self._where
        weights = dict(zip(signature.terms, signature.weights, strict=True))
        # In the order of the terms, so that adding up gives the same to the last digit wherever it is done.
        for term in sorted(held.keys() & weights.keys()):
            part = weights[term] * held[term]
            if placed[term]:
                where += part
            else:
                what += part
        issue = what / (signature.issue * strand.issue) if signature.issue and strand.issue else 0.0
        return (what + where) / strand.length * math.sqrt(min(1.0, issue / self.settings.issue))

    def _apart(self, strand: Strand, places: set[str], districts: set[str]) -> float:
        size, factor = len(strand.rows), 1.0
        if places and 2 * strand.placed >= size:
            # A place that hardly anybody there names is an accident, not the place of the strand.
            if not any(10 * strand.places.get(place, 0) >= size for place in places):
                factor *= self.settings.elsewhere
        elif len(strand.districts) >= self.settings.wide:
            return 1.0
        if districts and strand.districts and districts.isdisjoint(strand.districts):
            factor *= self.settings.other_district
        return factor

    def _aged(self, last: float, day: float) -> float:
        return 1 - self.settings.aged * min(1.0, abs(day - last) / 365)

    def _measure(self, strand: Strand) -> None:
        """Let go of what few say, and enter what most say."""
        top = _heaviest(strand.sum, WIDEST)
        strand.sum = dict(top)
        strand.whole = sum(weight * weight for _, weight in top)
        strand.said = sum(weight * weight for term, weight in top if not self._where[term])
        self._enter(strand, [term for term, _ in top[:INDEXED]])

    def _forget(self, day: float) -> None:
        """Let go of what lone messages said that nobody has joined for long: they stay, and attract nothing any
        more.
        """
        for _ in range(min(2, len(self._lone))):
            oldest = self.all[self._lone[0]]
            if len(oldest.rows) == 1 and day - oldest.last <= FORGOTTEN:
                return
            self._lone.popleft()
            if len(oldest.rows) == 1:
                oldest.sum, oldest.indexed = {}, set()

    def _enter(self, strand: Strand, terms: list[int]) -> None:
        for term in terms:
            if term not in strand.indexed:
                strand.indexed.add(term)
                bucket = self._index.setdefault(term, array("i"))
                if len(bucket) >= BUCKET:
                    del bucket[0]
                bucket.append(strand.number)


def _heaviest(weights: dict[int, float], most: int) -> list[tuple[int, float]]:
    return sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:most]
