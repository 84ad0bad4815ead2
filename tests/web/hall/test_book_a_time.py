"""A resident books a time, takes it into their calendar, moves it, cancels it, and comes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls.models import Appointment, Ticket
from tongban.web.kiosks import kiosk_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
BOOK = f"/hall/{HALL}/book/property/"
TUESDAY = MONDAY.replace(hour=9) + timedelta(days=1)


def _times(page: str) -> list[str]:
    return re.findall(r'name="time"[^>]*value="([^"]+)"', page, re.S)


def _book(client: Client, at: Any = TUESDAY, path: str = BOOK) -> str:
    return str(client.post(path, {"time": at.isoformat()}).headers.get("Location", ""))


def test_it_works(client_for: For) -> None:
    lin = client_for("linxiaomei")
    assert BOOK in lin.get(f"/hall/{HALL}/").text
    page = lin.get(f"{BOOK}?day=2026-12-01")
    assert "09:00 – 09:30" in page.text
    place = _book(lin)
    row = Appointment.objects.get()
    assert place == f"/hall/appointments/{row.number}/"
    page = lin.get(place)
    assert row.code in page.text
    assert "1 Dec 2026" in page.text
    assert "09:00 – 09:30" in lin.get("/hall/appointments/").text


def test_it_says_what_to_bring(client_for: For) -> None:
    lin, about = client_for("linxiaomei"), "property-registration"
    page = lin.get(f"{BOOK}?matter={about}")
    assert f'<option value="{about}" selected>' in page.text
    place = lin.post(BOOK, {"time": TUESDAY.isoformat(), "matter": about})["Location"]
    assert Appointment.objects.get().matter == about
    shown = lin.get(place).text
    assert "What to bring" in shown
    assert "Your identity card" in shown
    assert shown.count('<li class="tb-row">') == 2  # the card, and the one paper that is handed in
    assert "Property" in client_for("sunbei").get("/window/appointments/?day=2026-12-01").text


def test_a_matter_of_another_group_is_left_out(client_for: For) -> None:
    lin = client_for("linxiaomei")
    place = lin.post(BOOK, {"time": TUESDAY.isoformat(), "matter": "no-such"})["Location"]
    assert Appointment.objects.get().matter == ""
    assert "What to bring" not in lin.get(place).text


def test_what_is_full_is_not_offered(client_for: For) -> None:
    before = _times(client_for("zhoumin").get(f"{BOOK}?day=2026-12-01").text)
    _book(client_for("linxiaomei"))
    after = _times(client_for("zhoumin").get(f"{BOOK}?day=2026-12-01").text)
    assert len(after) == len(before) - 1
    page = client_for("zhoumin").post(BOOK, {"time": TUESDAY.isoformat()})
    assert page.status_code == 422
    assert "This time cannot be booked any more" in page.text


@pytest.mark.parametrize(
    "time", ["", "x", "2026-12-01T09:00", "2026-12-01T09:10:00+08:00", "2020-12-01T09:00:00+08:00"]
)
def test_no_time_or_none_that_is_offered(client_for: For, time: str) -> None:
    assert client_for("linxiaomei").post(BOOK, {"time": time}).status_code == 422
    assert not Appointment.objects.exists()


def test_pressed_twice_it_is_one_and_another_time_is_refused(client_for: For) -> None:
    lin = client_for("linxiaomei")
    assert _book(lin) == _book(lin)
    assert _book(lin, TUESDAY + timedelta(hours=1)) == _book(lin)
    assert Appointment.objects.get().starts_at == TUESDAY


def test_into_ones_own_calendar(client_for: For) -> None:
    lin = client_for("linxiaomei")
    place = _book(lin)
    file = lin.get(f"{place}calendar.ics")
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20261201T010000Z\r\n" in file.content
    assert Appointment.objects.get().code.encode() not in file.content


def test_moved(client_for: For) -> None:
    lin = client_for("linxiaomei")
    place = _book(lin)
    number = Appointment.objects.get().number
    later = TUESDAY + timedelta(hours=2)
    assert "Move the appointment" in lin.get(f"{BOOK}?move={number}").text
    assert _book(lin, later, f"{BOOK}?move={number}") == place
    assert Appointment.objects.get().starts_at == later


def test_cancelled(client_for: For) -> None:
    lin = client_for("linxiaomei")
    place = _book(lin)
    assert "It is cancelled." in lin.post(f"{place}cancel", follow=True).text
    assert "You have booked no time" in lin.get("/hall/appointments/").text
    assert "There is no such appointment" in lin.post(f"{place}cancel", follow=True).text
    assert b"STATUS:CANCELLED" in lin.get(f"{place}calendar.ics").content


def test_the_code_at_the_kiosk_gives_a_number_that_goes_first(client_for: For, at: Callable[..., None]) -> None:
    _book(client_for("linxiaomei"))
    code, kiosk = Appointment.objects.get().code, client_for("")
    arrive = f"{kiosk_url(hall=HALL)}arrive"
    assert "There is no such appointment today" in kiosk.post(arrive, {"code": code}, follow=True).text
    at(TUESDAY - timedelta(minutes=20))
    assert "too early" in kiosk.post(arrive, {"code": code}, follow=True).text
    at(TUESDAY - timedelta(minutes=5))
    assert "There is no such appointment today" in kiosk.post(arrive, {"code": "12"}, follow=True).text
    place = kiosk.post(arrive, {"code": f" {code[:3]} {code[3:]}"})["Location"]
    assert "B001" in kiosk.get(place).text
    assert Ticket.objects.get().priority == 1
    assert "You came to it." in client_for("linxiaomei").get("/hall/appointments/").text


def test_codes_cannot_be_guessed_without_end(client_for: For) -> None:
    arrive = f"{kiosk_url(hall=HALL)}arrive"
    answers = [client_for("").post(arrive, {"code": f"{n:06d}"}).status_code for n in range(21)]
    assert answers[-1] == 429
    assert client_for("").post(f"/hall/{HALL}/kiosk/{'x' * 43}/arrive", {"code": "1"}).status_code == 404


def test_others_neither_see_nor_touch_it(client_for: For) -> None:
    place = _book(client_for("linxiaomei"))
    number = Appointment.objects.get().number
    for name in ("zhoumin", "chenli"):
        other = client_for(name)
        assert other.get(place).status_code == 404
        assert other.get(f"{place}calendar.ics").status_code == 404
        assert other.get("/hall/appointments/").context["rows"] == []
        other.post(f"{place}cancel")
        assert (
            other.post(f"{BOOK}?move={number}", {"time": (TUESDAY + timedelta(hours=1)).isoformat()}).status_code == 404
        )
    row = Appointment.objects.get()
    assert (row.state, row.starts_at) == ("booked", TUESDAY)


def test_nobody_is_sent_to_sign_in(client_for: For) -> None:
    place = _book(client_for("linxiaomei"))
    for path in (BOOK, place, f"{place}calendar.ics", "/hall/appointments/"):
        assert client_for("").get(path)["Location"].startswith("/account/login/")
    assert client_for("").post(f"{place}cancel")["Location"].startswith("/account/login/")
    assert Appointment.objects.get().state == "booked"


def test_where_there_is_nothing_to_book(client_for: For) -> None:
    lin = client_for("linxiaomei")
    assert "No time is free" in lin.get(f"/hall/{HALL}/book/not-done/").text
    assert lin.get(f"/hall/{HALL}/book/nothing/").status_code == 404
    assert lin.get("/hall/nowhere/book/general/").status_code == 404


def test_the_number_of_queries_does_not_grow(client_for: For) -> None:
    counts: list[int] = []
    lin = client_for("linxiaomei")
    for name in ("", "zhoumin", "zhaoguoan"):
        if name:
            _book(client_for(name), TUESDAY + timedelta(hours=len(counts)))
        with CaptureQueriesContext(connection) as queries:
            lin.get(f"{BOOK}?day=2026-12-01")
        counts.append(len(queries))
    assert counts[1] == counts[2]
