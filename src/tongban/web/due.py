"""How urgent something is: a word, a share of the time used, and a tone; never the tone alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.apps.catalog.city import get_calendar
from tongban.web.templatetags.tongban_ui import day

__all__ = ["SOON_DAYS", "Due", "date_words", "due_of", "due_of_step", "end_of_day", "soon_until"]

SOON_DAYS = 2
"""Working days within which something counts as about to be late."""


@dataclass(frozen=True, slots=True)
class Due:
    """``kind``: late, today, soon, later, paused or none; ``percent`` is the share of working time used, 0 to 100.

    ``of_step``: it is the limit of one step; the case as a whole may well be in time.
    """

    kind: str
    words: str
    date: str
    percent: int
    tone: str
    of_step: bool = False

    @property
    def tag(self) -> str:
        """The word in which urgency is said."""
        late = _("Step late") if self.of_step else _("Late")
        return {"late": late, "today": _("Due today"), "soon": _("Due soon")}.get(self.kind, "")


def due_of(*, due: datetime | None, since: datetime, at: datetime, paused: bool = False) -> Due:
    """Return how things stand at ``at`` with what began at ``since`` and is due at ``due``."""
    if paused:
        return Due("paused", _("Clock paused"), "", 0, "sun")
    if due is None:
        return Due("none", _("No limit"), "", 0, "")
    calendar = get_calendar()
    today, last = calendar.local_date(at), calendar.local_date(due)
    total = max(1, calendar.working_minutes(since, due))
    percent = min(100, 100 * calendar.working_minutes(since, min(at, due)) // total) if at > since else 0
    if at > due:
        days = calendar.working_days_between(last, today)
        words = ngettext("%(days)d working day late", "%(days)d working days late", days) % {"days": days}
        return Due(
            "late", words if days else _("Late since %(time)s") % {"time": clock_words(due)}, day(due), 100, "seal"
        )
    if last == today:
        words = _("Today until %(time)s") % {"time": clock_words(due)} if _has_time(due) else _("Today")
        return Due("today", words, day(due), percent, "seal")
    days = calendar.working_days_between(today, last)
    words = ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}
    soon = days <= SOON_DAYS
    return Due("soon" if soon else "later", words, day(due), percent, "sun" if soon else "")


def due_of_step(
    *, due: datetime | None, since: datetime, at: datetime, paused: bool = False, promised: datetime | None = None
) -> Due:
    """As ``due_of``, for a step of a case that is promised by ``promised``: late is not yet late for the applicant."""
    found = due_of(due=due, since=since, at=at, paused=paused)
    in_time = promised is None or at <= promised
    return replace(found, of_step=True, tone="sun" if found.kind == "late" and in_time else found.tone)


def date_words(at: datetime) -> str:
    """A due date as people say it: the day, with the time of day only where it matters."""
    return f"{day(at)} {clock_words(at)}" if _has_time(at) else day(at)


def clock_words(at: datetime) -> str:
    """The time of day."""
    return f"{timezone.localtime(at):%H:%M}"


def end_of_day(at: datetime, *, working_days: int = 0) -> datetime:
    """The first instant after today, or after so many working days from today."""
    calendar = get_calendar()
    last = calendar.local_date(at)
    if working_days:
        last = calendar.add_working_days(last, working_days)
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=calendar.timezone)


def soon_until(at: datetime) -> datetime:
    """Until when a due date counts as soon."""
    return end_of_day(at, working_days=SOON_DAYS)


def _has_time(at: datetime) -> bool:
    """Limits in days end with the day: nobody wants to read 23:59."""
    return timezone.localtime(at).hour != 23
