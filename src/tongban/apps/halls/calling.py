"""At the window: calling, serving and passing on, one number in hand at a time.

Every command locks the clerk's window first and then the ticket, so that two clerks never have one number and one
window never has two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from tongban.apps.catalog.city import get_calendar
from tongban.apps.halls.errors import (
    HallClosed,
    NotAtWindow,
    TicketMoved,
    UnknownHall,
    UnknownTicket,
    WindowBusy,
    WindowClosed,
    WindowTaken,
)
from tongban.apps.halls.models import IN_HAND, OPEN, Sitting, State, Ticket
from tongban.apps.halls.places import find_group, find_hall, is_window_open, opening
from tongban.apps.halls.record import begin_sitting, end_sitting, put_on_record
from tongban.apps.halls.serving import Served, list_filed_with, served
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = [
    "Closed",
    "begin",
    "bring_back",
    "call_again",
    "call_next",
    "close_window",
    "end_days",
    "finish",
    "hand_on",
    "miss",
    "open_window",
    "put_back",
]


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a window left behind: how many were handed on to it alone and wait for all windows of their group
    again, and the groups in which people wait although no window is open for them."""

    moved: int
    stranded: tuple[str, ...]


@transaction.atomic
def open_window(*, hall: str, window: str, actor: Actor, at: datetime) -> None:
    """Open a window for today: the clerk is at it until they close it. Again, it changes nothing.

    Raises ``UnknownHall``, ``HallClosed`` on a day on which the hall does not open, ``WindowTaken``.
    """
    place = find_hall(hall=hall)
    if not place.groups_at(window):
        raise UnknownHall
    day = get_calendar().local_date(at)
    if opening(hall=place, day=day) is None:
        raise HallClosed
    end_days(at=at)
    mine = Sitting.objects.filter(user=actor.user_id, closed_at=None).first()
    if mine is not None:
        if (mine.hall, mine.window) == (hall, window):
            return
        raise WindowTaken(window=mine.window)
    assert actor.user_id is not None  # who is a clerk has a sign-in
    row = Sitting(hall=hall, window=window, day=day, user_id=actor.user_id, opened_at=at)
    try:
        with transaction.atomic():
            begin_sitting(row, actor_id=actor.id, at=at)
            row.save(force_insert=True)
    except IntegrityError:
        raise WindowTaken(window=window) from None


@transaction.atomic
def close_window(*, actor: Actor, at: datetime) -> Closed:
    """Close the clerk's window. Who was handed on to it alone waits for any window of their group again.

    Raises ``NotAtWindow``; ``WindowBusy`` while somebody is at it.
    """
    sitting = _sitting(actor, at)
    if _in_hand(sitting):
        raise WindowBusy
    waiting = Ticket.objects.filter(hall=sitting.hall, day=sitting.day, state=State.WAITING)
    moved = list(waiting.select_for_update().filter(only=sitting.window).order_by("number"))
    for row in moved:
        row.only = ""
        data = {"from": sitting.window, "reason": "window.closed"}
        put_on_record(row, "ticket.handed_on", actor_id=actor.id, capacity="clerk", at=at, data=data)
    end_sitting(sitting, actor_id=actor.id, capacity="clerk", data={"moved": len(moved)}, at=at)
    place = find_hall(hall=sitting.hall)
    others = Sitting.objects.filter(hall=sitting.hall, day=sitting.day, closed_at=None)
    served = {group for window in others.values_list("window", flat=True) for group in place.groups_at(window)}
    left = set(waiting.values_list("group", flat=True)) - served
    return Closed(len(moved), tuple(code for code in place.groups if code in left))


