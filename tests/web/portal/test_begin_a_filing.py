"""A resident begins: in whose name, and what was begun before."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.intake.models import Draft

pytestmark = pytest.mark.django_db
START = "/matters/food-business-licence/start"
BISTRO = "organisation:91361700MA00001A5K"


def test_it_works(client_for: Callable[..., Client]) -> None:
    client = client_for("linxiaomei")
    page = client.get(START)
    response = client.post(START, {"applicant": page.context["applicants"][0].key})
    draft = Draft.objects.get()
    assert response["Location"] == f"/drafts/{draft.pk}/"
    assert client.get(response["Location"])["Location"] == f"/drafts/{draft.pk}/about/"


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    assert client_for("").get(START)["Location"] == f"/account/login/?next={START}"


def test_an_agent_may_choose_the_company(client_for: Callable[..., Client]) -> None:
    client = client_for("zhoumin")
    assert BISTRO in [each.key for each in client.get(START).context["applicants"]]
    client.post(START, {"applicant": BISTRO})
    assert Draft.objects.get().organisation_id == "91361700MA00001A5K"


def test_a_company_without_a_mandate_is_refused(client_for: Callable[..., Client]) -> None:
    response = client_for("wuxiaochuan").post(START, {"applicant": BISTRO})
    assert response.status_code == 403
    assert "You cannot apply for this in that name" in response.text
    assert not Draft.objects.exists()


def test_without_a_choice_it_is_asked_for(client_for: Callable[..., Client]) -> None:
    response = client_for("zhoumin").post(START, {})
    assert response.status_code == 422
    assert "Choose in whose name you are applying" in response.text


def test_beginning_again_offers_the_draft(client_for: Callable[..., Client], begin: Any) -> None:
    client = client_for("linxiaomei")
    first = begin(client)
    page = client.get(START)
    assert [draft.id for draft in page.context["drafts"]] == [first]
    assert begin(client) == first
    assert Draft.objects.count() == 1


def test_starting_afresh_throws_the_draft_away(client_for: Callable[..., Client], begin: Any) -> None:
    client = client_for("linxiaomei")
    first = begin(client)
    key = Draft.objects.get().applicant_key
    client.post(START, {"applicant": key, "afresh": str(first)})
    assert Draft.objects.get().pk != first


def test_a_made_up_draft_cannot_be_thrown_away(client_for: Callable[..., Client], begin: Any) -> None:
    first = begin(client_for("linxiaomei"))
    stranger = client_for("wuxiaochuan")
    key = stranger.get(START).context["applicants"][0].key
    assert stranger.post(START, {"applicant": key, "afresh": str(first)}).status_code == 404
    assert stranger.post(START, {"applicant": key, "afresh": "nonsense"}).status_code == 404
    assert Draft.objects.filter(pk=first).exists()
