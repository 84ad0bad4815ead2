"""A process as SVG, made on the server: lanes, tokens, the way taken, what waits. Everything that has a colour has a
class, so that the stylesheet decides and no inline style is needed; phases are told by marks as well as by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from .definition import Definition, Kind, Node
from .layering import Edge, Item, Placed, Spacing, place
from .lettering import widest_piece, width_of, wrap
from .progress import Phase, Progress, name_of, progress
from .shapes import EVENT, GATEWAY, SIZE, SMALL, Canvas, is_gateway, is_step, px

__all__ = ["Drawing"]

_WIDE = 136.0
_NARROWING = (168.0, 144.0, 120.0, 100.0, 84.0)
_PHONE = 372.0
_LABEL = 88.0
_HEADER = 92.0
_HEADER_SPARE = 16.0
_WIDEST_HEADER = 160.0
_PAD = 14.0
_KEPT = 256
"""Layouts kept in memory: a process has four, in two languages and two directions."""


@lru_cache(maxsize=_KEPT)
def _laid_out(definition: Definition, language: str, across: bool) -> tuple[tuple[float, float], dict[int, Placed]]:
    """The size of a step and where everything stands, which no case changes: worked out once, read by every picture."""
    orientation = "horizontal" if across else "vertical"
    drawing = Drawing(definition, progress(definition=definition, state=None), language, orientation)
    if across:
        drawing.layout(0)
    else:
        drawing.narrow()
    return drawing.task, drawing.layouts


class Drawing(Canvas):
    """A process laid out by ourselves."""

    def __init__(self, definition: Definition, found: Progress, language: str, orientation: str) -> None:
        super().__init__()
        self.definition = definition
        self.found = found
        self.language = language
        self.across = orientation == "horizontal"
        self.task = (_WIDE, 66.0)
        self.spacing = Spacing() if self.across else Spacing(layer=30, channel=8, row=14)
        self.layouts: dict[int, Placed] = {}
        self.right = 0.0  # how far labels reach beyond the layout

    def svg(self, steps: Sequence[str]) -> str:
        """The whole document fragment."""
        placed = self.placed()
        left = self.margin()
        width, height = self.xy(placed.main, placed.cross)
        self.lanes(placed, left, width)
        self.scope(0, left, 0.0)
        width = max(width + left, self.right)
        key = f"tb-flow-{escape(''.join((self.definition.id or 'process').split()))}-{'h' if self.across else 'v'}"
        chinese = self.language.startswith("zh")
        name = (self.definition.name if chinese else self.definition.name_en) or self.definition.name
        title = name or ("办理流程" if chinese else "Process")
        kind = "horizontal" if self.across else "vertical"
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="tb-flow tb-flow--{kind}" role="img"',
                f' aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {px(width)} {px(height)}"',
                f' width="{px(width)}" height="{px(height)}" lang="{escape(self.language)}">',
                f'<title id="{key}-title">{escape(title)}</title>',
                f'<desc id="{key}-desc">{escape(("；" if chinese else "; ").join(steps))}</desc>',
                f'<defs><marker id="{key}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"',
                ' markerUnits="userSpaceOnUse" orient="auto"><path class="tb-flow__arrow" d="M0 0 8 4 0 8z"/>',
                "</marker></defs>",
                "".join(self.parts).replace("url(#arrow)", f"url(#{key}-arrow)"),
                "".join(self.over),
                "</svg>",
            ]
        )

    def margin(self) -> float:
        """The room for the names of lanes."""
        if not self.across or not self.definition.lanes:
            return 0.0
        names = [name_of(lane, self.language) for lane in self.definition.lanes]
        widest = max(widest_piece(name, size=SMALL) for name in names)
        return min(max(_HEADER, widest + _HEADER_SPARE), _WIDEST_HEADER)

    def xy(self, main: float, cross: float) -> tuple[float, float]:
        """Along and across as x and y."""
        return (main, cross) if self.across else (cross, main)

    # Sizes and layout

    def placed(self) -> Placed:
        """Where everything stands."""
        self.task, self.layouts = _laid_out(self.definition, self.language, self.across)
        return self.layouts[0]

    def narrow(self) -> Placed:
        """The widest steps with which the picture fits a phone, or the narrowest."""
        placed = Placed()
        for width in _NARROWING:
            most = max((len(self.name_lines(n, width)) for n in self.definition.nodes if is_step(n)), default=1)
            self.task = (width, 18.0 * most + (34 if self.definition.lanes else 18))
            placed = self.layout(0)
            if placed.cross <= _PHONE:
                break
        return placed

    def name_lines(self, node: Node, width: float) -> list[str]:
        """The name of a step in lines; in a wide one the corner is left to its mark."""
        spare = 34 if width >= _WIDE else 12
        most = 2 if self.across else 5
        return wrap(name_of(node, self.language) or node.variable, width=width - spare, size=SIZE, most=most)

    def layout(self, scope: int) -> Placed:
        """Place the nodes of a scope, inner scopes first."""
        definition = self.definition
        nodes = [n for n in definition.nodes if n.scope == scope and n.kind is not Kind.BOUNDARY and not n.hidden]
        for node in nodes:
            if node.kind is Kind.SUBPROCESS:
                self.layout(node.inner)
        items = {node.index: self.item(node) for node in nodes}
        edges = []
        for flow in definition.flows:
            source = definition.nodes[flow.source]
            if source.scope != scope or flow.hidden:
                continue
            label = name_of(flow, self.language)
            room = min(width_of(label, size=SMALL), _LABEL) + 6 if label else 0.0
            begin = source.attached if source.kind is Kind.BOUNDARY else source.index
            target = definition.nodes[flow.target]
            end = target.attached if target.kind is Kind.BOUNDARY else target.index
            if begin in items and end in items:
                edges.append(Edge(flow.index, begin, end, room if self.across else (20.0 if label else 0.0)))
        if not nodes:
            self.layouts[scope] = Placed(main=self.task[0] / 2, cross=0)
            return self.layouts[scope]
        start = next((node.index for node in nodes if node.kind is Kind.START), nodes[0].index)
        self.layouts[scope] = place(items=items, edges=edges, start=start, spacing=self.spacing)
        return self.layouts[scope]

    def item(self, node: Node) -> Item:
        """The room that a node needs."""
        width, height = self.size(node)
        if not is_step(node) and node.kind is not Kind.SUBPROCESS and name_of(node, self.language):
            # The label goes below the mark, or beside it; the same room opposite keeps the line in the middle.
            if self.across:
                width = max(width, _LABEL)
                height += 2 * (len(self.label(node)) * 15 + 4)
            else:
                width += 2 * (max(width_of(line, size=SMALL) for line in self.label(node)) + 4)
        elif self.definition.boundaries[node.index]:
            height += 2 * EVENT
        band = node.lane if self.across else 0
        main, cross = self.xy(width, height)
        return Item(main, cross, band)

    def size(self, node: Node) -> tuple[float, float]:
        """Width and height of the mark itself."""
        if node.kind is Kind.SUBPROCESS:
            inner = self.layouts[node.inner]
            width, height = self.xy(inner.main, inner.cross)
            return max(width + 2 * _PAD, self.task[0]), height + 2 * _PAD + 20
        if is_step(node):
            return self.task
        if is_gateway(node):
            return GATEWAY, GATEWAY
        return EVENT, EVENT

    def label(self, node: Node) -> list[str]:
        """The lines below a mark that has no room inside."""
        return wrap(name_of(node, self.language), width=_LABEL, size=SMALL, most=2)

    # Parts

    def lanes(self, placed: Placed, left: float, width: float) -> None:
        """The departments' bands."""
        if not self.across or not self.definition.lanes:
            return
        for number, (band, (top, bottom)) in enumerate(sorted(placed.bands.items())):
            kind = "odd" if number % 2 else "even"
            wide, high = px(left + width), px(bottom - top)
            self.parts.append(
                f'<rect class="tb-lane tb-lane--{kind}" x="0" y="{px(top)}" width="{wide}" height="{high}"/>'
            )
            if band >= 0:
                name = name_of(self.definition.lanes[band], self.language)
                lines = wrap(name, width=self.margin() - _HEADER_SPARE, size=SMALL, most=4)
                self.text(lines, 8, (top + bottom) / 2, "tb-lane__name", size=SMALL, anchor="start")

    def scope(self, scope: int, left: float, top: float) -> None:
        """All flows, then all nodes of a scope, moved to where it stands."""
        placed = self.layouts[scope]
        for flow in self.definition.flows:
            if flow.index in placed.points:
                self.flow(flow.index, left, top, placed)
        for node in self.definition.nodes:
            if node.index in placed.centres:
                x, y = self.xy(*placed.centres[node.index])
                self.node(node, x + left, y + top)

    def flow(self, index: int, left: float, top: float, placed: Placed) -> None:
        """One sequence flow with its label and the tokens that wait on it."""
        flow = self.definition.flows[index]
        points = [self.xy(*point) for point in placed.points[index]]
        source = self.definition.nodes[flow.source]
        if source.kind is Kind.BOUNDARY:
            points = self.from_border(source, placed, points)
        else:
            points = self.to_mark(source, points, 0)
        points = self.to_mark(self.definition.nodes[flow.target], points, -1)
        moved = [(x + left, y + top) for x, y in points]
        taken = " tb-edge--done" if index in self.found.taken else ""
        line = " ".join(f"{px(x)},{px(y)}" for x, y in moved)
        self.parts.append(f'<polyline class="tb-edge{taken}" points="{line}" fill="none" marker-end="url(#arrow)"/>')
        label = name_of(flow, self.language)
        if label:
            x, y = moved[0] if len(moved) == 2 else moved[min(2, len(moved) - 1)]
            if len(moved) == 2 and not self.across:
                y = moved[1][1] - 24
            lines = wrap(label, width=_LABEL, size=SMALL, most=1)
            shift = (5.0, -8.0) if self.across else (6.0, 10.0)
            self.text(lines, x + shift[0], y + shift[1], "tb-edge__name", size=SMALL, anchor="start", over=True)
            self.right = max(self.right, x + shift[0] + width_of(lines[0], size=SMALL) + 4)
        if self.found.tokens.get(index):
            x, y = moved[-1]
            self.token(x - (14 if self.across else 0), y - (0 if self.across else 14), self.found.tokens[index])

    def from_border(self, source: Node, placed: Placed, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """A flow that leaves a boundary event goes down first, or to the side."""
        x, y = self.border(source, placed)
        rest = points[1:]
        if len(rest) == 1:  # the target lies in the same row: turn just before it
            last = rest[0]
            rest = [(last[0] - 12, last[1]), last] if self.across else [(last[0], last[1] - 12), last]
        if self.across:
            return [(x, y + EVENT / 2), (x, y + EVENT / 2 + 8), (rest[0][0], y + EVENT / 2 + 8), *rest]
        return [(x + EVENT / 2, y), (x + EVENT / 2 + 8, y), (x + EVENT / 2 + 8, rest[0][1]), *rest]

    def border(self, event: Node, placed: Placed) -> tuple[float, float]:
        """Where a boundary event sits."""
        host = self.definition.nodes[event.attached]
        x, y = self.xy(*placed.centres[host.index])
        width, height = self.size(host)
        siblings = self.definition.boundaries[host.index]
        number = siblings.index(event.index)
        if self.across:
            return x + width / 2 - 26 - number * (EVENT + 6), y + height / 2
        return x + width / 2, y + height / 2 - 20 - number * (EVENT + 4)

    def to_mark(self, node: Node, points: list[tuple[float, float]], end: int) -> list[tuple[float, float]]:
        """Lead the end of a line to the mark itself: the room for its label is wider than the mark."""
        width, height = self.size(node)
        room = self.item(node)
        spare = (room.main - self.xy(width, height)[0]) / 2
        if not spare:
            return points
        x, y = points[end]
        other = points[1] if end == 0 else points[-2]
        sign = 1 if (other[0] - x if self.across else other[1] - y) >= 0 else -1
        points[end] = (x - sign * spare, y) if self.across else (x, y - sign * spare)
        return points

    def node(self, node: Node, x: float, y: float) -> None:
        """One node with its label, its mark of progress, and its tokens."""
        phase = self.found.phases[node.index]
        kind = node.kind.name.lower()
        act = f" tb-node--{node.act}" if node.act else ""
        act += " tb-node--soft" if node.triggered or not node.interrupting else ""
        self.parts.append(f'<g class="tb-node tb-node--{kind}{act} tb-node--{phase}">')
        name = name_of(node, self.language)
        self.parts.append(f"<title>{escape(name or node.variable)}</title>")
        width, height = self.size(node)
        if node.kind is Kind.SUBPROCESS:
            self.box(x, y, width, height, 10)
            self.text([name], x - width / 2 + _PAD, y - height / 2 + 16, "tb-node__name", anchor="start")
            self.repeats(node, x, y + height / 2)
            self.parts.append("</g>")
            self.inside(node, x, y)
        elif is_step(node):
            self.box(x, y, width, height, 10)
            self.task_text(node, x, y, width)
            self.repeats(node, x, y + height / 2)
            if node.kind in (Kind.THROW, Kind.CATCH):
                self.sign("message", x - width / 2 + 14, y - height / 2 + 12, filled=node.kind is Kind.THROW)
            self.parts.append("</g>")
        else:
            self.mark(node, x, y)
            lines = self.label(node) if name else []
            if self.across:
                self.text(lines, x, y + height / 2 + 6 + 7.5 * len(lines), "tb-node__label", size=SMALL)
            else:
                self.text(lines, x + width / 2 + 4, y, "tb-node__label", size=SMALL, anchor="start")
            self.parts.append("</g>")
        self.hangers(node, x, y, width, height)
        self.phase(node, phase, x, y, width, height)

    def inside(self, node: Node, x: float, y: float) -> None:
        """What a subprocess holds."""
        inner = self.layouts[node.inner]
        across, down = self.xy(inner.main, inner.cross)
        self.scope(node.inner, x - across / 2, y + 10 - down / 2)

    def task_text(self, node: Node, x: float, y: float, width: float) -> None:
        """The name of a step, and its department where no lane tells it."""
        lines = self.name_lines(node, width)
        lane = name_of(self.definition.lanes[node.lane], self.language) if node.lane >= 0 else ""
        if self.across or not lane:
            self.text(lines, x, y, "tb-node__name")
            return
        self.text(lines, x, y - 8, "tb-node__name")
        small = wrap(lane, width=width - 12, size=SMALL, most=1)
        self.text(small, x, y + self.task[1] / 2 - 11, "tb-node__department", size=SMALL)

    def hangers(self, node: Node, x: float, y: float, width: float, height: float) -> None:
        """Boundary events on the border."""
        placed = self.layouts[node.scope]
        dx, dy = (lambda c: (x - c[0], y - c[1]))(self.xy(*placed.centres[node.index]))
        for index in self.definition.boundaries[node.index]:
            event = self.definition.nodes[index]
            at_x, at_y = self.border(event, placed)
            phase = self.found.phases[index]
            soft = "" if event.interrupting else " tb-node--soft"
            title = escape(name_of(event, self.language) or event.id)
            self.parts.append(f'<g class="tb-node tb-node--boundary tb-node--{phase}{soft}"><title>{title}</title>')
            self.mark(event, at_x + dx, at_y + dy)
            self.parts.append("</g>")

    def phase(self, node: Node, phase: Phase, x: float, y: float, width: float, height: float) -> None:
        """A tick for what is done, the token for what is open, two bars while the clock is paused."""
        inset = 13 if width >= _WIDE else 2
        right, top = x + width / 2 - inset, y - height / 2 + inset
        if not is_step(node) and node.kind not in (Kind.CATCH, Kind.EVENTS):
            return
        if phase is Phase.DONE:
            self.over.append(
                f'<path class="tb-mark tb-mark--done" d="M{px(right - 5)} {px(top)}l4 4 7-8" fill="none"/>'
            )
        count = self.found.tokens.get(self.definition.place(node.index), 0)
        if count:
            self.token(right, top, count, paused=phase is Phase.PAUSED)
