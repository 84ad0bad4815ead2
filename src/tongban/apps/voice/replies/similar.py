"""Replies to messages like this one, to draft beside: nearest by what is said, not where, and by how good they are."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tongban.apps.voice.replies.checking import Grade
from tongban.apps.voice.topics.near import alike, sketch
from tongban.apps.voice.topics.text import Features, read
from tongban.apps.voice.topics.vectors import Signature, Vocabulary

__all__ = ["Alike", "Similar"]


@dataclass(frozen=True, slots=True)
class Alike:
    """A reply that was given: its key, how like the messages are (0 to 1), its grade and score, and the words that
    both messages share, heaviest first. ``copy`` where the messages are nearly the same text."""

    key: str
    likeness: float
    grade: Grade
    score: int
    words: tuple[str, ...]
    copy: bool


LEAST = 0.15
"""Below this likeness a message is about something else."""
_WHERE = 0.25
"""What a place counts beside what is said: the same is asked in many places, and answered alike."""
_FORMULAE = re.compile(
    r"""
    关于|反映|投诉|举报|咨询|请问|询问|请求|恳请|希望|建议|呼吁|强烈|要求|(?:的|有关|相关)*(?:问题|情况|事宜|
    事项)(?:的)?|尊敬的|各位|领导|书记|市长|县长|您好|你好|谢谢|解决|处理|关注|重视|政府|部门
    """,
    re.X,
)
"""What says that somebody writes to a government, and not what about."""
_COPY, _SAME_REPLY = 0.7, 0.8
_WORDS, _LONGEST = 5, 12
_GRADES = frozenset({Grade.GOOD, Grade.FAIR})


class Similar:
    """An index of answered messages, by the terms and sketches of `topics`; grows one by one, and keeps no text."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._postings: dict[int, tuple[list[int], list[float]]] = {}
        self._keys: list[str] = []
        self._grades: list[tuple[Grade, int]] = []
        self._messages: list[object] = []
        self._replies: list[object] = []
        self._rows: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, *, key: str, subject: str, message: str, reply: str, grade: Grade, score: int) -> bool:
        """Take in an answered message; False, and nothing is done, where the key is known or the reply answers
        nothing."""
        if key in self._rows or grade is Grade.NONE:
            return False
        features = _read(subject, message)
        self._vocabulary.learn(features)
        row = self._rows[key] = len(self._keys)
        self._keys.append(key)
        self._grades.append((grade, score))
        self._messages.append(sketch(features.shingles))
        self._replies.append(sketch(read(subject="", text=reply).shingles))
        for term, weight in _weighed(self._vocabulary.weigh(features)):
            rows, weights = self._postings.setdefault(term, ([], []))
            rows.append(row)
            weights.append(weight)
        return True

    def find(self, *, subject: str, message: str, most: int = 5, least: Grade = Grade.FAIR) -> tuple[Alike, ...]:
        """The good replies nearest to a message, best first; ``least`` is the grade that they have at least.

        Of replies with nearly the same text the best is given. A better reply goes before one to a slightly nearer
        message.
        """
        features = _read(subject, message)
        asked = dict(_weighed(self._vocabulary.weigh(features)))
        likeness = np.zeros(len(self._keys))
        for term, weight in asked.items():
            if held := self._postings.get(term):
                likeness[held[0]] += weight * np.array(held[1])
        wanted = {Grade.GOOD} if least is Grade.GOOD else _GRADES if least is Grade.FAIR else {*_GRADES, Grade.POOR}
        near = [row for row in np.flatnonzero(likeness >= LEAST).tolist() if self._grades[row][0] in wanted]
        near.sort(key=lambda row: (-likeness[row] * (0.5 + self._grades[row][1] / 200), row))
        marks = sketch(features.shingles)
        return tuple(self._alike(row, float(likeness[row]), asked, features, marks) for row in self._apart(near, most))

    def _apart(self, rows: list[int], most: int) -> Iterator[int]:
        chosen: list[int] = []
        for row in rows:
            if all(not _same(self._replies[row], self._replies[other], _SAME_REPLY) for other in chosen):
                chosen.append(row)
                yield row
            if len(chosen) == most:
                return

    def _alike(self, row: int, likeness: float, asked: dict[int, float], features: Features, marks: object) -> Alike:
        shared = {
            self._vocabulary.words.get(term, ""): weight
            for term, weight in asked.items()
            if row in self._postings.get(term, ((), ()))[0]
        }
        grade, score = self._grades[row]
        return Alike(
            self._keys[row],
            round(min(1.0, likeness), 3),
            grade,
            score,
            _words(features.text, shared),
            _same(self._messages[row], marks, _COPY),
        )


def _read(subject: str, message: str) -> Features:
    return read(subject=_FORMULAE.sub(" ", subject), text=_FORMULAE.sub(" ", message))


def _weighed(signature: Signature) -> list[tuple[int, float]]:
    """Terms with weights of length one together, places counting less."""
    parts = [
        (term, weight * (_WHERE if where else 1.0))
        for term, weight, where in zip(signature.terms, signature.weights, signature.where, strict=True)
    ]
    length = math.sqrt(sum(weight * weight for _, weight in parts)) or 1.0
    return [(term, weight / length) for term, weight in parts]


def _same(one: object, other: object, least: float) -> bool:
    return one is not None and other is not None and alike(one, other) >= least


def _words(text: str, shared: dict[str, float]) -> tuple[str, ...]:
    """Shared pieces of a text, those that overlap put together into words; heaviest first."""
    joined = [0.0] * (len(text) + 1)  # how much of what is shared covers the step from each letter to the next
    for piece, weight in shared.items():
        at = text.find(piece) if piece else -1
        while at >= 0:
            for step in range(at, at + max(1, len(piece) - 1)):
                joined[step] += weight
            at = text.find(piece, at + 1)
    worth: dict[str, float] = {}
    start = -1
    for at, warm in enumerate(joined):
        if warm and start < 0:
            start = at
        elif not warm and start >= 0:
            word = text[start : at + 1].strip()
            worth[word] = max(worth.get(word, 0.0), sum(joined[start:at]))
            start = -1
    chosen: list[str] = []
    for word in sorted(worth, key=lambda word: (-worth[word], word)):
        if 1 < len(word) <= _LONGEST and all(word not in other and other not in word for other in chosen):
            chosen.append(word)
    return tuple(chosen[:_WORDS])
