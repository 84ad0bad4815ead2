"""What government says of an event: told to everybody on file who said something about it."""

from collections.abc import Sequence
from datetime import datetime

from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.ledger.services import Followed
from tongban.apps.voice.rooms.queries import list_concerned, list_titles

__all__ = ["KIND", "WATCHED", "tell_of_events"]

KIND = "event_stated"
WATCHED = ("room.stated",)


def tell_of_events(events: Sequence[Followed], at: datetime) -> None:
    """Tell of each version once, whoever said something in the event's topic; the page has the words."""
    fresh = [each for each in events if each.event.at > at - NEWS]
    concerned = list_concerned(numbers=[each.case for each in fresh])
    titles = list_titles(numbers=list(concerned))
    tellings = [
        Telling(
            person_id=person,
            kind=KIND,
            key=f"event:{each.case}/{each.seq}:{person}",
            at=each.event.at,
            params={"title": titles[each.case], "event": str(each.case)},
            case=case,
        )
        for each in fresh
        for person, case in concerned.get(each.case, ())
    ]
    tell(tellings=tellings, at=at)
