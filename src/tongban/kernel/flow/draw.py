"""A process as a picture, made on the server."""

from __future__ import annotations

from collections.abc import Sequence

from .definition import Definition
from .drawing import Drawing
from .events import Event
from .progress import describe, progress
from .state import State
from .tracing import Traced, is_traceable

__all__ = ["draw"]


def draw(
    *,
    definition: Definition,
    state: State | None = None,
    history: Sequence[Event] = (),
    language: str = "zh",
    orientation: str = "horizontal",
) -> str:
    """The picture as SVG. `horizontal` shows lanes as bands, and things where the file has them if it says so of all;
    `vertical` is for phones and names the department in each step.

    Title and description are inside; `describe` gives the same as a list to put beside it.
    """
    found = progress(definition=definition, state=state, history=history)
    steps = [step.text for step in describe(definition=definition, state=state, history=history, language=language)]
    if orientation == "horizontal" and is_traceable(definition):
        return Traced(definition, found, language).svg(steps)
    return Drawing(definition, found, language, orientation).svg(steps)