@transaction.atomic
def call_next(*, actor: Actor, at: datetime, anyway: bool = False) -> int | None:
    """Call whoever's turn it is at the clerk's window; None when nobody waits for it.

    First who has a right to go first, then by turn. Raises ``NotAtWindow``, ``WindowBusy``, and ``WindowClosed`` where
    the window is closed by its hours, unless it is to be ``anyway``: then the log says so.
    """
    sitting = _sitting(actor, at)
    if _in_hand(sitting):
        raise WindowBusy
    place = find_hall(hall=sitting.hall)
    groups = place.groups_at(sitting.window)
    waiting = Ticket.objects.filter(hall=sitting.hall, day=sitting.day, state=State.WAITING)
    for_here = waiting.filter(Q(group__in=groups, only="") | Q(only=sitting.window))
    # What another window is just calling is passed over, not waited for.
    row = for_here.order_by("-priority", "place", "no", "number").select_for_update(skip_locked=True).first()
    if row is None:
        return None
    outside = not is_window_open(hall=place, window=sitting.window, at=at)
    if outside and not anyway:
        raise WindowClosed
    row.state, row.window, row.called_at, row.begun_at = State.CALLED, sitting.window, at, None
    data = {"outside_hours": True} if outside else {}
    put_on_record(row, "ticket.called", actor_id=actor.id, capacity="clerk", at=at, data=data)
    return row.number


@transaction.atomic
def call_again(*, number: int, actor: Actor, at: datetime) -> None:
    """Call who was called and has not come, once more. Raises ``NotAtWindow``, ``TicketMoved``."""
    row = _mine(number, actor, at, (State.CALLED,))
    put_on_record(row, "ticket.called_again", actor_id=actor.id, capacity="clerk", at=at)


@transaction.atomic
def begin(*, number: int, actor: Actor, at: datetime) -> None:
    """They have come: the service begins. Raises ``NotAtWindow``, ``TicketMoved``."""
    row = _mine(number, actor, at, (State.CALLED,))
    row.state, row.begun_at = State.SERVING, at
    put_on_record(row, "ticket.begun", actor_id=actor.id, capacity="clerk", at=at)


@transaction.atomic
def finish(*, number: int, actor: Actor, at: datetime) -> Served:
    """They have been served; say what came of it. Raises ``NotAtWindow``, ``TicketMoved``."""
    row = _mine(number, actor, at, (State.SERVING,))
    was = served(row, at=at)
    assert row.begun_at is not None
    assert was is not None
    row.state, row.ended_at = State.DONE, at
    row.served_seconds = int((at - row.begun_at).total_seconds())
    cases = list_filed_with(ticket=number)
    data: dict[str, Any] = {"cases": [f"{each:016d}" for each in cases]} if cases else {}
    put_on_record(row, "ticket.done", actor_id=actor.id, capacity="clerk", at=at, data=data)
    return was


@transaction.atomic
def miss(*, number: int, actor: Actor, at: datetime) -> None:
    """They have not come. ``bring_back`` lets them in again. Raises ``NotAtWindow``, ``TicketMoved``."""
    row = _mine(number, actor, at, (State.CALLED,))
    row.state = State.MISSED
    put_on_record(row, "ticket.missed", actor_id=actor.id, capacity="clerk", at=at)


@transaction.atomic
def put_back(*, number: int, actor: Actor, at: datetime) -> Served | None:
    """They wait again, behind as many as the hall says (``returns_after``); say what came of it, if it had begun.

    Raises ``NotAtWindow``, ``TicketMoved``.
    """
    row = _mine(number, actor, at, IN_HAND)
    was = served(row, at=at)
    _wait_again(row, at)
    put_on_record(row, "ticket.put_back", actor_id=actor.id, capacity="clerk", at=at)
    return was


@transaction.atomic
def bring_back(*, number: int, actor: Actor, at: datetime) -> None:
    """Who missed their number today has come after all, and waits again as in ``put_back``.

    By any clerk at a window of the hall. Raises ``NotAtWindow``, ``UnknownTicket``, ``TicketMoved``.
    """
    sitting = _sitting(actor, at)
    row = Ticket.objects.select_for_update().filter(pk=number, hall=sitting.hall, day=sitting.day).first()
    if row is None:
        raise UnknownTicket
    if row.state != State.MISSED:
        raise TicketMoved
    _wait_again(row, at)
    put_on_record(row, "ticket.put_back", actor_id=actor.id, capacity="clerk", at=at)


