"""Regular expressions of XPath, which FEEL prescribes, as Python's.

Python's matcher backtracks, and some patterns take exponential time on a short text. A pattern that repeats without
bound what itself repeats without bound is therefore refused, the rest is bounded by the length of the text.
"""

import re
from functools import lru_cache

__all__ = ["compile_pattern"]

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.NOFLAG, "q": re.NOFLAG}
_MAX = 1000
_CLASSES = {"\\i": "[_:A-Za-z\u00c0-\ufffd]", "\\c": "[-._:A-Za-z0-9\u00b7-\ufffd]"}
_PROPERTIES = {
    "L": "[^\\W\\d_]", "Lu": "[A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f]", "Nd": "\\d", "N": "\\d",
    "Ll": "[a-z\u00df-\u00ff\u03b1-\u03c9\u0430-\u044f]", "P": "[!-#%-*,-/:;?@\\[-\\]_{}\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2010-\u2027\u3001-\u3003\uff01-\uff0f]",
}  # fmt: skip
_PIECE = re.compile(r"\\p\{(\w+)\}|\\[ic]|\\.|\[\^?\]?|\]|\(\?:|\(\?|\(|\)|[*+?]\??|\{[0-9]+,\}\??|\{[0-9,]+\}\??|.", re.DOTALL)


def _python(pattern: str) -> str | None:
    """The same pattern for Python, or None for what has no counterpart or would run wild."""
    made: list[str] = []
    # For each open group: whether it holds an unbounded repeat so far.
    wild = [False]
    closed = False
    inside_class = False
    for match in _PIECE.finditer(pattern):
        piece = match[0]
        if match[1] is not None:
            if match[1] not in _PROPERTIES:
                return None
            piece = _PROPERTIES[match[1]][1:-1] if inside_class else _PROPERTIES[match[1]]
            made.append(piece)
            closed = False
            continue
        if inside_class:
            inside_class = piece != "]"
            made.append("\\[" if piece == "[" else piece)
            closed = False
            continue
        if piece in _CLASSES:
            made.append(_CLASSES[piece])
            closed = False
            continue
        if piece == "(?":
            return None
        if piece[0] == "[":
            inside_class = not piece.endswith("]") or len(piece) < 2 or piece in ("[]", "[^]")
        if piece in ("(", "(?:"):
            wild.append(False)
        elif piece == ")":
            if len(wild) == 1:
                return None
            inner = wild.pop()
            made.append(piece)
            closed = inner
            wild[-1] = wild[-1] or inner
            continue
        elif piece[0] in "*+" or re.fullmatch(r"\{[0-9]+,\}\??", piece):
            if closed:
                return None
            wild[-1] = True
        elif piece[0] == "{" and closed:
            return None
        made.append(piece)
        closed = False
    return "".join(made)


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> re.Pattern[str] | None:
    """The compiled pattern, or None if it is not valid or not safe."""
    if len(pattern) > _MAX or any(flag not in _FLAGS for flag in flags):
        return None
    if "x" in flags and "q" not in flags:
        pattern = re.sub(r"\s+", "", pattern)
    source = re.escape(pattern) if "q" in flags else _python(pattern)
    if source is None:
        return None
    combined = re.NOFLAG
    for flag in flags:
        combined |= _FLAGS[flag]
    try:
        return re.compile(source, combined)
    except (re.error, OverflowError, RecursionError):
        return None
