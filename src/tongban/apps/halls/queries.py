"""Reads of halls, windows and tickets. None asks more of the database where more people wait."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, F, Q

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.halls import Hall, HallGroup
from tongban.apps.halls.errors import UnknownTicket
from tongban.apps.halls.estimating import Wait, get_paces, wait_of
from tongban.apps.halls.models import IN_HAND, OPEN, Appointment, Sitting, State, Ticket
from tongban.apps.halls.nearing import NearNumber, is_waiting, list_near
from tongban.apps.halls.places import find_hall, is_open, is_taken_for, is_window_open, opening, opens_next
from tongban.apps.halls.serving import AtCounter, Course, Step, get_at_counter, get_course, list_done
from tongban.apps.people.actors import Actor

__all__ = [
    "AtCounter",
    "AtWindow",
    "Course",
    "GroupRow",
    "HallBoard",
    "NearNumber",
    "ServedDay",
    "Step",
    "TicketRow",
    "Visit",
    "Wait",
    "get_at_counter",
    "get_board",
    "get_course",
    "get_hall",
    "get_held",
    "get_ticket",
    "get_window",
    "is_open",
    "is_waiting",
    "list_done",
    "list_halls",
    "list_near",
    "list_served",
    "list_visits",
    "opening",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """A ticket as it is shown. ``ahead``: how many of its group go first, and ``wait`` how long that may take, where it
    was asked for; ``wait`` is None while no window is open for it, and ``opens`` is when one does, where all are
    closed by their hours. ``moved_at``: when it was last called, or moved."""

    number: int
    label: str
    hall: str
    group: str
    group_name: Text
    state: str
    window: str
    window_name: Text | None
    origin: str
    taken_at: datetime
    since: datetime
    moved_at: datetime
    only: str
    is_today: bool
    ahead: int = 0
    wait: Wait | None = None
    person_id: int | None = None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group as it is now: how many wait, the open windows that serve it, how long who comes now waits.

    ``opens``: when its first window opens, where all are closed by their hours. ``is_given``: whether its numbers are
    given now, which begins a little before.
    """

    group: HallGroup
    waiting: int
    windows: tuple[str, ...]
    wait: Wait | None
    opens: datetime | None = None
    is_given: bool = True

    @property
    def stranded(self) -> bool:
        """Whether people wait although no window is open for them."""
        return bool(self.waiting) and not self.windows


