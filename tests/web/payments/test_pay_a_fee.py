"""A resident pays what a case costs, and nothing counts as paid that the provider has not signed."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.payments.models import Difference, Payment, Refund
from tongban.kernel.chain import SigningKey

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]
Kinds = Callable[[int], list[str]]


def test_it_works(client_for: For, cashier: Any, card: int, kinds: Kinds) -> None:
    client = client_for("wuxiaochuan")
    assert f'action="/cases/{card}/fee/pay"' in client.get(f"/cases/{card}/").content.decode()
    page = client.get(f"/cases/{card}/fee/")
    assert page.context["fee"].state == "due"
    assert "Pay 40.00 yuan" in page.content.decode()
    assert cashier.url in page["Content-Security-Policy"]
    sent = client.post(f"/cases/{card}/fee/pay")
    assert sent["Location"].startswith(f"{cashier.url}/pay/")
    assert "40.00" in cashier.look(sent["Location"])
    back = cashier.press(sent["Location"])
    assert back.endswith(f"/cases/{card}/fee/returned/")
    answer = client.get(f"/cases/{card}/fee/returned/", follow=True)
    assert "Paid. Thank you." in answer.content.decode()
    fee = answer.context["fee"]
    assert fee.state == "paid"
    assert kinds(card)[-1] == "fee.paid"
    receipt = client.get(f"/cases/{card}/fee/{fee.paid.receipt_no}.pdf")
    assert receipt.content.startswith(b"%PDF")
    assert receipt["Cache-Control"] == "private, no-store"
    assert f'action="/cases/{card}/fee/pay"' not in client.get(f"/cases/{card}/").content.decode()


def test_two_presses_lead_to_one_checkout(client_for: For, cashier: Any, card: int) -> None:
    client = client_for("wuxiaochuan")
    first, second = (client.post(f"/cases/{card}/fee/pay")["Location"] for _ in range(2))
    assert first == second
    assert Payment.objects.count() == 1


def test_what_is_paid_is_not_paid_again(client_for: For, card: int, pay: Any) -> None:
    client = client_for("wuxiaochuan")
    pay(client, card)
    answer = client.post(f"/cases/{card}/fee/pay", follow=True)
    assert "There is nothing to pay for this case now." in answer.content.decode()
    assert Payment.objects.count() == 1


def test_coming_back_without_paying_pays_nothing(client_for: For, cashier: Any, card: int, kinds: Kinds) -> None:
    client = client_for("wuxiaochuan")
    page = client.post(f"/cases/{card}/fee/pay")["Location"]
    answer = client.get(f"/cases/{card}/fee/returned/", follow=True)
    assert "has not confirmed a payment yet" in answer.content.decode()
    assert "fee.paid" not in kinds(card)
    assert client.post(f"/cases/{card}/fee/pay")["Location"] == page


def test_a_notice_pays_without_the_browser_and_once(
    client_for: For, cashier: Any, card: int, kinds: Kinds, post_notice: Any
) -> None:
    cashier.press(client_for("wuxiaochuan").post(f"/cases/{card}/fee/pay")["Location"])
    reference = str(Payment.objects.get().reference)
    notice = cashier.notice(reference)
    assert [post_notice(notice), post_notice(notice)] == [204, 204]
    assert kinds(card).count("fee.paid") == 1


@pytest.mark.parametrize("wrong", ["other key", "other words", "other merchant", "old"])
def test_what_the_provider_did_not_sign_is_not_believed(
    client_for: For, cashier: Any, card: int, kinds: Kinds, post_notice: Any, wrong: str
) -> None:
    client_for("wuxiaochuan").post(f"/cases/{card}/fee/pay")
    reference = str(Payment.objects.get().reference)
    paid = {"state": "paid", "amount": 4000, "provider_no": "X1", "at": "2026-03-02T10:00:00+08:00"}
    body, headers = cashier.notice(reference, **paid)
    if wrong == "other key":
        body, headers = cashier.notice(reference, key=SigningKey(secrets.token_bytes(32)), **paid)
    elif wrong == "other words":
        body = body.replace(b"4000", b"4001")
    elif wrong == "other merchant":
        body, headers = cashier.notice(reference, merchant="elsewhere", **paid)
    else:
        headers["Payment-Timestamp"] = str(int(headers["Payment-Timestamp"]) - 3600)
    assert post_notice((body, headers)) == 403
    assert Payment.objects.get().status == "opened"
    assert "fee.paid" not in kinds(card)


def test_another_amount_is_not_the_fee(client_for: For, cashier: Any, card: int, kinds: Kinds, pay: Any) -> None:
    cashier.faults.short_by = 1
    pay(client_for("wuxiaochuan"), card)
    assert Payment.objects.get().status == "closed"
    assert "fee.paid" not in kinds(card)
    difference = Difference.objects.get()
    assert (difference.kind, difference.ours, difference.theirs) == ("amount", 4000, 3999)


def test_paid_twice_by_two_windows_goes_back_once(client_for: For, cashier: Any, card: int, kinds: Kinds) -> None:
    client = client_for("wuxiaochuan")
    first = client.post(f"/cases/{card}/fee/pay")["Location"]
    Payment.objects.update(status="closed")  # as if it had run out, while the page is still open somewhere
    second = client.post(f"/cases/{card}/fee/pay")["Location"]
    for page in (second, first):
        cashier.press(page)
    from django.utils import timezone

    from tongban.apps.payments.services import settle

    client.get(f"/cases/{card}/fee/returned/")
    Payment.objects.filter(status="closed").update(status="opened")
    settle(reference=str(Payment.objects.get(status="opened").reference), at=timezone.now())
    assert sorted(Payment.objects.values_list("status", "surplus")) == [("paid", False), ("paid", True)]
    assert Refund.objects.get().cause == "surplus"
    assert kinds(card).count("fee.paid") == 1
    assert "paid twice by mistake" in client.get(f"/cases/{card}/fee/").content.decode()


def test_a_provider_that_is_away_costs_nothing(client_for: For, cashier: Any, card: int) -> None:
    cashier.faults.away = True
    client = client_for("wuxiaochuan")
    answer = client.post(f"/cases/{card}/fee/pay", follow=True)
    assert "does not answer. Nothing was charged." in answer.content.decode()
    cashier.faults.away = False
    assert client.post(f"/cases/{card}/fee/pay")["Location"].startswith(cashier.url)
    assert Payment.objects.count() == 1


def test_without_a_provider_it_is_paid_at_the_counter(client_for: For, card: int) -> None:
    client = client_for("wuxiaochuan")
    assert "It is paid at the counter." in client.get(f"/cases/{card}/fee/").content.decode()
    answer = client.post(f"/cases/{card}/fee/pay", follow=True)
    assert "cannot be paid online here" in answer.content.decode()


def test_a_free_matter_has_no_such_page(client_for: For, file_case: Any) -> None:
    number = file_case()
    assert client_for("linxiaomei").get(f"/cases/{number}/fee/").status_code == 404


def test_the_amount_follows_from_the_answers(client_for: For, cashier: Any, file_case: Any, act: Any) -> None:
    number = file_case(matter="property-registration", username="wuxiaochuan", use_kind="shop")
    client = client_for("wuxiaochuan")
    fee = client.get(f"/cases/{number}/fee/").context["fee"]
    assert (fee.state, str(fee.amount)) == ("later", "550.00")
    assert "Nothing is due now." in client.get(f"/cases/{number}/fee/").content.decode()
    act(number, "accept", by="wangqian")
    assert client.get(f"/cases/{number}/fee/").context["fee"].state == "due"


@pytest.mark.parametrize("name", ["zhoumin", "zengrong", "hejun", ""])
def test_nobody_else_pays_or_reads_it(client_for: For, cashier: Any, card: int, pay: Any, name: str) -> None:
    pay(client_for("wuxiaochuan"), card)
    receipt = Payment.objects.get().receipt_no
    client = client_for(name)
    for path in ("", "returned/", f"{receipt}.pdf"):
        assert client.get(f"/cases/{card}/fee/{path}").status_code in (302, 404)
    answer = client.post(f"/cases/{card}/fee/pay")
    assert answer.status_code in (302, 404)
    if name:
        assert answer.status_code == 404
    else:
        assert answer["Location"].startswith("/account/login/")


def test_the_page_asks_little(
    client_for: For, cashier: Any, card: int, pay: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_for("wuxiaochuan")
    pay(client, card)
    with django_assert_max_num_queries(16):
        client.get(f"/cases/{card}/fee/")
