"""Reads: how far a picture has been read, what is proposed, what was confirmed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongban.apps.people.sealing import open_sealed
from tongban.apps.recognition.errors import UnknownReading
from tongban.apps.recognition.layouts import Asked, Understood, understand
from tongban.apps.recognition.lines import line_from
from tongban.apps.recognition.models import Reading
from tongban.apps.recognition.proposals import Proposal

__all__ = [
    "KEPT",
    "Asked",
    "FieldView",
    "Proposal",
    "ReadingView",
    "Understood",
    "get_purpose",
    "get_reading",
    "get_taken",
    "has_waiting",
    "proposed",
]

KEPT = timedelta(minutes=30)
"""So long can what was read be looked at and used; it is forgotten within the hour after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A proposal with the cut-outs (JPEG, base64) that it was read from."""

    proposal: Proposal
    strips: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """A reading: ``state``, ``purpose`` and ``back`` as in ``models.Reading``; ``code`` says why it was not read."""

    id: UUID
    state: str
    code: str
    kind: str
    purpose: str
    back: str
    begun_at: datetime
    fields: Sequence[FieldView]


def get_reading(*, reading: UUID, by: str, at: datetime, form: Mapping[str, Asked] | None = None) -> ReadingView:
    """A reading of ``by``; ``form`` are the questions of a form that the paper may be. Raises ``UnknownReading``."""
    row = own(reading=reading, by=by, at=at)
    found = json.loads(open_sealed(row.found)) if row.found else {}
    understood = proposed(found, form=form)
    strips = found.get("strips", {})
    fields = [
        FieldView(proposal=each, strips=[strips[key] for key in _keys(each) if key in strips])
        for each in understood.proposals
    ]
    return ReadingView(
        id=row.id,
        state=row.state,
        code=row.code,
        kind=understood.kind,
        purpose=row.purpose,
        back=row.back,
        begun_at=row.begun_at,
        fields=fields,
    )


def get_purpose(*, reading: UUID, by: str, at: datetime) -> str:
    """What a reading of ``by`` is for. Raises ``UnknownReading``."""
    return own(reading=reading, by=by, at=at).purpose


def get_taken(*, reading: UUID, by: str, at: datetime) -> Mapping[str, str]:
    """What ``by`` confirmed, by field; empty where nothing was. Raises ``UnknownReading``."""
    row = own(reading=reading, by=by, at=at)
    values: dict[str, str] = json.loads(open_sealed(row.values)) if row.values else {}
    return values


def has_waiting() -> bool:
    """Whether a picture waits to be read."""
    return Reading.objects.filter(state="waiting").exists()


def proposed(seen: Mapping[str, Any], *, form: Mapping[str, Asked] | None = None) -> Understood:
    """What a reader's answer says: which paper it is, and a proposal for each of its fields."""
    return understand([line_from(line) for line in seen.get("lines", ())], form=form)


def own(*, reading: UUID, by: str, at: datetime) -> Reading:
    """The row, where it is of ``by`` and not forgotten. Raises ``UnknownReading``."""
    row = Reading.objects.filter(pk=reading, by=by, begun_at__gt=at - KEPT).exclude(state="over").first()
    if row is None:
        raise UnknownReading
    return row


def _keys(proposal: Proposal) -> list[str]:
    """The cut-outs of a proposal; what was cut from a line has its number and a thousand."""
    return [str(number % 1000) for number in proposal.strips]