@dataclass(frozen=True, slots=True, kw_only=True)
class HallBoard:
    """A hall as it is now. ``called``: who was called and is at a window or on the way, the latest first."""

    hall: Hall
    is_open: bool
    groups: tuple[GroupRow, ...]
    called: tuple[TicketRow, ...]
    following: tuple[TicketRow, ...]
    open_windows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWindow:
    """A clerk's window: who is there, who waits for it (the first of them), and who missed their number in the hall.

    ``is_open``: it is open by its hours; where not, ``opens`` is when it does, if within two weeks.
    """

    hall: Hall
    window: str
    groups: tuple[str, ...]
    in_hand: TicketRow | None
    begun_at: datetime | None
    waiting: tuple[TicketRow, ...]
    missed: tuple[TicketRow, ...]
    others: tuple[str, ...]
    is_open: bool
    opens: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is on file of somebody's way to a hall: a number that they took online, or a time that they booked.

    ``what`` is ``ticket`` or ``appointment``; ``at`` is when the number was taken, or when they are expected.
    """

    what: str
    number: int
    label: str
    hall: str
    group: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDay:
    """How a hall did on a day: how many were served, how long they had waited on average, how many missed it."""

    hall: str
    hall_name: Text
    day: date
    served: int
    waited: timedelta
    missed: int


_SHOWN = 20


def list_halls() -> list[Hall]:
    """Return the halls of the city that give numbers; no query."""
    return list(get_halls().values())


def get_hall(*, hall: str) -> Hall:
    """Return a hall by its code; no query. Raises ``UnknownHall``."""
    return find_hall(hall=hall)


def get_board(*, hall: str, at: datetime) -> HallBoard:
    """Return a hall as it is now; five queries at most. Raises ``UnknownHall``."""
    place, day = find_hall(hall=hall), get_calendar().local_date(at)
    today = Ticket.objects.filter(hall=hall, day=day)
    waiting = Counter(today.filter(state=State.WAITING).values_list("group", flat=True))
    sittings = Sitting.objects.filter(hall=hall, day=day, closed_at=None).order_by("window")
    windows = tuple(sittings.values_list("window", flat=True))
    counted = _within_hours(place, windows, at)
    paces = get_paces(hall=place, at=at)
    groups = []
    for code, group in place.groups.items():
        rivals = _rivals(place, counted, code, waiting)
        wait = wait_of(
            ahead=waiting[code], rivals=rivals, windows=len(_serving(place, counted, code)), pace=paces[code]
        )
        groups.append(
            GroupRow(
                group=group,
                waiting=waiting[code],
                windows=_serving(place, windows, code),
                wait=wait,
                opens=opens_next(hall=place, windows=group.windows, at=at),
                is_given=is_taken_for(hall=place, group=code, at=at),
            )
        )
    called = today.filter(state__in=IN_HAND).order_by("-last_at", "number")[:_SHOWN]
    following = today.filter(state=State.WAITING).order_by("-priority", "place", "no", "number")[:_SHOWN]
    return HallBoard(
        hall=place,
        is_open=is_open(hall=place, at=at),
        groups=tuple(groups),
        called=tuple(_row(each, at) for each in called),
        following=tuple(_row(each, at) for each in following),
        open_windows=windows,
    )


def get_ticket(*, number: int, at: datetime) -> TicketRow:
    """Return a ticket, how many go before it and how long that may take; four queries at most.

    Raises ``UnknownTicket``.
    """
    row = Ticket.objects.filter(pk=number).first()
    if row is None or row.hall not in get_halls():
        raise UnknownTicket
    if row.state != State.WAITING:
        return _row(row, at)
    before = Q(priority__gt=row.priority) | Q(priority=row.priority, place__lt=row.place)
    same_instant = Q(priority=row.priority, place=row.place, no__lt=row.no)
    waiting = Ticket.objects.filter(before | same_instant, hall=row.hall, day=row.day, state=State.WAITING)
    ahead = Counter(waiting.values_list("group", flat=True))
    place = get_halls()[row.hall]
    sittings = Sitting.objects.filter(hall=row.hall, day=row.day, closed_at=None)
    windows = _within_hours(place, tuple(sittings.values_list("window", flat=True)), at)
    serving = tuple(each for each in windows if each == row.only) if row.only else _serving(place, windows, row.group)
    wait = wait_of(
        ahead=ahead[row.group],
        rivals=_rivals(place, windows, row.group, ahead),
        windows=len(serving),
        pace=get_paces(hall=place, at=at)[row.group],
    )
    wanted = (row.only,) if row.only else place.groups[row.group].windows
    opens = opens_next(hall=place, windows=wanted, at=at)
    return replace(_row(row, at, ahead=ahead[row.group], wait=wait), opens=opens)


def get_held(*, hall: str, actor: Actor, at: datetime) -> int | None:
    """Return the number of the ticket with which somebody waits in a hall today, if they do; one query."""
    if actor.person_id is None:
        return None
    day = get_calendar().local_date(at)
    held = Ticket.objects.filter(hall=hall, day=day, person=actor.person_id, state__in=OPEN)
    return held.values_list("number", flat=True).first()


def get_window(*, actor: Actor, at: datetime) -> AtWindow | None:
    """Return the window at which a clerk is today, None when they are at none; five queries."""
    day = get_calendar().local_date(at)
    sitting = Sitting.objects.filter(user=actor.user_id, closed_at=None, day=day).first()
    if sitting is None or actor.user_id is None:
        return None
    place, today = find_hall(hall=sitting.hall), Ticket.objects.filter(hall=sitting.hall, day=day)
    groups = place.groups_at(sitting.window)
    held = today.filter(window=sitting.window, state__in=IN_HAND).first()
    for_here = Q(group__in=groups, only="") | Q(only=sitting.window)
    waiting = today.filter(for_here, state=State.WAITING).order_by("-priority", "place", "no", "number")
    missed = today.filter(state=State.MISSED).order_by("-last_at", "number")
    others = Sitting.objects.filter(hall=sitting.hall, day=day, closed_at=None).exclude(pk=sitting.pk)
    return AtWindow(
        hall=place,
        window=sitting.window,
        groups=groups,
        in_hand=_row(held, at) if held is not None else None,
        begun_at=held.begun_at if held is not None else None,
        waiting=tuple(_row(each, at) for each in waiting[:_SHOWN]),
        missed=tuple(_row(each, at) for each in missed[:_SHOWN]),
        others=tuple(others.order_by("window").values_list("window", flat=True)),
        is_open=is_window_open(hall=place, window=sitting.window, at=at),
        opens=opens_next(hall=place, windows=[sitting.window], at=at),
    )


def list_served(*, since: datetime, until: datetime) -> list[ServedDay]:
    """Return how the halls did on each day from ``since`` until before ``until``, by day and hall; one query."""
    halls, zone = get_halls(), get_calendar()
    first, last = zone.local_date(since), zone.local_date(until - timedelta(microseconds=1))
    rows = Ticket.objects.filter(hall__in=list(halls), day__gte=first, day__lte=last).order_by()
    counted = rows.values_list("hall", "day").annotate(
        served=Count("number", filter=Q(state=State.DONE)),
        waited=Avg(F("called_at") - F("taken_at"), filter=Q(state=State.DONE)),
        missed=Count("number", filter=Q(state__in=(State.MISSED, State.EXPIRED))),
    )
    found = [
        ServedDay(
            hall=hall, hall_name=halls[hall].name, day=day, served=served, waited=waited or timedelta(), missed=missed
        )
        for hall, day, served, waited, missed in counted
        if served or missed
    ]
    return sorted(found, key=lambda each: (each.day, each.hall))


def list_visits(*, person_id: int) -> list[Visit]:
    """Return all that is on file of a person's ways to halls, also to those that are closed for good; two queries."""
    tickets = Ticket.objects.filter(person=person_id).order_by("number")
    booked = Appointment.objects.filter(person=person_id).order_by("number")
    found = [
        Visit(
            what="ticket",
            number=row.number,
            label=str(row),
            hall=row.hall,
            group=row.group,
            at=row.taken_at,
            state=row.state,
        )
        for row in tickets
    ]
    found += [
        Visit(
            what="appointment",
            number=row.number,
            label="",
            hall=row.hall,
            group=row.group,
            at=row.starts_at,
            state=row.state,
        )
        for row in booked
    ]
    return sorted(found, key=lambda visit: (visit.at, visit.number))


