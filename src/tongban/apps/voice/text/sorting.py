"""Where a message belongs, how urgent it is and where it is about, each with the words that decided.

The first level is the taught model's, the levels below it the directory's words. What is not sure enough is left to a
coordinator, who sees what was thought and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tongban.apps.catalog.definitions.dispatch import Category, Dispatch
from tongban.apps.voice.text.grams import Passage
from tongban.apps.voice.text.model import Model
from tongban.apps.voice.text.tables import Example, passage

__all__ = ["Corrections", "Reason", "Sorted", "Sorter", "families_of", "in_its_words", "seed_examples"]

SURE = 0.6
"""Below this chance a coordinator decides."""
_ALIKE = 0.8  # so near a corrected message is the same complaint
_MOST_REASONS, _LONGEST_REASON = 5, 10
_HEARD_ONCE = 0.5  # what one word of the directory is worth against saying nothing
_SEED = 0.3  # what an example of the directory counts beside a message of the city's own


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the message, as read, and which share of what spoke for the decision they gave (0 to 1)."""

    words: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """``categories``: codes from the first level down, as far as is sure. ``chance`` is that of the first level.

    ``by``: ``correction``, ``model``, ``directory`` or, where nothing is sure, ``coordinator``; ``thought`` is then the
    likeliest first level, for the coordinator to look at.
    """

    categories: tuple[str, ...]
    thought: str
    chance: float
    by: str
    reasons: tuple[Reason, ...]
    department: str
    urgency: int
    urgent_because: tuple[Reason, ...]
    district: str
    district_because: tuple[Reason, ...]


def seed_examples(dispatch: Dispatch) -> tuple[Example, ...]:
    """What the directory teaches before there is history: its examples, and the words of each category as one text."""
    found = []
    for first in dispatch.below(""):
        under = [each for each in dispatch.categories.values() if _first(dispatch, each) == first.code]
        texts = [text for each in under for text in (*each.examples, "，".join((each.name.zh, *each.terms)))]
        found += [Example(passage(text=text), first.name.zh, _SEED) for text in texts]
    return tuple(found)


def in_its_words(examples: Sequence[Example], *, dispatch: Dispatch) -> tuple[Example, ...]:
    """The examples with older names of a first level (`also`), or its code, put as the directory calls it today."""
    names = {old: each.name.zh for each in dispatch.below("") for old in (each.code, *each.also)}
    return tuple(replace(each, label=names.get(each.label, each.label)) for each in examples)


def families_of(dispatch: Dispatch) -> tuple[tuple[str, ...], ...]:
    """The words of each category below the first level, with those of all below it, as families of words."""
    groups: dict[str, list[str]] = {}
    for each in dispatch.categories.values():
        above = each
        while above.above:
            groups.setdefault(above.code, []).extend(each.terms)
            above = dispatch.categories[above.above]
    return tuple(tuple(dict.fromkeys(groups[code])) for code in sorted(groups))


class Corrections:
    """What coordinators put right since the model was taught: the next alike message follows them at once.

    A value of the model that it was made with; the last correction of the same message holds. The next training takes
    them in as examples.
    """

    def __init__(self, *, model: Model, corrected: Sequence[tuple[Passage, str]]) -> None:
        """``corrected``: messages and the code of the category that each belongs to, oldest first."""
        self._model = model
        self._codes = [code for _, code in corrected]
        self._rows, self._places, self._values = model.features.vectors([each for each, _ in corrected])

    def nearest(self, asked: Passage) -> tuple[str, float] | None:
        """The code of the nearest corrected message and how near it is (cosine), if it is near enough to follow."""
        if not self._codes:
            return None
        _, places, values = self._model.features.vectors([asked])
        vector = np.zeros(len(self._model.features.vocabulary))
        vector[places] = values
        near = np.bincount(self._rows, self._values * vector[self._places], minlength=len(self._codes))
        best = len(near) - 1 - int(np.argmax(near[::-1]))  # of equals the newest
        return (self._codes[best], float(near[best])) if near[best] >= _ALIKE else None


