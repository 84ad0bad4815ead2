"""Where the file draws things (BPMN DI): boxes and lines by the id of what they show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lxml import etree

from .definition import Picture
from .reading import local_name
from .vocabulary import BPMN

__all__ = ["read_picture"]

_FARTHEST = 100_000.0


def read_picture(root: etree._Element, process: etree._Element) -> Picture | None:
    """The first plane that shows this process; None when there is none, or what it says is no number.

    Diagram interchange moves no token: what cannot be used of it is left to our own layout.
    """
    ids = {str(element.get("id")) for element in process.iter(f"{{{BPMN}}}*") if element.get("id")}
    boxes: dict[str, tuple[float, float, float, float]] = {}
    lines: dict[str, tuple[tuple[float, float], ...]] = {}
    collapsed: set[str] = set()
    for shape in root.iter("{*}BPMNShape"):
        shown = str(shape.get("bpmnElement", "")).rpartition(":")[2]
        bounds = next((child for child in shape if local_name(child) == "Bounds"), None)
        box = None if bounds is None else _numbers(bounds, "x", "y", "width", "height")
        if shown in boxes or shown not in ids or box is None or min(box[2:]) < 1:
            continue
        boxes[shown] = (box[0], box[1], box[2], box[3])
        if shape.get("isExpanded") == "false":
            collapsed.add(shown)
    for edge in root.iter("{*}BPMNEdge"):
        shown = str(edge.get("bpmnElement", "")).rpartition(":")[2]
        points = tuple(_points(edge))
        if shown in ids and shown not in lines and len(points) > 1:
            lines[shown] = points
    return Picture(boxes, lines, frozenset(collapsed)) if boxes else None


def _points(edge: etree._Element) -> Iterator[tuple[float, float]]:
    for child in edge:
        if local_name(child) == "waypoint":
            found = _numbers(child, "x", "y")
            if found is not None:
                yield found[0], found[1]


def _numbers(element: etree._Element, *keys: str) -> tuple[float, ...] | None:
    try:
        found = tuple(float(element.get(key, "")) for key in keys)
    except ValueError:
        return None
    return found if all(math.isfinite(one) and abs(one) <= _FARTHEST for one in found) else None
