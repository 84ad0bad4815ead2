"""What is wrong in a city's folder, where, and how to put it right."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Problem", "in_order"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. ``file`` is relative to the city's folder, ``line`` counts from 1 (0: the file as a whole).

    ``code`` is stable, such as ``limit.promise-longer``; ``cure`` says what to write instead.
    """

    file: str
    line: int
    code: str
    message: str
    cure: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.code}: {self.message} Cure: {self.cure}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by file, line and code, each said once."""
    return tuple(sorted(set(problems)))
