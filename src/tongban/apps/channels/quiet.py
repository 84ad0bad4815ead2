"""Quiet hours: when a person does not want to be disturbed, by the city's clock."""

from datetime import datetime, time, timedelta, tzinfo

__all__ = ["after_quiet"]


def after_quiet(*, at: datetime, start: time | None, end: time | None, zone: tzinfo) -> datetime:
    """Return ``at``, or the end of the quiet hours that it falls into. They may span midnight."""
    if start is None or end is None or start == end:
        return at
    local = at.astimezone(zone)
    now = local.time()
    quiet = start <= now < end if start < end else now >= start or now < end
    if not quiet:
        return at
    day = local.date() + timedelta(days=1 if start > end and now >= start else 0)
    return datetime.combine(day, end, zone)
