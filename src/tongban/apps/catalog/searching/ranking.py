"""Which matters fit what was typed, best first."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db.models import Max

from tongban.apps.catalog.city import get_synonyms
from tongban.apps.catalog.models import Matter, MatterVersion
from tongban.apps.catalog.searching.index import Index, build, updated
from tongban.apps.catalog.searching.learning import key_of, lifts
from tongban.apps.catalog.searching.reading import Reading, read

__all__ = ["MOST_RESULTS", "Ranking", "forget", "get_index", "nearness", "rank"]

MOST_RESULTS = 200
_MOST_COMPARED = 50
_FEW = 200  # matters that are changed in the index that is there; more are read with all others
# A match this much weaker than the best is noise.
_FLOOR = 0.2
_EXACT, _INSIDE, _NEARLY = 100.0, 20.0, 12.0

_lock = Lock()
_held: tuple[int, Index] | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Codes of the matters that fit; ``scores`` of each; ``meant``: what the words were mended to, if they were."""

    codes: list[str]
    scores: Mapping[str, float]
    reading: Reading

    @property
    def meant(self) -> tuple[str, ...]:
        """The words that were read for those typed, each once."""
        return tuple(dict.fromkeys(self.reading.meant))


def rank(text: str, *, on: date) -> Ranking:
    """Rank the matters, no more than ``MOST_RESULTS``; what was chosen before on the same words is lifted."""
    index = get_index()
    reading = read(text, index)
    scores = _scored(index, reading)
    best = heapq.nlargest(MOST_RESULTS, scores, key=lambda matter: (scores[matter], -matter))
    typed = index.plain(text).strip()
    final = {matter: scores[matter] for matter in best}
    for matter in best[:_MOST_COMPARED]:
        final[matter] += _told_outright(index.phrases[matter], typed, reading.bare)
    floor = _FLOOR * max(final.values(), default=0.0)
    learned = lifts(key=key_of(reading), on=on)
    for matter in final:
        final[matter] *= learned.get(index.codes[matter], 1.0)
    order = sorted((each for each in final if final[each] >= floor), key=lambda each: (-final[each], index.codes[each]))
    codes = [index.codes[matter] for matter in order]
    return Ranking(codes, {index.codes[matter]: final[matter] for matter in order}, reading)


def forget() -> None:
    """Drop the index; the next search builds it anew."""
    global _held
    with _lock:
        _held = None


def get_index() -> Index:
    """The index of what is published now: one small query, and brought up to date when something has been.

    Of what was published since, only those matters are read anew. While one thread does so, others search as before.
    """
    global _held
    stamp = MatterVersion.objects.aggregate(last=Max("pk"))["last"] or 0
    held = _held
    if held is not None and held[0] == stamp:
        return held[1]
    if not _lock.acquire(blocking=held is None):
        assert held is not None
        return held[1]
    try:
        if _held is None or _held[0] != stamp:
            _held = (stamp, _renewed(_held, stamp))
        return _held[1]
    finally:
        _lock.release()


def _renewed(held: tuple[int, Index] | None, stamp: int) -> Index:
    matters = Matter.objects.order_by("pk")
    if held is not None and held[0] < stamp:
        since = MatterVersion.objects.filter(pk__gt=held[0]).values("matter")
        rows = dict(matters.filter(pk__in=since).values_list("pk", "search_text")[: _FEW + 1])
        if len(rows) <= _FEW:
            return updated(held[1], rows, get_synonyms())
    return build(matters.values_list("pk", "search_text"), get_synonyms())


def _scored(index: Index, reading: Reading) -> dict[int, float]:
    scores: dict[int, float] = {}
    for token, share in reading.tokens.items():
        found = index.postings.get(token)
        if found is None:
            continue
        worth = index.rarity(token) * share
        for matter, weight in zip(*found, strict=True):
            scores[matter] = scores.get(matter, 0.0) + worth * weight
    return scores


def _told_outright(phrases: tuple[tuple[str, ...], tuple[str, ...]], typed: str, bare: str) -> float:
    """What a name or keyword adds that stands in the query, or nearly so (开饭馆 in 我要开个小饭馆)."""
    names, keywords = phrases
    if typed in names:
        return _EXACT
    score = _INSIDE if any(len(typed) > 1 and typed in name for name in names) else 0.0
    near = [max(nearness(phrase, typed), nearness(phrase, bare)) for phrase in (*names, *keywords) if len(phrase) > 1]
    return score + _NEARLY * max(near, default=0.0)


def nearness(phrase: str, query: str) -> float:
    """1 when the phrase stands in the query; less when its characters do in order with few others between; else 0."""
    if phrase in query:
        return 1.0
    if len(phrase) < 3 or phrase[0] not in query or phrase[-1] not in query or phrase.isascii():
        return 0.0
    at = start = query.find(phrase[0])
    for character in phrase[1:]:
        at = query.find(character, at + 1) if at >= 0 else -1
    if at < 0:
        return 0.0
    return 0.8 if at - start + 1 - len(phrase) <= 3 else 0.0
