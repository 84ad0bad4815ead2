"""Into the cart: from the guide or from a matter's page; out again, back in, thrown away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.orders.conftest import Cart

from tongban.apps.intake.models import Draft, Order, OrderPart

pytestmark = pytest.mark.django_db
START = "/bundles/trial-baby/start?home=here&married=yes"


def test_it_works(cart: Callable[..., Cart], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    page = client.get(address)
    assert "A trial: the baby" in page.text
    assert "Registering a newborn" in page.text
    assert "Its turn comes once “Registering a newborn" in page.text
    assert part_of("newborn-registration").draft.answers["parents_married"] is True


def test_nobody_is_asked_to_sign_in_and_led_back(client_for: Callable[[str], Client]) -> None:
    answer = client_for("").get(START)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/bundles/trial-baby/start%3Fhome%3Dhere")


def test_an_unfinished_guide_is_gone_on_with(client_for: Callable[[str], Client]) -> None:
    answer = client_for("linxiaomei").get("/bundles/trial-baby/start?home=here")
    assert answer["Location"] == "/bundles/trial-baby/guide/?home=here"


def test_an_optional_matter_can_be_left_out_and_taken_in(cart: Callable[..., Cart]) -> None:
    client, address = cart(**{"with": []})
    page = client.get(address)
    assert [part.matter for part in page.context["order"].parts] == ["newborn-registration"]
    assert [part.matter for part in page.context["order"].removed] == ["childcare-subsidy"]
    client.post(f"{address}parts/childcare-subsidy", {"do": "restore"})
    assert len(client.get(address).context["order"].parts) == 2


def test_a_part_is_taken_out_and_that_is_undone(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    client, address = cart()
    fill((client, address))
    page = client.post(f"{address}parts/newborn-registration", {"do": "remove"}, follow=True)
    assert "It is taken out. You can undo that below." in page.text
    assert "Taken out" in page.text
    # What came later has nothing to wait for now, and is asked.
    assert not page.context["order"].is_ready
    page = client.post(f"{address}parts/newborn-registration", {"do": "restore"}, follow=True)
    assert page.context["order"].is_ready


def test_begun_again_it_is_the_same_cart_with_all_answers(
    cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]
) -> None:
    client, address = cart()
    fill((client, address))
    assert "You have begun this already" in client.get(START).text
    _, same = cart(guide={"home": "here", "married": "no"})
    assert same == address
    draft = part_of("newborn-registration").draft
    assert draft.answers["child_name"] == "林小满"
    assert draft.answers["parents_married"] is False
    assert Order.objects.count() == 1


def test_other_answers_take_out_what_no_longer_applies(cart: Callable[..., Cart]) -> None:
    cart()
    client, address = cart(guide={"home": "done"})
    found = client.get(address).context["order"]
    assert [part.matter for part in found.parts] == ["childcare-subsidy"]
    assert [part.matter for part in found.removed] == ["newborn-registration"]


def test_a_matter_from_its_page(client_for: Callable[[str], Client]) -> None:
    client = client_for("linxiaomei")
    assert "/matters/shop-sign/together" in client.get("/matters/shop-sign/").text
    keys = [each.key for each in client.get("/matters/shop-sign/together").context["applicants"]]
    first = client.post("/matters/shop-sign/together", {"applicant": keys[0]})
    second = client.post("/matters/food-business-licence/together", {"applicant": keys[0]})
    assert first["Location"] == second["Location"]
    found = client.get(first["Location"]).context["order"]
    assert [part.matter for part in found.parts] == ["shop-sign", "food-business-licence"]
    # What both ask in the same words is asked once.
    assert found.shared == [] or all(len(one.places) == 2 for one in found.shared)


def test_a_draft_that_was_begun_comes_along(
    client_for: Callable[[str], Client], begin: Callable[..., Any], cart: Callable[..., Cart]
) -> None:
    client = client_for("linxiaomei")
    draft = begin(client, "food-business-licence")
    client, address = cart(bundle="trial-shop")
    assert draft in [part.draft for part in client.get(address).context["order"].parts]
    assert Draft.objects.count() == 2
    # It is shown with its cart, not by itself.
    assert client.get("/cases/").context["drafts"] == []


def test_a_cart_is_thrown_away_after_asking(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    assert "Delete this cart?" in client.get(f"{address}discard").text
    page = client.post(f"{address}discard", follow=True)
    assert "The cart has been deleted." in page.text
    assert not Order.objects.exists()
    assert not Draft.objects.exists()


def test_an_empty_cart_says_what_to_do(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    for matter in ("newborn-registration", "childcare-subsidy"):
        client.post(f"{address}parts/{matter}", {"do": "remove"})
    page = client.get(address)
    assert "Your cart is empty" in page.text
    assert client.post(f"{address}submit", {"declared": "yes"}).status_code == 409


def test_in_whose_name_must_be_said(client_for: Callable[[str], Client]) -> None:
    page = client_for("zhoumin").post("/matters/food-business-licence/together", {})
    assert page.status_code == 422
    assert "Choose in whose name you are applying" in page.text


@pytest.mark.parametrize("who", ["zhoumin", "chenli", ""])
def test_strangers_and_nobody_see_nothing(
    cart: Callable[..., Cart], client_for: Callable[[str], Client], who: str
) -> None:
    _, address = cart()
    other = client_for(who)
    pages = ("", "answers/", "papers/", "review/", "discard", "share/")
    for path in [f"{address}{page}" for page in pages]:
        assert other.get(path).status_code == (404 if who else 302), path
    for path in (f"{address}parts/childcare-subsidy", f"{address}submit", f"{address}discard", f"{address}share/"):
        assert other.post(path, {"declared": "yes"}).status_code == (404 if who else 302), path
    assert OrderPart.objects.filter(removed=False).count() == 2
    assert Order.objects.get().number is None
