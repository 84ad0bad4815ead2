"""One round of questions: those that one page, or one cart, asks of registers at a time."""

from collections.abc import Mapping
from typing import Any

from tongban.apps.catalog.definitions.registers import Register
from tongban.apps.exchange.connectors import Away
from tongban.apps.exchange.requests import Request

__all__ = ["Round"]

_OF_THE_REGISTER = frozenset({"connection", "database", "file", "circuit"})
"""Why none of the other questions would be answered either; anything else may be about this one question."""


class Round:
    """Asks a register once where the question is the same, and waits once for one that is away.

    Each request keeps its record: on its own ground, before it is asked and after it is answered. The question is the
    same where one department wants to know of the same person or body for the same purpose, and no field more. What
    another city or a department's own system is asked has a record there as well, so each of those is asked.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], tuple[frozenset[str], Mapping[str, Any] | None]] = {}
        self._away: set[str] = set()

    def said(self, *, service: Register, request: Request) -> tuple[bool, Mapping[str, Any] | None]:
        """Whether it was asked in this round, and what came of it. Raises ``Away`` for a register that was away."""
        if service.code in self._away:
            raise Away("waited")
        fields, found = self._said.get(_question(request), (None, None))
        return (True, found) if fields is not None and fields >= set(request.fields) else (False, None)

    def note(self, *, service: Register, request: Request, found: Mapping[str, Any] | None) -> None:
        """What a register has said."""
        if not service.connector.get("peer"):
            self._said[_question(request)] = (frozenset(request.fields), found)

    def note_away(self, *, service: Register, away: Away) -> None:
        """That a register gave no answer."""
        if away.again or away.reason in _OF_THE_REGISTER:
            self._away.add(service.code)


def _question(request: Request) -> tuple[str, ...]:
    return (request.register, request.key, request.consumer, request.purpose)
