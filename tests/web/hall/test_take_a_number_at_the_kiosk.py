"""The kiosk: a press, a number, a slip of paper; without a sign-in, without scripts, and not from anywhere."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls.models import Ticket
from tongban.web.kiosks import kiosk_url

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]


def _press(client: Client, group: str = "general", key: str = "") -> str:
    given = {"group": group, "key": key or str(uuid4())}
    return str(client.post(kiosk_url(hall=HALL), given)["Location"])


def test_it_works(on_monday: None, client_for: For) -> None:
    kiosk = client_for("")
    page = kiosk.get(kiosk_url(hall=HALL))
    assert page.status_code == 200
    assert "Property registration" in page.text
    slip = kiosk.get(_press(kiosk, "property"))
    assert "B001" in slip.text
    assert "You are the next one." in slip.text
    assert "1 person waits" in kiosk.get(kiosk_url(hall=HALL)).text


def test_in_the_language_that_was_chosen(on_monday: None) -> None:
    kiosk = Client(headers={"accept-language": "zh-hans"})
    page = kiosk.get(kiosk_url(hall=HALL)).text
    assert "不动产登记" in page
    assert "您要办什么？" in page


def test_sent_twice_it_is_one_ticket(on_monday: None, client_for: For) -> None:
    key = str(uuid4())
    assert _press(client_for(""), key=key) == _press(client_for(""), key=key)
    assert Ticket.objects.count() == 1


def test_a_page_without_its_key_still_gives_a_number(on_monday: None, client_for: For) -> None:
    assert client_for("").post(kiosk_url(hall=HALL), {"group": "general", "key": "x"}).status_code == 302
    assert Ticket.objects.count() == 1


def test_a_clerk_who_is_signed_in_there_takes_no_number_of_their_own(on_monday: None, client_for: For) -> None:
    clerk = client_for("sunbei")
    _press(clerk)
    _press(clerk)
    assert {row.person_id for row in Ticket.objects.all()} == {None}


def test_closed_it_says_when_it_opens(client_for: For, at: Callable[[datetime], None], city: object) -> None:
    at(MONDAY - timedelta(days=1))
    page = client_for("").get(kiosk_url(hall=HALL))
    assert "The hall is closed now" in page.text
    assert _press(client_for("")) == kiosk_url(hall=HALL)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", ["", "linxiaomei", "chenli", "sunbei"])
def test_nobody_takes_numbers_without_its_address(on_monday: None, client_for: For, name: str) -> None:
    wrong = f"/hall/{HALL}/kiosk/{'x' * 43}/"
    assert client_for(name).get(wrong).status_code == 404
    assert client_for(name).post(wrong, {"group": "general"}).status_code == 404
    elsewhere = kiosk_url(hall="qingping").replace("qingping", HALL)
    assert client_for(name).get(elsewhere).status_code == 404
    assert client_for(name).get(kiosk_url(hall=HALL)).status_code == 200


def test_an_unknown_group_is_said(on_monday: None, client_for: For) -> None:
    assert client_for("").post(kiosk_url(hall=HALL), {"group": "x", "key": str(uuid4())}).status_code == 404


def test_nobody_presses_without_end(on_monday: None, client_for: For) -> None:
    answers = [client_for("").post(kiosk_url(hall=HALL), {"group": "general"}).status_code for _ in range(61)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {302}


def test_who_has_the_paper_sees_how_far_it_is(on_monday: None, client_for: For) -> None:
    _press(client_for(""))
    second = _press(client_for("")).split("/")[-2]
    for name in ("", "linxiaomei", "chenli"):
        page = client_for(name).get(f"/hall/tickets/{second}/")
        assert "A002" in page.text
        assert "1 person goes before you." in page.text
    assert client_for("").get("/hall/tickets/2631300000000000/").status_code == 404


def test_yesterdays_paper_says_so(on_monday: None, client_for: For, at: Callable[[datetime], None]) -> None:
    number = _press(client_for("")).split("/")[-2]
    at(MONDAY + timedelta(days=1))
    assert "for another day" in client_for("").get(f"/hall/tickets/{number}/").text
