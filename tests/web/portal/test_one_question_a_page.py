"""In elder mode a form asks one question a page: where one is, back and on, what went wrong, the review."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client

from tongban.apps.intake.models import Draft

Begin = Callable[..., UUID]
pytestmark = pytest.mark.django_db
FOOD = {
    "application_kind": "new",
    "shop_name": "明川小馆",
    "address": "明川市临江区滨河路 16 号",
    "area_m2": "86.5",
    "business_format": "restaurant",
    "items": ["hot_dishes"],
    "staff_count": "6",
    "online_orders": "false",
    "safety_manager": "林晓梅",
    "safety_manager_phone": "13900000001",
}


@pytest.fixture
def elder(client_for: Callable[[str], Client]) -> Client:
    """A resident who reads in elder mode."""
    client = client_for("linxiaomei")
    client.post("/preferences", {"size": "elder", "next": "/"})
    return client


def _walk(client: Client, address: str, answers: dict[str, Any]) -> tuple[list[str], str]:
    """Answer from page to page; the questions that were asked, and where it ends: on the first page without one."""
    asked: list[str] = []
    while (name := address.split("?")[0].strip("/").split("/")[-1]) in answers:
        page = client.get(address)
        assert [field.name for field in page.context["fields"]] == [name]
        answer = client.post(address, {name: answers[name]})
        assert answer.status_code == 302, page.context["field"].errors
        asked.append(name)
        address = answer["Location"]
    return asked, address


def test_it_works(elder: Client, begin: Begin, draft_row: Callable[[UUID], Draft | None], a_photo: Any) -> None:
    draft = begin(elder)
    address = elder.get(f"/drafts/{draft}/")["Location"]
    asked, after = _walk(elder, address, FOOD)
    assert asked == list(FOOD), "each question, in order, and none that does not apply"
    assert after == f"/drafts/{draft}/materials/"
    row = draft_row(draft)
    assert row is not None
    assert row.steps_done == ["about", "premises", "business", "safety"]
    handed = elder.post(after, {"file-floor_plan": a_photo()})
    assert handed["Location"] == f"/drafts/{draft}/review/"
    sent = elder.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    assert sent["Location"].endswith("/receipt/")


def test_the_question_is_the_heading_and_says_where_one_is(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    page = elder.get(f"/drafts/{draft}/about/", follow=True)
    assert page.redirect_chain[-1][0].endswith("/about/application_kind/")
    assert page.text.count("<h1") == 1
    assert 'govuk-fieldset__heading">New licence or renewal?' in page.text
    assert "Question 1 of 10" in page.text
    assert page.text.count('<button class="tb-button') == 3


def test_an_answer_brings_up_the_questions_that_belong_to_it(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    here = f"/drafts/{draft}/about/application_kind/"
    on = elder.post(here, {"application_kind": "renewal"})
    assert on["Location"].endswith("/about/licence_number/")
    assert "Question 2 of 12" in elder.get(on["Location"]).text
    assert elder.post(here, {"application_kind": "new"})["Location"].endswith("/premises/shop_name/")
    assert elder.get(on["Location"])["Location"].endswith("/premises/shop_name/"), "asked no more"


def test_what_is_wrong_stands_on_its_own_page(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    here = f"/drafts/{draft}/premises/area_m2/"
    page = elder.post(here, {"area_m2": "eighty"})
    assert page.status_code == 422
    assert page.context["field"].value == "eighty", "nothing typed is lost"
    assert page.context["field"].errors
    assert "Please put this right" in page.text
    assert elder.post(f"/drafts/{draft}/premises/shop_name/", {"shop_name": ""}).status_code == 422


def test_back_goes_one_question_back_and_keeps_what_was_typed(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    elder.post(f"/drafts/{draft}/about/application_kind/", {"application_kind": "new"})
    back = elder.post(f"/drafts/{draft}/premises/shop_name/", {"shop_name": "明川小馆", "action": "back"})
    assert back["Location"] == f"/drafts/{draft}/about/application_kind/"
    assert "明川小馆" in elder.get(f"/drafts/{draft}/premises/shop_name/").text
    first = elder.post(back["Location"], {"application_kind": "new", "action": "back"})
    assert first["Location"] == f"/drafts/{draft}/on-file/"


def test_whoever_leaves_comes_back_to_the_next_question(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    elder.post(f"/drafts/{draft}/about/application_kind/", {"application_kind": "new"})
    left = elder.post(f"/drafts/{draft}/premises/shop_name/", {"shop_name": "明川小馆", "action": "leave"})
    assert left["Location"] == "/cases/"
    assert elder.get(f"/drafts/{draft}/")["Location"].endswith("/premises/address/")


def test_a_change_from_the_review_leads_back_to_it(elder: Client, begin: Begin, a_photo: Any) -> None:
    draft = begin(elder)
    _walk(elder, f"/drafts/{draft}/about/application_kind/", FOOD)
    elder.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
    review = elder.get(f"/drafts/{draft}/review/")
    change = next(row["url"] for row in review.context["review"].sections[1].rows if "86.5" in row["value"])
    assert change == f"/drafts/{draft}/premises/area_m2/?from=review"
    assert elder.post(change, {"area_m2": "90"})["Location"] == f"/drafts/{draft}/review/"
    more = elder.post(f"/drafts/{draft}/business/items/?from=review", {"items": ["cold_dishes"]})
    assert more["Location"].endswith("/business/cold_room_m2/"), "what the change brings up is asked"
    assert elder.post(f"/drafts/{draft}/materials/", {"action": "back"})["Location"].endswith("/safety_manager_phone/")


def test_in_another_size_the_same_address_leads_to_the_whole_step(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    elder.post(f"/drafts/{draft}/about/application_kind/", {"application_kind": "new"})
    elder.post("/preferences", {"size": "standard", "next": "/"})
    there = urlsplit(elder.get(f"/drafts/{draft}/premises/shop_name/")["Location"])
    assert (there.path, there.fragment) == (f"/drafts/{draft}/premises/", "id_shop_name")
    assert elder.get(f"/drafts/{draft}/")["Location"] == f"/drafts/{draft}/premises/"


def test_nobody_else_sees_or_answers_it(
    elder: Client, begin: Begin, client: Client, client_for: Callable[[str], Client]
) -> None:
    address = f"/drafts/{begin(elder)}/about/application_kind/"
    assert client.get(address)["Location"].startswith("/account/login/")
    for name in ("zhaoguoan", "chenli"):
        assert client_for(name).get(address).status_code == 404
        assert client_for(name).post(address, {"application_kind": "new"}).status_code == 404


def test_a_question_that_is_not_asked_leads_to_one_that_is(elder: Client, begin: Begin) -> None:
    draft = begin(elder)
    assert elder.get(f"/drafts/{draft}/about/nonsense/")["Location"].endswith("/about/application_kind/")
    assert elder.get(f"/drafts/{draft}/nonsense/nonsense/")["Location"].endswith("/about/application_kind/")
