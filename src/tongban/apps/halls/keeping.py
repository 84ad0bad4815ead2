"""Tickets and appointments of past days go when nobody needs them any longer; their logs, which name nobody, stay."""

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet

from tongban.apps.catalog.city import get_calendar, get_halls
from tongban.apps.catalog.definitions.halls import KEEP_DAYS
from tongban.apps.halls.models import OPEN, Appointment, Booked, LastNumber, Ticket

__all__ = ["sweep_halls"]

_AT_ONCE = 500


def sweep_halls(*, at: datetime) -> int:
    """Delete tickets and appointments that are older than their hall keeps them; return how many.

    Those of a hall that is closed for good go as where a city says nothing. What is not over yet stays.
    """
    halls = get_halls()
    gone = 0
    for code, days in ((code, hall.keep_days) for code, hall in halls.items()):
        gone += _sweep(Q(hall=code), days, at)
    return gone + _sweep(~Q(hall__in=list(halls)), KEEP_DAYS, at)


def _sweep(where: Q, days: int, at: datetime) -> int:
    calendar = get_calendar()
    first = calendar.local_date(at) - timedelta(days=days)
    midnight = datetime.combine(first, time(0), calendar.timezone)
    LastNumber.objects.filter(where, day__lt=first).delete()
    tickets = Ticket.objects.filter(where, day__lt=first).exclude(state__in=OPEN, ended_at=None)
    booked = Appointment.objects.filter(where, starts_at__lt=midnight).exclude(state=Booked.BOOKED)
    return _delete(tickets) + _delete(booked)


def _delete(rows: "QuerySet[Ticket] | QuerySet[Appointment]") -> int:
    gone = 0
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=some).delete()
        gone += len(some)
    return gone
