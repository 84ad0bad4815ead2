"""A resident looks at the whole once more and sends it; it is filed once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from stdnum.cn import ric

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for("linxiaomei")


def test_it_works(client: Client, ready: Any) -> None:
    draft = ready(client)
    assert client.get(f"/drafts/{draft}/review/").status_code == 200
    response = client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    case = Case.objects.get()
    assert response["Location"] == f"/cases/{case.number}/receipt/"
    assert case.status == "received"
    assert case.applicant_name == "林晓梅"


def test_the_receipt_says_number_next_step_and_day(client: Client, ready: Any) -> None:
    draft = ready(client)
    page = client.get(client.post(f"/drafts/{draft}/submit", {"declared": "yes"})["Location"]).text
    number = f"{Case.objects.get().number}"
    assert " ".join(number[at : at + 4] for at in range(0, 16, 4)) in page
    assert "If you hear nothing, it is accepted" in page
    assert "8 working days" in page
    assert "data-print" in page


def test_sent_twice_it_is_filed_once(client: Client, ready: Any) -> None:
    draft = ready(client)
    first = client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    second = client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_the_declaration_is_asked_for(client: Client, ready: Any) -> None:
    draft = ready(client)
    response = client.post(f"/drafts/{draft}/submit", {})
    assert response.status_code == 422
    assert "Tick the box to say that it is true" in response.text
    assert not Case.objects.exists()


def test_an_unfinished_draft_is_not_filed_and_says_where(client: Client, begin: Any) -> None:
    draft = begin(client)
    response = client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    assert response.status_code == 422
    assert f"/drafts/{draft}/about/?from=review#id_application_kind" in response.text
    assert not Case.objects.exists()


def test_numbers_of_people_are_masked_in_the_review(client: Client, ready: Any) -> None:
    page = client.get(f"/drafts/{ready(client)}/review/").text
    assert "13900000001" not in page


def test_each_answer_can_be_changed_from_there(client: Client, ready: Any) -> None:
    draft = ready(client)
    assert f"/drafts/{draft}/premises/?from=review#id_shop_name" in client.get(f"/drafts/{draft}/review/").text


def test_a_draft_that_was_filed_leads_to_its_case(client: Client, ready: Any) -> None:
    draft = ready(client)
    client.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    for path in ("", "about/", "materials/", "review/", "discard"):
        assert client.get(f"/drafts/{draft}/{path}")["Location"] == f"/cases/{Case.objects.get().number}/", path


def test_a_matter_decided_by_rule_is_decided_at_once(client_for: Any, begin: Any) -> None:
    client = client_for("zhaoguoan")
    draft = begin(client, matter="senior-card")
    pages: dict[str, dict[str, str]] = {
        "person": {
            "holder_name": "赵国安",
            "identity_number": "361799195803070076",
            "birth_date-year": "1958",
            "birth_date-month": "3",
            "birth_date-day": "7",
            "phone": "13900000003",
        },
        "residence": {"residence": "registered", "district": "linjiang"},
        "card": {"plastic_card": "false"},
    }
    for step, answers in pages.items():
        assert client.post(f"/drafts/{draft}/{step}/", answers).status_code == 302
    page = client.get(client.post(f"/drafts/{draft}/submit", {"declared": "yes"})["Location"])
    assert Case.objects.get().outcome == "granted"
    assert "It has been granted already" in page.text


@pytest.mark.parametrize(("born", "outcome"), [("1944-05-01", "granted"), ("1954-05-01", "denied")])
def test_what_a_rule_says_of_the_decision_is_told_at_once(
    client_for: Any, file_case: Any, born: str, outcome: str
) -> None:
    body = f"361799{born.replace('-', '')}118"
    number = file_case(
        username="zhaoguoan",
        matter="senior-allowance",
        birth_date=born,
        identity_number=body + ric.calc_check_digit(body + "0"),
        residence="registered",
    )
    case, client = Case.objects.get(), client_for("zhaoguoan")
    kept, told = {"granted": ("每月 100 元", "100 yuan a month"), "denied": ("还没满 80 岁", "Not 80 yet")}[outcome]
    assert (case.outcome, kept in case.reason) == (outcome, True)
    for path in ("receipt/", ""):
        assert told in client.get(f"/cases/{number}/{path}").text, path


def test_a_newer_version_is_told_and_nothing_is_lost(client: Client, ready: Any, monkeypatch: Any) -> None:
    from types import SimpleNamespace

    draft = ready(client)
    newer = SimpleNamespace(version_id=0)
    monkeypatch.setattr("tongban.web.portal.drafts.get_matter", lambda **_: newer)
    page = client.get(f"/drafts/{draft}/review/")
    assert "This form has changed since you started" in page.text
    assert "明川小馆" in page.text


def test_throwing_it_away_is_asked_first(client: Client, ready: Any, draft_row: Any) -> None:
    draft = ready(client)
    assert "This cannot be undone" in client.get(f"/drafts/{draft}/discard").text
    assert draft_row(draft) is not None
    assert client.post(f"/drafts/{draft}/discard")["Location"] == "/cases/"
    assert draft_row(draft) is None
