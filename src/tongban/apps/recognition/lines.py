"""What was seen on a picture: lines of text, how sure the recogniser is of each character, and where it is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Line", "line_from", "plain"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text. ``sureness`` has a number from 0 to 1 for each character of ``text``.

    ``corners`` are in pixels of the picture as it is read, turned upright: top left, top right, bottom right, bottom
    left of the text. ``number`` is that of its cut-out, ``also`` those of others that were joined to it.
    """

    number: int
    text: str
    sureness: tuple[float, ...]
    corners: tuple[Point, Point, Point, Point]
    also: tuple[int, ...] = ()

    @property
    def height(self) -> float:
        """How high the letters are."""
        (a, b, c, d) = self.corners
        return (math.dist(a, d) + math.dist(b, c)) / 2

    @property
    def width(self) -> float:
        """How long the line is."""
        (a, b, c, d) = self.corners
        return (math.dist(a, b) + math.dist(d, c)) / 2

    @property
    def left(self) -> Point:
        """The middle of its beginning."""
        return _middle(self.corners[0], self.corners[3])

    @property
    def right(self) -> Point:
        """The middle of its end."""
        return _middle(self.corners[1], self.corners[2])

    @property
    def direction(self) -> Point:
        """Along the line, of length one."""
        (x, y), (to_x, to_y) = self.left, self.right
        length = math.hypot(to_x - x, to_y - y) or 1.0
        return (to_x - x) / length, (to_y - y) / length

    def part(self, start: int, end: int) -> "Line":
        """The characters from ``start`` to ``end`` as a line; where they are is estimated."""
        length = max(len(self.text), 1)
        (a, b, c, d) = self.corners
        first, last = start / length, end / length
        corners = (_between(a, b, first), _between(a, b, last), _between(d, c, last), _between(d, c, first))
        return replace(self, text=self.text[start:end], sureness=self.sureness[start:end], corners=corners)


def line_from(found: Mapping[str, Any]) -> Line:
    """A line as the reader's process tells of it."""
    corners = [(float(x), float(y)) for x, y in found["corners"]]
    text, sureness = plain(str(found["text"]), [float(each) for each in found["sureness"]])
    return Line(
        number=int(found["number"]),
        text=text,
        sureness=tuple(sureness),
        corners=(corners[0], corners[1], corners[2], corners[3]),
    )


def plain(text: str, sureness: Sequence[float]) -> tuple[str, list[float]]:
    """Without blanks, brackets and colons in one form: what a printer chose does not matter."""
    forms = str.maketrans({"：": ":", "（": "(", "）": ")", "﹣": "-", "—": "-", "–": "-", "－": "-", "·": "."})
    kept = [(letter, sure) for letter, sure in zip(text, sureness, strict=True) if not letter.isspace()]
    return "".join(letter for letter, _ in kept).translate(forms), [sure for _, sure in kept]


def _middle(one: Point, other: Point) -> Point:
    return _between(one, other, 0.5)


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
