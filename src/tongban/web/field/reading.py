"""What a form or a device posts, as a record: nothing here judges it, and nothing in it makes this stumble."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import QueryDict

from tongban.apps.catalog.definitions import Finding, Item
from tongban.apps.catalog.definitions.checklists import NA
from tongban.apps.inspections.services import Place, Written

__all__ = ["key_of", "photos_of", "read_moment", "read_place", "read_written"]

_SIGNATURE = "data:image/png;base64,"
_MOST = 60


def key_of(text: Any) -> UUID | None:
    """A key that a form has; None for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def read_written(*, posted: QueryDict, items: Sequence[Item], signature: bytes = b"") -> Written:
    """A record as it was posted. ``signature`` is a picture handed in as a file; else the drawn one counts."""
    findings = {
        item.code: Finding(_found(posted, item.code), _plain(posted.get(f"n-{item.code}", ""))) for item in items
    }
    keys = [key for text in posted.getlist("photo")[:_MOST] if (key := key_of(text)) is not None]
    written = Written(
        findings=findings,
        notes=_plain(posted.get("notes", "")),
        result=posted.get("result", ""),
        rectify_by=_day(posted),
        statement=_plain(posted.get("statement", "")),
        present=_plain(posted.get("present", "")),
        signing=posted.get("signing", ""),
        signing_words=_plain(posted.get("signing_words", "")),
        checklist=posted.get("checklist", ""),
        photos=tuple(keys),
        place=read_place(posted),
        told_at=read_moment(posted.get("told_at", "")),
        sent_told_at=read_moment(posted.get("sent_told_at", "")),
    )
    return replace(written, signature=signature or _drawn(posted.get("signature", "")))


def _found(posted: QueryDict, code: str) -> str:
    return NA if posted.get(f"na-{code}") else _plain(posted.get(f"f-{code}", ""))


def photos_of(*, record: UUID, content: bytes, item: str) -> UUID:
    """The key of a photo that a plain form hands in: the same file handed in twice is one."""
    return uuid5(record, f"{item}:{binascii.crc32(content):08x}:{len(content)}")


def read_place(posted: QueryDict) -> Place | None:
    """Where a device says that it is; None where it does not, or nothing that can be."""
    try:
        found = Place(*(float(posted.get(name, "")) for name in ("latitude", "longitude", "accuracy")))
    except ValueError:
        return None
    return found if found.is_one else None


def read_moment(text: str) -> datetime | None:
    """A moment as a device says it, with its offset; None for none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year <= 2100 else None


def _day(posted: QueryDict) -> date | None:
    try:
        return date(*(int(posted.get(f"rectify_by-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def _drawn(text: str) -> bytes:
    if not text.startswith(_SIGNATURE) or len(text) > 1_000_000:
        return b""
    try:
        return base64.b64decode(text.removeprefix(_SIGNATURE), validate=True)
    except binascii.Error:
        return b""


def _plain(text: str) -> str:
    return "".join(each for each in text if each >= " " or each in "\n\t").strip()
