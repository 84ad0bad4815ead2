"""What flow needs of a loaded set of decisions; `tongban.kernel.rules.Decisions` is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

__all__ = ["Decisions", "Hit", "Result", "find_decisions"]


class Hit(Protocol):
    """A rule that held."""

    @property
    def id(self) -> str:
        """Its id in the decision table, perhaps empty."""

    @property
    def index(self) -> int:
        """Its row, from 1."""


class Result(Protocol):
    """What a decision said."""

    @property
    def value(self) -> Any:
        """The FEEL value."""

    @property
    def hits(self) -> Sequence[Hit]:
        """The rules that held."""


class Decisions(Protocol):
    """The decisions of one DMN file."""

    def __contains__(self, name: object, /) -> bool:
        """Whether it has a decision of that name or id."""

    def evaluate(self, name: str, inputs: Mapping[str, Any], /, *, at: datetime | None = None) -> Result:
        """Decide; `at` is what `now()` and `today()` answer. Raises `RulesError`."""


def find_decisions(decisions: Mapping[str, Decisions], name: str) -> Decisions | None:
    """The file that has the decision of that name or id."""
    for found in decisions.values():
        if name in found:
            return found
    return None
