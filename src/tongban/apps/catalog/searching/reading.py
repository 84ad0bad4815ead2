"""What was typed, read as tokens of the index: as it stands, by meaning, by sound, and with mistakes mended."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tongban.apps.catalog.searching.index import CONCEPT, INITIALS, LETTER, SOUND, Index
from tongban.apps.catalog.searching.sounds import Spelled, is_initials, spell, syllables
from tongban.apps.catalog.searching.text import LONGEST_QUERY, is_chinese, pairs, parts, stem

__all__ = ["Reading", "read"]

# How much a token counts that was not typed just so.
_MEANT, _NEAR, _HEARD, _FIRST, _HALF_TYPED, _MENDED, _LONE, _SAID = 1.3, 0.4, 0.8, 0.7, 0.8, 0.8, 0.5, 0.5
_MOST_ENDINGS = 20
_SHORTEST_MENDED = 4
_MOST_INITIALS = 8


@dataclass(slots=True)
class Reading:
    """``tokens`` with how much each counts; ``bare``: the query without filler; ``meant``: what it was mended to."""

    bare: str = ""
    tokens: dict[str, float] = field(default_factory=dict)
    meant: list[str] = field(default_factory=list)

    def add(self, token: str, share: float) -> None:
        """Count a token, once, with the greater of its shares."""
        self.tokens[token] = max(share, self.tokens.get(token, 0.0))


def read(text: str, index: Index) -> Reading:
    """Read what somebody typed."""
    query = index.plain(text).strip()[:LONGEST_QUERY]
    reading = Reading()
    words: list[str] = []
    bare: list[str] = []
    for part in [*parts(query), ""]:
        if part and not is_chinese(part):
            words.append(part)
            continue
        if words:
            bare.append(_read_words(words, index, reading))
            words = []
        if part:
            bare.append(_read_chinese(part, index, reading))
    reading.bare = " ".join(" ".join(bare).split()) or query
    if not reading.tokens:
        _read_filler(query, index, reading)
    return reading


def _mean(concepts: tuple[str, ...], share: float, index: Index, reading: Reading) -> None:
    for concept in concepts:
        reading.add(CONCEPT + concept, _MEANT * share)
        for near in index.thesaurus.near.get(concept, ()):
            reading.add(CONCEPT + near, _NEAR * share)


# --- Chinese ----------------------------------------------------------------------------------------------------------


def _read_chinese(run: str, index: Index, reading: Reading) -> str:
    spans = list(index.thesaurus.scan(run))
    for span in spans:
        _mean(span.concepts, 1.0, index, reading)
    bare = "".join(" " if span.is_filler else span.text for span in spans)
    for piece in bare.split():
        unknown = [pair for pair in pairs(piece) if not _known(pair, index, reading)]
        if unknown and len(piece) > 1:
            _hear_again(piece, unknown, index, reading)
    return bare


def _known(pair: str, index: Index, reading: Reading) -> bool:
    if len(pair) == 1 and LETTER + pair in index.postings:
        reading.add(LETTER + pair, _LONE)
        return True
    if pair in index.postings:
        reading.add(pair, 1.0)
        return True
    return False


def _hear_again(piece: str, unknown: list[str], index: Index, reading: Reading) -> None:
    """Characters that are not known together may be others of the same sound: 身分证, 低宝, 身份證."""
    sound = syllables(piece)
    for pair in unknown:
        token = SOUND + " ".join(syllables(pair))
        if token in index.postings:
            reading.add(token, _HEARD)
    for word, concepts in _heard(sound, index):
        if word not in piece and any(pair in unknown for pair in pairs(piece)):
            _mean(concepts, _HEARD, index, reading)
            reading.meant.append(word)


def _heard(sound: Spelled, index: Index) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words of the synonym lists in a row of syllables, the longest at each place."""
    at = 0
    while at < len(sound):
        for length in range(min(6, len(sound) - at), 1, -1):
            concepts = index.thesaurus.sounds.get(sound[at : at + length])
            if concepts:
                yield next(iter(concepts.values())), tuple(concepts)
                at += length
                break
        else:
            at += 1


# --- words of other scripts, and pinyin -------------------------------------------------------------------------------


