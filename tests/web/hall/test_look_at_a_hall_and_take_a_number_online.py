"""A hall from home: how many wait and how long it may take; a number for who is signed in, once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.models import Ticket
from tongban.apps.ledger.queries import get_history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
PAGE = f"/hall/{HALL}/"


def _take(client: Client, group: str = "general", key: str = "") -> str:
    return str(client.post(f"{PAGE}take", {"group": group, "key": key or str(uuid4())})["Location"])


def test_it_works(client_for: For) -> None:
    services.take(hall=HALL, group="general", key=uuid4(), at=MONDAY)
    lin = client_for("linxiaomei")
    assert "1 person waits." in lin.get(PAGE).text
    place = _take(lin)
    page = lin.get(place).text
    assert "A002" in page
    assert "1 person goes before you." in page
    assert "we cannot say how long it takes" in page
    row = Ticket.objects.get(no=2)
    assert row.person is not None
    assert row.person.name == "林晓梅"
    (event,) = get_history(case=row.number)
    assert (event.capacity, event.data["origin"]) == ("applicant", "online")
    assert "林晓梅" not in str(event)


def test_how_long_it_may_take_is_no_promise(client_for: For) -> None:
    client_for("sunbei").post("/window/queue/open", {"window": f"{HALL}/A01"})
    for _ in range(3):
        services.take(hall=HALL, group="general", key=uuid4(), at=MONDAY)
    page = client_for("").get(PAGE).text
    assert "about 25 to 90 minutes, as far as we can tell" in page


def test_the_halls_are_listed_and_found_from_a_matter(client_for: For) -> None:
    assert PAGE in client_for("").get("/hall/").text
    assert PAGE in client_for("").get("/matters/property-registration/").text


def test_sent_twice_or_pressed_again_it_stays_one(client_for: For) -> None:
    lin, key = client_for("linxiaomei"), str(uuid4())
    first = _take(lin, key=key)
    assert _take(lin, key=key) == first
    assert _take(lin, "property") == first
    assert "See how far it is" in lin.get(PAGE).text
    assert "Take a number" not in lin.get(PAGE).text
    assert Ticket.objects.count() == 1


def test_given_back(client_for: For) -> None:
    lin = client_for("linxiaomei")
    place = _take(lin)
    assert "Give the number back" in lin.get(place).text
    page = lin.post(f"{place}give-back", follow=True).text
    assert "You have given this number back." in page
    assert "A002" in lin.get(_take(lin)).text


def test_others_see_where_it_stands_and_do_not_give_it_back(client_for: For) -> None:
    place = _take(client_for("linxiaomei"))
    for name in ("", "zhoumin", "chenli"):
        assert "Give the number back" not in client_for(name).get(place).text
    for name in ("zhoumin", "chenli"):
        assert client_for(name).post(f"{place}give-back").status_code == 404
    assert Ticket.objects.get().state == "waiting"


def test_nobody_takes_one_without_signing_in(client_for: For) -> None:
    nobody = client_for("")
    assert _take(nobody).startswith("/account/login/")
    assert nobody.post("/hall/tickets/2631300000000000/give-back")["Location"].startswith("/account/login/")
    assert f"/account/login/?next={PAGE}" in nobody.get(PAGE).text
    assert not Ticket.objects.exists()


def test_closed(client_for: For, at: Callable[..., None]) -> None:
    at(MONDAY.replace(hour=20))
    lin = client_for("linxiaomei")
    assert "The hall is closed now" in lin.get(PAGE).text
    assert _take(lin) == PAGE
    assert not Ticket.objects.exists()


def test_a_hall_that_is_not_there(client_for: For) -> None:
    assert client_for("").get("/hall/nowhere/").status_code == 404
    assert client_for("linxiaomei").post("/hall/nowhere/take", {"group": "general"}).status_code == 404


def test_the_next_day_they_may_take_another(client_for: For, at: Callable[..., None]) -> None:
    lin = client_for("linxiaomei")
    first = _take(lin)
    at(MONDAY + timedelta(days=1))
    assert _take(lin) != first
