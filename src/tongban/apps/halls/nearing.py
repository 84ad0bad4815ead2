"""Whose number is near: those that were taken online, by people who may not be in the hall yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.halls import Hall
from tongban.apps.halls.models import Origin, State, Ticket

__all__ = ["NearNumber", "is_waiting", "list_near"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearNumber:
    """A number taken online, and how many of its group go ``ahead``."""

    ticket: int
    label: str
    person_id: int
    hall_name: Text
    group_name: Text
    ahead: int


def list_near(*, halls: Collection[str], at: datetime) -> list[NearNumber]:
    """Return the numbers taken online before which as few go as their hall tells of (``near``), today; one query.

    However many wait, only the first few of each group are read.
    """
    known = {code: hall for code, hall in get_halls().items() if code in halls and hall.near}
    if not known:
        return []
    turn = Window(
        RowNumber(),
        partition_by=[F("hall"), F("group")],
        order_by=[F("priority").desc(), F("place").asc(), F("no").asc(), F("number").asc()],
    )
    waiting = Ticket.objects.filter(hall__in=list(known), day=get_calendar().local_date(at), state=State.WAITING)
    most = max(hall.near for hall in known.values())
    # By turn alone: another condition would hold before turns are counted, and leave out who waits in the hall.
    rows = waiting.annotate(turn=turn).filter(turn__lte=most + 1)
    return [
        NearNumber(
            ticket=row.number,
            label=str(row),
            person_id=row.person_id,
            hall_name=hall.name,
            group_name=hall.groups[row.group].name,
            ahead=row.turn - 1,
        )
        for row in rows.order_by("hall", "group", "turn")
        if (hall := known[row.hall]) and _is_near(row, row.turn, hall) and row.person_id is not None
    ]


def _is_near(row: Ticket, turn: int, hall: Hall) -> bool:
    """Whether a number that was taken online has come so far that its hall tells of it."""
    return row.origin == Origin.ONLINE and turn <= hall.near + 1 and row.group in hall.groups


def is_waiting(*, ticket: int, at: datetime) -> bool:
    """Whether a ticket of today has not been called yet; one query."""
    day = get_calendar().local_date(at)
    return Ticket.objects.filter(pk=ticket, day=day, state=State.WAITING).exists()