def _read_words(words: list[str], index: Index, reading: Reading) -> str:
    spans = list(index.thesaurus.phrases(words))
    known = [bool(span.concepts) or span.is_filler or stem(span.text) in index.postings for _, span in spans]
    if not all(known) and _read_pinyin("".join(words), index, reading):
        return ""
    for _, span in index.thesaurus.phrases(index.thesaurus.telling(words)):
        _mean(span.concepts, 1.0, index, reading)
    bare: list[str] = []
    for (taken, span), is_known in zip(spans, known, strict=True):
        _mean(span.concepts, 1.0, index, reading)
        if span.is_filler:
            continue
        bare += taken
        for word in taken:
            if stem(word) in index.postings:
                reading.add(stem(word), _SAID if span.concepts else 1.0)
        if not is_known:
            _read_unknown(span.text, index, reading, last=taken[-1] is words[-1])
    return " ".join(bare)


def _read_unknown(word: str, index: Index, reading: Reading, *, last: bool) -> None:
    if _read_pinyin(word, index, reading) or (last and _half_typed(word, index, reading)):
        return
    _mend(word, index, reading)


def _read_pinyin(typed: str, index: Index, reading: Reading) -> bool:
    if not typed.isascii() or not typed.isalpha() or len(typed) < 2:
        return False
    spelled = spell(typed, index.syllables)
    if spelled is None or len(spelled) < 2:
        return False
    as_typed = _read_initials if is_initials(spelled) else _read_syllables
    return as_typed(spelled, index, reading)


def _read_syllables(spelled: Spelled, index: Index, reading: Reading) -> bool:
    tokens = [f"{SOUND}{one} {two}" for one, two in pairwise(spelled)]
    hits = [token for token in tokens if token in index.postings]
    heard = list(_heard(spelled, index))
    if not heard and 2 * len(hits) < len(tokens):
        return False
    for token in hits:
        reading.add(token, 1.0)
    for word, concepts in heard:
        _mean(concepts, 1.0, index, reading)
        reading.meant.append(word)
    if not heard and (said := index.spoken.get(" ".join(spelled))):
        reading.meant.append(said)
    return True


def _read_initials(spelled: Spelled, index: Index, reading: Reading) -> bool:
    """First letters, or syllables among first letters: sfz, shenfz."""
    first = "".join(each[0] for each in spelled)
    if len(first) > 2 and len(set(first)) == 1:
        return False  # a key held down, such as zzzz: no word
    length = min(3, len(first))
    tokens = [INITIALS + first[at : at + length] for at in range(len(first) - length + 1)]
    words = [
        tuple(concepts)
        for sound, concepts in index.thesaurus.sounds.items()
        if len(sound) == len(spelled) and all(map(str.startswith, sound, spelled))
    ]
    if len(first) > _MOST_INITIALS or not (words or _one_has_all(tokens, index)):
        return False
    for concepts in words:
        _mean(concepts, _FIRST, index, reading)
    for token in tokens:
        reading.add(token, _FIRST)
    for one, two in pairwise(spelled):
        if f"{SOUND}{one} {two}" in index.postings:
            reading.add(f"{SOUND}{one} {two}", 1.0)
    return True


def _one_has_all(tokens: list[str], index: Index) -> bool:
    """Whether some matter has all of these: letters that only several have together are chance."""
    places = [set(index.postings[token][0]) if token in index.postings else set() for token in tokens]
    return bool(set.intersection(*places))


def _half_typed(word: str, index: Index, reading: Reading) -> bool:
    if len(word) < 3:
        return False
    at = bisect_left(index.words, word)
    found = index.words[at : at + _MOST_ENDINGS]
    found = [each for each in found if each.startswith(word)]
    for each in found:
        reading.add(each, _HALF_TYPED)
    return bool(found)


def _mend(word: str, index: Index, reading: Reading) -> None:
    """A word with a letter too many, too few, wrong or in the wrong place; an English one, or one of pinyin."""
    if len(word) < _SHORTEST_MENDED or not word.isalpha():
        return
    most = 1 if len(word) < 8 else 2
    known = process.extract(word, index.mendable.keys(), scorer=OSA.distance, score_cutoff=most, limit=3)
    least = min((distance for _, distance, _ in known), default=0)
    for close, distance, _ in known:
        if distance > least:
            continue
        meaning = index.mendable[close]
        if meaning.startswith(SOUND):
            _read_syllables(tuple(meaning.removeprefix(SOUND).split()), index, reading)
            continue
        for _, span in index.thesaurus.phrases([close]):
            _mean(span.concepts, _MENDED, index, reading)
        if stem(close) in index.postings:
            reading.add(stem(close), _MENDED)
        reading.meant.append(close)


def _read_filler(query: str, index: Index, reading: Reading) -> None:
    """Where all was filler, filler is what was meant."""
    for part in parts(query):
        for token in pairs(part) if is_chinese(part) else (stem(part),):
            if token in index.postings:
                reading.add(token, 1.0)
