"""Reading the pages under docs/: their fenced blocks and the first cells of their tables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["DOCS", "ROOT", "Block", "blocks", "read", "rows", "section"]

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)
_FILE = re.compile(r"`((?:matters|bundles|registers)/[\w./-]+)`")
_GIVEN = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Block(NamedTuple):
    """A fenced block: its language, the file named in the sentence before it, what the fence adds, its text."""

    language: str
    file: str
    given: dict[str, str]
    text: str


def read(page: str) -> str:
    """The text of a page, such as ``reference/events.md``."""
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """Every fenced block of a page, in order."""
    text = read(page)
    for found in _FENCE.finditer(text):
        before = text[: found.start()].rstrip().rsplit("\n\n", 1)[-1]
        named = _FILE.findall(before)
        yield Block(found[1], named[-1] if named else "", dict(_GIVEN.findall(found[2])), found[3])


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next of the same or a higher level."""
    lines = read(page).splitlines()
    start = lines.index(heading)
    level = heading.split(" ", 1)[0]
    for end in range(start + 1, len(lines)):
        mark = lines[end].split(" ", 1)[0]
        if mark and set(mark) == {"#"} and len(mark) <= len(level):
            return "\n".join(lines[start + 1 : end])
    return "\n".join(lines[start + 1 :])


def rows(text: str) -> list[str]:
    """The names in backquotes that begin the rows of the tables in ``text``; one that stands twice comes twice."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)
