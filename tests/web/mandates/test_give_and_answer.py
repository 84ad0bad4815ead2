"""Offering a mandate on its pages: typed, read over, offered; answered by the other side; nobody else sees it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
WU = {"name": "吴小川", "number": "361799199702190093"}


def typed(**changes: Any) -> dict[str, Any]:
    me = Person.objects.get(user__username="zhaoguoan").pk
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"whom": f"person:{me}", **WU, "scope": "some", "matters": ["senior-card"], "until": until}
    return {**given, **changes}


def offered(client: Client) -> int:
    page = client.post("/mandates/give/", typed())
    assert "361799199702190093" not in page.text
    done = client.post("/mandates/give/", {"terms": page.context["terms"]})
    return int(done["Location"].split("/")[2])


def test_it_works(client_for: For) -> None:
    zhao, wu = client_for("zhaoguoan"), client_for("wuxiaochuan")
    page = zhao.post("/mandates/give/", typed())
    assert "吴小川 may act for 赵国安 in these matters only: Senior" in page.text
    mandate = offered(zhao)
    assert "has to accept it first" in zhao.get(f"/mandates/{mandate}/").text
    assert "Waiting for your answer" in wu.get("/mandates/").text
    assert wu.post(f"/mandates/{mandate}/accept")["Location"] == f"/mandates/{mandate}/"
    for side in (zhao, wu):
        page = side.get(f"/mandates/{mandate}/")
        assert "Accepted by who acts" in page.text
        assert "Proposed by who is represented" in page.text
    assert "I act for" in wu.get("/").text


@pytest.mark.parametrize("way", ["decline", "end"])
def test_no_is_said_on_either_side(client_for: For, way: str) -> None:
    zhao, wu = client_for("zhaoguoan"), client_for("wuxiaochuan")
    mandate = offered(zhao)
    if way == "end":
        wu.post(f"/mandates/{mandate}/accept")
        assert "Yes, end it" in zhao.get(f"/mandates/{mandate}/end").text
    (zhao if way == "end" else wu).post(f"/mandates/{mandate}/{way}")
    assert Mandate.objects.get(pk=mandate).ended_as == ("revoked" if way == "end" else "declined")
    again = wu.post(f"/mandates/{mandate}/accept", follow=True)
    assert "has been answered already" in again.text
    assert "What is over" in wu.get("/mandates/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "吴大川"}, "Nobody who signs in here has this name"),
        ({"number": "361799199702190094"}, "check"),
        ({"matters": []}, "Tick at least one matter"),
        ({"until": ""}, "Enter the last day"),
        ({"name": ""}, "Enter the name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client_for: For, changes: dict[str, Any], words: str) -> None:
    page = client_for("zhaoguoan").post("/mandates/give/", typed(**changes))
    assert page.status_code == 422
    assert words in page.text
    assert typed(**changes)["number"] in page.text


def test_what_was_read_over_cannot_be_changed_or_used_by_another(client_for: For) -> None:
    terms = client_for("zhaoguoan").post("/mandates/give/", typed()).context["terms"]
    for client, sent in ((client_for("wuxiaochuan"), terms), (client_for("zhaoguoan"), terms + "x")):
        assert client.post("/mandates/give/", {"terms": sent})["Location"] == "/mandates/"
    assert not Mandate.objects.filter(source="online", accepted_at=None).exists()


def test_who_looks_for_many_people_is_stopped(client_for: For, settings: Any) -> None:
    settings.RATE_MANDATES = "2/h"
    client = client_for("zhaoguoan")
    for _ in range(2):
        client.post("/mandates/give/", typed(name="某某"))
    assert "You have looked for many people" in client.post("/mandates/give/", typed()).text


def test_who_may_enter(client_for: For) -> None:
    mandate = offered(client_for("zhaoguoan"))
    stranger, nobody = client_for("linxiaomei"), client_for("")
    for path in ("", "end"):
        assert stranger.get(f"/mandates/{mandate}/{path}").status_code == 404
    for path in ("accept", "decline", "end"):
        assert stranger.post(f"/mandates/{mandate}/{path}").status_code == 404
        assert nobody.post(f"/mandates/{mandate}/{path}")["Location"].startswith("/account/login/")
    for path in ("/mandates/", "/mandates/give/", "/mandates/ask/", f"/mandates/{mandate}/"):
        assert nobody.get(path)["Location"].startswith("/account/login/")


def test_an_agent_asks_for_it(client_for: For) -> None:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    asked = {
        "kind": "organisation",
        "name": "明川小馆餐饮有限公司",
        "number": "91361700MA00001A5K",
        "scope": "all",
        "until": until,
    }
    wu, lin = client_for("wuxiaochuan"), client_for("linxiaomei")
    page = wu.post("/mandates/ask/", asked)
    mandate = wu.post("/mandates/ask/", {"terms": page.context["terms"]})["Location"]
    assert "Do you want this?" in lin.get(mandate).text
    lin.post(f"{mandate}accept")
    assert "明川小馆" in wu.get("/acting/").text
