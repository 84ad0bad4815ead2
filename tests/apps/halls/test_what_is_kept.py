"""Tickets and appointments go when nobody needs them; who is erased has none; a new year begins with number one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.catalog.city import get_halls
from tongban.apps.halls import services
from tongban.apps.halls.appointments import list_days, list_slots
from tongban.apps.halls.models import Appointment, LastNumber, Ticket
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(actor_for: Any) -> int:
    """A time in the days after that Monday."""
    actor = actor_for("zhaoguoan")
    of: dict[str, Any] = {"hall": HALL, "group": "general"}
    day = next(row.day for row in list_days(**of, at=MONDAY) if row.free)
    time = next(each.starts_at for each in list_slots(**of, day=day, at=MONDAY) if each.free)
    number: int = services.book(**of, starts_at=time, person_id=actor.person_id, actor=actor, at=MONDAY)
    return number


def test_it_works(take: Callable[..., int], booked: int) -> None:
    old, starts_at = take(), Appointment.objects.get().starts_at
    days = get_halls()[HALL].keep_days
    last = MONDAY + timedelta(days=days)
    services.end_days(at=MONDAY + timedelta(days=1))
    assert services.sweep_halls(at=last) == 0
    assert services.sweep_halls(at=last + timedelta(days=1)) == 1
    assert not Ticket.objects.exists()
    assert not LastNumber.objects.exists()
    assert [each.kind for each in get_history(case=old)] == ["ticket.taken", "ticket.expired"]
    late = starts_at + timedelta(days=days + 1)
    assert services.sweep_halls(at=late) == 0  # nobody has said yet what became of it
    services.mark_missed(at=late)
    assert services.sweep_halls(at=late) == 1
    assert not Appointment.objects.exists()


def test_a_hall_that_is_closed_for_good(take: Callable[..., int]) -> None:
    take()
    services.end_days(at=MONDAY + timedelta(days=1))
    Ticket.objects.update(hall="closed")
    assert services.sweep_halls(at=MONDAY + timedelta(days=91)) == 1


def test_who_is_erased_has_no_appointment(city: Any, booked: int) -> None:
    passer_by = Person.objects.create(name="路人", identity_sealed="", identity_hash="passer-by")
    Appointment.objects.filter(pk=booked).update(person=passer_by)
    passer_by.delete()
    assert not Appointment.objects.exists()
    assert [each.kind for each in get_history(case=booked)] == ["appointment.booked"]


def test_a_year_ends_at_midnight_in_the_city(take: Callable[..., int]) -> None:
    eve = datetime(2026, 12, 31, 16, tzinfo=MONDAY.tzinfo)
    assert str(Ticket.objects.get(pk=take(at=eve))) == "A001"
    assert services.end_days(at=eve.replace(hour=23, minute=59)) == 0
    assert services.end_days(at=eve.replace(hour=0) + timedelta(days=1)) == 1
    assert str(Ticket.objects.get(pk=take(at=datetime(2027, 1, 4, 10, tzinfo=MONDAY.tzinfo)))) == "A001"
