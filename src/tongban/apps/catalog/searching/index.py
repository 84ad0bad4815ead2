"""The index: for every word, pair of characters, sound and concept, the matters that have it and where."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.definitions.synonyms import Synonyms
from tongban.apps.catalog.searching.sounds import syllables
from tongban.apps.catalog.searching.text import is_chinese, pairs, parts, plain, stem
from tongban.apps.catalog.searching.thesaurus import Thesaurus

__all__ = ["CONCEPT", "INITIALS", "LETTER", "SOUND", "Index", "build", "search_text", "updated"]

_NAMES, _KEYWORDS, _SUMMARIES, _MORE, _SOUNDS = range(5)
_WEIGHTS = (5.0, 4.0, 1.5, 0.7)
# What tokens of other kinds begin with, so that they share one table with words and pairs.
CONCEPT, SOUND, INITIALS, LETTER = "c:", "p:", "i:", "u:"
_FIRST_LETTERS = (2, 3)
_NEAR = 0.5


@dataclass(slots=True)
class Index:
    """``postings`` gives, for each token, places in ``codes`` (ascending) and the best weight that it has there."""

    thesaurus: Thesaurus
    confusable: dict[int, str]
    codes: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    phrases: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    postings: dict[str, tuple[array[int], array[float]]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    surfaces: dict[str, str] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    syllables: frozenset[str] = frozenset()
    mendable: dict[str, str] = field(default_factory=dict)

    def rarity(self, token: str) -> float:
        """How much a token tells apart; 0 for one that nothing has."""
        found = self.postings.get(token)
        return math.log(1 + len(self.codes) / len(found[0])) if found else 0.0

    def plain(self, text: str) -> str:
        """The text in one width, one case, and one of the characters that are typed for each other."""
        return plain(text).translate(self.confusable)


def search_text(definition: MatterDefinition) -> str:
    """What a matter is found by, in lines: names, keywords, summaries, more, sounds; phrases parted by tabs.

    How it sounds is worked out here, at publication, because that takes longer than all else together.
    """
    names = (definition.name.zh, definition.name.en)
    keywords = (*definition.keywords_zh, *definition.keywords_en)
    more = [each.question for each in definition.faq] + [*definition.conditions, definition.result.name]
    lines = (
        names,
        keywords,
        (definition.summary.zh, definition.summary.en),
        [words for each in more for words in (each.zh, each.en)],
        [" ".join(syllables(run)) for phrase in (*names, *keywords) for run in parts(plain(phrase)) if is_chinese(run)],
    )
    return "\n".join("\t".join(" ".join(phrase.split()) for phrase in line) for line in lines)


def build(rows: Iterable[tuple[str, str]], synonyms: Synonyms) -> Index:
    """An index of the matters of ``rows`` (code and search text)."""
    confusable = {ord(each): group[0] for group in synonyms.confusable for each in group[1:]}
    index = Index(Thesaurus.of(synonyms), confusable)
    for code, text in rows:
        index.places[code] = place = len(index.codes)
        lines = _lines(index, code, text, synonyms)
        index.codes.append(code)
        index.phrases.append(_phrases(lines))
        for token, weight in _best(index, lines).items():
            places, weights = index.postings.setdefault(token, (array("I"), array("f")))
            places.append(place)
            weights.append(weight)
    _derive(index)
    return index


def updated(index: Index, rows: Mapping[str, str], synonyms: Synonyms) -> Index:
    """The index with the matters of ``rows`` as they are now; the one given stays as it is: others are reading it."""
    new = replace(
        index,
        codes=index.codes[:],
        phrases=index.phrases[:],
        places=dict(index.places),
        postings=dict(index.postings),
        surfaces=dict(index.surfaces),
        spoken=dict(index.spoken),
    )
    _take_out(new, sorted(index.places[code] for code in rows if code in index.places))
    for code, text in rows.items():
        place = new.places.setdefault(code, len(new.codes))
        lines = _lines(new, code, text, synonyms)
        if place == len(new.codes):
            new.codes.append(code)
            new.phrases.append(((), ()))
        new.phrases[place] = _phrases(lines)
        for token, weight in _best(new, lines).items():
            _put_in(new, token, place, weight)
    _derive(new)
    return new


def _take_out(index: Index, gone: list[int]) -> None:
    """Remove places from the tables of all tokens; tables that change are new ones."""
    for token, (places, weights) in list(index.postings.items()) if gone else ():
        there = [at for place in gone if (at := bisect_left(places, place)) < len(places) and places[at] == place]
        if not there:
            continue
        if len(there) == len(places):
            del index.postings[token]
            continue
        places, weights = places[:], weights[:]
        for at in reversed(there):
            del places[at], weights[at]
        index.postings[token] = (places, weights)


def _put_in(index: Index, token: str, place: int, weight: float) -> None:
    places, weights = index.postings.get(token, (array("I"), array("f")))
    places, weights = places[:], weights[:]
    at = bisect_left(places, place)
    places.insert(at, place)
    weights.insert(at, weight)
    index.postings[token] = (places, weights)


def _lines(index: Index, code: str, text: str, synonyms: Synonyms) -> list[list[str]]:
    lines = [line.split("\t") for line in index.plain(text).split("\n")]
    lines += [[]] * (_SOUNDS + 1 - len(lines))
    lines[_KEYWORDS] = [*lines[_KEYWORDS], *map(index.plain, synonyms.matters.get(code, ()))]
    return lines


def _derive(index: Index) -> None:
    """What follows from the words of all matters together."""
    _spoken_of_synonyms(index)
    index.words = sorted({token for token in index.postings if token[:2] not in _KINDS and not is_chinese(token)})
    index.syllables = frozenset(each for sound in index.spoken for each in sound.split())
    # What a mistyped word may have been, with what it then means: sounds run together, and words as they are written.
    index.mendable = {sound.replace(" ", ""): SOUND + sound for sound in index.spoken}
    index.mendable |= {index.surfaces[token]: token for token in index.words if len(token) > 3}
    index.mendable |= {word: word for word in index.thesaurus.words}


_KINDS = (CONCEPT, SOUND, INITIALS, LETTER)


def _phrases(lines: list[list[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(filter(None, lines[_NAMES])), tuple(filter(None, lines[_KEYWORDS]))


def _best(index: Index, lines: list[list[str]]) -> dict[str, float]:
    """Each token of a matter with the greatest weight that it has anywhere in it."""
    best: dict[str, float] = {}
    for number, weight in enumerate(_WEIGHTS):
        for phrase in lines[number]:
            for token, share in _tokens(index, phrase, short=number <= _KEYWORDS):
                worth = weight * share
                if worth > best.get(token, 0.0):
                    best[token] = worth
    for token in _sound_tokens(index, lines):
        best.setdefault(token, _WEIGHTS[_KEYWORDS])
    return best


def _tokens(index: Index, phrase: str, *, short: bool) -> Iterator[tuple[str, float]]:
    """The tokens of a phrase, and how much of the line's weight each has."""
    for part in parts(phrase):
        if is_chinese(part):
            yield from ((pair, 1.0) for pair in pairs(part))
            if short:
                yield from ((LETTER + each, 1.0) for each in part)
        else:
            token = stem(part)
            index.surfaces.setdefault(token, part)
            yield token, 1.0
    for concept in index.thesaurus.concepts_in(phrase):
        yield CONCEPT + concept, 1.0
        yield from ((CONCEPT + near, _NEAR) for near in index.thesaurus.near.get(concept, ()))


