"""What comes of a visit: the cases that were filed while a number was at a window, and how long it took there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from tongban.apps.catalog.city import get_calendar
from tongban.apps.halls.models import IN_HAND, Sitting, State, Ticket
from tongban.apps.halls.record import put_on_record
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = [
    "AtCounter",
    "Course",
    "Served",
    "Step",
    "get_at_counter",
    "get_course",
    "list_done",
    "list_filed_with",
    "note_filed",
    "served",
]
_LAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """Whose number is at a clerk's window now; ``waited``: minutes until it was called."""

    ticket: int
    label: str
    hall: str
    window: str
    waited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A number has left a window: ``served`` minutes after its service began there, with the ``cases`` that were filed
    meanwhile."""

    at: AtCounter
    served: int
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a ticket. Minutes: how long it had waited, how long the service took that ended."""

    kind: str
    at: datetime
    window: str
    waited: int | None
    served: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A ticket's way, as its log has it, and the cases that came of it."""

    steps: tuple[Step, ...]
    cases: tuple[int, ...]


def get_course(*, ticket: int) -> Course:
    """Return what has happened to a ticket, the first thing first; one query. What was filed stands in ``cases``."""
    events = get_history(case=ticket)
    told = [event for event in events if event.kind != "ticket.filed"]
    steps = tuple(
        Step(
            kind=event.kind,
            at=event.at,
            window=event.data.get("window") or event.data.get("from", ""),
            waited=event.waiting if event.kind == "ticket.called" else None,
            served=event.working,
        )
        for event in told
    )
    return Course(steps=steps, cases=_named(events, "ticket.taken"))


def get_at_counter(*, actor: Actor, at: datetime) -> AtCounter | None:
    """Return whose number is at the clerk's window, called or being served; None where nobody is. One query."""
    row = _in_hand(actor, at)
    return _at_counter(row) if row is not None else None


def list_filed_with(*, ticket: int) -> list[int]:
    """Return the cases that were filed while this number was at a window, at whichever; one query."""
    return list(_named(get_history(case=ticket), "ticket.taken"))


def list_done(*, hall: str, window: str, at: datetime) -> list[tuple[int, str]]:
    """Return whom a window served last today, the last first: number of the log, and as on paper. One query."""
    today = Ticket.objects.filter(hall=hall, day=get_calendar().local_date(at), window=window, state=State.DONE)
    return [(row.number, str(row)) for row in today.order_by("-ended_at", "number")[:_LAST]]


@transaction.atomic
def note_filed(*, ticket: int, case: int, actor: Actor, at: datetime) -> bool:
    """Put into the log of the number at the clerk's window what was filed with them; each case once.

    Whether the number was (still) there; if not, nothing is written: the case says by itself where it came in.
    """
    row = _in_hand(actor, at, lock=True)
    if row is None or row.number != ticket:
        return False
    if case not in list_filed_with(ticket=ticket):
        data = {"case": f"{case:016d}"}
        put_on_record(row, "ticket.filed", actor_id=actor.id, capacity="clerk", at=at, data=data)
    return True


def served(row: Ticket, *, at: datetime) -> Served | None:
    """What the service that ends at ``at`` was, for a number that is at a window still; None before it began."""
    if row.begun_at is None:
        return None
    minutes = max(0, int((at - row.begun_at).total_seconds() // 60))
    cases = _named(get_history(case=row.number), "ticket.called")
    return Served(at=_at_counter(row), served=minutes, cases=cases)


def _in_hand(actor: Actor, at: datetime, *, lock: bool = False) -> Ticket | None:
    if actor.user_id is None:
        return None
    day = get_calendar().local_date(at)
    mine = Sitting.objects.filter(user=actor.user_id, closed_at=None, day=day)
    there = mine.filter(hall=OuterRef("hall"), window=OuterRef("window"))
    here = Ticket.objects.filter(Exists(there), day=day, state__in=IN_HAND)
    return (here.select_for_update() if lock else here).first()


def _at_counter(row: Ticket) -> AtCounter:
    assert row.called_at is not None  # who is at a window was called to it
    waited = max(0, int((row.called_at - row.waits_from).total_seconds() // 60))
    return AtCounter(ticket=row.number, label=str(row), hall=row.hall, window=row.window, waited=waited)


def _named(events: Sequence[flow.Event], since: str) -> tuple[int, ...]:
    """The cases that a ticket's log names since the last event of a kind."""
    found: list[int] = []
    for event in events:
        if event.kind == since:
            found.clear()
        elif event.kind == "ticket.filed":
            found.append(int(event.data["case"]))
    return tuple(found)
