"""Every list of what is mine follows “I act for …”, and says so: cases, carts, orders, drafts, certificates."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.apps.intake.models import Draft, Order

pytestmark = pytest.mark.django_db
COMPANY = "organisation:91361700MA00001A5K"
NAME = "明川小馆餐饮有限公司"
For = Callable[[str], Client]


@pytest.fixture
def lin(client_for: For) -> Client:
    """A draft and a cart of her own, and one of each for her company."""
    client = client_for("linxiaomei")
    for matter in ("food-business-licence", "shop-sign"):
        for whose in (_me(client), COMPANY):
            where = "start" if matter == "food-business-licence" else "together"
            assert client.post(f"/matters/{matter}/{where}", {"applicant": whose}).status_code == 302
    assert (Draft.objects.filter(part=None).count(), Order.objects.count()) == (2, 2)
    return client


def _me(client: Client) -> str:
    from tongban.apps.people.models import Person

    return f"person:{Person.objects.get(user=client.session['_auth_user_id']).pk}"


def _choose(client: Client, whose: str) -> None:
    assert client.post("/acting/", {"applicant": whose}).status_code == 302


def _mine(client: Client, path: str) -> tuple[set[Any], set[Any]]:
    """Keys of the drafts and of the carts that a page lists."""
    context = client.get(path).context
    carts = context.get("carts") or context.get("orders") or []
    return {row.id for row in context.get("drafts") or []}, {row.id for row in carts}


@pytest.mark.parametrize("path", ["/", "/cases/", "/orders/"])
def test_drafts_and_carts(lin: Client, path: str) -> None:
    both = _mine(lin, path)
    assert len(both[1]) == 2
    assert f"{NAME}" in lin.get(path).text  # of what is another's the list says whose
    _choose(lin, COMPANY)
    drafts, carts = _mine(lin, path)
    assert carts == set(Order.objects.filter(applicant_key=COMPANY).values_list("pk", flat=True))
    if path != "/orders/":
        assert drafts == set(Draft.objects.filter(applicant_key=COMPANY, part=None).values_list("pk", flat=True))
    assert f"You see what is {NAME}'s only" in lin.get(path).text
    _choose(lin, _me(lin))
    assert _mine(lin, path) == both
    assert "'s only" not in lin.get(path).text


def test_certificates(client_for: For, granted: Callable[..., int]) -> None:
    granted(username="linxiaomei")
    granted(username="linxiaomei", applicant=COMPANY)
    client = client_for("linxiaomei")
    assert len(_held(client)) == 2
    _choose(client, COMPANY)
    assert [each.whose.key for each in _held(client)] == [COMPANY]
    assert f"You see what is {NAME}'s only" in client.get("/certificates/").text


def _held(client: Client) -> list[Any]:
    return [each for _, held in client.get("/certificates/").context["groups"] for each in held]


def test_what_is_begun_says_for_whom(lin: Client) -> None:
    cart = Order.objects.get(applicant_key=COMPANY).pk
    assert f"This is for <strong>{NAME}</strong>" in lin.get(f"/carts/{cart}/").text
    _choose(lin, COMPANY)
    page = lin.get("/matters/shop-sign/together")
    assert [option.value for option in page.context["whom"].options if option.selected] == [COMPANY]


def test_what_a_clerk_fills_in_for_others_is_not_among_what_is_theirs(client_for: For) -> None:
    clerk = client_for("wangqian")
    given = {"name": "吴小川", "identity_number": "361799199702190093", "phone": "13900000004"}
    draft = clerk.post("/window/food-business-licence/", given)["Location"]
    clerk.post("/matters/shop-sign/start", {"applicant": _me(clerk)})
    assert draft in clerk.get("/window/").text
    assert [row.matter for row, _ in clerk.get("/window/").context["drafts"]] == ["food-business-licence"]
    for path in ("/", "/cases/"):
        assert [row.matter for row in clerk.get(path).context["drafts"]] == ["shop-sign"]


def test_more_of_it_asks_no_more(lin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            lin.get("/cases/")
        return len(found)

    lin.get("/cases/")
    few = queries()
    for matter in ("childcare-subsidy", "senior-card", "pension-claim"):
        lin.post(f"/matters/{matter}/start", {"applicant": _me(lin)})
    assert queries() == few
