"""A clerk at a window that is closed by its hours; and what the kiosk and the hall's page say of such a window."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.models import Ticket
from tongban.web.kiosks import kiosk_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
QUEUE = "/window/queue/"
WEDNESDAY = MONDAY + timedelta(days=2)
"""In the demo city the window for what follows a death is closed on Wednesdays."""


def test_it_is_asked_once(client_for: Callable[[str], Client], at: Any) -> None:
    clerk = client_for("sunbei")
    # Somebody came at the end of the morning; the window closes for lunch with them waiting.
    for _ in range(2):
        services.take(hall=HALL, group="after-a-death", key=uuid4(), at=MONDAY)
    at(MONDAY.replace(hour=12, minute=30))
    clerk.post(f"{QUEUE}open", {"window": f"{HALL}/B05"})
    assert "Opens today at 13:30." in clerk.get(QUEUE).text
    asked = clerk.post(f"{QUEUE}next", follow=True).text
    assert "Call all the same" in asked
    assert not Ticket.objects.exclude(state="waiting").exists()
    assert "They are here" in clerk.post(f"{QUEUE}next", {"anyway": "yes"}, follow=True).text
    first = Ticket.objects.get(state="called")
    clerk.post(f"{QUEUE}{first.number:016d}/miss")
    assert "They are here" in clerk.post(f"{QUEUE}next", follow=True).text
    clerk.post(f"{QUEUE}{Ticket.objects.get(state='called').number:016d}/miss")
    clerk.post(f"{QUEUE}close")
    services.take(hall=HALL, group="after-a-death", key=uuid4(), at=MONDAY.replace(hour=13))
    clerk.post(f"{QUEUE}open", {"window": f"{HALL}/B05"})
    assert "Call all the same" in clerk.post(f"{QUEUE}next", follow=True).text


def test_within_its_hours_nothing_is_said(client_for: Callable[[str], Client]) -> None:
    services.take(hall=HALL, group="after-a-death", key=uuid4(), at=MONDAY)
    clerk = client_for("sunbei")
    clerk.post(f"{QUEUE}open", {"window": f"{HALL}/B05"})
    assert "closed by its hours" not in clerk.get(f"{QUEUE}?call=anyway").text
    assert "They are here" in clerk.post(f"{QUEUE}next", follow=True).text


def test_the_kiosk_and_the_page_of_the_hall(client_for: Callable[[str], Client], at: Any) -> None:
    at(WEDNESDAY)
    lin = client_for("linxiaomei")
    kiosk = client_for("").get(kiosk_url(hall=HALL))
    assert "closed now" in kiosk.text
    assert "at 08:30." in kiosk.text
    page = lin.get(f"/hall/{HALL}/").text
    assert 'value="general"' in page
    assert 'value="after-a-death"' not in page
    assert "at 08:30." in page
    said = lin.post(f"/hall/{HALL}/take", {"group": "after-a-death", "key": str(uuid4())}, follow=True).text
    assert "All windows for this are closed now" in said
    assert not Ticket.objects.exists()


def test_the_page_of_a_matter_shows_it(client_for: Callable[[str], Client]) -> None:
    assert "After a death: Monday, Tuesday, Thursday, Friday" in client_for("").get("/matters/funeral-benefit/").text
