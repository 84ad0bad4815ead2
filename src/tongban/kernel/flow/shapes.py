"""The single marks of a picture: steps, gateways, events, tokens, lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .definition import Kind, Node

__all__ = ["EVENT", "GATEWAY", "SIZE", "SMALL", "Canvas", "px"]

SIZE = 14
SMALL = 12
GATEWAY = 40.0
EVENT = 32.0


def px(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


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
        half = GATEWAY / 2
        signs = {
            Kind.EXCLUSIVE: f"M{px(x - 6)} {px(y - 6)}l12 12m0-12l-12 12",
            Kind.PARALLEL: f"M{px(x - 9)} {px(y)}h18m-9-9v18",
            Kind.CATCH: f"M{px(x)} {px(y - 8)}v8l5 4",
            Kind.BOUNDARY: f"M{px(x)} {px(y - 8)}v8l5 4",
        }
        if node.kind in (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE):
            self.parts.append(
                f'<path class="tb-node__shape" d="M{px(x)} {px(y - half)}l{px(half)} {px(half)}'
                f'-{px(half)} {px(half)}-{px(half)}-{px(half)}z"/>'
            )
        else:
            self.parts.append(f'<circle class="tb-node__shape" cx="{px(x)}" cy="{px(y)}" r="{px(EVENT / 2)}"/>')
        if node.kind is Kind.INCLUSIVE:
            self.parts.append(f'<circle class="tb-node__sign" cx="{px(x)}" cy="{px(y)}" r="9" fill="none"/>')
        if node.kind is Kind.TERMINATE:
            self.parts.append(f'<circle class="tb-node__core" cx="{px(x)}" cy="{px(y)}" r="9"/>')
        if node.kind in signs:
            self.parts.append(f'<path class="tb-node__sign" d="{signs[node.kind]}" fill="none"/>')

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
