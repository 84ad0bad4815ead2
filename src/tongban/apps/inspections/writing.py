"""What is written in a record, between the form in which it comes and the sealed words in which it lies."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongban.apps.catalog.definitions import Finding
from tongban.apps.people.sealing import open_sealed, seal

__all__ = ["RESULTS", "SIGNINGS", "Place", "Written", "open_written", "seal_written"]

RESULTS = ("pass", "rectify", "fail")
SIGNINGS = ("signed", "refused", "absent")
"""Whether who was inspected has signed; the other two owe words."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device says that it is: degrees, and within how many metres."""

    latitude: float
    longitude: float
    accuracy: float

    @property
    def is_one(self) -> bool:
        """Whether there is such a place on earth."""
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180 and 0 <= self.accuracy < 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record as its inspector wrote it. ``told_at`` and ``sent_told_at`` are by the device's clock."""

    findings: Mapping[str, Finding]
    notes: str
    result: str
    rectify_by: date | None
    statement: str
    present: str
    signing: str
    signing_words: str
    checklist: str = ""
    photos: tuple[UUID, ...] = ()
    place: Place | None = None
    told_at: datetime | None = None
    sent_told_at: datetime | None = None
    signature: bytes = field(default=b"", repr=False)


def plain(written: Written) -> str:
    """Everything that a record says in words, as canonical text: equal records give equal texts."""
    said = {
        "findings": {code: asdict(finding) for code, finding in written.findings.items()},
        "notes": written.notes,
        "statement": written.statement,
        "present": written.present,
        "signing_words": written.signing_words,
        "place": asdict(written.place) if written.place else None,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def seal_written(written: Written) -> str:
    """The words of a record, sealed whole: they may say anything about anybody."""
    return seal(plain(written))


def open_written(text: str) -> dict[str, Any]:
    """The words again; nothing where they were let go of. Raises ``SealBroken``."""
    return dict(json.loads(open_sealed(text))) if text else {}
