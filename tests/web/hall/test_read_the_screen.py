"""The screen: who is called and where to, the words for a voice in two languages, and no word twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import HALL, MONDAY

from tongban.apps.halls import services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
SCREEN = f"/hall/{HALL}/screen/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def called(client_for: For, actor_for: Any) -> int:
    """Three wait, the first of them is called."""
    numbers = [services.take(hall=HALL, group="general", key=uuid4(), at=MONDAY) for _ in range(3)]
    services.open_window(hall=HALL, window="A03", actor=actor_for("sunbei"), at=MONDAY)
    services.call_next(actor=actor_for("sunbei"), at=MONDAY)
    return numbers[0]


def _seen(page: str) -> str:
    found = re.search(r"\?seen=([0-9a-f]+)", page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["", "linxiaomei", "chenli", "sunbei"])
def test_anybody_may_look(client_for: For, called: int, name: str) -> None:
    page = client_for(name).get(SCREEN)
    assert [row.label for row in page.context["called"]] == ["A001"]
    assert [row.label for row in page.context["following"]] == ["A002", "A003"]
    assert page.context["said"] == [
        ("zh-hans", "请 A001 号到 A03 号窗口。"),
        ("en", "Number A001, please come to window A03."),
    ]
    assert 'aria-live="polite"' in page.text
    assert "<noscript>" in page.text


def test_what_it_has_shown_is_not_sent_again(client_for: For, called: int, actor_for: Any) -> None:
    client = client_for("")
    seen = _seen(client.get(SCREEN).text)
    assert client.get(f"{SCREEN}?seen={seen}", headers=HTMX).status_code == 204
    services.call_again(number=called, actor=actor_for("sunbei"), at=MONDAY + timedelta(seconds=1))
    again = client.get(f"{SCREEN}?seen={seen}", headers=HTMX)
    assert again.status_code == 200
    assert "<html" not in again.text
    assert _seen(again.text) != seen


def test_a_voice_is_silent_after_a_while_and_for_who_has_come(
    client_for: For, called: int, actor_for: Any, at: Callable[..., None]
) -> None:
    at(MONDAY + timedelta(minutes=1))
    assert client_for("").get(SCREEN).context["said"] == []
    at(MONDAY + timedelta(seconds=5))
    services.begin(number=called, actor=actor_for("sunbei"), at=MONDAY + timedelta(seconds=4))
    page = client_for("").get(SCREEN)
    assert page.context["said"] == []
    assert "being served" in page.text


def test_nobody_is_called(client_for: For) -> None:
    assert "Nobody is called at the moment." in client_for("").get(SCREEN).text
    assert client_for("").get("/hall/nowhere/screen/").status_code == 404
