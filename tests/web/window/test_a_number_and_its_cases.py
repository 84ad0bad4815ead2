"""Somebody comes with a number and something is filed for them: the case says with which, and the number for what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY
from tests.web.orders.conftest import fill_page
from tests.web.window.test_file_for_someone import LIN, WHO
from tests.web.window.test_file_together import ADDRESS, PERSON

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import list_counter_times
from tongban.apps.halls import services
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import submit
from tongban.apps.ledger.queries import get_history, iterate_checked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
QUEUE = "/window/queue/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def called(client_for: For, at: Any) -> tuple[Client, int]:
    """A clerk at the first window, and the number that has come to it after seven minutes."""
    number = services.take(hall=HALL, group="general", key=uuid4(), at=MONDAY)
    clerk = client_for("sunbei")
    clerk.post(f"{QUEUE}open", {"window": f"{HALL}/A01"})
    at(MONDAY + 7 * MINUTE)
    clerk.post(f"{QUEUE}next")
    clerk.post(f"{QUEUE}{number:016d}/begin")
    return clerk, number


@pytest.fixture
def file_for(fill_in: Any, a_photo: Any) -> Callable[[Client], UUID]:
    """File a food business licence for Lin Xiaomei, by the counter's pages."""

    def file(clerk: Client) -> UUID:
        clerk.post(WHO, LIN)
        draft = Draft.objects.latest("started_at").pk
        fill_in(clerk, draft)
        clerk.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
        assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 302
        return draft

    return file


def test_it_works(called: tuple[Client, int], file_for: Any, client_for: For, at: Any) -> None:
    clerk, number = called
    draft = file_for(clerk)
    case = Case.objects.get()
    page = clerk.get(f"/desk/cases/{case.number}/").text
    assert "came in at window A01, number A001, waited 7 min" in page
    assert list_counter_times(cases=[case.number]) == {}
    clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"})  # pressed twice
    at(MONDAY + 19 * MINUTE)
    assert "A001" in clerk.post(f"{QUEUE}{number:016d}/finish", follow=True).text
    assert get_history(case=number)[-1].data["cases"] == [str(case.number)]
    assert [event.kind for event in get_history(case=number)].count("ticket.filed") == 1
    served = get_history(case=case.number)[-1]
    assert (served.kind, served.waiting, served.working) == ("case.served", 7, 12)
    time = list_counter_times(cases=[case.number])[case.number]
    assert (time.ticket, time.label, time.waited, time.served) == (number, "A001", 7, 12)
    words = "came in at window A01, number A001, waited 7 min, served 12 min"
    assert words in client_for("wangqian").get(f"/desk/cases/{case.number}/").text
    assert words in client_for("linxiaomei").get(f"/cases/{case.number}/").text
    assert all(checked.broken is None for checked in iterate_checked())


def test_the_page_of_the_number(called: tuple[Client, int], file_for: Any, client_for: For) -> None:
    clerk, number = called
    address = f"{QUEUE}{number:016d}/"
    assert address in clerk.get(QUEUE).text
    assert "Nothing was filed with this number" in clerk.get(address).text
    file_for(clerk)
    case = Case.objects.get()
    page = clerk.get(address).text
    assert "Called to window A01 after 7 min" in page
    assert f"/desk/cases/{case.number}/" in page
    assert f"/desk/cases/{case.number}/" in client_for("wangqian").get(address).text
    for name in ("linxiaomei", "chenli"):
        assert client_for(name).get(address).status_code == 403
    assert client_for("").get(address)["Location"].startswith("/account/login/")
    assert clerk.get(f"{QUEUE}2611300000000001/").status_code == 404


def test_who_is_handed_on_was_served_here_so_long(called: tuple[Client, int], file_for: Any, at: Any) -> None:
    clerk, number = called
    file_for(clerk)
    at(MONDAY + 10 * MINUTE)
    clerk.post(f"{QUEUE}{number:016d}/hand-on", {"to": "group:business"})
    (time,) = list_counter_times(cases=[Case.objects.get().number]).values()
    assert (time.window, time.served) == ("A01", 3)


def test_several_at_once(called: tuple[Client, int], a_photo: Callable[..., Any]) -> None:
    clerk, number = called
    cart = clerk.post(ADDRESS, PERSON)["Location"]
    for _ in range(12):
        url = clerk.get(cart).context["next_url"]
        if url.endswith("/review/"):
            break
        fill_page(clerk, clerk.get(url, follow=True), a_photo)
    clerk.post(f"{cart}submit", {"declared": "yes"})
    case = Case.objects.get(matter="pension-claim")
    assert get_history(case=case.number)[0].data["about"]["ticket"]["label"] == "A001"
    assert get_history(case=number)[-1].data["case"] == str(case.number)


def test_nobody_at_the_window(client_for: For, file_for: Any) -> None:
    clerk = client_for("sunbei")
    file_for(clerk)
    assert "ticket" not in get_history(case=Case.objects.get().number)[0].data["about"]
    assert "came in at window" not in clerk.get(f"/desk/cases/{Case.objects.get().number}/").text


def test_what_is_filed_online_came_with_no_number(client_for: For, ready: Any, actor_for: Any) -> None:
    draft = ready(client_for("linxiaomei"))
    case = submit(draft=draft, actor=actor_for("linxiaomei"), at=MONDAY, ticket={"number": "1", "waited": 0})
    assert "ticket" not in get_history(case=case)[0].data["about"]