def _within_hours(hall: Hall, windows: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Of the windows at which somebody sits, those that are open by their hours: only on those it can be counted."""
    return tuple(each for each in windows if each in hall.windows and is_window_open(hall=hall, window=each, at=at))


def _serving(hall: Hall, windows: Sequence[str], group: str) -> tuple[str, ...]:
    """The open windows that serve a group."""
    return tuple(each for each in windows if group in hall.groups_at(each))


def _rivals(hall: Hall, windows: Sequence[str], group: str, waiting: Mapping[str, int]) -> int:
    """How many wait for any of the open windows that serve a group."""
    rival = {code for each in _serving(hall, windows, group) for code in hall.groups_at(each)}
    return sum(waiting.get(code, 0) for code in rival)


def _row(row: Ticket, at: datetime, *, ahead: int = 0, wait: Wait | None = None) -> TicketRow:
    place = get_halls()[row.hall]
    group, window = place.groups.get(row.group), place.windows.get(row.window)
    return TicketRow(
        number=row.number,
        label=str(row),
        hall=row.hall,
        group=row.group,
        group_name=group.name if group is not None else Text(row.group, row.group),
        state=str(row.state),
        window=row.window,
        window_name=window.name if window is not None else None,
        origin=str(row.origin),
        taken_at=row.taken_at,
        since=row.waits_from,
        moved_at=row.last_at,
        only=row.only,
        is_today=row.day == get_calendar().local_date(at),
        ahead=ahead,
        wait=wait,
        person_id=row.person_id,
    )
