"""FEEL text to tokens. Names of several words are put together by the parser, which knows what is in scope."""

import re
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.values import LIMIT

__all__ = ["MAX_TEXT", "Token", "tokenize"]

MAX_TEXT = 65_536

Kind = Literal["number", "string", "word", "op", "end"]


class Token(NamedTuple):
    kind: Kind
    text: str
    value: Any
    start: int
    end: int


_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u1680\u180e\u200b\ufeff"
_TOKEN = re.compile(
    rf"(?P<skip>[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<word>[{_START}][{_PART}]*|\?)"
    r"|(?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},:.@'|%&#!])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _number(text: str) -> int | Decimal:
    if text.isdigit() and len(text) < len(str(LIMIT)):
        return int(text)
    value = Decimal(text)
    return int(value) if value == 0 else value


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is not None:
            return chr(min(int(code, 16), 0x10FFFF))
        # An unknown escape stays as written: `\d` in a pattern is what its author means.
        return _SIMPLE.get(match[3], match[0])

    plain = _ESCAPE.sub(one, text)
    if any("\ud800" <= sign <= "\udfff" for sign in plain):
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def tokenize(text: str) -> list[Token]:
    """All tokens, the last one of kind `end`. Raises `rules.too-long`, `rules.character`, `rules.string`."""
    if len(text) > MAX_TEXT:
        raise RulesError("rules.too-long", {"length": len(text), "limit": MAX_TEXT}, 1, 1)
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            code = "rules.string" if text[offset] == '"' else "rules.character"
            raise RulesError(code, {"found": text[offset]}, *position(text, offset))
        found = match[0]
        start, offset = offset, match.end()
        group = match.lastgroup
        if group == "number":
            tokens.append(Token("number", found, _number(found), start, offset))
        elif group == "string":
            tokens.append(Token("string", found, _unescape(found[1:-1]), start, offset))
        elif group == "word":
            tokens.append(Token("word", found, None, start, offset))
        elif group == "op":
            tokens.append(Token("op", found, None, start, offset))
    tokens.append(Token("end", "", None, len(text), len(text)))
    return tokens
