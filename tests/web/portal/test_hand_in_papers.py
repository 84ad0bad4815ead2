"""A resident adds the papers that only they have."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for("linxiaomei")


@pytest.fixture
def filled(client: Client, begin: Any, fill_in: Any) -> Any:
    draft = begin(client)
    fill_in(client, draft)
    return draft


def test_it_works(client: Client, filled: Any, a_photo: Any) -> None:
    response = client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": a_photo("布局图.png")})
    assert response["Location"] == f"/drafts/{filled}/review/"
    assert "布局图.png" in client.get(f"/drafts/{filled}/review/").text


def test_what_government_has_is_named_so_that_nobody_brings_it(client: Client, filled: Any) -> None:
    page = client.get(f"/drafts/{filled}/materials/")
    assert "business_licence" in [each.spec.code for each in page.context["fetched"]]
    assert "file-business_licence" not in page.text


def test_without_the_file_it_does_not_go_on(client: Client, filled: Any) -> None:
    response = client.post(f"/drafts/{filled}/materials/", {})
    assert response.status_code == 422
    assert 'href="#id_file-floor_plan"' in response.text


def test_adding_without_going_on(client: Client, filled: Any, a_photo: Any) -> None:
    response = client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": a_photo(), "action": "add"})
    assert response["Location"] == f"/drafts/{filled}/materials/"
    assert "plan.png" in client.get(f"/drafts/{filled}/materials/").text


def test_removing(client: Client, filled: Any, a_photo: Any) -> None:
    client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": a_photo(), "action": "add"})
    file = client.get(f"/drafts/{filled}/materials/").context["handed"][0].files[0]
    client.post(f"/drafts/{filled}/materials/", {"remove": str(file.id)})
    assert "plan.png" not in client.get(f"/drafts/{filled}/materials/").text


def test_a_disguised_file_is_refused_in_words(client: Client, filled: Any, a_photo: Any) -> None:
    photo = a_photo("plan.png", b"MZ this is a program")
    response = client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": photo})
    assert response.status_code == 422
    assert "plan.png: We cannot read this kind of file. Please choose one of these: pdf, jpg, png." in response.text


def test_an_empty_file_is_refused_in_words(client: Client, filled: Any, a_photo: Any) -> None:
    response = client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": a_photo("plan.png", b"")})
    assert "The file is empty" in response.text


def test_a_file_too_large_is_refused_in_words(client: Client, filled: Any, a_photo: Any) -> None:
    photo = a_photo("plan.png", b"\x89PNG\r\n\x1a\n" + b"0" * 10_000_001)
    response = client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": photo})
    assert response.status_code == 422
    assert "at most 10 MB" in response.text


def test_a_form_without_papers_goes_straight_to_the_review(client_for: Any, begin: Any) -> None:
    client = client_for("zhaoguoan")
    draft = begin(client, matter="senior-card")
    page = client.get(f"/drafts/{draft}/person/")
    assert page.context["total"] == 4  # three pages of questions and the review


@pytest.mark.parametrize("number", ["²", "0", "99999999999999999999999"])
def test_a_number_of_no_file_removes_none(client: Client, filled: Any, a_photo: Any, number: str) -> None:
    client.post(f"/drafts/{filled}/materials/", {"file-floor_plan": a_photo("布局图.png")})
    assert client.post(f"/drafts/{filled}/materials/", {"remove": number}).status_code == 302
    assert "布局图.png" in client.get(f"/drafts/{filled}/review/").text
