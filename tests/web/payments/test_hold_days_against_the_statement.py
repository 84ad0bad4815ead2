"""Every day is held against the provider's signed statement; the administrator sees where they differ."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.payments.models import Difference, Payment, Reconciliation
from tongban.apps.payments.services import reconcile, reconcile_missing_days, settle_open

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]


def test_it_works(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    pay(client_for("wuxiaochuan"), card)
    now = timezone.now()
    assert reconcile_missing_days(at=now) == 0
    assert reconcile_missing_days(at=now + timedelta(days=1, hours=2)) >= 1
    row = Reconciliation.objects.get(day=timezone.localdate(now))
    assert (row.payments, row.paid, row.refunds) == (1, 4000, 0)
    page = client_for("admin").get("/supervise/payments/")
    assert "Nothing differs." in page.content.decode()
    assert "40.00" in page.content.decode()


def test_what_was_never_heard_of_is_put_right(client_for: For, card: int, kinds: Any, cashier: Any) -> None:
    cashier.press(client_for("wuxiaochuan").post(f"/cases/{card}/fee/pay")["Location"])
    Payment.objects.update(status="closed")
    assert reconcile(day=timezone.localdate(), at=timezone.now()) == 0
    assert Payment.objects.get().status == "paid"
    assert kinds(card)[-1] == "fee.paid"


def test_a_lost_notice_is_asked_about(client_for: For, card: int, kinds: Any, cashier: Any) -> None:
    cashier.press(client_for("wuxiaochuan").post(f"/cases/{card}/fee/pay")["Location"])
    assert settle_open(at=timezone.now()) == 0
    assert settle_open(at=timezone.now() + timedelta(minutes=3)) == 1
    assert kinds(card)[-1] == "fee.paid"


def test_what_is_not_paid_in_time_is_closed(client_for: For, card: int, cashier: Any) -> None:
    client = client_for("wuxiaochuan")
    first = client.post(f"/cases/{card}/fee/pay")["Location"]
    settle_open(at=timezone.now() + timedelta(minutes=31))
    assert Payment.objects.get().status == "closed"
    assert "closed or has expired" in cashier.look(first) or "已关闭" in cashier.look(first)
    assert client.post(f"/cases/{card}/fee/pay")["Location"] != first


def test_differences_are_shown_and_settled(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    reference = pay(client_for("wuxiaochuan"), card)
    day = timezone.localdate()
    Payment.objects.filter(pk=reference).update(amount=5000)
    assert reconcile(day=day, at=timezone.now()) == 1
    admin = client_for("admin")
    page = admin.get("/supervise/payments/").content.decode()
    assert "The amounts differ" in page
    assert "ours 50.00 yuan, theirs 40.00 yuan" in page
    number = Difference.objects.get().pk
    assert admin.post(f"/supervise/payments/differences/{number}/settle", {"note": ""}, follow=True).status_code == 200
    assert Difference.objects.filter(settled_at=None).exists()
    admin.post(f"/supervise/payments/differences/{number}/settle", {"note": "bank letter of 3 March"})
    assert "bank letter of 3 March" in admin.get("/supervise/payments/").content.decode()
    assert not Difference.objects.filter(settled_at=None).exists()


def test_what_agrees_again_is_settled(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    reference = pay(client_for("wuxiaochuan"), card)
    Payment.objects.filter(pk=reference).update(paid_at=timezone.now() - timedelta(days=3))
    day = timezone.localdate()
    assert reconcile(day=day, at=timezone.now()) == 1
    assert Difference.objects.get().kind == "missing_here"
    Payment.objects.filter(pk=reference).update(paid_at=timezone.now())
    assert reconcile(day=day, at=timezone.now()) == 0
    assert Reconciliation.objects.count() == 1


def test_what_the_provider_does_not_know_is_found(client_for: For, card: int, pay: Any, cashier: Any) -> None:
    reference = pay(client_for("wuxiaochuan"), card)
    Payment.objects.filter(pk=reference).update(paid_at=timezone.now() - timedelta(days=3))
    assert reconcile(day=timezone.localdate() - timedelta(days=3), at=timezone.now()) == 1
    assert Difference.objects.get().kind == "missing_there"


@pytest.mark.parametrize(("name", "status"), [("liangchen", 403), ("hejun", 403), ("wuxiaochuan", 403), ("", 302)])
def test_only_the_administrator_sees_it(client_for: For, name: str, status: int) -> None:
    client = client_for(name)
    assert client.get("/supervise/payments/").status_code == status
    assert client.post("/supervise/payments/differences/1/settle", {"note": "x"}).status_code == status


def _days(count: int) -> None:
    today = timezone.localdate()
    Reconciliation.objects.all().delete()
    Reconciliation.objects.bulk_create(
        Reconciliation(
            provider="sandbox",
            day=today - timedelta(days=no),
            at=timezone.now(),
            payments=1,
            refunds=0,
            paid=100,
            refunded=0,
            statement="{}",
        )
        for no in range(1, count + 1)
    )


def test_the_page_asks_as_much_for_many_days_as_for_one(client_for: For, cashier: Any) -> None:
    admin = client_for("admin")
    asked = []
    for count in (1, 1, 59):
        _days(count)
        with CaptureQueriesContext(connection) as queries:
            page = admin.get("/supervise/payments/")
        asked.append(len(queries))
    assert asked[1] == asked[2]
    assert len(page.context["days"]) == 31
    assert len(admin.get("/supervise/payments/" + page.context["next_url"]).context["days"]) == 28
