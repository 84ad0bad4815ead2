"""From a message's terms to the few that tell it from others, weighted by how rare they are (tf-idf)."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongban.apps.voice.topics.spread import Spread
from tongban.apps.voice.topics.text import SLOTS, Features, background

__all__ = ["KEPT", "Signature", "Vocabulary"]

KEPT = 64
"""Terms by which a message is compared."""
KEPT_PLACES = 20
"""Of them at most so many that say where."""
PRIOR = 500.0
"""The background counts as so many messages read before the first."""
LEAST = 6.0
"""Added to every frequency: what was never seen before says little more than what was seen a few times."""
NAMED = 2.0
"""The weight of a recognised name of a place beside that of its characters."""
EARLY = 40
"""A name that begins within so many characters counts as named in the subject."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Terms of a message, heaviest first, with weights of length one together; ``where`` tells terms that name a
    place.
    """

    terms: list[int]
    weights: list[float]
    where: list[bool]
    issue: float
    """The length of the part that says what, not where."""


class Vocabulary:
    """How many messages said a term; and how each term reads."""

    def __init__(self) -> None:
        self.read = 0
        self.counts = np.zeros(SLOTS, dtype=np.float32)
        self.words: Spread[int, str] = Spread()
        background()  # takes a moment, once: not with the first message

    def learn(self, features: Features) -> None:
        """Count a message's terms."""
        self.read += 1
        self.counts[features.terms] += 1
        named = [_named(place) for place in features.places]
        if named:
            self.counts[named] += 1

    def weigh(self, features: Features) -> Signature:
        """The terms of a message that are rarest for their number, as things stand."""
        places = sorted(features.places)
        terms = np.concatenate([features.terms, np.array([_named(place) for place in places], dtype=np.int64)])
        if not len(terms):
            return Signature([], [], [], 0.0)
        said = np.concatenate([1 + np.log(features.counts), _emphasis([features.places[place] for place in places])])
        where = np.concatenate([features.where, np.ones(len(places), dtype=bool)])
        seen = self.counts[terms] + background()[terms] * (PRIOR / 1000) + LEAST
        weights = said * np.maximum(np.log((self.read + PRIOR) / seen), 0)
        kept = np.concatenate(
            [
                _heaviest(np.flatnonzero(where), weights, terms, KEPT_PLACES),
                _heaviest(np.flatnonzero(~where), weights, terms, KEPT - KEPT_PLACES),
            ]
        )
        kept = kept[np.lexsort((terms[kept], -weights[kept]))]
        chosen, length = weights[kept], float(np.linalg.norm(weights[kept])) or 1.0
        issue = float(np.linalg.norm(chosen[~where[kept]])) / length
        signature = Signature(terms[kept].tolist(), (chosen / length).tolist(), where[kept].tolist(), issue)
        self._name(features, places, kept, signature.terms)
        return signature

    def _name(self, features: Features, places: list[str], kept: Any, terms: list[int]) -> None:
        own = len(features.terms)
        words = self.words
        for term, at in zip(terms, kept.tolist(), strict=True):
            if term not in words:
                if at < own:
                    start = int(features.starts[at])
                    words[term] = features.text[start : start + int(features.lengths[at])]
                else:
                    words[term] = places[at - own]


def _named(place: str) -> int:
    return zlib.crc32(b"@" + place.encode()) % SLOTS


def _emphasis(starts: list[int]) -> Any:
    return np.array([NAMED * (2.0986 if start < EARLY else 1.0) for start in starts])  # 1 + ln 3, as in the subject


def _heaviest(among: Any, weights: Any, terms: Any, most: int) -> Any:
    if len(among) <= most:
        return among
    order = np.lexsort((terms[among], -weights[among]))
    return among[order[:most]]
