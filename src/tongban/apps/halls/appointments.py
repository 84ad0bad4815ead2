"""Reads of appointments: what can be booked, what somebody has, what a hall expects on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.halls import Hall
from tongban.apps.halls.booking import LET_IN
from tongban.apps.halls.errors import UnknownAppointment
from tongban.apps.halls.models import Appointment, Booked
from tongban.apps.halls.places import find_group, find_hall, windows_for
from tongban.apps.halls.slots import days_offered, is_still_open, slots_on
from tongban.apps.people.actors import Actor
from tongban.kernel.clock import Slot

__all__ = [
    "AppointmentRow",
    "DayRow",
    "FreeSlot",
    "get_appointment",
    "list_appointments",
    "list_by_number",
    "list_days",
    "list_expected",
    "list_slots",
    "list_soon",
    "list_without_hall",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRow:
    """An appointment as it is shown. ``starts_at`` is an instant. ``open``: the hall is open then, as far as it is
    known today."""

    number: int
    hall: str
    hall_name: Text
    address: Text
    group: str
    group_name: Text
    window: str
    starts_at: datetime
    ends_at: datetime
    code: str
    person_id: int
    matter: str
    state: str
    by_clerk: bool
    ticket: int | None
    version: int
    changed_at: datetime
    is_open: bool

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to come, so that it can be moved or cancelled."""
        return self.state == str(Booked.BOOKED)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that can be booked, and how many places are free on it."""

    day: date
    free: int


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time and how many places are free at it."""

    starts_at: datetime
    ends_at: datetime
    free: int


def list_days(*, hall: str, group: str, at: datetime) -> list[DayRow]:
    """Return the days that can be booked for a group, with the places that are free; one query."""
    place = find_hall(hall=hall)
    find_group(hall=place, group=group)
    windows = place.bookable_at(group)
    days = list(days_offered(hall=place, at=at)) if windows else []
    if not days:
        return []
    taken = _taken(hall, windows, days[0], days[-1])
    return [
        DayRow(day, sum(slot.free for slot in _slots(place, windows, taken, day, at)))
        for day in days
        if any(_there(place, windows, slot) for slot in slots_on(hall=place, day=day))
    ]


def list_slots(*, hall: str, group: str, day: date, at: datetime) -> list[FreeSlot]:
    """Return the times of a day that can be booked for a group; one query. Those that are full have nothing free.

    At which all of its windows are closed is none of them.
    """
    place = find_hall(hall=hall)
    find_group(hall=place, group=group)
    windows = place.bookable_at(group)
    if not windows or day not in set(days_offered(hall=place, at=at)):
        return []
    taken = _taken(hall, windows, day, day)
    return _slots(place, windows, taken, day, at)


def get_appointment(*, number: int, actor: Actor) -> AppointmentRow:
    """Return an appointment to who has it, or to a clerk. Raises ``UnknownAppointment``."""
    row = Appointment.objects.filter(pk=number).first()
    mine = row is not None and actor.person_id is not None and row.person_id == actor.person_id
    if row is None or not (mine or actor.has_role("clerk")) or row.hall not in get_halls():
        raise UnknownAppointment
    return _row(row)


def list_appointments(*, actor: Actor, at: datetime) -> list[AppointmentRow]:
    """Return what somebody has booked from today on, the next one first; one query."""
    if actor.person_id is None:
        return []
    since = _midnight(get_calendar().local_date(at))
    rows = Appointment.objects.filter(person=actor.person_id, starts_at__gte=since).exclude(state=Booked.CANCELLED)
    return _rows(rows.order_by("starts_at"))


def list_by_number(*, numbers: Iterable[int]) -> dict[int, AppointmentRow]:
    """Return these appointments, by number; one query."""
    return {row.number: row for row in _rows(Appointment.objects.filter(pk__in=list(numbers)))}


def list_expected(*, hall: str, day: date) -> list[AppointmentRow]:
    """Return whom a hall expects on a day, in order; one query. Cancelled ones are left out."""
    rows = Appointment.objects.filter(
        hall=hall, starts_at__gte=_midnight(day), starts_at__lt=_midnight(day + timedelta(days=1))
    )
    return _rows(rows.exclude(state=Booked.CANCELLED).order_by("starts_at", "window"))


def list_without_hall(*, at: datetime) -> list[AppointmentRow]:
    """Return the appointments ahead at whose time the hall is closed now: a holiday was announced late; one query."""
    return [row for row in _rows(_ahead(at).order_by("starts_at", "number")) if not row.is_open]


def list_soon(*, at: datetime, within: timedelta) -> list[AppointmentRow]:
    """Return the appointments that begin within so long from now, and are not called off by a holiday; one query."""
    rows = _ahead(at).filter(starts_at__lte=at + within)
    return [row for row in _rows(rows.order_by("starts_at", "number")) if row.is_open]


def _slots(
    hall: Hall, windows: Sequence[str], taken: Collection[tuple[str, datetime]], day: date, at: datetime
) -> list[FreeSlot]:
    """The times of a day that lie ahead, each with how many of the windows that are open then are free."""
    found = []
    for slot in slots_on(hall=hall, day=day):
        there = _there(hall, windows, slot)
        if slot.start > at and there:
            free = sum((window, slot.start) not in taken for window in there)
            found.append(FreeSlot(slot.start, slot.end, free))
    return found


def _there(hall: Hall, windows: Sequence[str], slot: Slot) -> tuple[str, ...]:
    """The windows that are open all of a time."""
    return windows_for(hall=hall, windows=windows, start=slot.start, end=slot.end)


def _ahead(at: datetime) -> "QuerySet[Appointment]":
    return Appointment.objects.filter(state=Booked.BOOKED, starts_at__gt=at - LET_IN)


def _taken(hall: str, windows: Sequence[str], first: date, last: date) -> set[tuple[str, datetime]]:
    """Which of these windows are taken at which instants of some days, by whichever group."""
    rows = Appointment.objects.filter(
        hall=hall,
        window__in=windows,
        starts_at__gte=_midnight(first),
        starts_at__lt=_midnight(last + timedelta(days=1)),
    ).exclude(state=Booked.CANCELLED)
    return set(rows.values_list("window", "starts_at"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), get_calendar().timezone)


def _rows(rows: "QuerySet[Appointment]") -> list[AppointmentRow]:
    return [_row(row) for row in rows if row.hall in get_halls()]


def _row(row: Appointment) -> AppointmentRow:
    place = get_halls()[row.hall]
    group = place.groups.get(row.group)
    return AppointmentRow(
        number=row.number,
        hall=row.hall,
        hall_name=place.name,
        address=place.address,
        group=row.group,
        group_name=group.name if group is not None else Text(row.group, row.group),
        window=row.window,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        code=row.code,
        person_id=row.person_id,
        matter=row.matter,
        state=str(row.state),
        by_clerk=row.by_clerk,
        ticket=row.ticket,
        version=row.version,
        changed_at=row.last_at,
        is_open=is_still_open(hall=place, starts_at=row.starts_at),
    )
