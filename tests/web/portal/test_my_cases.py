"""A resident looks at everything of theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    page = client_for("linxiaomei").get("/cases/")
    assert page.status_code == 200
    assert f"/cases/{number}/" in page.text


def test_nothing_yet_says_what_to_do(client_for: Callable[..., Client]) -> None:
    page = client_for("wuxiaochuan").get("/cases/")
    assert "Nothing here yet" in page.text
    assert "/matters/" in page.text


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    assert client_for("").get("/cases/")["Location"] == "/account/login/?next=/cases/"


def test_a_mandate_for_other_matters_opens_nothing(client_for: Callable[..., Client], file_case: Any) -> None:
    from tongban.apps.people.services import give_mandate, register_person

    company = "91361700MA00001A5K"
    licence = file_case(username="zhoumin", applicant=f"organisation:{company}")
    sign = file_case(username="zhoumin", applicant=f"organisation:{company}", matter="shop-sign")
    agent = register_person(name="吴小川", identity_number="361799199702190093")
    today = timezone.localdate()
    give_mandate(
        organisation_code=company, agent_id=agent.pk, valid_from=today, matters=["shop-sign"], at=timezone.now()
    )
    browser = client_for("wuxiaochuan")
    listed = browser.get("/cases/").text
    assert str(sign) in listed
    assert str(licence) not in listed
    assert browser.get(f"/cases/{sign}/").status_code == 200
    for page in ("", "receipt/", "materials/1", "withdraw/", "rate/"):
        assert browser.get(f"/cases/{licence}/{page}").status_code == 404


def test_a_stranger_sees_none_of_it(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    assert str(number) not in client_for("wuxiaochuan").get("/cases/").text


def test_a_colleague_under_mandate_sees_the_company_s(client_for: Callable[..., Client], file_case: Any) -> None:
    from tongban.apps.people.services import give_mandate, register_person

    number = file_case(username="zhoumin", applicant="organisation:91361700MA00001A5K")
    owner = client_for("wuxiaochuan")
    assert str(number) not in owner.get("/cases/").text
    person = register_person(name="吴小川", identity_number="361799199702190093")
    give_mandate(
        organisation_code="91361700MA00001A5K", agent_id=person.pk, valid_from=timezone.localdate(), at=timezone.now()
    )
    assert str(number) in owner.get("/cases/").text


def test_what_waits_for_me_comes_first(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    older = file_case(at=timezone.now() - timedelta(days=1))
    newer = file_case()
    act(older, "request_supplement", by="wangqian", items=["floor_plan"], note="", within=None)
    page = client_for("linxiaomei").get("/cases/").text
    assert page.index(f"/cases/{older}/") < page.index(f"/cases/{newer}/")
    assert page.count(f'href="/cases/{older}/"') == 1


def test_drafts_are_there_to_go_on_with(client_for: Callable[..., Client], begin: Any) -> None:
    client = client_for("linxiaomei")
    draft = begin(client)
    page = client.get("/cases/")
    assert f"/drafts/{draft}/" in page.text
    assert "0 of 4 pages done" in page.text


def test_groups(client_for: Callable[..., Client], file_case: Any, granted: Any) -> None:
    open_case, done = file_case(), granted()
    client = client_for("linxiaomei")
    assert str(done) not in client.get("/cases/?group=open").text
    assert str(open_case) not in client.get("/cases/?group=done").text
    assert client.get("/cases/?group=nonsense").context["group"] == "all"


def test_pages_follow_one_another(client_for: Callable[..., Client], file_case: Any) -> None:
    for hours in range(23):
        file_case(at=timezone.now() - timedelta(hours=hours + 1))
    client = client_for("linxiaomei")
    first = client.get("/cases/")
    assert len(first.context["rows"]) == 20
    second = client.get("/cases/" + first.context["next_url"])
    assert len(second.context["rows"]) == 3
    assert second.context["next_url"] == ""
    shown = {row.number for page in (first, second) for row, *_ in page.context["rows"]}
    assert len(shown) == 23


@pytest.mark.parametrize("cursor", ["nonsense", "2026-01-01~1", "0001-01-01T00:00:00+14:00~1"])
def test_a_made_up_cursor_begins_anew(client_for: Callable[..., Client], cursor: str) -> None:
    assert client_for("linxiaomei").get("/cases/", {"after": cursor})["Location"] == "/cases/"


@pytest.mark.parametrize("count", [1, 20])
def test_the_number_of_queries_does_not_grow(
    client_for: Callable[..., Client], file_case: Any, django_assert_max_num_queries: Any, count: int
) -> None:
    for hours in range(count):
        file_case(at=timezone.now() - timedelta(hours=hours + 1))
    client = client_for("linxiaomei")
    client.get("/cases/")
    with django_assert_max_num_queries(9):
        client.get("/cases/")
