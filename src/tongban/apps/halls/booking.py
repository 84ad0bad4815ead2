"""Appointments: a time at a window, never booked twice, moved, cancelled, kept or missed."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.halls import Hall
from tongban.apps.halls.errors import HasAppointment, SlotGone, TooEarly, UnknownAppointment
from tongban.apps.halls.models import Appointment, Booked, LastNumber, Origin, Ticket
from tongban.apps.halls.places import find_group, find_hall, windows_for
from tongban.apps.halls.record import begin_appointment, begin_ticket, continue_appointment
from tongban.apps.halls.slots import is_offered, is_still_open
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.kernel.clock import Slot

__all__ = ["LET_IN", "arrive", "book", "cancel", "mark_missed", "move"]

LET_IN = timedelta(minutes=15)
"""From so long before its time until so long after it an appointment is kept."""
_TRIES = 5


@transaction.atomic
def book(
    *,
    hall: str,
    group: str,
    starts_at: datetime,
    person_id: int,
    actor: Actor,
    at: datetime,
    matter: str = "",
    by_clerk: bool = False,
) -> int:
    """Book a time for a person, at whichever window of the group is free then; return the number of its log.

    Booked again as it is, it stays what it was. Raises ``UnknownHall``, ``SlotGone``, ``HasAppointment``.
    """
    place = find_hall(hall=hall)
    find_group(hall=place, group=group)
    slot = is_offered(hall=place, starts_at=starts_at, at=at)
    if slot is None:
        raise SlotGone
    held = _held(hall, group, person_id)
    if held is not None:
        if held.starts_at == slot.start:
            return held.number
        raise HasAppointment(number=held.number)
    if Appointment.objects.filter(person=person_id, starts_at=slot.start, state=Booked.BOOKED).exists():
        raise HasAppointment
    row = Appointment(hall=hall, group=group, person_id=person_id, matter=matter, by_clerk=by_clerk)
    _seat(row, _seats(place, group, slot), slot, actor, at)
    return row.number


@transaction.atomic
def move(*, number: int, starts_at: datetime, actor: Actor, at: datetime) -> None:
    """Move an appointment to another time; the one before is free again.

    By who has it, or by a clerk. Raises ``UnknownAppointment``, ``SlotGone``, ``HasAppointment``.
    """
    row = _mine(number, actor)
    place = find_hall(hall=row.hall)
    slot = is_offered(hall=place, starts_at=starts_at, at=at)
    if slot is None:
        raise SlotGone
    if slot.start == row.starts_at:
        return
    if Appointment.objects.filter(person=row.person_id, starts_at=slot.start, state=Booked.BOOKED).exists():
        raise HasAppointment
    row.version += 1
    _seat(row, _seats(place, row.group, slot), slot, actor, at)


@transaction.atomic
def cancel(*, number: int, actor: Actor, at: datetime) -> None:
    """Cancel an appointment: its time is free again. By who has it, or by a clerk. Raises ``UnknownAppointment``."""
    row = _mine(number, actor)
    row.state = Booked.CANCELLED
    row.version += 1
    continue_appointment(row, "appointment.cancelled", actor_id=actor.id, capacity=_capacity(row, actor), at=at)


@transaction.atomic
def arrive(*, hall: str, code: str, at: datetime) -> int:
    """Somebody types the code of an appointment at the kiosk: return the number of a ticket that goes first.

    Typed again it is the same ticket. Raises ``UnknownHall``, ``TooEarly``; ``UnknownAppointment`` where it is not of
    today, or its time is over.
    """
    place = find_hall(hall=hall)
    day = get_calendar().local_date(at)
    rows = Appointment.objects.select_for_update().filter(hall=hall, code=code)
    row = next((each for each in rows.order_by("-starts_at") if _is_of(each, day)), None)
    if row is None:
        raise UnknownAppointment
    if row.state == Booked.ARRIVED and row.ticket is not None:
        return row.ticket
    if row.state != Booked.BOOKED or at > row.starts_at + LET_IN:
        raise UnknownAppointment
    if at < row.starts_at - LET_IN:
        raise TooEarly
    of = find_group(hall=place, group=row.group)
    last = LastNumber.objects.get_or_create(hall=hall, day=day, letter=of.letter)[0]
    last = LastNumber.objects.select_for_update().get(pk=last.pk)
    last.last += 1
    last.save(update_fields=["last"])
    ticket = Ticket(hall=hall, day=day, letter=of.letter, no=last.last, key=uuid4(), origin=Origin.BOOKED)
    ticket.group, ticket.priority, ticket.place = row.group, 1, row.starts_at
    ticket.taken_at = ticket.waits_from = at
    begin_ticket(ticket, actor_id="kiosk", capacity="kiosk", data={"appointment": str(row.number)}, at=at)
    ticket.save(force_insert=True)
    row.state, row.ticket = Booked.ARRIVED, ticket.number
    data = {"ticket": str(ticket.number)}
    continue_appointment(row, "appointment.kept", actor_id="kiosk", capacity="kiosk", at=at, data=data)
    return ticket.number


@transaction.atomic
def mark_missed(*, at: datetime) -> int:
    """Note which appointments nobody came to, when their time is over; return how many.

    Those at whose time the hall was closed after all, for a holiday that was announced late, are cancelled instead.
    """
    rows = Appointment.objects.select_for_update().filter(state=Booked.BOOKED, starts_at__lt=at - LET_IN)
    found = list(rows.order_by("number"))
    for row in found:
        if is_still_open(hall=find_hall(hall=row.hall), starts_at=row.starts_at):
            row.state, kind, data = Booked.MISSED, "appointment.missed", {}
        else:
            row.state, kind, data = Booked.CANCELLED, "appointment.cancelled", {"reason": "hall.closed"}
        continue_appointment(row, kind, actor_id=SYSTEM.id, capacity="system", at=at, data=data)
    return len(found)


def _seats(hall: Hall, group: str, slot: Slot) -> tuple[str, ...]:
    """The windows at which the time can be booked: those that are open all of it."""
    return windows_for(hall=hall, windows=hall.bookable_at(group), start=slot.start, end=slot.end)


def _seat(row: Appointment, windows: tuple[str, ...], slot: Slot, actor: Actor, at: datetime) -> None:
    """Put it at the first window that is free, and on record; who comes second is told by the constraint."""
    busy = set(
        Appointment.objects.filter(hall=row.hall, starts_at=slot.start)
        .exclude(state=Booked.CANCELLED)
        .values_list("window", flat=True)
    )
    is_new = not row.number
    data: dict[str, Any] = {"from": row.starts_at.isoformat()} if row.starts_at else {}
    row.starts_at, row.ends_at = slot
    for window in (each for each in windows if each not in busy):
        row.window = window
        try:
            with transaction.atomic():
                _write(row, actor, at, data, is_new=is_new)
        except IntegrityError:
            continue
        return
    if is_new and _held(row.hall, row.group, row.person_id) is not None:
        raise HasAppointment
    raise SlotGone


def _write(row: Appointment, actor: Actor, at: datetime, data: dict[str, Any], *, is_new: bool) -> None:
    capacity = _capacity(row, actor)
    if not is_new:
        continue_appointment(row, "appointment.moved", actor_id=actor.id, capacity=capacity, at=at, data=data)
        return
    row.code = _free_code(row.hall)
    begin_appointment(row, actor_id=actor.id, capacity=capacity, at=at)
    row.save(force_insert=True)


def _free_code(hall: str) -> str:
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**6):06d}"
        if not Appointment.objects.filter(hall=hall, code=code, state=Booked.BOOKED).exists():
            return code
    raise SlotGone


def _held(hall: str, group: str, person_id: int) -> Appointment | None:
    return Appointment.objects.filter(hall=hall, group=group, person=person_id, state=Booked.BOOKED).first()


def _mine(number: int, actor: Actor) -> Appointment:
    """The appointment, locked: one's own, or for a clerk anybody's."""
    row = Appointment.objects.select_for_update().filter(pk=number, state=Booked.BOOKED).first()
    if row is None or not (actor.has_role("clerk") or row.person_id == actor.person_id):
        raise UnknownAppointment
    return row


def _capacity(row: Appointment, actor: Actor) -> str:
    return "applicant" if row.person_id == actor.person_id else "clerk"


def _is_of(row: Appointment, day: date) -> bool:
    return get_calendar().local_date(row.starts_at) == day
