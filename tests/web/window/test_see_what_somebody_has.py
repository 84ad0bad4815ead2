"""With somebody's card on the counter the clerk sees what that person has with us, and goes on from there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls.services import book
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Person
from tongban.apps.rights.models import Look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
CARD, HELD = "/window/person/", "/window/person/held/"
LIN = {"identity_number": "361799198805140027", "name": "林晓梅"}
HARD = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}


def test_it_works(client_for: For, file_case: Any, granted: Any, actor_for: Any) -> None:
    granted()
    running, owing = file_case(), file_case(matter="student-aid", **HARD)
    lin = Person.objects.get(user__username="linxiaomei")
    at = MONDAY.replace(hour=9) + timedelta(days=1)
    book(hall=HALL, group="general", starts_at=at, person_id=lin.pk, actor=actor_for("linxiaomei"), at=MONDAY)
    clerk = client_for("wangqian")
    assert CARD in clerk.get("/window/").text
    assert clerk.post(CARD, LIN)["Location"] == HELD
    page = clerk.get(HELD)
    assert [row.number for row in page.context["owing"]] == [owing]
    assert running in [row.number for row in page.context["cases"]]
    assert len(page.context["certificates"]) == 1
    assert len(page.context["appointments"]) == 1
    assert not page.context["offers"]  # she has not let us look for any
    look = Look.objects.get()
    assert (look.what, look.purpose, look.person, look.role) == ("person", "counter", lin, "clerk")
    assert "To help at a counter" in client_for("linxiaomei").get("/me/looks/").text
    there = clerk.post(f"{HELD}{owing:016d}/hand-in")["Location"]
    assert there == f"/window/papers/{owing:016d}/"
    assert "Something that shows the hardship" in clerk.get(there).text


def test_a_draft_opens_for_them(client_for: For) -> None:
    clerk = client_for("wangqian")
    clerk.post(CARD, LIN)
    assert clerk.post(f"{HELD}noise-complaint/file")["Location"].startswith("/drafts/")
    draft = Draft.objects.get()
    assert (draft.channel, draft.applicant_key) == ("window", f"person:{draft.person_id}")
    assert Look.objects.get().purpose == "filing"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "林小梅"}, "Another name is on file"),
        ({"identity_number": "361799198805140028"}, "check"),
        ({"identity_number": "361799197702190010", "name": "不在册"}, "check"),
        ({"name": ""}, "Enter the name"),
    ],
)
def test_a_slip_opens_nothing(client_for: For, changes: dict[str, str], words: str) -> None:
    clerk, before = client_for("wangqian"), Person.objects.count()
    page = clerk.post(CARD, LIN | changes)
    assert page.status_code == 422
    assert words in page.text
    assert clerk.get(HELD)["Location"] == CARD
    assert Person.objects.count() == before


def test_somebody_elses_case_is_not_handed_in(client_for: For, file_case: Any) -> None:
    other = file_case(username="wuxiaochuan", matter="student-aid", **HARD)
    clerk = client_for("wangqian")
    clerk.post(CARD, LIN)
    assert clerk.post(f"{HELD}{other:016d}/hand-in").status_code == 404


def test_after_half_an_hour_the_card_is_asked_for_again(client_for: For, at: Any) -> None:
    clerk = client_for("wangqian")
    clerk.post(CARD, LIN)
    at(MONDAY + timedelta(minutes=31))
    assert clerk.get(HELD)["Location"] == CARD
    assert clerk.post(f"{HELD}noise-complaint/file")["Location"] == CARD
    assert not Look.objects.exists()


def test_the_page_costs_no_query_a_row(client_for: For, file_case: Any) -> None:
    clerk = client_for("wangqian")
    clerk.post(CARD, LIN)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            clerk.get(HELD)
        return len(seen)

    file_case()
    queries()
    before = queries()
    for _ in range(3):
        file_case()
    assert queries() == before


def test_who_may_enter(client_for: For) -> None:
    client_for("wangqian").post(CARD, LIN)
    for path in (CARD, HELD):
        assert client_for("chenli").get(path).status_code == 403
        assert client_for("linxiaomei").get(path).status_code == 403
        assert "/account/login/" in client_for("").get(path)["Location"]
    assert client_for("sunbei").get(HELD)["Location"] == CARD  # the card lies on a colleague's counter
    assert client_for("chenli").post(f"{HELD}noise-complaint/file").status_code == 403
