"""A clerk at a window: opens it, calls, serves, hands on, closes it; by pages, without scripts."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.models import Sitting, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
QUEUE = "/window/queue/"


def _take(group: str = "general") -> int:
    return services.take(hall=HALL, group=group, key=uuid4(), at=MONDAY)


@pytest.fixture
def sun(client_for: For) -> Client:
    """A clerk who has opened the first window."""
    client = client_for("sunbei")
    assert client.post(f"{QUEUE}open", {"window": f"{HALL}/A01"})["Location"] == QUEUE
    return client


def _do(client: Client, number: int, how: str, **given: str) -> str:
    return client.post(f"{QUEUE}{number:016d}/{how}", given, follow=True).text


def test_it_works(sun: Client) -> None:
    number = _take()
    assert "A001" in sun.get(QUEUE).text
    page = sun.post(f"{QUEUE}next", follow=True).text
    assert "They are here" in page
    assert "Call again" in _do(sun, number, "again")
    assert "File for them" in _do(sun, number, "begin")
    assert "Nobody is at your window" in _do(sun, number, "finish")
    assert Ticket.objects.get(pk=number).state == "done"


def test_before_a_window_is_open_all_of_them_are_shown(client_for: For, sun: Client) -> None:
    _take("property")
    page = client_for("wangqian").get(QUEUE).text
    assert "Property registration" in page
    assert "none, and people wait" in page
    assert f'value="{HALL}/A02"' in page
    assert f'value="{HALL}/A01"' not in page


def test_a_window_that_is_taken_is_said(client_for: For, sun: Client) -> None:
    page = client_for("wangqian").post(f"{QUEUE}open", {"window": f"{HALL}/A01"}, follow=True).text
    assert "Somebody is at this window" in page
    assert Sitting.objects.count() == 1


def test_nobody_waits(sun: Client) -> None:
    assert "Nobody waits for your window." in sun.post(f"{QUEUE}next", follow=True).text


def test_who_missed_it_is_let_in_again(sun: Client) -> None:
    number = _take()
    sun.post(f"{QUEUE}next")
    assert "Let in again" in _do(sun, number, "miss")
    assert "Nobody missed their number" in _do(sun, number, "bring-back")
    assert Ticket.objects.get(pk=number).state == "waiting"


def test_handed_on(sun: Client) -> None:
    number = _take()
    sun.post(f"{QUEUE}next")
    _do(sun, number, "hand-on", to="group:business")
    assert Ticket.objects.get(pk=number).group == "business"


def test_a_press_on_an_old_page_changes_nothing(sun: Client) -> None:
    number = _take()
    sun.post(f"{QUEUE}next")
    _do(sun, number, "miss")
    assert "This number is not where it was" in _do(sun, number, "begin")
    assert Ticket.objects.get(pk=number).state == "missed"
    assert sun.post(f"{QUEUE}{number:016d}/dance").status_code == 404


def test_closing_warns_of_who_is_left(sun: Client) -> None:
    _take()
    page = sun.post(f"{QUEUE}close", follow=True).text
    assert "People still wait and no window is open for them: All matters" in page
    assert "Close that first" not in page


def test_closing_waits_for_who_is_there(sun: Client) -> None:
    _take()
    sun.post(f"{QUEUE}next")
    assert "Somebody is at your window" in sun.post(f"{QUEUE}close", follow=True).text
    assert Sitting.objects.get().closed_at is None


@pytest.mark.parametrize("name", ["linxiaomei", "chenli"])
def test_who_may_not_enter(client_for: For, name: str) -> None:
    number = _take()
    client = client_for(name)
    assert client.get(QUEUE).status_code == 403
    for path in ("open", "close", "next", f"{number:016d}/begin"):
        assert client.post(QUEUE + path).status_code == 403


def test_nobody_is_sent_to_sign_in(client_for: For) -> None:
    assert client_for("").get(QUEUE)["Location"].startswith("/account/login/")
    assert client_for("").post(f"{QUEUE}next")["Location"].startswith("/account/login/")


def test_a_colleague_does_not_move_what_is_at_my_window(client_for: For, sun: Client) -> None:
    number = _take()
    sun.post(f"{QUEUE}next")
    wang = client_for("wangqian")
    assert "You are at no window" in _do(wang, number, "begin")
    wang.post(f"{QUEUE}open", {"window": f"{HALL}/A02"})
    assert "This number is not where it was" in _do(wang, number, "begin")
    assert Ticket.objects.get(pk=number).state == "called"
