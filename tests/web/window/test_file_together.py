"""At the counter a clerk fills in an event of life with a person and sends it in one go."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.web.orders.conftest import fill_page

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Order

pytestmark = pytest.mark.django_db
GUIDE = {"stage": "retiring", "category": "male", "fund": "no", "age": "under60"}
ADDRESS = f"/window/together/retirement/?{urlencode(GUIDE)}"
PERSON = {"name": "赵国安", "identity_number": "361799195803070076", "phone": "13900000003"}


def test_it_works(client_for: Callable[[str], Client], a_photo: Callable[..., Any]) -> None:
    clerk = client_for("wangqian")
    assert ADDRESS in clerk.get(f"/bundles/retirement/guide/?{urlencode(GUIDE)}").text.replace("&amp;", "&")
    cart = clerk.post(ADDRESS, PERSON)["Location"]
    for _ in range(12):
        url = clerk.get(cart).context["next_url"]
        if url.endswith("/review/"):
            break
        fill_page(clerk, clerk.get(url, follow=True), a_photo)
    answer = clerk.post(f"{cart}submit", {"declared": "yes"})
    order = Order.objects.get()
    case = Case.objects.get(matter="pension-claim")
    assert answer["Location"] == f"/orders/{order.number}/?sent=1"
    assert (case.channel, case.applicant_name, case.agent_id) == ("window", "赵国安", None)
    receipt = clerk.get(answer["Location"])
    assert "What happens next" in receipt.text
    assert "data-print" in receipt.text
    # It is with the counter's work, and not among what the clerk asks for themselves.
    assert str(order.number)[:6] in clerk.get("/window/").text.replace(" ", "")
    assert clerk.get("/orders/").context["sent"] == []
    # Whoever stood there looks it up with the number and the end of their telephone.
    found = client_for("").post("/track/", {"number": str(order.number), "phone": "0003"}, follow=True)
    assert found.status_code == 200
    # And once more is asked about.
    page = clerk.post(ADDRESS, PERSON)
    assert page.status_code == 422
    assert "Under way already" in page.text


def test_a_wrong_name_is_said(client_for: Callable[[str], Client]) -> None:
    page = client_for("wangqian").post(ADDRESS, {**PERSON, "name": "李四"})
    assert page.status_code == 422
    assert page.context["form"].errors["name"]
    assert not Order.objects.exists()


def test_an_unfinished_guide_is_gone_on_with(client_for: Callable[[str], Client]) -> None:
    answer = client_for("wangqian").get("/window/together/retirement/?stage=retiring")
    assert answer["Location"].startswith("/bundles/retirement/guide/")


@pytest.mark.parametrize(("who", "status"), [("chenli", 403), ("linxiaomei", 403), ("", 302)])
def test_only_a_clerk(client_for: Callable[[str], Client], who: str, status: int) -> None:
    assert client_for(who).get(ADDRESS).status_code == status
    assert client_for(who).post(ADDRESS, PERSON).status_code == status
    assert not Order.objects.exists()
