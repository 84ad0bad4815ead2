"""What can wait goes out once a day, together, to who wants that: a line that says how much there is to read.

An official notice, and what something is wanted for, never waits. Each notice has its place in the inbox at once.
"""

from datetime import datetime, time, timedelta

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.channels.words import KINDS, get_kind

__all__ = ["AT", "can_wait", "count_waiting", "digest_after"]

AT = time(18)
"""By the city's clock."""
_CLOSED = timedelta(minutes=10)
"""Before that, what comes goes into the next one: it may still be on its way into the database."""


def can_wait(notice: Notice) -> bool:
    """Whether a notice may go out with others, later."""
    return not notice.legal and _waits(notice.kind)


def digest_after(at: datetime) -> datetime:
    """When what is told ``at`` goes out."""
    zone = get_calendar().timezone
    local = (at + _CLOSED).astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= AT)
    return datetime.combine(day, AT, zone)


def count_waiting(*, person_id: int, digest: datetime) -> int:
    """How much of what goes out then is still unread."""
    until = digest - _CLOSED
    told = Notice.objects.filter(person=person_id, read_at=None, legal=False, kind__in=filter(_waits, KINDS))
    return told.filter(told_at__gte=until - timedelta(days=1), told_at__lt=until).count()


def _waits(kind: str) -> bool:
    found = get_kind(kind)
    return found.outward and found.group != "wanted" and kind != "digest"
