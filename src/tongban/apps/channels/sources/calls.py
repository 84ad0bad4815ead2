"""Calls that were promised: whoever promised is reminded when the time comes, and told when it has passed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tongban.apps.calls.queries import list_due_calls
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.telling import Telling
from tongban.apps.people.queries import list_persons_of

__all__ = ["BEFORE", "promised"]

BEFORE = timedelta(hours=1)
"""So long before its time a promise is brought to mind."""


def promised(at: datetime) -> Iterator[Telling]:
    """Yield, to each clerk, the calls that they have promised and that are due within the hour, once each."""
    found = list_due_calls(until=at + BEFORE)
    people = list_persons_of(users=[each.user for each in found])
    for each in found:
        local = each.due_at.astimezone(get_calendar().timezone)
        if each.user in people:
            yield Telling(
                person_id=people[each.user],
                kind="desk_call_back",
                key=f"call-back:{each.number}:{each.due_at.isoformat()}",
                at=at,
                desk=True,
                params={"due": local.date().isoformat(), "time": f"{local:%H:%M}"},
            )
