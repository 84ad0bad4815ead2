"""Cash: taken against a receipt by a clerk, on record, receipted, handed back, and counted in the evening."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.ledger.models import Event
from tongban.apps.payments.models import Difference, Payment, Reconciliation, Refund
from tongban.apps.payments.tasks import do_payments

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]


@pytest.fixture
def lost_card(file_case: Any) -> int:
    """An identity card of 40 yuan, asked for by somebody whose city has no payment service."""
    number: int = file_case(username="wuxiaochuan", matter="lost-id-card")
    return number


def take(client: Client, case: int, receipt: str = "N-0001", cash: str = "40.00") -> Any:
    return client.post(f"/desk/cases/{case}/fee/", {"do": "cash", "receipt": receipt, "cash": cash})


def test_it_works(client_for: For, lost_card: int, user_for: Any) -> None:
    clerk = client_for("wangqian")
    assert "Paid at the counter" in clerk.get(f"/desk/cases/{lost_card}/fee/").text
    assert take(clerk, lost_card).status_code == 302
    row = Payment.objects.get()
    by = f"user:{user_for('wangqian').pk}"
    assert (row.status, row.amount, row.provider, row.provider_no, row.opened_by) == (
        "paid",
        4000,
        "counter",
        "N-0001",
        by,
    )
    event = Event.objects.get(case=lost_card, kind="fee.paid")
    assert event.data["amount"] == "40.00"
    page = client_for("wuxiaochuan").get(f"/cases/{lost_card}/fee/")
    assert page.context["fee"].state == "paid"
    assert "in cash at a counter N-0001" in page.text
    receipt = client_for("wuxiaochuan").get(f"/cases/{lost_card}/fee/{row.receipt_no}.pdf")
    assert receipt["Content-Type"] == "application/pdf"


def test_what_is_wrong_is_said_and_nothing_is_lost(client_for: For, lost_card: int, file_case: Any) -> None:
    clerk = client_for("wangqian")
    page = take(clerk, lost_card, cash="39.00")
    assert page.status_code == 422
    assert "The fee is 40.00 yuan." in page.text
    assert 'value="N-0001"' in page.text
    assert "Write the number of the receipt" in take(clerk, lost_card, receipt=" ").text
    assert "Write an amount in yuan" in take(clerk, lost_card, cash="forty").text
    take(clerk, lost_card)
    late = take(clerk, lost_card, receipt="N-0002")
    assert "nothing to pay" in clerk.get(late["Location"]).text
    other = file_case(username="zhaoguoan", matter="lost-id-card")
    assert "N-0001 is on file already" in take(clerk, other).text
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("zengrong", 422), ("chenli", 404), ("wuxiaochuan", 403), ("", 302)])
def test_only_a_clerk_takes_cash(client_for: For, lost_card: int, who: str, status: int) -> None:
    assert take(client_for(who), lost_card).status_code in (status, 403)
    assert not Payment.objects.exists()


def test_it_goes_back_in_cash(client_for: For, lost_card: int) -> None:
    """By rule, when the case ends without what was asked for; a clerk hands it back, and nobody else can."""
    clerk = client_for("wangqian")
    take(clerk, lost_card)
    client_for("wuxiaochuan").post(f"/cases/{lost_card}/withdraw/", {"reason": "found it"})
    do_payments(at=timezone.now())
    refund = Refund.objects.get()
    assert (refund.status, refund.amount) == ("asked", 4000)
    ((line, _fields),) = clerk.get(f"/desk/cases/{lost_card}/fee/").context["handing_back"]
    given = {"do": "cash_back", "reference": line.reference, "receipt": "R-0001"}
    assert client_for("chenli").post(f"/desk/cases/{lost_card}/fee/", given).status_code in (403, 404)
    assert clerk.post(f"/desk/cases/{lost_card}/fee/", given).status_code == 302
    refund.refresh_from_db()
    assert (refund.status, refund.provider_no) == ("done", "R-0001")
    assert Event.objects.filter(case=lost_card, kind="fee.refunded").count() == 1
    assert clerk.post(f"/desk/cases/{lost_card}/fee/", given).status_code == 302
    assert Refund.objects.count() == 1


def test_the_till_is_held_against_the_receipts(client_for: For, lost_card: int) -> None:
    take(client_for("wangqian"), lost_card)
    office, today = client_for("admin"), timezone.localdate().isoformat()
    page = office.post(
        "/supervise/payments/till", {"day": today, "counted": "30", "note": "counted twice"}, follow=True
    )
    assert "It differs by -10.00 yuan." in page.text
    difference = Difference.objects.get()
    assert (difference.ours, difference.theirs) == (4000, 3000)
    page = office.post("/supervise/payments/till", {"day": today, "counted": "40.00"}, follow=True)
    assert "It agrees with the receipts." in page.text
    assert not Difference.objects.filter(settled_at=None).exists()
    assert Reconciliation.objects.get().paid == 4000
    assert "Write a day that has come" in office.post("/supervise/payments/till", {"day": "x"}, follow=True).text
    for who in ("wangqian", "wuxiaochuan"):
        assert client_for(who).post("/supervise/payments/till", {"day": today, "counted": "1"}).status_code == 403


def test_notices_of_the_provider_are_counted(settings: Any, client_for: For) -> None:
    settings.RATE_NOTICES = "2/m"
    client = client_for("")
    answers = [client.post("/payments/notices", b"{}", content_type="application/json").status_code for _ in range(3)]
    assert answers[-1] == 429
    assert 429 not in answers[:2]
