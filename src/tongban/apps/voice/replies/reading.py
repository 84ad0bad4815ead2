"""A text as the checks read it, every character with its place in the text as written; sentences and clauses."""

import html
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tongban.apps.voice.text.normal import LONGEST, SIMPLE, TAGS, UNSEEN

__all__ = ["Clause", "Reading", "Span", "either", "read"]


class Span(NamedTuple):
    """From ``start`` up to ``end`` in the text as written."""

    start: int
    end: int


class Clause(NamedTuple):
    """A part of a sentence between commas: its words and where they stand in the text as read."""

    words: str
    start: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Reading:
    """``text``: simplified, one width, without mark-up and unseen characters; ``places``: of each character, and of
    the end, in what was written."""

    text: str
    places: "array[int]"

    def span(self, start: int, end: int) -> Span:
        """Where a part of what was read stands in what was written; white space at its ends left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Span(self.places[start], self.places[end - 1] + 1 if end > start else self.places[start])

    def clauses(self) -> Iterator[Clause]:
        """All clauses that hold a letter or a digit, in order."""
        start = sentence = 0
        for mark in _MARKS.finditer(self.text):
            if _ANY.search(self.text, start, mark.start()):
                yield Clause(self.text[start : mark.start()], start, sentence)
            start, sentence = mark.end(), sentence + bool(_ENDS.search(mark.group()))
        if _ANY.search(self.text, start):
            yield Clause(self.text[start:], start, sentence)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence begins and ends, its mark included, in the text as read."""
        start = 0
        for mark in _ENDS.finditer(self.text):
            if _ANY.search(self.text, start, mark.start()):
                yield start, mark.end()
            start = mark.end()
        if _ANY.search(self.text, start):
            yield start, len(self.text)


_ENDS = re.compile(r"[。!?;\n]+")
_MARKS = re.compile(r"[。!?;\n,]+|:(?!\d|//)|(?<=\d\d日)(?=[网\"“尊您])|(?<=[\u4e00-\u9fff])\.(?=\D|$)")
_ANY = re.compile(r"[^\W_]")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.I)
_LEFT_BY_SHEETS = re.compile(r"_x000[dD]_")
"""How spreadsheets write a carriage return that they do not understand."""


def either(words: str) -> str:
    """The alternatives of a pattern, written with blanks between them."""
    return "|".join(words.split())


def read(text: str) -> Reading:
    """Read a text, at most ``LONGEST`` characters of it. Never fails, whatever it holds."""
    text = text[:LONGEST]
    letters: list[str] = []
    places = array("I")
    at = 0
    for start, end, instead in _put_aside(text):
        _take(text, at, start, letters, places)
        if instead:
            letters.append(instead)
            places.append(start)
        at = end
    _take(text, at, len(text), letters, places)
    places.append(len(text))
    return _closed_up("".join(letters), places)


def _put_aside(text: str) -> list[tuple[int, int, str]]:
    """Mark-up and entities, with what stands for them; in order, none within another."""
    found = [(hit.start(), hit.end(), "\n") for hit in TAGS.finditer(text)] if "<" in text else []
    if "&" in text:
        found += [(hit.start(), hit.end(), _single(html.unescape(hit.group()))) for hit in _ENTITY.finditer(text)]
    if "_x000" in text:
        found += [(hit.start(), hit.end(), "\n") for hit in _LEFT_BY_SHEETS.finditer(text)]
    found.sort()
    apart: list[tuple[int, int, str]] = []
    for each in found:
        if not apart or each[0] >= apart[-1][1]:
            apart.append(each)
    return apart


def _single(letters: str) -> str:
    return letters if len(letters) == 1 and ord(letters) not in UNSEEN else ""


def _take(text: str, start: int, end: int, letters: list[str], places: "array[int]") -> None:
    for at in range(start, end):
        letter = text[at]
        code = ord(letter)
        if code < 0x80:
            letters.append("\n" if letter == "\r" else letter)
            places.append(at)
        elif code not in UNSEEN:
            letter = SIMPLE.get(code, letter)
            for one in letter if 0x4E00 <= code <= 0x9FFF else unicodedata.normalize("NFKC", letter):
                letters.append(one)
                places.append(at)


def _closed_up(text: str, places: "array[int]") -> Reading:
    """Without blanks, except between words of other scripts: between Chinese characters they mean nothing."""
    if not _BLANK.search(text):
        return Reading(text, places)
    letters, kept = [], array("I")
    for at, letter in enumerate(text):
        if letter != "\n" and letter.isspace():
            around = text[at - 1 : at] + text[at + 1 : at + 2]
            if not (len(around) == 2 and around.isascii() and around.isalnum()):
                continue
        letters.append(letter)
        kept.append(places[at])
    kept.append(places[-1])
    return Reading("".join(letters), kept)


_BLANK = re.compile(r"[^\S\n]")
