"""A resident answers the questions, page by page; nothing typed is lost."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for("linxiaomei")


def test_it_works(client: Client, begin: Any, draft_row: Any) -> None:
    draft = begin(client)
    response = client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    assert response["Location"] == f"/drafts/{draft}/premises/"
    assert draft_row(draft).answers["application_kind"] == "new"


def test_a_whole_form_leads_to_the_papers(client: Client, begin: Any, fill_in: Any) -> None:
    draft = begin(client)
    fill_in(client, draft)
    assert client.get(f"/drafts/{draft}/")["Location"] == f"/drafts/{draft}/materials/"


def test_what_is_missing_is_named_at_the_head_and_beside_the_field(client: Client, begin: Any) -> None:
    draft = begin(client)
    client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    response = client.post(f"/drafts/{draft}/premises/", {"shop_name": "明", "address": "", "area_m2": "three"})
    assert response.status_code == 422
    assert 'href="#id_shop_name"' in response.text
    assert 'id="id_shop_name-error"' in response.text
    assert "too short: at least 2 characters" in response.text
    assert "write a number in figures" in response.text


def test_wrong_answers_are_still_there_afterwards(client: Client, begin: Any) -> None:
    draft = begin(client)
    client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    client.post(f"/drafts/{draft}/premises/", {"shop_name": "明", "address": "明川市滨河路 1 号", "area_m2": "three"})
    page = client.get(f"/drafts/{draft}/premises/").text
    assert 'value="three"' in page
    assert 'value="明川市滨河路 1 号"' in page


def test_a_question_that_an_answer_brings_up_is_asked_not_scolded_for(client: Client, begin: Any) -> None:
    draft = begin(client)
    page = client.get(f"/drafts/{draft}/about/")
    assert "licence_number" not in page.context["asked"]
    response = client.post(f"/drafts/{draft}/about/", {"application_kind": "renewal", "asked": page.context["asked"]})
    assert response.status_code == 422
    assert "brings up something more" in response.text
    assert 'name="licence_number"' in response.text
    assert "govuk-error-summary" not in response.text


def test_a_question_left_empty_the_second_time_is_named(client: Client, begin: Any) -> None:
    draft = begin(client)
    posted = {"application_kind": "renewal", "asked": "application_kind licence_number site_unchanged"}
    assert "govuk-error-summary" in client.post(f"/drafts/{draft}/about/", posted).text


def test_going_back_keeps_what_was_typed(client: Client, begin: Any, draft_row: Any) -> None:
    draft = begin(client)
    client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    response = client.post(f"/drafts/{draft}/premises/", {"shop_name": "半个名字", "action": "back"})
    assert response["Location"] == f"/drafts/{draft}/about/"
    assert draft_row(draft).answers["shop_name"] == "半个名字"


def test_save_and_leave_comes_back_to_the_same_page(client: Client, begin: Any) -> None:
    draft = begin(client)
    client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    response = client.post(f"/drafts/{draft}/premises/", {"shop_name": "明川小馆", "action": "leave"})
    assert response["Location"] == "/cases/"
    assert "Your answers are kept" in client.get("/cases/").text
    assert client.get(f"/drafts/{draft}/")["Location"] == f"/drafts/{draft}/premises/"


def test_a_page_that_does_not_apply_leads_on(client: Client, begin: Any) -> None:
    draft = begin(client)
    assert client.get(f"/drafts/{draft}/nonsense/")["Location"] == f"/drafts/{draft}/about/"


def test_from_the_review_it_leads_back_there(client: Client, ready: Any) -> None:
    draft = ready(client)
    response = client.post(f"/drafts/{draft}/about/?from=review", {"application_kind": "new"})
    assert response["Location"] == f"/drafts/{draft}/review/"


@pytest.mark.parametrize("who", ["zhoumin", "wuxiaochuan", "chenli"])
def test_others_find_no_such_draft(client: Client, begin: Any, client_for: Callable[..., Client], who: str) -> None:
    draft = begin(client)
    for path in ("about/", "materials/", "review/", "discard", ""):
        assert client_for(who).get(f"/drafts/{draft}/{path}").status_code == 404, path
    assert client_for(who).post(f"/drafts/{draft}/about/", {"application_kind": "new"}).status_code == 404
    assert client_for(who).post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 404


def test_a_draft_that_is_gone_is_said_so(client: Client) -> None:
    response = client.get(f"/drafts/{uuid4()}/about/")
    assert response.status_code == 404
    assert "There is no such draft" in response.text


def test_nobody_signs_in_first(client: Client, begin: Any, client_for: Callable[..., Client]) -> None:
    draft = begin(client)
    assert client_for("").get(f"/drafts/{draft}/about/")["Location"].startswith("/account/login/")


def test_what_was_typed_survives_a_lost_session(client: Client, begin: Any, user_for: Any) -> None:
    draft = begin(client)
    client.post(f"/drafts/{draft}/about/", {"application_kind": "new"})
    client.logout()
    posted = {"shop_name": "没丢的名字", "address": "明川市滨河路 1 号", "area_m2": "30"}
    response = client.post(f"/drafts/{draft}/premises/", posted)
    assert response["Location"] == f"/account/login/?next=/drafts/{draft}/premises/"
    assert "没丢的名字" not in str(dict(client.session))
    client.force_login(user_for("linxiaomei"))
    page = client.get(f"/drafts/{draft}/premises/")
    assert 'value="没丢的名字"' in page.text
    assert "your answers are still here" in page.text
    assert "没丢的名字" not in client.get(f"/drafts/{draft}/premises/").text, (
        "shown once, then it is the draft that counts"
    )


def test_numbers_of_people_are_sealed_at_rest(client: Client, ready: Any, draft_row: Any) -> None:
    assert "13900000001" not in str(draft_row(ready(client)).answers)
