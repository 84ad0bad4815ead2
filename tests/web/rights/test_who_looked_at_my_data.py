"""Whenever somebody in office looks at what is mine, I can read it, and complain with one press."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tongban.api.v1.clients import register
from tongban.apps.cases.queries import get_case
from tongban.apps.rights.models import Look
from tongban.apps.rights.services import record_look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
COMPANY = "organisation:91361700MA00001A5K"


def _shown(client: Client, query: str = "") -> list[Any]:
    return [row for row, _ in client.get(f"/me/looks/{query}").context["rows"]]


def test_it_works(client_for: For, file_case: Any) -> None:
    number = file_case()
    mine = client_for("linxiaomei")
    assert "Nobody has looked" in mine.get("/me/looks/").text
    officer = client_for("chenli").get(f"/desk/cases/{number:016d}/")
    assert "Your look at this case is on record" in officer.text
    page = mine.get("/me/looks/").text
    for words in ("Mingchuan Administration for Market Regulation", "handling", "The case was opened", "Article 13"):
        assert words in page
    assert "Chen Li" not in page  # an office looked, and supervision knows who it was there
    assert Look.objects.get().actor.startswith("user:")


def test_a_paper_is_a_look_of_its_own(client_for: For, file_case: Any) -> None:
    number = file_case()
    assert client_for("chenli").get(f"/desk/cases/{number:016d}/materials/1").status_code == 200
    assert [(row.what, row.no) for row in _shown(client_for("linxiaomei"))] == [("paper", 1)]


def test_one_official_at_one_thing_again_and_again_is_read_as_one(client_for: For, file_case: Any) -> None:
    number = file_case()
    for official in ("chenli", "chenli", "chenli", "hejun"):
        assert client_for(official).get(f"/desk/cases/{number:016d}/").status_code == 200
    page = client_for("linxiaomei").get("/me/looks/")
    last, *earlier = Look.objects.filter(role="handler").order_by("-pk")
    assert [row.role for row, _ in page.context["rows"]] == ["reviewer", "handler"]
    assert "on that day: 2 more times" in page.text
    assert all(f"L{each.pk}" in page.text for each in (last, *earlier)), "each can be named"


def test_why_follows_from_who_looks(client_for: For, file_case: Any, act: Any) -> None:
    number = file_case()
    for official in ("wangqian", "chenli", "liangchen"):
        assert client_for(official).get(f"/desk/cases/{number:016d}/").status_code == 200
    found = {row.department: (row.role, row.purpose) for row in _shown(client_for("linxiaomei"))}
    assert found["market-regulation"] == ("handler", "case")
    assert found["window"] == ("clerk", "case")
    assert found["supervision"] == ("supervisor", "supervision")


def test_whoever_is_called_up_at_a_counter_reads_it(client_for: For) -> None:
    given = {"name": "吴小川", "identity_number": "361799199702190093", "phone": "13900000004"}
    answer = client_for("wangqian").post("/window/food-business-licence/", given)
    assert answer.status_code == 302
    (row,) = _shown(client_for("wuxiaochuan"))
    assert (row.what, row.purpose, row.case) == ("person", "filing", None)


def test_a_department_of_another_system_is_told_as_such(client_for: For, file_case: Any) -> None:
    number = file_case()
    client, secret = register(
        name="back office",
        organisation=None,
        department="market-regulation",
        scopes=["desk:tasks"],
        at=timezone.now(),
    )
    told = Client(headers={"authorization": f"Bearer {client}.{secret}"}).get(f"/api/v1/cases/{number:016d}")
    assert told.status_code == 200
    page = client_for("linxiaomei").get("/me/looks/").text
    assert Look.objects.count() == 1
    assert "Mingchuan Administration for Market Regulation" in page


def test_ones_own_look_is_none(client_for: For, file_case: Any) -> None:
    number = file_case()
    client_for("linxiaomei").get(f"/cases/{number:016d}/")
    assert not Look.objects.exists()


def test_without_the_record_nothing_is_shown(client_for: For, file_case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = file_case()

    def full(**_row: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Look.objects, "create", full)
    officer = client_for("chenli")
    for path in (f"/desk/cases/{number:016d}/", f"/desk/cases/{number:016d}/materials/1"):
        answer = officer.get(path)
        assert answer.status_code == 503
        assert "it is not shown" in answer.text
        assert "明川小馆" not in answer.text


def test_one_press_fills_in_a_complaint_and_sends_nothing(client_for: For, file_case: Any) -> None:
    number = file_case()
    client_for("chenli").get(f"/desk/cases/{number:016d}/")
    mine, look = client_for("linxiaomei"), Look.objects.get()
    led = mine.post(f"/me/looks/{look.pk}/complain", follow=True)
    assert led.redirect_chain[-1][0].endswith("/review/")  # nothing is left to ask
    assert f"L{look.pk}" in led.text
    assert "Market Regulation" in led.text
    draft = led.redirect_chain[-1][0]
    sent = mine.post(draft.replace("/review/", "/submit"), {"declared": "yes"}, follow=True)
    filed = int(sent.redirect_chain[-1][0].split("/")[2])
    from tongban.apps.cases.models import Case

    case = Case.objects.get(pk=filed)
    assert case.matter == "data-use-complaint"
    assert case.answers["look"] == f"L{look.pk}"


def test_a_complaint_begun_before_keeps_what_was_written(client_for: For, file_case: Any) -> None:
    number, mine = file_case(), client_for("linxiaomei")
    for _ in range(2):
        client_for("chenli").get(f"/desk/cases/{number:016d}/")
    first, second = Look.objects.order_by("pk")
    draft = mine.post(f"/me/looks/{first.pk}/complain", follow=True).context["draft"]
    mine.post(f"/drafts/{draft.id}/look/", {"look": f"L{first.pk}", "look_words": "x", "concern": "Why at night?"})
    page = mine.post(f"/me/looks/{second.pk}/complain", follow=True)
    assert page.context["draft"].answers["concern"] == "Why at night?"
    assert page.context["draft"].answers["look"] == f"L{second.pk}"


def test_nobody_sees_or_complains_of_what_is_not_theirs(client_for: For, file_case: Any) -> None:
    number = file_case()
    client_for("chenli").get(f"/desk/cases/{number:016d}/")
    look = Look.objects.get().pk
    for stranger in ("wuxiaochuan", "chenli"):
        assert _shown(client_for(stranger)) == []
        assert client_for(stranger).post(f"/me/looks/{look}/complain").status_code == 404
    for path in ("/me/", "/me/data/", "/me/looks/"):
        assert "/account/login/" in client_for("").get(path)["Location"]
    assert "/account/login/" in client_for("").post(f"/me/looks/{look}/complain")["Location"]
    assert client_for("linxiaomei").get(f"/me/looks/{look}/complain").status_code == 405


def test_who_may_do_everything_for_a_company_sees_its_looks(client_for: For, file_case: Any) -> None:
    number = file_case(username="zhoumin", applicant=COMPANY)
    client_for("chenli").get(f"/desk/cases/{number:016d}/")
    assert len(_shown(client_for("zhoumin"))) == 1
    assert "data of" in client_for("linxiaomei").get("/me/looks/").text  # its legal representative


def test_it_is_narrowed_and_turned_page_by_page(client_for: For, file_case: Any, actor_for: Any) -> None:
    number, other = file_case(), file_case()
    now, officer = timezone.now(), actor_for("chenli")
    view = get_case(number=number, actor=officer, at=now)
    for ago in range(25):
        record_look(view=view, actor=officer, at=now - timedelta(days=3 * ago))
    client_for("wangqian").get(f"/desk/cases/{other:016d}/")
    mine = client_for("linxiaomei")
    assert len(_shown(mine)) == 20
    assert len(_shown(mine, mine.get("/me/looks/").context["next_url"])) == 6
    assert {row.department for row in _shown(mine, "?department=window")} == {"window"}
    assert len(_shown(mine, "?period=30")) == 11
    assert [row.case for row in _shown(mine, f"?case={other:016d}")] == [other]
    assert _shown(mine, "?case=12") == []
    assert "Nothing fits" in mine.get("/me/looks/?department=tax").text
    assert mine.get("/me/looks/?after=made-up").status_code == 302


def test_the_page_costs_no_query_a_row(client_for: For, file_case: Any, actor_for: Any) -> None:
    mine, officer, now = client_for("linxiaomei"), actor_for("chenli"), timezone.now()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            mine.get("/me/looks/")
        return len(seen)

    for count in (1, 10):
        for _ in range(count):
            record_look(view=get_case(number=file_case(), actor=officer, at=now), actor=officer, at=now)
        if count == 1:
            queries()
            before = queries()
    assert queries() == before


def _routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append((prefix + str(pattern.pattern), str(pattern.name)))
    return found


def test_no_page_of_a_case_is_opened_by_an_official_without_a_record(client_for: For, granted: Any) -> None:
    """Every address with the number of a case, asked for by an official: what is shown is on record, once."""
    number, officer = granted(), client_for("hejun")
    answered = set()
    for path, name in _routes(get_resolver()):
        if "<case:number>" not in path or path.startswith(("open/", "track/")):
            continue
        path = path.replace("<case:number>", f"{number:016d}").replace("<int:no>", "1").replace("<int:entry>", "1")
        path = path.replace("<slug:command>", "decide").replace("<slug:receipt>", "x")
        before = Look.objects.count()
        answer = officer.get(f"/{path}")
        if answer.status_code == 200:
            answered.add(name)
            assert Look.objects.count() == before + 1, path
        else:
            assert Look.objects.count() == before, path
    assert {"case", "material", "certificate", "document"} <= answered
