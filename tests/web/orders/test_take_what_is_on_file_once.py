"""What is on file for several matters of a cart is shown on one page, and taken for all of them with one press."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.conftest import COMPANY
from tests.web.orders.conftest import Cart, fill_page

from tongban.apps.exchange.models import Extract, Lookup
from tongban.apps.intake.models import OrderPart

pytestmark = pytest.mark.django_db

GUIDE = {"licence": "have", "premises": "new", "outside": "yes", "certificate": "yes"}
ONCE = {"shop_name", "address", "area_m2", "contact_phone", "owner_phone"}
SAID = ("明川小馆餐饮有限公司", "明川市临江区滨河路 16 号", "96", "林晓梅")


@pytest.fixture
def begun(client_for: Callable[[str], Client]) -> Callable[[], Cart]:
    """The cart of a registered company that opens a restaurant, with seats outside."""

    def begin() -> Cart:
        client = client_for("linxiaomei")
        given = {"applicant": COMPANY, "with": ["outdoor-dining"]}
        answer = client.post(f"/bundles/restaurant/start?{urlencode(GUIDE)}", given)
        assert answer.status_code == 302
        return client, answer["Location"]

    return begin


@pytest.fixture
def go_through(a_photo: Callable[..., Any]) -> Callable[[Cart], tuple[set[str], list[str]]]:
    """Go on from page to page to the review; return what was asked, and the addresses of all pages."""

    def go(cart: Cart) -> tuple[set[str], list[str]]:
        client, address = cart
        asked: set[str] = set()
        seen: list[str] = []
        for _ in range(20):
            page = client.get(client.get(address).context["next_url"], follow=True)
            seen.append(page.request["PATH_INFO"])
            if seen[-1].endswith("/review/"):
                return asked, seen
            asked |= {field.name for field in page.context.get("fields") or ()}
            fill_page(client, page, a_photo)
        raise AssertionError(seen)

    return go


def _taken(cart: Cart) -> Any:
    return cart[0].post(f"{cart[1]}on-file/", {"action": "take"}, follow=True)


def test_one_page_one_press_and_nothing_of_it_is_asked(
    registers: Path, begun: Callable[[], Cart], go_through: Any, part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart = begun()
    assert Lookup.objects.count() == 4  # the company register for two matters, each on its own ground
    assert client.get(address).context["next_url"] == f"{address}on-file/"
    page = client.get(f"{address}on-file/")
    assert Lookup.objects.count() == 4
    for said in (*SAID, "Opening a restaurant (joint review)", "Outdoor seating", "Company register"):
        assert said in page.text, said
    assert page.text.count("<h2>Company register</h2>") == 1
    assert "13900000001" not in page.text
    after = _taken(cart)
    assert "This saves you 4 questions, 3 papers and 3 trips." in after.text
    asked, seen = go_through(cart)
    assert asked.isdisjoint(ONCE)
    assert {"seats", "tables", "daily_m3", "grease_trap"} <= asked
    assert not any(each.endswith("/on-file/") for each in seen)
    for matter in ("restaurant-opening", "drainage-permit", "outdoor-dining"):
        answers = part_of(matter).draft.answers
        assert (answers["shop_name"], answers["address"]) == SAID[:2], matter
    known = {row["value"] for row in client.get(f"{address}review/").context["known"]}
    assert set(SAID[:2]) <= known
    sent = client.post(f"{address}submit", {"declared": "yes"}, follow=True)
    assert sent.request["PATH_INFO"].startswith("/orders/")
    assert "This saves you 4 questions, 3 papers and 3 trips." in sent.text


def test_it_is_all_asked_when_somebody_wants_to_fill_it_in_themselves(
    registers: Path, begun: Callable[[], Cart], go_through: Any
) -> None:
    client, address = cart = begun()
    answer = client.post(f"{address}on-file/", {"action": "decline"}, follow=True)
    assert "Nothing of it is used" in answer.text
    assert not Extract.objects.exclude(values_sealed="").exists()
    asked, seen = go_through(cart)
    assert {"shop_name", "address", "area_m2", "owner_phone"} <= asked
    assert not any(each.endswith("/on-file/") for each in seen)
    assert Lookup.objects.count() == 4


def test_what_has_changed_since_it_was_shown_is_shown_once_more(
    registers: Path, begun: Callable[[], Cart], part_of: Callable[[str], OrderPart]
) -> None:
    cart = begun()
    Extract.objects.update(fresh_until=timezone.now())
    _measured_anew(registers)
    again = _taken(cart)
    assert "The register says something else by now" in again.text
    assert "120" in again.text
    _taken(cart)
    assert part_of("restaurant-opening").draft.answers["area_m2"] == 120


def test_what_has_changed_when_it_is_sent_is_shown_once_more(
    registers: Path, begun: Callable[[], Cart], go_through: Any
) -> None:
    client, address = cart = begun()
    _taken(cart)
    go_through(cart)
    Extract.objects.update(fresh_until=timezone.now())
    _measured_anew(registers)
    answer = client.post(f"{address}submit", {"declared": "yes"}, follow=True)
    assert answer.request["PATH_INFO"] == f"{address}on-file/"
    assert "then send it" in answer.text
    assert "(before: 96)" in answer.text
    _taken(cart)
    sent = client.post(f"{address}submit", {"declared": "yes"})
    assert sent["Location"].startswith("/orders/")


def test_a_register_that_is_down_stops_nobody(
    registers: Path, begun: Callable[[], Cart], go_through: Any, part_of: Callable[[str], OrderPart]
) -> None:
    (registers / "property-register.sqlite3").unlink()
    client, address = cart = begun()
    assert SAID[0] in client.get(f"{address}on-file/").text
    _taken(cart)
    asked, _ = go_through(cart)
    assert {"address", "area_m2"} <= asked
    assert asked.isdisjoint({"shop_name", "owner_phone"})
    client.post(f"{address}submit", {"declared": "yes"})
    case = part_of("restaurant-opening").draft.case
    assert {(row.register, row.state) for row in Extract.objects.filter(case=case)} == {
        ("company-register", "taken"),
        ("property-register", "pending"),
        ("civil-register", "taken"),
    }


def test_a_register_that_is_down_is_waited_for_once_in_a_cart(
    registers: Path,
    begun: Callable[[], Cart],
    go_through: Any,
    part_of: Callable[[str], OrderPart],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SANDBOX_REGISTERS", "http://127.0.0.1:9")  # nobody answers there
    client, address = cart = begun()
    tried = Lookup.objects.filter(register="company-register")
    assert sorted(tried.values_list("reason", flat=True)) == ["connection", "waited"]
    assert set(Extract.objects.filter(register="company-register").values_list("state", flat=True)) == {"pending"}
    assert client.get(f"{address}on-file/").status_code == 200
    assert tried.count() == 2  # nor is it asked for by looking at the page
    _taken(cart)
    asked, _ = go_through(cart)
    assert "shop_name" in asked
    assert client.post(f"{address}submit", {"declared": "yes"})["Location"].startswith("/orders/")
    cases = {part_of(matter).draft.case for matter in ("restaurant-opening", "outdoor-dining")}
    assert (
        set(Extract.objects.filter(register="company-register", state="pending").values_list("case", flat=True))
        == cases
    )


def test_a_part_leads_to_the_page_of_the_cart(
    registers: Path, begun: Callable[[], Cart], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = begun()
    assert client.get(f"/drafts/{part_of('outdoor-dining').draft_id}/")["Location"] == f"{address}on-file/"


def test_what_is_put_in_later_is_shown_too(registers: Path, begun: Callable[[], Cart]) -> None:
    client, address = cart = begun()
    _taken(cart)
    assert client.post("/matters/shop-sign/together", {"applicant": COMPANY})["Location"] == address
    assert client.get(address).context["next_url"] == f"{address}on-file/"
    _taken(cart)
    shared = {one.id for one in client.get(address).context["order"].shared}
    assert shared.isdisjoint({"shop_name", "address"})


def test_who_is_let_in_sees_and_takes_it(
    registers: Path, begun: Callable[[], Cart], client_for: Callable[[str], Client]
) -> None:
    client, address = begun()
    link = client.post(f"{address}share/").context["link"].removeprefix("http://testserver")
    helper = client_for("zhoumin")
    helper.post(link)
    assert SAID[0] in helper.get(f"{address}on-file/").text
    assert "This saves you" in _taken((helper, address)).text
    assert not Extract.objects.exclude(state="taken").exists()


def test_nothing_to_show_leads_on(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    assert client.get(f"{address}on-file/")["Location"] == client.get(address).context["next_url"]
    assert not Lookup.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("wuxiaochuan", 404), ("chenli", 404), ("", 302)])
def test_it_is_nobody_else_s(
    registers: Path, begun: Callable[[], Cart], client_for: Callable[[str], Client], who: str, status: int
) -> None:
    _, address = begun()
    other = client_for(who)
    assert other.get(f"{address}on-file/").status_code == status
    assert other.post(f"{address}on-file/", {"action": "take"}).status_code == status
    assert other.post(f"{address}on-file/", {"action": "decline"}).status_code == status
    assert not Extract.objects.exclude(state="offered").exists()


def _measured_anew(registers: Path) -> None:
    with closing(sqlite3.connect(registers / "property-register.sqlite3", isolation_level=None)) as base:
        base.execute("UPDATE record SET area_m2 = '120'")
