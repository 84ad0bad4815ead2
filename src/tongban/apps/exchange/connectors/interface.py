"""What a connector is: it finds the record of a key and returns the fields that are asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tongban.apps.exchange.requests import Request

__all__ = ["Away", "Connector", "Found"]

Found = Mapping[str, Any] | None
"""The fields of the one record, or None where the register has none."""


class Away(Exception):
    """The register gave no answer that can be used. ``reason`` is a code, never a word of what was asked or said.

    ``again``: another try at once may help.
    """

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Connector(Protocol):
    """The way to one register."""

    def fetch(self, *, request: Request, number: int, fields: Sequence[str], seconds: float) -> Found:
        """Return ``fields`` of the record of ``request.key``, within ``seconds``; None where there is no record.

        ``number`` is the record of the request on this side. Raises ``Away``.
        """
        ...
