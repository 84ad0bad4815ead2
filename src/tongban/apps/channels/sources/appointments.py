"""Appointments: confirmed when booked, moved or called off; brought to mind before; said when a holiday came."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.telling import Telling, tell
from tongban.apps.halls.appointments import AppointmentRow, list_by_number, list_soon, list_without_hall
from tongban.apps.ledger.services import Followed

__all__ = ["BEFORE", "WATCHED", "called_off", "soon", "tell_of_appointments"]

BEFORE = timedelta(hours=30)
"""So long before it begins an appointment is brought to mind: the day before, whenever it is asked for."""
WATCHED = ("appointment.booked", "appointment.moved", "appointment.cancelled")
_NEWS = timedelta(days=3)


def tell_of_appointments(events: Sequence[Followed], at: datetime) -> None:
    """Tell who has it of what they or a clerk have booked, moved or cancelled; one query, however many events.

    Nobody is told that they have cancelled it themselves, nor of a time that has been changed since.
    """
    fresh = [each for each in events if each.event.at > at - _NEWS]
    found = list_by_number(numbers={each.case for each in fresh})
    tellings = []
    for each in fresh:
        row = found.get(each.case)
        if row is None or row.starts_at != datetime.fromisoformat(each.event.data["at"]):
            continue
        cancelled = each.event.kind == "appointment.cancelled"
        if cancelled and each.event.capacity == "applicant":
            continue
        kind = "appointment_cancelled" if cancelled else "appointment_booked"
        tellings.append(_telling(row, kind, key=str(each.seq), at=each.event.at))
    tell(tellings=tellings, at=at)


def soon(at: datetime) -> Iterator[Telling]:
    """Yield a reminder of each appointment of the next day."""
    for row in list_soon(at=at, within=BEFORE):
        yield _telling(row, "appointment_soon", key=row.starts_at.isoformat(), at=at)


def called_off(at: datetime) -> Iterator[Telling]:
    """Yield a word to each who has booked a time at which the hall is closed now: a holiday was announced late."""
    for row in list_without_hall(at=at):
        yield _telling(row, "appointment_off", key=row.starts_at.isoformat(), at=at)


def _telling(row: AppointmentRow, kind: str, *, key: str, at: datetime) -> Telling:
    local = row.starts_at.astimezone(get_calendar().timezone)
    params: dict[str, Any] = {
        "hall": {"zh": row.hall_name.zh, "en": row.hall_name.en},
        "what": {"zh": row.group_name.zh, "en": row.group_name.en},
        "due": local.date().isoformat(),
        "time": f"{local:%H:%M}",
    }
    return Telling(
        person_id=row.person_id, kind=kind, key=f"appointment:{row.number}:{kind}:{key}", at=at, params=params
    )
