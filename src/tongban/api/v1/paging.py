"""Cursors: where a list goes on. They are signed, so that what comes back is what was given out."""

from django.core import signing
from pydantic import BaseModel, Field

from tongban.api.v1.errors import Invalid, Wrong

__all__ = ["Paging", "give_cursor", "read_cursor"]

_SALT = "tongban.api.cursor"


class Paging(BaseModel):
    """Where to go on, and how many at a time."""

    cursor: str = Field("", max_length=400, description="`next` of the page before; nothing for the first page.")
    limit: int = Field(25, ge=1, le=100, description="How many items at most.")


def give_cursor(place: str, *, of: str) -> str | None:
    """Seal a place in the list called ``of``; None at its end."""
    return signing.Signer(salt=f"{_SALT}.{of}").sign_object(place) if place else None


def read_cursor(cursor: str, *, of: str) -> str:
    """Return the place; "" for the beginning. Raises ``Invalid`` for a cursor of another list or of somebody's own."""
    if not cursor:
        return ""
    try:
        return str(signing.Signer(salt=f"{_SALT}.{of}").unsign_object(cursor))
    except signing.BadSignature as error:
        raise Invalid([Wrong(field="cursor", code="api.cursor")]) from error
