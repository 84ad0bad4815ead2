"""Instants on record are always UTC, so that the same instant is always the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

__all__ = ["from_text", "to_text"]


# One step of a case writes and reads the same few instants many times, and the next step reads them again.
_KEPT = 10_000


@lru_cache(_KEPT)
def to_text(at: datetime) -> str:
    """ISO 8601 in UTC. Raises `ValueError` for an instant without a time zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).isoformat()


@lru_cache(_KEPT)
def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote."""
    return datetime.fromisoformat(text)
