"""Numbers of a service hall that were taken online: whoever has one is told when it is nearly their turn."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.channels.telling import Telling, tell
from tongban.apps.halls.queries import NearNumber, is_waiting, list_near
from tongban.apps.ledger.services import Followed

__all__ = ["KIND", "WATCHED", "is_still_near", "tell_whose_number_is_near"]

KIND = "number_near"
WATCHED = ("ticket.called", "ticket.returned", "ticket.handed_on")
"""What makes a queue shorter for those who wait in it."""
_NEWS = timedelta(minutes=30)
"""A queue that moved longer ago has moved on since."""


def tell_whose_number_is_near(events: Sequence[Followed], at: datetime) -> None:
    """Tell those who took their number online that few go before them, each number once.

    What counts is the queue as it is now, not as it was with each event: one query, however many events.
    """
    moved = {str(each.event.data["hall"]) for each in events if each.event.at > at - _NEWS}
    near = list_near(halls=moved, at=at) if moved else []
    tell(tellings=[_telling(each, at) for each in near], at=at)


def is_still_near(params: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether there is still something to tell as it goes out: the number waits, on its day."""
    return is_waiting(ticket=int(params["ticket"]), at=at)


def _telling(row: NearNumber, at: datetime) -> Telling:
    return Telling(
        person_id=row.person_id,
        kind=KIND,
        key=f"ticket:{row.ticket}:near",
        at=at,
        params={
            "ticket": f"{row.ticket:016d}",
            "hall": {"zh": row.hall_name.zh, "en": row.hall_name.en},
            "what": {"zh": row.group_name.zh, "en": row.group_name.en},
            "label": row.label,
            "count": str(row.ahead),
        },
    )
