"""Suggestions under the search box: a piece of a page for scripts, and nothing that the page needs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(city: object) -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("typed", ["身份", "shenfen", "sfz", "lost id", "id ca", "身分证"])
def test_it_works(client: Client, typed: str) -> None:
    response = client.get("/search/suggest", {"q": typed})
    assert response.status_code == 200
    assert "lost-id-card" in [row.code for row in response.context["rows"]]
    assert response.text.count('role="option"') == len(response.context["rows"]) <= 6
    assert "<html" not in response.text
    assert "max-age=60" in response["Cache-Control"]


@pytest.mark.parametrize("typed", ["", "  ", "zzqxv", "<script>", "身" * 500])
def test_nothing_for_nothing(client: Client, typed: str) -> None:
    response = client.get("/search/suggest", {"q": typed})
    assert response.status_code == 200
    assert 'role="option"' not in response.text or typed.startswith("身")
    assert "<script>" not in response.text


def test_each_leads_to_its_matter(client: Client) -> None:
    response = client.get("/search/suggest", {"q": "养老金"})
    assert 'href="/search/open/pension-claim/?q=' in response.text


def test_the_boxes_say_where_to_ask(client: Client) -> None:
    for path in ("/", "/matters/"):
        page = client.get(path).text
        assert 'data-suggest="/search/suggest"' in page
        # What a script adds is not promised to those who have none.
        assert 'role="combobox"' not in page


@pytest.mark.parametrize("who", ["", "linxiaomei", "wangqian"])
def test_everybody_may(client_for: Callable[..., Client], who: str) -> None:
    assert client_for(who).get("/search/suggest", {"q": "户口"}).status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def count(typed: str) -> int:
        client.get("/search/suggest", {"q": typed})
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/suggest", {"q": typed})
        return len(queries)

    few, many = count("护照本丢"), count("办")
    assert max(few, many, count("孩子")) <= 5


def test_it_is_no_form(client: Client) -> Any:
    assert client.post("/search/suggest", {"q": "户口"}).status_code == 405
