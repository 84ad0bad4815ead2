"""In elder mode a cart asks one question a page too: those asked once for all, then those of each part."""

from collections.abc import Callable

import pytest
from django.test import Client

from tongban.apps.intake.models import OrderPart

Cart = tuple[Client, str]
pytestmark = pytest.mark.django_db


def _in_elder_mode(client: Client) -> None:
    client.post("/preferences", {"size": "elder", "next": "/"})


def test_it_works(cart: Callable[..., Cart], fill: Callable[..., None], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    _in_elder_mode(client)
    page = client.get(f"{address}answers/", follow=True)
    assert page.redirect_chain[-1][0] == f"{address}answers/baby_name/"
    assert "Question 1 of" in page.text
    assert len(page.context["fields"]) == 1
    fill((client, address), stop=60)
    assert client.get(address).context["next_url"] == f"{address}review/"
    for matter in ("newborn-registration", "childcare-subsidy"):
        assert part_of(matter).draft.answers["child_name"] == "林小满"
    assert client.post(f"{address}submit", {"declared": "yes"}).status_code == 302


def test_back_and_what_is_wrong(cart: Callable[..., Cart], part_of: Callable[[str], OrderPart]) -> None:
    client, address = cart()
    _in_elder_mode(client)
    names = [each.id for each in client.get(f"{address}review/").context["order"].shared]
    here = f"{address}answers/{names[0]}/"
    assert client.post(here, {names[0]: "林小满", "action": "back"})["Location"] == address
    wrong = client.post(f"{address}answers/baby_name/", {"baby_name": ""})
    assert wrong.status_code == 422
    assert wrong.context["field"].errors
    assert client.post(here, {names[0]: "林小满", "action": "leave"})["Location"] == "/orders/"
    assert part_of("newborn-registration").draft.answers["child_name"] == "林小满"


def test_a_change_from_the_review_leads_back_to_it(cart: Callable[..., Cart], fill: Callable[..., None]) -> None:
    client, address = cart()
    fill((client, address))
    _in_elder_mode(client)
    sections = client.get(f"{address}review/").context["sections"]
    shared, own = sections[0].rows[0]["url"], sections[1].rows[-1]["url"]
    assert shared.endswith("/answers/baby_name/?from=review")
    assert client.post(shared, {"baby_name": "林小雨"})["Location"] == f"{address}review/"
    field = client.get(own).context["fields"][0]
    answer = {field.name: field.value or [option.value for option in field.options if option.selected]}
    answer |= {f"{field.name}-{part}": value for part, value in field.parts.items()}
    assert client.get(client.post(own, answer)["Location"])["Location"] == f"{address}review/"


def test_in_another_size_the_page_asks_all_at_once(cart: Callable[..., Cart]) -> None:
    client, address = cart()
    assert client.get(f"{address}answers/baby_name/")["Location"] == f"{address}answers/#id_baby_name"


def test_only_who_fills_it_in_sees_it(cart: Callable[..., Cart], client_for: Callable[[str], Client]) -> None:
    _, address = cart()
    stranger = client_for("zhaoguoan")
    _in_elder_mode(stranger)
    assert stranger.get(f"{address}answers/baby_name/").status_code == 404
    assert Client().get(f"{address}answers/baby_name/")["Location"].startswith("/account/login/")
