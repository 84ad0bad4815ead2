"""“I act for …”: the switch in the header, what it says, and that it carries nobody silently into another capacity."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db
COMPANY = "organisation:91361700MA00001A5K"
For = Callable[[str], Client]


def chosen(client: Client, key: str, onward: str = "/inbox/") -> Any:
    return client.post("/acting/", {"applicant": key, "next": onward})


def test_it_works(client_for: For) -> None:
    client = client_for("zhoumin")
    assert "You act for yourself" in client.get("/").text
    assert chosen(client, COMPANY)["Location"] == "/inbox/"
    for path in ("/", "/cases/", "/matters/", "/inbox/", "/mandates/", "/nowhere"):
        assert "You act for <strong>明川小馆餐饮有限公司</strong>" in client.get(path).text
    begin = client.get("/matters/food-business-licence/start")
    assert [option.value for option in begin.context["whom"].options if option.selected] == [COMPANY]
    me = f"person:{Person.objects.get(user__username='zhoumin').pk}"
    chosen(client, me)
    assert "You act for yourself" in client.get("/").text


def test_who_acts_for_nobody_sees_no_switch(client_for: For) -> None:
    page = client_for("zhaoguoan").get("/").text
    assert "I act for" not in page
    assert "I act for" not in client_for("").get("/").text


def test_nobody_acts_for_whom_they_may_not(client_for: For) -> None:
    client = client_for("zhaoguoan")
    assert chosen(client, COMPANY).status_code == 422
    assert "You act for <strong>" not in client.get("/").text
    assert client_for("").get("/acting/").status_code == 302


def test_it_ends_with_the_mandate(client_for: For) -> None:
    client = client_for("zhoumin")
    chosen(client, COMPANY)
    Mandate.objects.filter(agent__user__username="zhoumin", organisation="91361700MA00001A5K").update(
        revoked_at="2026-01-01T00:00:00Z"
    )
    client.get("/inbox/")
    assert "You act for <strong>" not in client.get("/inbox/").text


def test_only_their_cases_are_listed(client_for: For, file_case: Callable[..., int]) -> None:
    own = file_case(username="linxiaomei")
    theirs = file_case(username="linxiaomei", applicant=COMPANY)
    client = client_for("linxiaomei")
    chosen(client, COMPANY)
    page = client.get("/cases/").text
    assert f"/cases/{theirs}/" in page
    assert f"/cases/{own}/" not in page


def test_a_form_says_for_whom_it_is_whatever_is_chosen(client_for: For) -> None:
    client = client_for("zhoumin")
    draft = client.post("/matters/food-business-licence/start", {"applicant": COMPANY})["Location"]
    me = f"person:{Person.objects.get(user__username='zhoumin').pk}"
    chosen(client, me)
    page = client.get(draft, follow=True).text
    assert "This is for <strong>明川小馆餐饮有限公司</strong>" in page
    assert chosen(client, me, onward=draft)["Location"] == "/cases/"  # nobody is led into another's form


def test_it_leads_nowhere_else(client_for: For) -> None:
    assert chosen(client_for("zhoumin"), COMPANY, onward="https://elsewhere.example/")["Location"] == "/cases/"
