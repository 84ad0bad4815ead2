"""Finding a matter in the words that people use: names over keywords over summaries, in both languages.

Chinese is cut into pairs of characters and English into words, so nothing has to be segmented or trained. The index is
kept in memory and rebuilt when something has been published: one small query a search finds that out.
"""

from __future__ import annotations

import heapq
import math
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from django.db.models import Max

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.models import Matter, MatterVersion

__all__ = ["MOST_RESULTS", "forget", "ranked", "search_text"]

MOST_RESULTS = 200
_WEIGHTS = (5.0, 3.0, 1.0)  # names, keywords, summaries: the lines of a search text
_LONGEST_QUERY = 200
_PARTS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")
# What people say around the thing that they are looking for.
_FILLER = re.compile(
    "我要|我想|想要|请问|怎么办理|怎么办|怎么|怎样|如何|哪里|哪儿|可以|能不能|需要|办理|申请|一个|一家|一下|个(?![体人税])|[想吗呢的了吧]"
)
_FILLER_WORDS = frozenset(
    re.findall(
        "[a-z]+", "a an the i we my our your to for of in on at and or how do does can want would like need get apply"
    )
)
# A match this much weaker than the best is noise.
_FLOOR = 0.2


@dataclass(frozen=True, slots=True)
class _Index:
    stamp: int
    codes: tuple[str, ...]
    phrases: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # names and keywords of each matter
    postings: dict[str, array[int]]  # token -> matter * 4 + line, in order
    words: tuple[str, ...]  # the English tokens, sorted


_lock = Lock()
_held: _Index | None = None


def search_text(definition: MatterDefinition) -> str:
    """What a matter is found by: three lines (names, keywords, summaries), phrases parted by tabs."""
    lines = (
        (definition.name.zh, definition.name.en),
        (*definition.keywords_zh, *definition.keywords_en),
        (definition.summary.zh, definition.summary.en),
    )
    return "\n".join("\t".join(" ".join(phrase.split()) for phrase in line) for line in lines)


def ranked(text: str) -> list[str]:
    """Codes of the matters that fit, best first, no more than ``MOST_RESULTS``."""
    index = _index()
    query = _plain(text)[:_LONGEST_QUERY]
    scores = _scored(index, query)
    best = heapq.nlargest(MOST_RESULTS, scores, key=lambda matter: (scores[matter], -matter))
    final = {matter: scores[matter] + _told_outright(index.phrases[matter], query) for matter in best}
    floor = _FLOOR * max(final.values(), default=0.0)
    order = sorted(final, key=lambda matter: (-final[matter], index.codes[matter]))
    return [index.codes[matter] for matter in order if final[matter] >= floor]


def forget() -> None:
    """Drop the index; the next search builds it anew."""
    global _held
    with _lock:
        _held = None


def _index() -> _Index:
    global _held
    stamp = MatterVersion.objects.aggregate(last=Max("pk"))["last"] or 0
    with _lock:
        if _held is None or _held.stamp != stamp:
            _held = _build(stamp, Matter.objects.order_by("pk").values_list("pk", "search_text"))
        return _held


def _build(stamp: int, rows: Iterable[tuple[str, str]]) -> _Index:
    codes: list[str] = []
    phrases: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    postings: dict[str, array[int]] = {}
    for matter, (code, text) in enumerate(rows):
        lines = _plain(text).split("\n")
        codes.append(code)
        split = [tuple(line.split("\t")) for line in (*lines, "", "")[:2]]
        phrases.append((split[0], split[1]))
        for number, line in enumerate(lines[: len(_WEIGHTS)]):
            for token in set(_tokens(line)):
                postings.setdefault(token, array("I")).append(matter * 4 + number)
    words = tuple(sorted(token for token in postings if token.isascii()))
    return _Index(stamp, tuple(codes), tuple(phrases), postings, words)


def _scored(index: _Index, query: str) -> dict[int, float]:
    scores: dict[int, float] = {}
    bare = _FILLER.sub(" ", query)
    tokens = {token for token in _tokens(bare) if token not in _FILLER_WORDS} or set(_tokens(query))
    for token in tokens:
        found = _best_lines(index, token)
        rarity = math.log(1 + len(index.codes) / max(1, len(found)))
        for matter, weight in found.items():
            scores[matter] = scores.get(matter, 0.0) + rarity * weight
    return scores


def _best_lines(index: _Index, token: str) -> dict[int, float]:
    """For each matter that has the token, the weight of the best line it stands in."""
    found: dict[int, float] = {}
    for known in _known_as(index, token):
        for packed in index.postings[known]:
            found.setdefault(packed >> 2, _WEIGHTS[packed & 3])
    if not found and len(token) == 1 and not token.isascii():
        for matter, (names, keywords) in enumerate(index.phrases):
            if any(token in phrase for phrase in (*names, *keywords)):
                found[matter] = _WEIGHTS[1]
    return found


def _known_as(index: _Index, token: str) -> Iterator[str]:
    if token in index.postings:
        yield token
    elif token.isascii() and len(token) >= 3:
        # A word half typed.
        at = bisect_left(index.words, token)
        while at < len(index.words) and index.words[at].startswith(token):
            yield index.words[at]
            at += 1


def _told_outright(phrases: tuple[tuple[str, ...], tuple[str, ...]], query: str) -> float:
    """What a name or keyword adds that stands in the query, or nearly so (开饭馆 in 我要开个小饭馆)."""
    names, keywords = phrases
    if query.strip() in names:
        return 100.0
    score = 20.0 if any(len(query) > 1 and query.strip() in name for name in names) else 0.0
    near = [_nearness(phrase, query) for phrase in (*names, *keywords) if len(phrase) > 1]
    return score + 12.0 * max(near, default=0.0)


def _nearness(phrase: str, query: str) -> float:
    """1 when the phrase stands in the query; less when its characters do in order with few others between; else 0."""
    if phrase in query:
        return 1.0
    if phrase.isascii() or len(phrase) < 3:
        return 0.0
    at = start = query.find(phrase[0])
    for character in phrase[1:]:
        at = query.find(character, at + 1) if at >= 0 else -1
    if at < 0:
        return 0.0
    extra = at - start + 1 - len(phrase)
    return 0.8 if extra <= 3 else 0.0


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _tokens(text: str) -> Iterator[str]:
    for part in _PARTS.findall(text):
        if part.isascii():
            yield _stem(part)
        elif len(part) == 1:
            yield part
        else:
            yield from (part[at : at + 2] for at in range(len(part) - 1))


def _stem(word: str) -> str:
    """A word without the commonest endings of English, so that licences finds licence."""
    for ending, instead in (("ies", "y"), ("ing", ""), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word.removesuffix(ending) + instead
    return word
