"""A clerk books a time for who calls, sees whom the hall expects, and whom a late holiday has left without one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.catalog.city import get_calendar
from tongban.apps.halls.models import Appointment
from tongban.apps.ledger.queries import get_history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
LIST, BOOK = "/window/appointments/", f"/window/appointments/{HALL}/property/"
TUESDAY = MONDAY.replace(hour=9) + timedelta(days=1)
LIN = {"identity_number": "361799198805140027", "name": "林晓梅", "phone": "", "time": TUESDAY.isoformat()}


def test_it_works(client_for: For) -> None:
    clerk = client_for("sunbei")
    assert "09:00 – 09:30" in clerk.get(f"{BOOK}?day=2026-12-01").text
    place = clerk.post(BOOK, LIN)["Location"]
    assert place == f"{LIST}?day=2026-12-01"
    page = clerk.get(place).text
    assert "林晓梅" in page
    assert "B01" in page
    row = Appointment.objects.get()
    assert row.by_clerk
    (event,) = get_history(case=row.number)
    assert event.capacity == "clerk"
    assert "林晓梅" not in str(event)
    assert "09:00" in client_for("linxiaomei").get("/hall/appointments/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time": ""}, "Choose a time."),
        ({"name": "林大梅"}, "Another name is on file"),
        ({"identity_number": "361799198805140028"}, "check"),
        ({"time": MONDAY.isoformat()}, "This time cannot be booked any more"),
    ],
)
def test_what_is_wrong_is_said(client_for: For, changes: dict[str, str], words: str) -> None:
    page = client_for("sunbei").post(BOOK, LIN | changes)
    assert page.status_code == 422
    assert words in page.text
    assert not Appointment.objects.exists()


def test_cancelled_for_who_calls(client_for: For) -> None:
    clerk = client_for("sunbei")
    clerk.post(BOOK, LIN)
    number = Appointment.objects.get().number
    assert "It is cancelled." in clerk.post(f"{LIST}{number:016d}/cancel", follow=True).text
    assert Appointment.objects.get().state == "cancelled"
    assert "Nobody is expected." in clerk.get(f"{LIST}?day=2026-12-01").text


def test_a_holiday_announced_late(client_for: For, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = client_for("sunbei")
    clerk.post(BOOK, LIN)
    assert "closed now" not in clerk.get(LIST).text
    working = get_calendar().is_working_day
    monkeypatch.setattr(
        "tongban.kernel.clock.Calendar.is_working_day",
        lambda _calendar, day: day != TUESDAY.date() and working(day),
    )
    page = clerk.get(LIST).text
    assert "Booked for a day on which the hall is closed now" in page
    assert "林晓梅" in page
    assert "please choose another time" in client_for("linxiaomei").get("/hall/appointments/").text


def test_who_may_enter(client_for: For) -> None:
    client_for("sunbei").post(BOOK, LIN)
    cancel = f"{LIST}{Appointment.objects.get().number:016d}/cancel"
    for name in ("linxiaomei", "chenli"):
        client = client_for(name)
        assert [client.get(path).status_code for path in (LIST, BOOK)] == [403, 403]
        assert [client.post(path).status_code for path in (BOOK, cancel)] == [403, 403]
    for path in (LIST, BOOK):
        assert client_for("").get(path)["Location"].startswith("/account/login/")
    assert client_for("").post(cancel)["Location"].startswith("/account/login/")
    assert Appointment.objects.get().state == "booked"
