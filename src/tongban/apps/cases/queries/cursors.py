"""Where the next page of a list begins."""

from datetime import UTC, datetime

__all__ = ["cursor_of", "known_cursor", "read_cursor", "read_task_cursor"]


def known_cursor(*, cursor: str, of: str) -> str:
    """Return a cursor of the list called ``of`` (cases, queue), or "" where somebody made it up or cut it off."""
    try:
        read_task_cursor(cursor) if of == "queue" else read_cursor(cursor)
    except ValueError:
        return ""
    return cursor


def cursor_of(at: datetime, number: int) -> str:
    return f"{at.isoformat()}~{number}"


def read_cursor(cursor: str) -> tuple[datetime, int]:
    at, number = cursor.split("~")
    return _read_instant(at), int(number)


def read_task_cursor(cursor: str) -> tuple[datetime, int, int]:
    due, number, no = cursor.split("~")
    return _read_instant(due), int(number), int(no)


def _read_instant(text: str) -> datetime:
    """An instant in UTC. Raises ``ValueError`` also for one that has no zone or lies before the first year there."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
