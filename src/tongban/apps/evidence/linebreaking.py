"""Where a line of Chinese may end: anywhere, but not before a closing mark, after an opening one, or in a number."""

import re

from reportlab.pdfbase import pdfmetrics

from tongban.apps.evidence.drawing import FONT

__all__ = ["break_lines"]

_OPENING = "“‘（《〈「『【〔([{"
_CLOSING = "，。、；：？！”’）》〉」』】〕…—,.;:?!)]}%"
# A unit is kept together: a run of Latin letters and digits, or one character, with the marks that belong to it.
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9][A-Za-z0-9.\-/@+\u00a0]*|.)[{re.escape(_CLOSING)}]*", re.DOTALL
)


def break_lines(text: str, *, size: float, width: float) -> list[str]:
    """Return ``text`` in lines no wider than ``width`` points; what is too wide by itself is cut."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for unit in _UNIT.findall(part):
            if _measure(line + unit, size) <= width:
                line += unit
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = unit.lstrip() if line else unit
            while _measure(line, size) > width and len(line) > 1:
                fits = max(1, next((n for n in range(len(line), 0, -1) if _measure(line[:n], size) <= width), 1))
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line)
    return lines


def _measure(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))
