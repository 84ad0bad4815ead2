"""Money goes back: by rule, by an official with a reason, and again until the provider has done it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.payments.models import Payment, Refund
from tongban.apps.payments.tasks import do_payments

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]


def test_it_works(client_for: For, card: int, pay: Any, kinds: Any, cashier: Any) -> None:
    client = client_for("wuxiaochuan")
    pay(client, card)
    client.post(f"/cases/{card}/withdraw/", {"reason": "found it"})
    do_payments(at=timezone.now())
    refund = Refund.objects.get()
    assert (refund.status, refund.cause, refund.amount) == ("done", "withdrawn", 4000)
    assert kinds(card)[-2:] == ["case.withdrawn", "fee.refunded"]
    page = client.get(f"/cases/{card}/fee/")
    assert page.context["fee"].state == "refunded"
    assert "40.00 yuan went back on" in page.content.decode()
    do_payments(at=timezone.now())
    assert Refund.objects.count() == 1


def test_what_is_granted_stays_paid(client_for: For, card: int, pay: Any, act: Any, cashier: Any) -> None:
    pay(client_for("wuxiaochuan"), card)
    act(card, "accept", by="wangqian")
    for node, officer in (("handle", "pengfei"), ("review", "zengrong")):
        act(card, "complete", by=officer, node=node, outcome="pass", opinion="ok")
    act(card, "decide", by="zengrong", node="decide", outcome="granted", reason="")
    do_payments(at=timezone.now())
    assert not Refund.objects.exists()
    assert not Payment.objects.get().watched


def test_a_fee_that_is_kept_stays(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    client = client_for("wuxiaochuan")
    client.post(f"/cases/{card}/fee/pay")
    Payment.objects.update(kept=True)
    pay(client, card)
    client.post(f"/cases/{card}/withdraw/", {"reason": "found it"})
    do_payments(at=timezone.now())
    assert not Refund.objects.exists()


def test_a_refund_that_fails_is_tried_again_later(
    client_for: For, card: int, pay: Any, kinds: Any, cashier: Any
) -> None:
    client = client_for("wuxiaochuan")
    pay(client, card)
    client.post(f"/cases/{card}/withdraw/", {"reason": "found it"})
    now = timezone.now()
    cashier.faults.away = True
    do_payments(at=now)
    do_payments(at=now + timedelta(seconds=30))
    assert (Refund.objects.get().tries, Refund.objects.get().status) == (1, "asked")
    cashier.faults.away, cashier.faults.refuse_refunds = False, True
    do_payments(at=now + timedelta(minutes=2))
    assert (Refund.objects.get().tries, Refund.objects.get().status) == (2, "asked")
    assert client.get(f"/cases/{card}/fee/").context["fee"].state == "refunding"
    cashier.faults.refuse_refunds = False
    do_payments(at=now + timedelta(minutes=10))
    assert Refund.objects.get().status == "done"
    assert kinds(card).count("fee.refunded") == 1


def test_a_decider_pays_back_a_part_with_a_reason(
    client_for: For, card: int, pay: Any, kinds: Any, cashier: Any
) -> None:
    reference = pay(client_for("wuxiaochuan"), card)
    desk = client_for("zengrong")
    assert "Pay back" in desk.get(f"/desk/cases/{card}/fee/").content.decode()
    posted = {"reference": reference, "amount": "10.50", "reason": "charged too much"}
    assert desk.post(f"/desk/cases/{card}/fee/", posted).status_code == 302
    do_payments(at=timezone.now())
    page = client_for("wuxiaochuan").get(f"/cases/{card}/fee/")
    assert page.context["fee"].state == "paid"
    assert "charged too much" in page.content.decode()
    assert kinds(card)[-1] == "fee.refunded"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "41"}, "at most 40.00 yuan"),
        ({"amount": "0"}, "at most 40.00 yuan"),
        ({"amount": "ten"}, "no more than two decimals"),
        ({"amount": "1.005"}, "no more than two decimals"),
        ({"reason": " "}, "Please give the reason"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client_for: For, card: int, pay: Any, cashier: Any, changes: dict[str, str], words: str
) -> None:
    reference = pay(client_for("wuxiaochuan"), card)
    posted = {"reference": reference, "amount": "5", "reason": "too much"} | changes
    answer = client_for("zengrong").post(f"/desk/cases/{card}/fee/", posted)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{posted["amount"]}"' in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_reference_that_is_none_is_no_payment(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    pay(client_for("wuxiaochuan"), card)
    posted = {"reference": "made up", "amount": "5", "reason": "too much"}
    assert client_for("zengrong").post(f"/desk/cases/{card}/fee/", posted).status_code == 404
    assert not Refund.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("pengfei", 403), ("wangqian", 403), ("hejun", 404), ("wuxiaochuan", 403)]
)
def test_others_do_not(client_for: For, card: int, pay: Any, cashier: Any, act: Any, name: str, status: int) -> None:
    act(card, "accept", by="wangqian")
    reference = pay(client_for("wuxiaochuan"), card)
    posted = {"reference": reference, "amount": "5", "reason": "too much"}
    assert client_for(name).post(f"/desk/cases/{card}/fee/", posted).status_code == status
    assert not Refund.objects.exists()
