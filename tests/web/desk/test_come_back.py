"""Back from being away: what waits, what came in and what was done in my place, on one page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(client_for: Callable[..., Client], user_for: Any) -> None:
    """Huang Yan stands in for He Jun from today on."""
    today = timezone.localdate()
    data = {"absent": user_for("hejun").pk, "stand_in": user_for("huangyan").pk, "department": "", "reason": ""}
    days = {"since": today.isoformat(), "until": (today + timedelta(days=7)).isoformat()}
    client_for("hejun").post("/desk/stand-ins/", data | days)


def test_it_works(
    away: None, at_step: Any, give: Any, act: Any, client_for: Callable[..., Client], follow_log: Callable[[str], None]
) -> None:
    decided, waits, free = at_step("decide"), at_step("review"), at_step("handle")
    give("huangyan", decided, "decide", outcome="granted", reason="", confirmed="yes")
    act(waits, "claim", by="hejun", node="review")
    follow_log("deeds")
    page = client_for("hejun").get("/desk/returned/")
    assert [line["row"].number for line in page.context["done"]] == [decided]
    assert [line.row.number for line in page.context["mine"]] == [waits]
    assert page.context["came_in"] >= 1, free
    assert page.context["since"] == timezone.localdate()


def test_since_any_day_of_the_last_year(client_for: Callable[..., Client], city: Any) -> None:
    client, today = client_for("hejun"), timezone.localdate()
    assert client.get("/desk/returned/").context["since"] == today - timedelta(days=14)
    day = today - timedelta(days=100)
    assert client.get(f"/desk/returned/?since={day}").context["since"] == day
    for wrong in (today + timedelta(days=1), today - timedelta(days=500), "soon"):
        assert client.get(f"/desk/returned/?since={wrong}").context["since"] == today - timedelta(days=14)


def test_it_asks_no_more_with_more(
    at_step: Any, act: Any, client_for: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        act(at_step("review"), "claim", by="hejun", node="review")
    client = client_for("hejun")
    client.get("/desk/returned/")
    with django_assert_max_num_queries(20):
        client.get("/desk/returned/")


def test_who_has_no_desk_has_no_such_page(client_for: Callable[..., Client], city: Any) -> None:
    for who, code in (("linxiaomei", 403), ("", 302)):
        assert client_for(who).get("/desk/returned/").status_code == code
