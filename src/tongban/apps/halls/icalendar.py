"""An appointment as calendars take it (RFC 5545): in UTC, so that no zone is to be explained, folded, escaped."""

from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["CalendarEntry", "write_calendar"]

_LINE = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One event. ``sequence`` grows with each change; ``cancelled`` takes it out of calendars that hold it.

    ``remind_minutes``: so long before it begins the calendar reminds its owner; 0 never.
    """

    uid: str
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    url: str
    sequence: int = 0
    cancelled: bool = False
    remind_minutes: int = 0


def write_calendar(*, entry: CalendarEntry, product: str) -> bytes:
    """Return the file. Raises ``ValueError`` for instants without a zone, and for an end before the start."""
    if entry.end <= entry.start:
        raise ValueError("an event ends after it begins")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_escaped(product)}//Tongban//EN",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{_escaped(entry.uid)}",
        f"DTSTAMP:{_instant(entry.stamp)}",
        f"DTSTART:{_instant(entry.start)}",
        f"DTEND:{_instant(entry.end)}",
        f"SEQUENCE:{entry.sequence}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_escaped(entry.summary)}",
        f"LOCATION:{_escaped(entry.location)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        f"URL:{entry.url}",
    ]
    if entry.remind_minutes and not entry.cancelled:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(entry.summary)}",
            f"TRIGGER:-PT{entry.remind_minutes}M",
            "END:VALARM",
        ]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return b"".join(_folded(line) for line in lines)


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as 3.3.11 wants it; control characters, which may not stand there, are left out."""
    for before, after in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(before, after)
    return "".join(letter for letter in text if letter == "\t" or (letter >= " " and letter != "\x7f"))


def _folded(line: str) -> bytes:
    """A line in parts of at most 75 octets; no letter is cut in two."""
    parts: list[bytes] = []
    rest = line.encode()
    room = _LINE
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # in the midst of a letter
            cut -= 1
        parts.append(rest[:cut])
        rest, room = rest[cut:], _LINE - 1  # the space that marks a continued line counts
    return b"\r\n ".join([*parts, rest]) + b"\r\n"
