"""The words of the synonym lists, arranged so that they are found in a text in one pass, the longest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from tongban.apps.catalog.definitions.synonyms import Synonyms
from tongban.apps.catalog.searching.sounds import syllables
from tongban.apps.catalog.searching.text import is_chinese, parts, plain, stem

__all__ = ["Span", "Thesaurus"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: ``concepts`` that it names, or filler, or neither."""

    text: str
    concepts: tuple[str, ...] = ()
    is_filler: bool = False


@dataclass(slots=True)
class Thesaurus:
    """Words by how they begin. Built once from ``Synonyms``."""

    near: dict[str, tuple[str, ...]] = field(default_factory=dict)
    filler: set[str] = field(default_factory=set)
    sounds: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    _runs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _longest: dict[str, int] = field(default_factory=dict)
    _phrases: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _stems: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _phrase_length: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, synonyms: Synonyms) -> "Thesaurus":
        """Arrange the words of both lists."""
        made = cls()
        for word in synonyms.filler:
            made.filler.add(plain(word))
            made._learn(plain(word), ())
        for code, concept in synonyms.concepts.items():
            made.near[code] = concept.near
            for word in concept.words:
                made._learn(plain(word), (code,))
        return made

    def scan(self, run: str) -> Iterator[Span]:
        """A run of Chinese as words that the lists know and what stands between them."""
        at = start = 0
        while at < len(run):
            word = self._longest_at(run, at) if run[at] in self._longest else ""
            if not word:
                at += 1
                continue
            if start < at:
                yield Span(run[start:at])
            concepts = self._runs[word]
            yield Span(word, concepts, not concepts)
            at = start = at + len(word)
        if start < len(run):
            yield Span(run[start:])

    def phrases(self, words: list[str]) -> Iterator[tuple[list[str], Span]]:
        """Words of other scripts as phrases that the lists know (each with its words) and single words."""
        at = 0
        while at < len(words):
            # 0: no phrase begins with this word, as is so of most.
            most = max(self._phrase_length.get(words[at], 0), self._phrase_length.get(stem(words[at]), 0))
            for length in range(min(most, len(words) - at), 0, -1):
                taken = words[at : at + length]
                concepts = self._phrases.get(tuple(taken))
                if concepts is None:
                    concepts = self._stems.get(tuple(map(stem, taken)))
                if concepts is not None:
                    yield taken, Span(" ".join(taken), concepts, not concepts)
                    break
            else:
                taken = words[at : at + 1]
                yield taken, Span(taken[0])
            at += len(taken)

    def telling(self, words: list[str]) -> list[str]:
        """Words without those that only stand around the others: lost my wallet, lost the wallet."""
        return [word for word in words if word not in self.filler]

    def concepts_in(self, text: str) -> set[str]:
        """Every concept that a text names."""
        found: set[str] = set()
        words: list[str] = []
        for part in [*parts(text), ""]:
            if part and not is_chinese(part):
                words.append(part)
                continue
            if words:
                found.update(self._concepts_of(words))
                words = []
            for span in self.scan(part):
                found.update(span.concepts)
        return found

    def _concepts_of(self, words: list[str]) -> Iterator[str]:
        telling = self.telling(words)
        for _, span in chain(self.phrases(words), self.phrases(telling) if len(telling) < len(words) else ()):
            yield from span.concepts

    def _longest_at(self, run: str, at: int) -> str:
        for length in range(min(self._longest.get(run[at], 0), len(run) - at), 0, -1):
            if run[at : at + length] in self._runs:
                return run[at : at + length]
        return ""

    def _learn(self, word: str, concepts: tuple[str, ...]) -> None:
        cut = parts(word)
        if len(cut) == 1 and is_chinese(cut[0]):
            run = cut[0]
            self._runs[run] = tuple(dict.fromkeys((*self._runs.get(run, ()), *concepts)))
            self._longest[run[0]] = max(self._longest.get(run[0], 0), len(run))
            if concepts and len(run) > 1:
                heard = self.sounds.setdefault(syllables(run), {})
                for concept in concepts:
                    heard.setdefault(concept, run)
        elif cut and not any(map(is_chinese, cut)):
            self._learn_phrase(tuple(cut), concepts)

    def _learn_phrase(self, cut: tuple[str, ...], concepts: tuple[str, ...]) -> None:
        if concepts:
            self.words.update(word for word in cut if len(word) > 3)
        forms = {cut}
        if len(telling := tuple(self.telling(list(cut)))) > 1:
            forms.add(telling)
        for form in forms:
            for table, key in ((self._phrases, form), (self._stems, tuple(map(stem, form)))):
                table[key] = tuple(dict.fromkeys((*table.get(key, ()), *concepts)))
                self._phrase_length[key[0]] = max(self._phrase_length.get(key[0], 1), len(key))
