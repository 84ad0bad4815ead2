"""My page: who I am here, what is on file of me, and the ways to everything that is mine."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.people.models import Person
from tongban.apps.people.services import give_mandate, name_representative, register_organisation

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PATHS = ("/me/", "/me/data/", "/me/looks/")


def test_it_works(client_for: For) -> None:
    page = client_for("linxiaomei").get("/me/").text
    assert "Lin Xiaomei" in page
    for address in ("/me/data/", "/me/looks/", "/certificates/", "/cases/", "/for-me/", "/account/notices/"):
        assert f'href="{address}"' in page
    assert 'href="/me/"' in client_for("linxiaomei").get("/cases/").text


def test_what_is_on_file_is_masked_and_says_where_it_comes_from(client_for: For) -> None:
    page = client_for("linxiaomei").get("/me/data/").text
    assert "139****0001" in page
    assert "361799198805140027" not in page
    assert "13900000001" not in page
    assert "given when the account was opened" in page
    assert "明川小馆" in page


def test_who_acts_for_nobody_is_told_so(client_for: For) -> None:
    assert "You act for nobody but yourself." in client_for("zhaoguoan").get("/me/data/").text


def test_an_account_without_a_person_has_a_page_too(client_for: For, django_user_model: type) -> None:
    django_user_model.objects.create_user(username="machine")  # type: ignore[attr-defined]
    for path in PATHS:
        assert client_for("machine").get(path).status_code == 200
    assert "not one of a person that we know" in client_for("machine").get("/me/").text


def test_nobody_else_has_it(client_for: For) -> None:
    for path in PATHS:
        assert client_for("").get(path).status_code == 302


COMPANY = "organisation:91361700MA00001A5K"


def test_my_organisations_my_mandates_and_my_certificates_are_there(
    client_for: For, granted: Callable[..., int]
) -> None:
    granted(username="linxiaomei", applicant=COMPANY)
    mine = client_for("linxiaomei")
    page = mine.get("/me/")
    assert [each["key"] for each in page.context["organisations"]] == [COMPANY]
    assert page.context["all_certificates"] == 1
    assert "Food business licence" in page.text
    held, given = page.context["held"], page.context["given"]
    assert "representative" in {each.view.kind for each in held}
    assert "Zhou Min" in page.text  # who acts for the company, by mandate
    for line in (*held, *given):
        assert f'href="/mandates/{line.view.id}/"' in page.text
        assert line.state in page.text
    assert mine.post("/acting/", {"applicant": COMPANY}).status_code == 302
    assert "You act for it now" in mine.get("/me/").text


def test_a_mandate_that_waits_is_there_for_both(client_for: For) -> None:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    wu, lin = client_for("wuxiaochuan"), client_for("linxiaomei")
    asked = {
        "kind": "organisation",
        "name": "明川小馆餐饮有限公司",
        "number": COMPANY[13:],
        "scope": "all",
        "until": until,
    }
    wu.post("/mandates/ask/", {"terms": wu.post("/mandates/ask/", asked).context["terms"]})
    for each in (wu, lin):
        (line,) = each.get("/me/").context["asked"]
        assert line.view.state == "waiting"
    assert client_for("zhaoguoan").get("/me/").context["asked"] == []


def test_more_mandates_and_organisations_ask_no_more(client_for: For) -> None:
    mine = client_for("linxiaomei")
    agent = Person.objects.get(user__username="wuxiaochuan")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            mine.get("/me/")
        return len(seen)

    def more(first: int, count: int) -> None:
        for place in range(first, first + count):
            body = register_organisation(credit_code=f"91361700MA0000{place:03d}X", name=f"明川{place}店")
            name_representative(organisation_code=body.pk, person_id=_lin().pk, at=timezone.now())
            give_mandate(
                organisation_code=body.pk,
                person_id=None,
                agent_id=agent.pk,
                valid_from=timezone.localdate(),
                valid_until=None,
                matters=["food-business-licence"],
                at=timezone.now(),
            )

    more(0, 1)
    queries()
    few = queries()
    more(1, 8)
    assert queries() == few


def _lin() -> Person:
    return Person.objects.get(user__username="linxiaomei")
