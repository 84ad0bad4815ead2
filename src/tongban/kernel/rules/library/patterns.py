"""Regular expressions of XPath, which FEEL prescribes, as Python's; and what a match may cost at most.

Python's matcher backtracks, and some patterns take exponential time on a short text. So each pattern carries an upper
estimate of the ways it can be laid over a text, and a text too long for its pattern is not tried.
"""

import re
import unicodedata
from functools import lru_cache
from math import comb
from typing import NamedTuple

__all__ = ["Pattern", "compile_pattern"]

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.NOFLAG, "q": re.NOFLAG}
_MAX_PATTERN = 1000
_MAX_WAYS = 20_000_000
_NAME_START = "_:A-Za-z\u00c0-\u02ff\u0370-\u1fff\u2c00-\ud7ff\uf900-\ufffd"
_SETS = {
    "\\i": _NAME_START,
    "\\c": _NAME_START + "\\-.0-9\u00b7",
}
_BLOCKS = {
    "IsBasicLatin": "\\x00-\\x7f", "IsLatin-1Supplement": "\u0080-\u00ff", "IsGreek": "\u0370-\u03ff",
    "IsCyrillic": "\u0400-\u04ff", "IsHiragana": "\u3040-\u309f", "IsKatakana": "\u30a0-\u30ff",
    "IsCJKUnifiedIdeographs": "\u4e00-\u9fff", "IsCJKSymbolsandPunctuation": "\u3000-\u303f",
}  # fmt: skip
_QUANTIFIER = re.compile(r"[*+?]\??|\{([0-9]+)(,?)([0-9]*)\}\??")


class Pattern(NamedTuple):
    """A compiled pattern with the number of its repeats, and whether a repeat holds another or a choice."""

    compiled: re.Pattern[str]
    repeats: int
    nested: bool

    def bearable(self, text: str) -> bool:
        """Whether the search of `text` stays within bounds whatever the text is."""
        length = len(text)
        if self.nested and length > 20:
            return False
        return length < 1_000_000 and comb(length + self.repeats + 1, self.repeats + 1) <= _MAX_WAYS


class _Invalid(Exception):
    """Not a pattern of XPath, or of no counterpart in Python."""


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """The signs of a Unicode category such as `Lu`, or of a group of them such as `L`, as ranges of a set."""
    ranges: list[str] = []
    start: int | None = None
    for code in range(0x30000):
        inside = unicodedata.category(chr(code)).startswith(name)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    if not ranges:
        raise _Invalid
    return "".join(ranges)


def _property(name: str) -> str:
    if name in _BLOCKS:
        return _BLOCKS[name]
    if not re.fullmatch("[A-Z][a-z]?", name):
        raise _Invalid
    return _category(name)