@transaction.atomic
def hand_on(*, number: int, actor: Actor, at: datetime, group: str = "", window: str = "") -> Served | None:
    """Hand who is at the window on: to a group, or to one open window alone. They keep their number and their turn.

    Say what came of it here, if it had begun. Raises ``NotAtWindow``, ``TicketMoved``, ``UnknownHall``; ``HallClosed``
    for a window at which nobody is.
    """
    row = _mine(number, actor, at, IN_HAND)
    place, before = find_hall(hall=row.hall), row.window
    if window:
        groups = place.groups_at(window)
        if not groups or window == before:
            raise UnknownHall
        if not Sitting.objects.filter(hall=row.hall, window=window, day=row.day, closed_at=None).exists():
            raise HallClosed
        row.only, row.group = window, row.group if row.group in groups else groups[0]
    else:
        row.only, row.group = "", find_group(hall=place, group=group).code
    was = served(row, at=at)
    row.state, row.window, row.waits_from = State.WAITING, "", at
    row.called_at = row.begun_at = None
    data = {"from": before} | ({"to": window} if window else {})
    put_on_record(row, "ticket.handed_on", actor_id=actor.id, capacity="clerk", at=at, data=data)
    return was


@transaction.atomic
def end_days(*, at: datetime) -> int:
    """End what belongs to a day that is over: tickets nobody called, windows nobody closed. Return how many tickets."""
    today = get_calendar().local_date(at)
    rows = Ticket.objects.select_for_update().filter(day__lt=today, state__in=OPEN, ended_at=None)
    ended = 0
    for row in rows.order_by("number"):
        if row.state != State.MISSED:  # what was missed stays that
            row.state = State.EXPIRED
        row.ended_at = at
        ended += 1
        put_on_record(row, "ticket.expired", actor_id=SYSTEM.id, capacity="system", at=at)
    for sitting in Sitting.objects.select_for_update().filter(day__lt=today, closed_at=None):
        end_sitting(sitting, actor_id=SYSTEM.id, capacity="system", data={"reason": "day.ended"}, at=at)
    return ended


def _sitting(actor: Actor, at: datetime) -> Sitting:
    today = get_calendar().local_date(at)
    rows = Sitting.objects.select_for_update().filter(user=actor.user_id, closed_at=None, day=today)
    row = rows.first() if actor.user_id is not None else None
    if row is None:
        raise NotAtWindow
    return row


def _in_hand(sitting: Sitting) -> bool:
    held = Ticket.objects.filter(hall=sitting.hall, day=sitting.day, window=sitting.window, state__in=IN_HAND)
    return held.exists()


def _mine(number: int, actor: Actor, at: datetime, states: Collection[State]) -> Ticket:
    """The ticket in hand at the clerk's window, locked."""
    sitting = _sitting(actor, at)
    row = Ticket.objects.select_for_update().filter(pk=number, hall=sitting.hall, day=sitting.day).first()
    if row is None or row.window != sitting.window or row.state not in states:
        raise TicketMoved
    return row


def _wait_again(row: Ticket, at: datetime) -> None:
    """Behind the first few who wait in its group; at the end, where there are fewer."""
    few = find_hall(hall=row.hall).returns_after
    waiting = Ticket.objects.filter(hall=row.hall, day=row.day, group=row.group, state=State.WAITING)
    ahead = list(waiting.order_by("-priority", "place", "no", "number").values_list("place", flat=True)[:few])
    row.place = max(ahead) + timedelta(microseconds=1) if len(ahead) == few and few else at
    if not few:
        row.place = row.taken_at
    row.state, row.window, row.only, row.waits_from = State.WAITING, "", "", at
    row.called_at = row.begun_at = None
