"""A process as its file places it (BPMN DI): boxes and lines as the modeller left them, and the progress on top."""

from __future__ import annotations

from .definition import Definition, Kind, Node
from .drawing import Drawing
from .layering import Placed
from .lettering import wrap
from .progress import Progress, name_of
from .shapes import SMALL, px

__all__ = ["Traced", "is_traceable"]

_MARGIN = 20.0
_LANE = 30.0


def is_traceable(definition: Definition) -> bool:
    """Whether the file says where everything goes that is to be seen; if not, our own layout is used."""
    picture = definition.picture
    if picture is None:
        return False
    shown = _shown(definition)
    nodes = [node for node in definition.nodes if node.scope in shown and not node.hidden]
    flows = [flow for flow in definition.flows if definition.nodes[flow.source].scope in shown and not flow.hidden]
    return all(node.id in picture.boxes for node in nodes) and all(flow.id in picture.lines for flow in flows)


def _shown(definition: Definition) -> set[int]:
    """The scopes whose inside is drawn: not that of collapsed subprocesses and calls."""
    picture = definition.picture
    shown = {0}
    for number, scope in enumerate(definition.scopes[1:], 1):
        node = definition.nodes[scope.node]
        drawn = scope.parent in shown and not node.called and picture is not None and node.id not in picture.collapsed
        if drawn:
            shown.add(number)
    return shown


class Traced(Drawing):
    """The picture with coordinates of the file."""

    def __init__(self, definition: Definition, found: Progress, language: str) -> None:
        super().__init__(definition, found, language, "horizontal")
        assert definition.picture is not None
        self.picture = definition.picture
        self.shown = _shown(definition)
        ids = {node.id for node in definition.nodes} | {lane.id for lane in definition.lanes}
        boxes = [box for name, box in self.picture.boxes.items() if name in ids]
        points = [point for flow in definition.flows for point in self.picture.lines.get(flow.id, ())]
        self.low = (
            min([box[0] for box in boxes] + [x for x, _ in points]) - _MARGIN,
            min([box[1] for box in boxes] + [y for _, y in points]) - _MARGIN,
        )
        self.high = (
            max([box[0] + box[2] for box in boxes] + [x for x, _ in points]) + _MARGIN,
            max([box[1] + box[3] for box in boxes] + [y for _, y in points]) + 2 * _MARGIN,
        )

    def margin(self) -> float:
        """Lanes are where the file has them."""
        return 0.0

    def placed(self) -> Placed:
        """As the file has it: there is nothing to work out."""
        return self.layout(0)

    def layout(self, scope: int) -> Placed:
        """Every node and flow of a scope, in coordinates of the whole picture."""
        placed = Placed(main=self.high[0] - self.low[0], cross=self.high[1] - self.low[1])
        for node in self.definition.nodes:
            if node.scope == scope and not node.hidden and node.kind is not Kind.BOUNDARY:
                placed.centres[node.index] = self.centre(node)
                if node.inner >= 0 and node.inner in self.shown:
                    self.layout(node.inner)
        for flow in self.definition.flows:
            if self.definition.nodes[flow.source].scope == scope and not flow.hidden:
                placed.points[flow.index] = [(x - self.low[0], y - self.low[1]) for x, y in self.picture.lines[flow.id]]
        self.layouts[scope] = placed
        return placed

    def centre(self, node: Node) -> tuple[float, float]:
        """The middle of a node's box."""
        x, y, width, height = self.picture.boxes[node.id]
        return x + width / 2 - self.low[0], y + height / 2 - self.low[1]

    def size(self, node: Node) -> tuple[float, float]:
        """Of its box."""
        _, _, width, height = self.picture.boxes[node.id]
        return width, height

    def inside(self, node: Node, x: float, y: float) -> None:
        """What a subprocess holds, unless it is drawn collapsed."""
        if node.inner in self.shown:
            self.scope(node.inner, 0.0, 0.0)

    def border(self, event: Node, placed: Placed) -> tuple[float, float]:
        """Where a boundary event sits."""
        return self.centre(event)

    def from_border(self, source: Node, placed: Placed, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """As drawn."""
        return points

    def to_mark(self, node: Node, points: list[tuple[float, float]], end: int) -> list[tuple[float, float]]:
        """As drawn."""
        return points

    def lanes(self, placed: Placed, left: float, width: float) -> None:
        """The departments' bands, where the file has them."""
        for number, lane in enumerate(self.definition.lanes):
            box = self.picture.boxes.get(lane.id)
            if box is None:
                continue
            x, y = box[0] - self.low[0], box[1] - self.low[1]
            kind = "odd" if number % 2 else "even"
            self.parts.append(
                f'<rect class="tb-lane tb-lane--{kind}" x="{px(x)}" y="{px(y)}" width="{px(box[2])}"'
                f' height="{px(box[3])}"/>'
            )
            lines = wrap(name_of(lane, self.language), width=max(box[2] / 6, _LANE * 2), size=SMALL, most=2)
            self.text(lines, x + 6, y + 14, "tb-lane__name", size=SMALL, anchor="start")