def _sound_tokens(index: Index, lines: list[list[str]]) -> Iterator[str]:
    """Pairs of syllables and first letters of names and keywords."""
    runs = [run for line in lines[:2] for phrase in line for run in parts(phrase) if is_chinese(run)]
    told = lines[_SOUNDS]
    # What was published before there were sounds, and what a city's own list adds, is worked out now.
    heard = [tuple(sound.split()) for sound in told] + [syllables(run) for run in runs[len(told) :]]
    for run, sound in zip(runs, heard, strict=False):
        if 2 <= len(sound) <= 8:
            index.spoken.setdefault(" ".join(sound), run)
        yield from sounds_of(sound)


def sounds_of(sound: tuple[str, ...]) -> Iterator[str]:
    """The tokens of a row of syllables."""
    first = "".join(each[0] for each in sound)
    yield from (f"{SOUND}{one} {two}" for one, two in pairwise(sound))
    for length in _FIRST_LETTERS:
        yield from (INITIALS + first[at : at + length] for at in range(len(first) - length + 1))


def _spoken_of_synonyms(index: Index) -> None:
    for sound, concepts in index.thesaurus.sounds.items():
        if any(CONCEPT + concept in index.postings for concept in concepts):
            index.spoken.setdefault(" ".join(sound), next(iter(concepts.values())))
