"""The receipt of an order: what happens next with each part, by when, and its fee in one press."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.services import ask_sources
from tongban.kernel.clock import Limit
from tongban.web.templatetags.tongban_ui import day

pytestmark = pytest.mark.django_db
RETIREMENT = {"stage": "retiring", "category": "male", "fund": "yes", "age": "under80"}


def test_it_works(sent: Callable[..., tuple[Client, int]]) -> None:
    client, number = sent(bundle="retirement", guide=RETIREMENT)
    page = client.get(f"/orders/{number}/?sent=1")
    pension, medical, *_rest = page.context["steps"]
    answer = get_calendar().deadline(start=timezone.now(), limit=Limit.parse("5 working days"))
    assert f"By {day(get_calendar().local_date(answer))} we tell you" in pension.lines[0]
    assert "Filed by itself once this is granted" in medical.lines[0]
    assert medical.lines[0] in page.text
    assert "What happens next" in page.text
    assert "What happens next" not in client.get(f"/orders/{number}/").text


def test_a_fee_is_one_press_from_everywhere(
    file_case: Any, client_for: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt, the case's page and the inbox lead straight to the cashier, and say so to the browser."""
    from tongban.apps.payments import fees, owing

    for module in (fees, owing):
        monkeypatch.setattr(module, "is_on", lambda: True)
    number = file_case(matter="lost-id-card")
    ask_sources(at=timezone.now() + timedelta(minutes=1))
    client = client_for("linxiaomei")
    for address in (f"/cases/{number}/receipt/", f"/cases/{number}/", "/inbox/"):
        text = client.get(address).text
        assert f'action="/cases/{number}/fee/pay"' in text, address
        assert "Pay 40.00 yuan" in text, address
