"""Reads of themes: all of them before everybody, one, and those that are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tongban.apps.catalog.city import get_calendar
from tongban.apps.voice.errors import UnknownTheme
from tongban.apps.voice.models import Theme, ThemeNote

__all__ = ["Note", "ThemeRow", "get_theme", "list_late_themes", "list_themes"]


@dataclass(frozen=True, slots=True)
class Note:
    """How far a theme was at an instant; ``done``: that it was done."""

    words: str
    at: datetime
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """A theme as everybody reads it. ``people`` have said it or "me too"; ``topic_is_public``: whether its topic can
    be read by all. ``late``: not done by its day, or done after it."""

    id: int
    month: date
    title: str
    department: str
    plan: str
    due: date
    done_at: datetime | None
    late: bool
    people: int
    topic: int
    topic_is_public: bool
    notes: Sequence[Note]


def list_themes(*, at: datetime, before: tuple[date, int] | None = None, limit: int = 20) -> list[ThemeRow]:
    """Themes, the newest month first, by the keys of the last one before; two queries."""
    rows = Theme.objects.select_related("topic__face").order_by("-month", "-pk")
    if before is not None:
        rows = rows.filter(month__lte=before[0]).exclude(month=before[0], pk__gte=before[1])
    return _rows(list(rows[:limit]), at)


def list_late_themes(*, at: datetime, limit: int = 20) -> list[ThemeRow]:
    """Themes whose day is over and that are not done, the longest first; two queries."""
    rows = Theme.objects.filter(done_at=None, due__lt=get_calendar().local_date(at)).select_related("topic__face")
    return _rows(list(rows.order_by("due", "pk")[:limit]), at)


def get_theme(*, theme: int, at: datetime) -> ThemeRow:
    """One theme. Raises ``UnknownTheme``."""
    found = _rows(list(Theme.objects.filter(pk=theme).select_related("topic__face")), at)
    if not found:
        raise UnknownTheme("there is no such theme")
    return found[0]


def _rows(rows: Sequence[Theme], at: datetime) -> list[ThemeRow]:
    calendar = get_calendar()
    notes: dict[int, list[Note]] = {}
    for each in ThemeNote.objects.filter(theme__in=[row.pk for row in rows]).order_by("-at", "-pk"):
        notes.setdefault(each.theme_id, []).append(Note(each.words, each.at, each.done))
    return [
        ThemeRow(
            id=row.pk,
            month=row.month,
            title=row.title,
            department=row.department,
            plan=row.plan,
            due=row.due,
            done_at=row.done_at,
            late=calendar.local_date(row.done_at or at) > row.due,
            people=row.topic.people + row.topic.supporters,
            topic=row.topic_id,
            topic_is_public=row.topic.face is not None and row.topic.face.published_at is not None,
            notes=notes.get(row.pk, []),
        )
        for row in rows
    ]
