"""Scenarios that are told in docs/scenarios: each numbered step there is played by a test, in its order."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.e2e.running import ROOT

__all__ = ["SCENARIOS", "steps_of", "told"]

SCENARIOS = ROOT / "docs" / "scenarios"
_STEP = re.compile(r"^\d+\. \*\*(.+?)\*\*", re.MULTILINE | re.DOTALL)

Step = Callable[[str], AbstractContextManager[None]]


def steps_of(file: Path) -> list[str]:
    """The first sentences of a scenario's steps, which stand in bold."""
    return [" ".join(words.split()) for words in _STEP.findall(file.read_text("utf-8"))]


@contextmanager
def told(name: str) -> Iterator[Step]:
    """Play what ``docs/scenarios/NAME.md`` tells: ``with step("…")`` for each of its steps, and none besides."""
    left = steps_of(SCENARIOS / f"{name}.md")

    @contextmanager
    def step(words: str) -> Iterator[None]:
        assert left, f"docs/scenarios/{name}.md does not tell: {words}"
        assert left.pop(0) == words
        yield

    yield step
    assert not left, f"not played: {left}"
