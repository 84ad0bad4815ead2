"""Documents that look photographed: drawn by ourselves, of people and bodies that do not exist, seeded.

`papers` draws what lies on the counter, `camera` takes its picture, `sample` draws one of a numbered set. The same seed
and number give the same picture on the same versions of the libraries.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.photographs.camera import SEVERITIES, photograph
from benchmarks.photographs.papers import KINDS, Paper, draw

__all__ = ["KINDS", "SEVERITIES", "Paper", "Photograph", "draw", "photograph", "sample"]


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture (JPEG), what it is of, how hard it is to read, and what it says: fields by name."""

    number: int
    kind: str
    severity: str
    content: bytes
    truth: dict[str, str]


def sample(*, seed: int, number: int, severities: Sequence[str] = ("mild", "hard")) -> Photograph:
    """The picture of that number in the set of that seed: kinds and severities take turns."""
    chance = random.Random(f"{seed}/{number}")
    kind = tuple(KINDS)[number % len(KINDS)]
    severity = severities[number // len(KINDS) % len(severities)]
    paper = draw(kind, chance)
    return Photograph(number, kind, severity, photograph(paper.picture, severity=severity, chance=chance), paper.truth)
