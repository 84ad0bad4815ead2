"""A file of processes judged as a whole: whether it loads, and whether each process can be walked to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .bpmn import load_processes, process_ids
from .errors import DefinitionError, Problem
from .ports import Decisions
from .soundness import can_end

__all__ = ["Judged", "Walked", "judge_file", "process_ids"]

_MOST_MARKINGS = 5_000


class Walked(NamedTuple):
    """One loaded process: whether some way leads to its end, and after how many markings that was known."""

    process: str
    name: str
    executable: bool
    ends: bool
    markings: int
    all_seen: bool  # False where the bound of markings was reached first
    assumed: tuple[Problem, ...]  # what stands outside the file and was taken to be there


class Judged(NamedTuple):
    """A file: why it is refused, or how its processes can be walked."""

    problems: tuple[Problem, ...]
    walks: tuple[Walked, ...]


def judge_file(
    xml: bytes,
    *,
    source: str = "",
    decisions: Mapping[str, Decisions],
    called: Mapping[str, bytes],
    most: int = _MOST_MARKINGS,
) -> Judged:
    """Load all processes of a file and walk each. What loads is walked with every answer that a gateway could give."""
    try:
        loaded = load_processes(xml, source=source, decisions=decisions, called=called, assume=True)
    except DefinitionError as error:
        return Judged(error.problems, ())
    walks = []
    for definition in loaded:
        ends, markings = can_end(definition=definition, most=most)
        told = (definition.id, definition.name, definition.executable)
        walks.append(Walked(*told, ends, markings, ends or markings < most, definition.assumed))
    return Judged((), tuple(walks))