class Sorter:
    """Sorts messages by one directory, with what was taught if anything was. Deterministic; keeps nothing."""

    def __init__(
        self,
        *,
        dispatch: Dispatch,
        districts: Mapping[str, str],
        model: Model | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        """``districts``: names of the city's districts by code, as people write them."""
        self._dispatch = dispatch
        self._model = model
        self._corrections = corrections
        names = {name: each.code for each in dispatch.below("") for name in (each.code, each.name.zh, *each.also)}
        self._codes = [names.get(label, "") for label in (model.labels if model else ())]
        self._places = {code: (name, *dispatch.places.get(code, ())) for code, name in districts.items()}

    def sort(self, *, text: str, subject: str = "") -> Sorted:
        """Say where a message belongs, and why. Never fails, whatever is written."""
        asked = passage(subject=subject, text=text)
        whole = asked.whole
        first, chance, by, reasons = self._first_level(asked, whole)
        path: tuple[str, ...] = ()
        if followed := self._corrections.nearest(asked) if self._corrections else None:
            path, chance, by = self._path(followed[0]), followed[1], "correction"
            first, reasons = (path[0] if path else first), ()
        elif by != "coordinator":
            path, more = self._deeper(first, whole)
            said = {each.words for each in reasons}
            reasons = (*reasons, *(each for each in more if each.words not in said))[: 2 * _MOST_REASONS]
        department = self._dispatch.categories[path[-1]].department if path else ""
        urgency, urgent = self._urgency(whole)
        district, there = self._district(whole)
        return Sorted(
            categories=path,
            thought=first,
            chance=chance,
            by=by,
            reasons=reasons,
            department=department,
            urgency=urgency,
            urgent_because=urgent,
            district=district,
            district_because=there,
        )

    def _first_level(self, asked: Passage, whole: str) -> tuple[str, float, str, tuple[Reason, ...]]:
        if self._model is None:
            code, chance, reasons = self._by_words(self._dispatch.below(""), whole)
            return code, chance, "directory" if code and chance >= SURE else "coordinator", reasons
        chances = self._model.chances([asked])[0]
        best = int(np.argmax(chances))
        told = _merged(whole, self._model.warmth(asked, label=best))
        code, chance = self._codes[best], float(chances[best])
        return code, chance, "model" if code and chance >= SURE and told else "coordinator", told

    def _deeper(self, first: str, whole: str) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
        path = [first]
        reasons: list[Reason] = []
        while below := self._dispatch.below(path[-1]):
            code, chance, why = self._by_words(below, whole)
            if not code or chance < SURE:
                break
            path.append(code)
            said = {each.words for each in reasons}
            reasons += [each for each in why if each.words not in said]
        return tuple(path), tuple(reasons)

    def _by_words(self, among: Sequence[Category], whole: str) -> tuple[str, float, tuple[Reason, ...]]:
        """The category whose words are heard most, against all others and against silence."""
        heard = {each.code: _heard(self._terms(each), whole) for each in among}
        worth = {code: sum(words.values()) for code, words in heard.items()}
        best = max(worth, key=lambda code: worth[code], default="")
        if not best or not worth[best]:
            return "", 0.0, ()
        return best, worth[best] / (sum(worth.values()) + _HEARD_ONCE), _shares(heard[best])

    def _terms(self, category: Category) -> tuple[str, ...]:
        """Words of a category and of all below it, each once."""
        below = [term for each in self._dispatch.below(category.code) for term in self._terms(each)]
        return tuple(dict.fromkeys([*category.terms, *below]))

    def _path(self, code: str) -> tuple[str, ...]:
        found: list[str] = []
        while code in self._dispatch.categories:
            found.insert(0, code)
            code = self._dispatch.categories[code].above
        return tuple(found)

    def _urgency(self, whole: str) -> tuple[int, tuple[Reason, ...]]:
        signs = [(each.level, _heard(each.terms, whole)) for each in self._dispatch.urgency]
        found = [(level, heard) for level, heard in signs if heard]
        if not found:
            return 0, ()
        level, heard = min(found, key=lambda each: each[0])
        return level, _shares(heard)

    def _district(self, whole: str) -> tuple[str, tuple[Reason, ...]]:
        """The district whose places are named most; none where two are named alike."""
        heard = {code: _heard(words, whole) for code, words in self._places.items()}
        worth = sorted(((sum(words.values()), code) for code, words in heard.items()), reverse=True)
        if not worth or not worth[0][0] or (len(worth) > 1 and worth[0][0] == worth[1][0]):
            return "", ()
        return worth[0][1], _shares(heard[worth[0][1]])


def _first(dispatch: Dispatch, category: Category) -> str:
    while category.above:
        category = dispatch.categories[category.above]
    return category.code


def _heard(terms: Sequence[str], whole: str) -> dict[str, float]:
    """What the terms in a text are worth: longer words say more, a third time says no more than the second."""
    return {term: len(term) ** 0.5 * min(2, whole.count(term)) for term in terms if term in whole}


def _shares(worth: Mapping[str, float]) -> tuple[Reason, ...]:
    total = sum(worth.values()) or 1.0
    ranked = sorted(worth.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Reason(words, round(value / total, 3)) for words, value in ranked[:_MOST_REASONS])


def _merged(whole: str, warmth: Any) -> tuple[Reason, ...]:
    """The pieces of the text that spoke for a decision, neighbouring characters put together into words."""
    worth: dict[str, float] = {}
    least = 0.25 * float(warmth.max(initial=0.0))
    start = 0
    for at in range(len(whole) + 1):
        warm = at < len(whole) and warmth[at] > least and least > 0 and whole[at].isalnum()
        if not warm or at - start >= _LONGEST_REASON:
            if at - start > 1:
                worth[whole[start:at]] = worth.get(whole[start:at], 0.0) + float(warmth[start:at].sum())
            start = at if warm else at + 1
    return _shares(worth)
