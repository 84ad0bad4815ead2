"""Taking numbers: each once, and each press once."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.halls.errors import GroupClosed, HallClosed, HasTicket, UnknownTicket
from tongban.apps.halls.models import OPEN, LastNumber, Origin, State, Ticket
from tongban.apps.halls.places import find_group, find_hall, is_open, is_taken_for, opens_next
from tongban.apps.halls.record import begin_ticket, put_on_record
from tongban.apps.people.actors import Actor

__all__ = ["give_back", "take"]


@transaction.atomic
def take(*, hall: str, group: str, key: UUID, actor: Actor | None = None, at: datetime) -> int:
    """Take the next number of a group and return the number of its log.

    By whoever stands at a kiosk, without ``actor``, or by somebody who is signed in, once a hall. ``key`` belongs to
    the form that was pressed: the same form sent again gives the same ticket. Raises ``UnknownHall``, ``HallClosed``,
    ``GroupClosed``, ``HasTicket``.
    """
    place = find_hall(hall=hall)
    of = find_group(hall=place, group=group)
    if not is_open(hall=place, at=at):
        raise HallClosed
    if not is_taken_for(hall=place, group=group, at=at):
        raise GroupClosed(opens=opens_next(hall=place, windows=of.windows, at=at))
    person = actor.person_id if actor is not None else None
    day = get_calendar().local_date(at)
    # The row of the last number is the lock of its letter: who comes second sees what the first has taken.
    last = LastNumber.objects.get_or_create(hall=hall, day=day, letter=of.letter)[0]
    last = LastNumber.objects.select_for_update().get(pk=last.pk)
    before = Ticket.objects.filter(hall=hall, letter=of.letter, key=key, person=person).first()
    if before is not None:
        return before.number
    if person is not None:
        _refuse_second(hall, person, at)
    last.last += 1
    last.save(update_fields=["last"])
    origin = Origin.KIOSK if actor is None else Origin.ONLINE
    row = Ticket(
        hall=hall, day=day, letter=of.letter, no=last.last, key=key, origin=origin, person_id=person, group=group
    )
    row.place = row.taken_at = row.waits_from = at
    who, capacity = (actor.id, "applicant") if actor is not None else ("kiosk", "kiosk")
    try:
        with transaction.atomic():
            begin_ticket(row, actor_id=who, capacity=capacity, data={}, at=at)
            row.save(force_insert=True)
    except IntegrityError:
        if person is None:
            raise
        # Groups have locks of their own: the same person has just pressed in another one.
        _refuse_second(hall, person, at)
        raise
    return row.number


@transaction.atomic
def give_back(*, number: int, actor: Actor, at: datetime) -> None:
    """Give back a number that one has taken online and does not need. Raises ``UnknownTicket``.

    What has been given back, or is being served, stays as it is.
    """
    row = Ticket.objects.select_for_update().filter(pk=number, person__isnull=False, person=actor.person_id).first()
    if row is None:
        raise UnknownTicket
    if row.state not in (State.WAITING, State.MISSED):
        return
    row.state, row.ended_at = State.RETURNED, at
    put_on_record(row, "ticket.returned", actor_id=actor.id, capacity="applicant", at=at)


def _refuse_second(hall: str, person: int, at: datetime) -> None:
    day = get_calendar().local_date(at)
    held = Ticket.objects.filter(hall=hall, day=day, person=person, state__in=OPEN).values_list("number", flat=True)
    if found := held.first():
        raise HasTicket(number=found)
