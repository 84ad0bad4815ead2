"""A process as a picture, made on the server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .definition import Definition
from .drawing import Drawing
from .events import Event
from .progress import Phase, Progress, progress, say_steps
from .state import State
from .tracing import Traced, is_traceable

__all__ = ["draw"]

_KEPT = 512
"""Pictures kept in memory, of some 15 KB each: cases of a matter stand at the same few places of its process."""


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
    return _drawn(definition, language, orientation, found.phases, found.taken, tuple(sorted(found.tokens.items())))


@lru_cache(maxsize=_KEPT)
def _drawn(
    definition: Definition,
    language: str,
    orientation: str,
    phases: tuple[Phase, ...],
    taken: frozenset[int],
    tokens: tuple[tuple[int, int], ...],
) -> str:
    """Nothing of a case but how far it is: 0.4 ms of CPU a picture, and a page of a case has two."""
    found = Progress(phases, taken, dict(tokens), {})
    steps = say_steps(definition=definition, phases=phases, language=language)
    if orientation == "horizontal" and is_traceable(definition):
        return Traced(definition, found, language).svg(steps)
    return Drawing(definition, found, language, orientation).svg(steps)
