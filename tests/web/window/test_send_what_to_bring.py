"""A caller has what to bring sent to their mobile: read back first, sent once, on record without the number."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.apps.channels.doubles import Double, gateway, serve

from tongban.apps.calls.models import Checklist
from tongban.apps.calls.services import sweep_calls
from tongban.apps.channels.models import Delivery
from tongban.apps.channels.sending import send_due
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PHONE, KEY, NUMBER = "/window/phone/", "a-key", "13900000077"
SEND = "matters/food-business-licence/send"


@pytest.fixture
def sms(settings: Any) -> Iterator[Double]:
    """The city's gateway."""
    with serve(gateway(KEY)) as double:
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SIGN = f"{double.url}/v1/send", KEY, "明川"
        settings.PRIVATE_TARGETS = ["127.0.0.1"]
        yield double


@pytest.fixture
def there(client_for: For) -> str:
    """A call of Wang Qian's, of somebody who hides their number."""
    return str(client_for("wangqian").post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"])


def _given(**changes: str) -> dict[str, str]:
    return {"telephone": NUMBER, "language": "zh-hans", "key": str(uuid4()), "read_back": "yes"} | changes


def test_it_works(client_for: For, there: str, sms: Double, follow_log: Callable[..., None]) -> None:
    clerk = client_for("wangqian")
    assert SEND in clerk.get(f"{there}matters/food-business-licence/").text
    page = clerk.post(f"{there}{SEND}", {"telephone": "139 0000 0077", "language": "zh-hans"})
    assert "139 0000 0077" in page.text
    assert "经营场所布局图" in page.text
    assert not Checklist.objects.exists()
    sent = _given(key=str(page.context["key"]))
    assert "It is on its way" in clerk.post(f"{there}{SEND}", sent, follow=True).text
    clerk.post(f"{there}{SEND}", sent)  # pressed twice
    row = Checklist.objects.get()
    assert NUMBER not in row.telephone_sealed
    event = get_history(case=row.call_id)[-1]
    assert (event.kind, event.data["matter"]) == ("call.checklist_sent", "food-business-licence")
    assert "0077" not in str(event)
    now = timezone.now()
    follow_log("checklists", at=now)
    assert send_due(now=lambda: now) == 1
    (said,) = (call.json() for call in sms.calls)
    assert said["to"] == NUMBER
    assert said["text"].startswith("办理“食品经营许可（餐饮服务）”")
    assert "http" not in said["text"]
    assert Delivery.objects.get().status == "sent"


def test_what_is_no_mobile_number_is_said(client_for: For, there: str, sms: Double) -> None:
    clerk = client_for("wangqian")
    for number in ("", "12345", "0789-8812345"):
        page = clerk.post(f"{there}{SEND}", _given(telephone=number), follow=True)
        assert "number" in page.text
    assert not Checklist.objects.exists()


def test_nobody_is_pestered(client_for: For, there: str, sms: Double) -> None:
    clerk = client_for("wangqian")
    for _ in range(4):
        page = clerk.post(f"{there}{SEND}", _given(), follow=True).text
    assert "Enough was sent" in page
    assert Checklist.objects.count() == 3
    for _ in range(4):
        clerk.post(f"{there}end")
        again = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
        clerk.post(f"{again}{SEND}", _given())
        there = again
    assert Checklist.objects.count() == 5


def test_hours_later_it_is_not_sent(client_for: For, there: str, sms: Double, follow_log: Callable[..., None]) -> None:
    client_for("wangqian").post(f"{there}{SEND}", _given())
    now = timezone.now()
    follow_log("checklists", at=now)
    send_due(now=lambda: now + timedelta(hours=7))
    assert not sms.calls
    assert Delivery.objects.get().status == "dropped"


def test_the_number_is_let_go_of(client_for: For, there: str, sms: Double) -> None:
    client_for("wangqian").post(f"{there}{SEND}", _given())
    sweep_calls(at=timezone.now() + timedelta(days=400))
    row = Checklist.objects.get()
    assert (row.telephone_sealed, row.telephone_hash) == ("", "")


def test_without_a_gateway_it_is_not_offered(client_for: For, there: str) -> None:
    assert SEND not in client_for("wangqian").get(f"{there}matters/food-business-licence/").text


def test_who_may_not(client_for: For, there: str) -> None:
    for name in ("linxiaomei", "chenli"):
        assert client_for(name).post(f"{there}{SEND}", _given()).status_code == 403
    assert client_for("sunbei").post(f"{there}{SEND}", _given()).status_code == 404  # a colleague's call
    assert client_for("").post(f"{there}{SEND}", _given())["Location"].startswith("/account/login/")
    assert not Checklist.objects.exists()
