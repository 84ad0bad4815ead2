"""What registers were asked about me stands beside who looked, with why and for what, and can be complained of."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import get_case
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.requests import subject_hash
from tongban.apps.rights.services import record_look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
COMPANY = "organisation:91361700MA00001A5K"
LIN = "361799198805140027"
NOW = timezone.now()


def asked(about: str = LIN, **changes: Any) -> Lookup:
    """A question to a register as it is on record."""
    number = int(f"{NOW:%y%m%d}0000000000") + Lookup.objects.count() + 1
    row = {
        "number": number,
        "register": "civil-register",
        "provider": "public-security",
        "consumer": "market-regulation",
        "purpose": "catering-licence",
        "fields": ["full_name"],
        "matter": "restaurant-opening",
        "subject_hash": subject_hash(about),
        "actor": "user:1",
        "outcome": "found",
        "asked_at": NOW - timedelta(minutes=1),
        "request_hash": "x",
        **changes,
    }
    return Lookup.objects.create(**row)


def rows(client: Client, query: str = "") -> list[Any]:
    return [row for row, _ in client.get(f"/me/looks/{query}").context["rows"]]


def references(client: Client, query: str = "") -> list[str]:
    shown = client.get(f"/me/looks/{query}").context["rows"]
    return [each.reference for row, told in shown for each in (row, *told["earlier"])]


def test_it_works(client_for: For) -> None:
    mine = client_for("linxiaomei")
    assert mine.post("/matters/restaurant-opening/start", {"applicant": COMPANY}).status_code == 302
    page = mine.get("/me/looks/")
    assert {row.code for row in rows(mine)} == {"company-register", "property-register", "civil-register"}
    for words in ("Company register", "could not be reached", "while it was being filled in", "It was asked for"):
        assert words in page.text, words
    assert "data of 明川小馆餐饮有限公司" in page.text
    assert LIN not in page.text
    assert "3 times in the last 30 days" in mine.get("/me/").text


def test_a_draft_that_was_filed_leads_to_its_case(client_for: For, file_case: Any, user_for: Any) -> None:
    from tongban.apps.intake.models import Draft

    mine, number = client_for("linxiaomei"), file_case()
    mine.post("/matters/food-business-licence/start", {"applicant": COMPANY})
    draft = Draft.objects.get()
    Draft.objects.filter(pk=draft.pk).update(case=number)
    row = asked(draft=draft.pk)
    assert {each.case for each in rows(mine)} == {number}
    assert f'href="/cases/{number:016d}/"' in mine.get("/me/looks/").text
    assert row.number in [each.number for each in rows(mine, f"?case={number:016d}")]
    assert rows(mine, f"?case={file_case():016d}") == []


def test_looks_and_questions_are_one_list_page_by_page(client_for: For, file_case: Any, actor_for: Any) -> None:
    mine, officer = client_for("linxiaomei"), actor_for("chenli")
    view = get_case(number=file_case(), actor=officer, at=NOW)
    for ago in range(15):
        at = NOW - timedelta(days=ago)
        record_look(view=view, actor=officer, at=at)
        record_look(view=view, actor=officer, at=at)
        asked(asked_at=at)
    found, query = [], ""
    for _ in range(4):
        found += references(mine, query)
        query = mine.get(f"/me/looks/{query}").context["next_url"]
        if not query:
            break
    assert len(found) == len(set(found)) == 45
    times = [row.at for row in _all(mine)]
    assert times == sorted(times, reverse=True)
    assert len(references(mine, "?period=30")) == 20
    assert mine.get("/me/looks/?after=2026-01-01T00:00:00%2B00:00~Q1").status_code == 302
    assert mine.get("/me/looks/?after=2026-01-01T00:00:00%2B00:00~R").status_code == 302


def _all(client: Client) -> list[Any]:
    found, query = [], ""
    while True:
        found += rows(client, query)
        query = client.get(f"/me/looks/{query}").context["next_url"]
        if not query:
            return found


def test_it_is_narrowed_by_department(client_for: For) -> None:
    mine = client_for("linxiaomei")
    tax = asked(consumer="tax")
    asked()
    page = mine.get("/me/looks/?department=tax")
    assert [row.number for row, _ in page.context["rows"]] == [tax.number]
    options = {option.value for field in page.context["filters"] for option in field.options}
    assert {"tax", "market-regulation"} <= options


def test_one_press_fills_in_a_complaint(client_for: For) -> None:
    mine, row = client_for("linxiaomei"), asked()
    address = f"/me/looks/registers/{row.number:016d}/complain"
    assert f'action="{address}"' in mine.get("/me/looks/").text
    led = mine.post(address, follow=True)
    draft = led.redirect_chain[-1][0]
    assert draft.endswith("/review/")
    assert f"R{row.number:016d}" in led.text
    sent = mine.post(draft.replace("/review/", "/submit"), {"declared": "yes"}, follow=True)
    case = Case.objects.get(pk=int(sent.redirect_chain[-1][0].split("/")[2]))
    assert (case.matter, case.answers["look"]) == ("data-use-complaint", f"R{row.number:016d}")


def test_nobody_sees_or_complains_of_what_was_asked_about_another(client_for: For) -> None:
    row = asked()
    address = f"/me/looks/registers/{row.number:016d}/complain"
    for stranger in ("wuxiaochuan", "chenli"):
        assert rows(client_for(stranger)) == []
        assert client_for(stranger).post(address).status_code == 404
    assert "/account/login/" in client_for("").post(address)["Location"]
    assert client_for("linxiaomei").get(address).status_code == 405


def test_what_was_asked_from_elsewhere_says_so(client_for: For) -> None:
    asked(side="provider", peer="Linhe", consumer="housing")
    assert "Linhe, for its department housing" in client_for("linxiaomei").get("/me/looks/").text


def test_more_of_it_asks_no_more(client_for: For) -> None:
    mine = client_for("linxiaomei")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            mine.get("/me/looks/")
        return len(seen)

    def some(count: int, at: datetime) -> None:
        from uuid import uuid4

        for _ in range(count):
            asked(asked_at=at, draft=uuid4())

    some(1, NOW)
    queries()
    few = queries()
    some(15, NOW - timedelta(days=1))
    assert queries() == few
