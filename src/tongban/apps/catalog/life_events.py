"""Which events of life fit what somebody typed: read as the search for matters reads it."""

from collections.abc import Iterable, Sequence
from datetime import date
from threading import Lock

from tongban.apps.catalog.bundles import PublishedBundle, list_bundles
from tongban.apps.catalog.city import get_synonyms
from tongban.apps.catalog.definitions.bundles import Bundle
from tongban.apps.catalog.searching.index import Index, build
from tongban.apps.catalog.searching.ranking import get_index, nearness
from tongban.apps.catalog.searching.reading import Reading, read

__all__ = ["find_bundles"]

_MOST = 2
# What was typed must be about the event by so much of its meaning, or name it outright.
_LEAST_SHARE, _OUTRIGHT = 0.75, 0.8
_OF_KEYWORDS = 4.0

_lock = Lock()
_held: tuple[tuple[int, ...], Index] | None = None


def find_bundles(
    *, text: str, on: date, matters: Sequence[str] = (), limit: int = _MOST
) -> tuple[PublishedBundle, ...]:
    """The few events of life in force that what was typed names, or is mostly about; best first.

    Words are read with the index of matters: what they mean, how they sound, and what a mistyped word may have been.
    Where they are about none, those that have the first of ``matters`` found as a part. Two queries at most, and none
    of the text.
    """
    if not text.strip():
        return ()
    published = list_bundles(on=on)
    index, known = _index(published), get_index()
    reading = read(text, known)
    typed = index.plain(text).strip()
    scores = [
        (_told(index.phrases[place], typed, reading.bare), _share(place, index, known, reading))
        for place in range(len(published))
    ]
    fitting = [place for place, (told, share) in enumerate(scores) if told >= _OUTRIGHT or share >= _LEAST_SHARE]
    best = sorted(fitting, key=lambda place: (-sum(scores[place]), published[place].definition.place))
    named = [published[place] for place in best]
    if not named and matters:
        named = [one for one in published if one.definition.part(matters[0])]
    return tuple(named[:limit])


def _told(phrases: tuple[tuple[str, ...], tuple[str, ...]], typed: str, bare: str) -> float:
    """How nearly a name or keyword stands in the query. An English word alone says too little: "allowance"."""
    telling = [
        phrase for line in phrases for phrase in line if len(phrase) > 1 and (not phrase.isascii() or " " in phrase)
    ]
    return max((max(nearness(phrase, typed), nearness(phrase, bare)) for phrase in telling), default=0.0)


def _share(place: int, index: Index, matters: Index, reading: Reading) -> float:
    """How much of what was read stands in the event's name or keywords, rare words counting for more."""
    total = found = 0.0
    for token, counts in reading.tokens.items():
        worth = matters.rarity(token) * counts
        total += worth
        places, weights = index.postings.get(token, ((), ()))
        if any(at == place and weight >= _OF_KEYWORDS for at, weight in zip(places, weights, strict=True)):
            found += worth
    return found / total if total else 0.0


def _index(published: Iterable[PublishedBundle]) -> Index:
    """The words of these events; made anew when another version of one is in force."""
    global _held
    found = tuple(published)
    stamp = tuple(each.version_id for each in found)
    with _lock:
        if _held is None or _held[0] != stamp:
            _held = (stamp, build([(each.code, _text(each.definition)) for each in found], get_synonyms()))
        return _held[1]


def _text(bundle: Bundle) -> str:
    """In the lines of ``searching.search_text``."""
    lines = (
        (bundle.name.zh, bundle.name.en),
        (*bundle.keywords_zh, *bundle.keywords_en),
        (bundle.summary.zh, bundle.summary.en),
    )
    return "\n".join("\t".join(" ".join(phrase.split()) for phrase in line) for line in lines)
