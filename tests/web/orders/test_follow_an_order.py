"""An order is followed as one: where each part is, grouped among my cases, and seen by nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.orders.conftest import Cart

from tongban.apps.intake.models import OrderPart

pytestmark = pytest.mark.django_db


def test_it_works(
    sent: Callable[..., tuple[Client, int]], part_of: Callable[[str], OrderPart], act: Callable[..., None]
) -> None:
    client, number = sent(bundle="trial-shop")
    case = part_of("food-business-licence").draft.case
    page = client.get(f"/orders/{number}/")
    assert [one["state"] for one in page.context["segments"]] == ["active", "ahead"]
    assert f"/cases/{case}/" in page.text
    assert page.context["wanted"] == []
    act(case, "accept", by="wangqian")
    act(case, "request_supplement", by="chenli", node="handle", items=["floor_plan"], note="Clearer.", within=None)
    page = client.get(f"/orders/{number}/")
    assert [one["state"] for one in page.context["segments"]] == ["waiting", "ahead"]
    (wanted,) = page.context["wanted"]
    assert wanted.url == f"/cases/{case}/supplement/"
    assert [item.state for item in page.context["timeline"]][-1] == "ahead"


def test_my_cases_show_it_as_one(
    sent: Callable[..., tuple[Client, int]], file_case: Callable[..., int], part_of: Callable[[str], OrderPart]
) -> None:
    client, number = sent(bundle="trial-shop")
    file_case(matter="lost-id-card")
    page = client.get("/cases/")
    assert "A trial: the shop" in page.text
    assert f"/orders/{number}/" in page.text
    case = part_of("food-business-licence").draft.case
    assert f'href="/cases/{case}/"' not in page.text
    assert len(page.context["rows"]) == 2


def test_a_cart_is_among_what_was_begun(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    page = client.get("/cases/")
    assert address in page.text
    assert "Started, not sent yet" in page.text
    assert address in client.get("/orders/").text
    assert address in client.get("/").text


def test_nothing_yet(client_for: Callable[[str], Client]) -> None:
    assert "Nothing here yet" in client_for("zhaoguoan").get("/orders/").text


@pytest.mark.parametrize("who", ["zhoumin", "chenli", ""])
def test_strangers_and_nobody_see_nothing(
    sent: Callable[..., tuple[Client, int]], client_for: Callable[[str], Client], who: str
) -> None:
    _, number = sent()
    answer = client_for(who).get(f"/orders/{number}/")
    assert answer.status_code == (404 if who else 302)
    assert client_for("linxiaomei").get("/orders/9999999999999999/").status_code == 404


def test_no_query_count_grows_with_orders(sent: Callable[..., tuple[Client, int]], client_for: Any) -> None:
    def count(path: str) -> int:
        client = client_for("linxiaomei")
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    sent(bundle="trial-shop")
    before = {path: count(path) for path in ("/orders/", "/cases/")}
    sent()
    client = client_for("linxiaomei")
    key = client.get("/matters/lost-id-card/together").context["applicants"][0].key
    client.post("/matters/lost-id-card/together", {"applicant": key})
    for path, queries in before.items():
        assert count(path) <= queries + 1, path
