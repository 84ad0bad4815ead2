"""Breaking labels into lines that fit, without a font at hand: an ideograph is as wide as high, a letter about half."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["widest_piece", "width_of", "wrap"]

_PIECES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+")
_NO_LINE_START = frozenset("，。、；：？！）》」』”’,.;:?!)")


def width_of(text: str, *, size: float) -> float:
    """About how wide a line is, in pixels."""
    return sum(size if unicodedata.east_asian_width(char) in "WF" else size * 0.56 for char in text)


def widest_piece(text: str, *, size: float) -> float:
    """About how wide the widest of its words is, which stay whole; ideographs do not hold together."""
    return max((width_of(piece, size=size) for piece in _PIECES.findall(text)), default=0.0)


def wrap(text: str, *, width: float, size: float, most: int) -> list[str]:
    """At most `most` lines of that width; what is left out is marked by an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, width, size):
        if not line and piece.isspace():
            continue
        if line and width_of(line + piece.rstrip(), size=size) > width and piece not in _NO_LINE_START:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and width_of(lines[-1] + "…", size=size) > width:
            lines[-1] = lines[-1].rpartition(" ")[0] or lines[-1][:-1]
        lines[-1] += "…"
    return lines


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Ideographs one by one, words whole, words that are too long in parts."""
    found: list[str] = []
    for piece in _PIECES.findall(text):
        part = ""
        for char in piece:
            if part and width_of(part + char, size=size) > width:
                found.append(part)
                part = ""
            part += char
        found.append(part)
    return found
