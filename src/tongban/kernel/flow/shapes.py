"""The single marks of a picture: steps, gateways, events, tokens, lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from .definition import Kind, Node

__all__ = ["EVENT", "GATEWAY", "SIZE", "SMALL", "Canvas", "is_gateway", "is_step", "px"]

SIZE = 14
SMALL = 12
GATEWAY = 40.0
EVENT = 32.0


def px(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


_SIGNS: Mapping[str, tuple[float, float, str]] = {
    "timer": (0, -8, "v8l5 4"),
    "message": (-8, -5, "h16v10h-16zl8 6 8-6"),
    "signal": (0, -8, "l8 13h-16z"),
    "error": (-7, 7, "l4-13 5 8 5-9-4 14-5-8z"),
    "escalation": (0, -8, "l7 15-7-7-7 7z"),
    "conditional": (-6, -8, "h12v16h-12zm3 4h6m-6 4h6m-6 4h6"),
    "link": (-8, -3, "h9v-4l7 7-7 7v-4h-9z"),
    "compensation": (-1, 0, "l8-6v12zm-8 0l8-6v12z"),
    "cancel": (-6, -6, "l12 12m0-12l-12 12"),
    "multiple": (0, -7, "l7 5-3 8h-8l-3-8z"),
}
_NEVER_FILLED = ("timer", "conditional", "cancel")
_GATEWAYS = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENTS, Kind.COMPLEX)


def is_gateway(node: Node) -> bool:
    """Drawn as a diamond."""
    return node.kind in _GATEWAYS


def is_step(node: Node) -> bool:
    """Drawn as a box with its name inside: every kind of task."""
    return node.element == "task" or node.element.endswith("Task")


class Canvas:
    """SVG in the making: what lies below, and what lies over it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.over: list[str] = []

    def box(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        """A step."""
        self.parts.append(
            f'<rect class="tb-node__shape" x="{px(x - width / 2)}" y="{px(y - height / 2)}" width="{px(width)}"'
            f' height="{px(height)}" rx="{px(radius)}"/>'
        )

    def mark(self, node: Node, x: float, y: float) -> None:
        """A gateway or an event."""
        if is_gateway(node):
            half = GATEWAY / 2
            self.parts.append(
                f'<path class="tb-node__shape" d="M{px(x)} {px(y - half)}l{px(half)} {px(half)}'
                f'-{px(half)} {px(half)}-{px(half)}-{px(half)}z"/>'
            )
            self._gateway(node, x, y)
            return
        self.parts.append(f'<circle class="tb-node__shape" cx="{px(x)}" cy="{px(y)}" r="{px(EVENT / 2)}"/>')
        if node.kind in (Kind.CATCH, Kind.BOUNDARY, Kind.THROW):
            self.ring(x, y, EVENT / 2 - 3)
        if node.kind is Kind.TERMINATE:
            self.parts.append(f'<circle class="tb-node__core" cx="{px(x)}" cy="{px(y)}" r="9"/>')
            return
        kinds = [trigger.kind for trigger in node.triggers]
        if kinds:
            throws = node.kind in (Kind.THROW, Kind.END) and node.element != "intermediateCatchEvent"
            self.sign(kinds[0] if len(kinds) == 1 else "multiple", x, y, filled=throws)

    def _gateway(self, node: Node, x: float, y: float) -> None:
        if node.kind is Kind.EXCLUSIVE:
            self.path(f"M{px(x - 6)} {px(y - 6)}l12 12m0-12l-12 12")
        elif node.kind is Kind.PARALLEL:
            self.path(f"M{px(x - 9)} {px(y)}h18m-9-9v18")
        elif node.kind is Kind.EVENTS:
            self.ring(x, y, 11)
            self.sign("multiple", x, y, filled=False)
        elif node.element == "complexGateway":
            self.path(f"M{px(x - 9)} {px(y)}h18m-9-9v18m-6-15l12 12m0-12l-12 12")
        elif node.kind is Kind.INCLUSIVE:
            self.ring(x, y, 9)

    def ring(self, x: float, y: float, radius: float) -> None:
        """A thin circle inside a mark."""
        self.parts.append(f'<circle class="tb-node__sign" cx="{px(x)}" cy="{px(y)}" r="{px(radius)}" fill="none"/>')

    def path(self, d: str, *, filled: bool = False) -> None:
        """A line drawing on a mark; filled for what is told to others."""
        kind = 'class="tb-node__core"' if filled else 'class="tb-node__sign" fill="none"'
        self.parts.append(f'<path {kind} d="{d}"/>')

    def sign(self, kind: str, x: float, y: float, *, filled: bool) -> None:
        """What an event waits for, or tells."""
        lines = _SIGNS.get(kind)
        if lines is not None:
            dx, dy, rest = lines
            self.path(f"M{px(x + dx)} {px(y + dy)}{rest}", filled=filled and kind not in _NEVER_FILLED)

    def repeats(self, node: Node, x: float, bottom: float) -> None:
        """Below in a step: bars for several rounds, a loop, a plus for what is called or not unfolded."""
        if node.loop is not None:
            if node.loop.standard:
                self.path(f"M{px(x - 4)} {px(bottom - 4)}a5 5 0 1 1 6 1l2-4m-2 4l-4-2")
            elif node.loop.sequential:
                self.path(f"M{px(x - 6)} {px(bottom - 12)}h12m-12 4h12m-12 4h12")
            else:
                self.path(f"M{px(x - 4)} {px(bottom - 13)}v10m4-10v10m4-10v10")

    def token(self, x: float, y: float, count: int, *, paused: bool = False) -> None:
        """A token, or how many there are."""
        kind = " tb-token--paused" if paused else ""
        self.over.append(f'<circle class="tb-token{kind}" cx="{px(x)}" cy="{px(y)}" r="7"/>')
        if paused:
            self.over.append(f'<path class="tb-token__sign" d="M{px(x - 2)} {px(y - 3)}v6m4-6v6" fill="none"/>')
        elif count > 1:
            self.text([str(count)], x, y, "tb-token__count", size=10, over=True)

    def text(
        self,
        lines: Sequence[str],
        x: float,
        y: float,
        kind: str,
        *,
        size: int = SIZE,
        anchor: str = "middle",
        over: bool = False,
    ) -> None:
        """Lines of text around a middle."""
        height = size * 1.25
        first = y - height * (len(lines) - 1) / 2 + size * 0.36
        for number, line in enumerate(lines):
            if line:
                (self.over if over else self.parts).append(
                    f'<text class="{kind}" x="{px(x)}" y="{px(first + number * height)}" font-size="{size}"'
                    f' text-anchor="{anchor}">{escape(line)}</text>'
                )
