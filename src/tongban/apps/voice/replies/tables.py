"""Tables of messages with their replies and both times, as departments hand them over; columns are found by name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tongban.apps.voice.errors import TableUnreadable
from tongban.apps.voice.text.tables import read_rows

__all__ = ["Answered", "AnsweredTable", "read_answered"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A message with its reply; ``number`` is the row's own, or the line of the file."""

    number: str
    subject: str
    message: str
    reply: str
    asked_at: datetime
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class AnsweredTable:
    """The rows of a file, which column was taken for what, and how many rows could not be read."""

    rows: tuple[Answered, ...]
    columns: Mapping[str, str]
    skipped: int


_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("replied_at", re.compile(r"(?:答复|回复|办结|reply|replied|answer(?:ed)?).*(?:时间|日期|at|time|date)$", re.I)),
    ("asked_at", re.compile(r".*(?:时间|日期)$|(?:.*[_ ])?(?:time|date|at|asked|created)$", re.I)),
    ("reply", re.compile(r".*(?:答复|回复)(?:意见|内容|详情|正文)?$|(?:reply|answer|response)(?:[_ ]text)?$", re.I)),
    ("subject", re.compile(r".*(?:主题|标题|题目)$|(?:subject|title)$", re.I)),
    (
        "message",
        re.compile(r".*(?:详情|内容|正文|诉求|描述|留言)$|(?:message|text|content|body|question|detail)$", re.I),
    ),
    ("number", re.compile(r".*(?:编号|序号|单号|工单号)$|(?:id|number|no|key)$", re.I)),
)
_NEEDED = ("message", "reply", "asked_at", "replied_at")
_TIME = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[T\s]*(?:(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?)?"
)


def read_answered(path: Path, *, timezone: ZoneInfo) -> AnsweredTable:
    """Read messages with replies; times without a zone are of ``timezone``.

    Rows without a message, a reply or a time that can be read are left out and counted. Raises `TableUnreadable` where
    a column is missing.
    """
    header, *body = read_rows(path)
    columns = _columns([name.strip() for name in header])
    if missing := [name for name in _NEEDED if name not in columns]:
        raise TableUnreadable(f"{path}: no column for {', '.join(missing)}; call it so")
    rows = tuple(_answered(body, columns, timezone))
    if not rows:
        raise TableUnreadable(f"{path}: no row has a message, a reply and both times")
    return AnsweredTable(rows, {name: header[at].strip() for name, at in columns.items()}, len(body) - len(rows))


def _columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, pattern in _NAMES:
        for at, column in enumerate(header):
            if at not in found.values() and pattern.fullmatch(column.strip()):
                found[name] = at
                break
    return found


def _answered(body: Sequence[Sequence[str]], columns: Mapping[str, int], timezone: ZoneInfo) -> Iterator[Answered]:
    for line, row in enumerate(body, 2):
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        asked, replied = _when(cells["asked_at"], timezone), _when(cells["replied_at"], timezone)
        if asked and replied and cells["message"].strip() and cells["reply"].strip():
            number = cells.get("number", "").strip() or str(line)
            yield Answered(number, cells.get("subject", ""), cells["message"], cells["reply"], asked, replied)


def _when(text: str, timezone: ZoneInfo) -> datetime | None:
    hit = _TIME.match(text)
    if hit is None:
        return None
    year, month, day, hour, minute, second = (int(each or 0) for each in hit.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone)
    except ValueError:
        return None