class _Translator:
    def __init__(self, pattern: str, flags: str) -> None:
        self.text = pattern
        self.at = 0
        self.free = "x" in flags
        self.inside = False
        self.any = "." if "s" in flags else "[^\\n\\r]"
        self.made: list[str] = []
        self.repeats = 0
        self.nested = False
        self.groups = 0
        # For each open group: whether it holds a repeat or a choice, which makes a repeat of it costly.
        self.busy = [False]

    def translate(self) -> str:
        while self.at < len(self.text):
            sign = self.text[self.at]
            self.at += 1
            if self.free and sign.isspace():
                continue
            self.one(sign)
        if len(self.busy) > 1:
            raise _Invalid
        return "".join(self.made)

    def one(self, sign: str) -> None:
        busy = False
        if sign == "(":
            self.group()
            return
        if sign == "|":
            self.busy[-1] = True
            self.made.append(sign)
            return
        if sign == ")":
            if len(self.busy) == 1:
                raise _Invalid
            busy = self.busy.pop()
            self.busy[-1] = self.busy[-1] or busy
            self.made.append(sign)
        elif sign == "[":
            self.made.append(self.set_())
        elif sign == "\\":
            self.made.append(self.escape())
        elif sign in "*+?{}":
            raise _Invalid
        elif sign in "^$":
            self.made.append(sign)
            return
        else:
            self.made.append(self.any if sign == "." else re.escape(sign))
        self.quantifier(busy)

    def group(self) -> None:
        if self.text.startswith("?:", self.at):
            self.at += 2
            self.made.append("(?:")
        elif self.text.startswith("?", self.at):
            raise _Invalid
        else:
            self.groups += 1
            self.made.append("(")
        self.busy.append(False)

    def quantifier(self, busy: bool) -> None:
        if self.free:
            while self.at < len(self.text) and self.text[self.at].isspace():
                self.at += 1
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return
        self.at = found.end()
        self.made.append(found[0])
        fixed = found[1] is not None and (not found[2] or found[1] == found[3])
        single = found[0][0] == "?"
        self.nested = self.nested or (busy and not single)
        self.busy[-1] = self.busy[-1] or not fixed
        self.repeats += 0 if fixed else 1

    def escape(self) -> str:
        """A backslash outside a set."""
        sign = self.next()
        if sign.isdigit():
            if sign == "0" or int(sign) > self.groups:
                raise _Invalid
            return f"(?:\\{sign})"
        if sign in "pP":
            return f"[{'^' if sign == 'P' else ''}{_property(self.braced())}]"
        if sign in "icIC":
            return f"[{'^' if sign.isupper() else ''}{_SETS[chr(92) + sign.lower()]}]"
        return self.plain_escape(sign)

    def plain_escape(self, sign: str) -> str:
        if sign in "dDsSwWnrt":
            return "\\" + sign
        if sign in "\\|.?*+(){}[]^$-":
            return re.escape(sign)
        raise _Invalid

    def next(self) -> str:
        while self.free and not self.inside and self.text[self.at : self.at + 1].isspace():
            self.at += 1
        if self.at >= len(self.text):
            raise _Invalid
        self.at += 1
        return self.text[self.at - 1]

    def braced(self) -> str:
        end = self.text.find("}", self.at)
        if self.next() != "{" or end < 0:
            raise _Invalid
        name = self.text[self.at : end]
        self.at = end + 1
        return re.sub(r"\s", "", name) if self.free else name

    def set_(self) -> str:
        """A set in brackets, perhaps with another subtracted: `[A-Z-[OI]]`."""
        outside, self.inside = self.inside, True
        negated = self.text.startswith("^", self.at)
        self.at += int(negated)
        made: list[str] = []
        while True:
            sign = self.next()
            if sign == "]" and made:
                self.inside = outside
                return f"[{'^' if negated else ''}{''.join(made)}]"
            if sign == "-" and self.text.startswith("[", self.at) and made:
                self.at += 1
                less = self.set_()
                if self.next() != "]":
                    raise _Invalid
                self.inside = outside
                return f"(?:(?!{less})[{'^' if negated else ''}{''.join(made)}])"
            made.append(self.in_set(sign))

    def in_set(self, sign: str) -> str:
        if sign == "\\":
            escaped = self.next()
            if escaped.isdigit():
                raise _Invalid
            if escaped == "p":
                return _property(self.braced())
            if escaped in "ic":
                return _SETS[chr(92) + escaped]
            return self.plain_escape(escaped)
        if sign in "[]":
            raise _Invalid
        return "\\" + sign if sign in "^&~|" else sign


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """The pattern, or None if it or its flags are not valid."""
    if len(pattern) > _MAX_PATTERN or any(flag not in _FLAGS for flag in flags):
        return None
    combined = re.NOFLAG
    for flag in flags:
        combined |= _FLAGS[flag]
    try:
        if "q" in flags:
            return Pattern(re.compile(re.escape(pattern), combined), 0, False)
        translator = _Translator(pattern, flags)
        return Pattern(re.compile(translator.translate(), combined), translator.repeats, translator.nested)
    except (_Invalid, re.error, OverflowError, RecursionError):
        return None
