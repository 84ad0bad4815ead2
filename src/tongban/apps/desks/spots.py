"""A place on a material: a point or a box on its picture, or on a page of it. Shares of its width and height."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Spot", "read_spot"]

_MOST_PAGES = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """In percent of the picture as it was handed in, however it is turned or enlarged: from the left and the top, how
    wide and how high (both 0 for a point). ``page``: of a file with pages, from 1; 0 for a picture."""

    x: float
    y: float
    width: float = 0
    height: float = 0
    page: int = 0

    @property
    def is_one(self) -> bool:
        """Whether there is such a place on a picture."""
        inside = 0 <= self.x <= 100 and 0 <= self.y <= 100 and self.width >= 0 and self.height >= 0
        return inside and self.x + self.width <= 100 and self.y + self.height <= 100 and 0 <= self.page <= _MOST_PAGES

    @property
    def is_box(self) -> bool:
        """Whether it is a box, and no point."""
        return bool(self.width and self.height)


def read_spot(posted: Mapping[str, str]) -> Spot | None:
    """A place as a form posts it, cut to the picture; None where none is meant, or what stands there is no place.

    A box that somebody drew over the edge ends there. A page alone is its upper left corner.
    """
    page = _number(posted.get("spot_page", ""))
    x, y = _number(posted.get("spot_x", "")), _number(posted.get("spot_y", ""))
    if (x is None or y is None) and not page:
        return None
    x, y = min(max(x or 0, 0), 100), min(max(y or 0, 0), 100)
    width = min(max(_number(posted.get("spot_width", "")) or 0, 0), 100 - x)
    height = min(max(_number(posted.get("spot_height", "")) or 0, 0), 100 - y)
    if not width or not height:
        width = height = 0
    found = Spot(x=round(x, 1), y=round(y, 1), width=round(width, 1), height=round(height, 1), page=int(page or 0))
    return found if found.is_one else None


def _number(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if -1e6 < found < 1e6 else None
