"""What people type leads to the event of life that it is about, above the matters; other words lead to none."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

pytestmark = pytest.mark.django_db


def _events(client: Client, path: str, typed: str) -> list[str]:
    page = client.get(path, {"q": typed})
    assert page.status_code == 200
    main = html.document_fromstring(f"<body>{page.text}</body>").find(".//main")
    whole = html.document_fromstring(f"<body>{page.text}</body>") if main is None else main  # suggestions are a piece
    links = [str(link.get("href")) for link in whole.iter("a")]
    return [link.split("/")[2] for link in links if link.startswith("/bundles/") and link != "/bundles/"]


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        ("生孩子要办什么", "birth"),
        ("我老婆刚生了娃", "birth"),
        ("had a baby", "birth"),
        ("open a restaurant", "restaurant"),
        ("我要开个小饭馆", "restaurant"),
        ("退休", "retirement"),
        ("马上要退休了能领什么", "retirement"),
        ("retirement", "retirement"),
        ("tuixiu", "retirement"),
        ("老人走了要办什么手续", "bereavement"),
        ("buy a flat", "home"),
        ("注册公司", "company"),
        ("搬家", "moving"),
    ],
)
def test_the_fitting_event_stands_first(city: object, client: Client, typed: str, event: str) -> None:
    assert _events(client, "/matters/", typed)[:1] == [event]
    assert _events(client, "/search/suggest", typed)[:1] == [event]


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "zzzzqqq", "身份证丢了", "lost my id card", "道路挖掘", "noise", "夜里太吵"],
)
def test_other_words_lead_to_none(city: object, client: Client, typed: str) -> None:
    assert _events(client, "/matters/", typed) == []


def test_it_stands_above_the_matters_in_both_languages(client_for: Callable[..., Client], city: object) -> None:
    page = client_for("").get("/matters/", {"q": "open a restaurant"}).text
    assert page.index("/bundles/restaurant/") < page.index('class="tb-grid tb-grid--1-2"', page.index("fit “"))
    assert "Opening a restaurant" in page
    chinese = Client(headers={"accept-language": "zh-hans"}).get("/matters/", {"q": "开餐馆"}).text
    assert "一件事" in chinese


def test_on_further_pages_and_within_facets_it_is_not_said_again(city: object, client: Client) -> None:
    assert "/bundles/restaurant/" not in client.get("/matters/", {"q": "open a restaurant", "from": "20"}).text


def test_events_are_read_with_one_query(city: object, client: Client) -> None:
    client.get("/matters/", {"q": "退休"})
    with CaptureQueriesContext(connection) as found:
        client.get("/matters/", {"q": "退休"})
    assert sum('"bundle_version"' in each["sql"] for each in found) <= 1


def test_elder_mode_leads_to_life_events(city: object, client: Client) -> None:
    client.post("/preferences", {"size": "elder", "next": "/"})
    assert 'href="/bundles/"' in client.get("/").text.partition("<main")[2].partition("</main")[0]


def test_the_counter_is_told_how_several_matters_are_filed(client_for: Callable[..., Client]) -> None:
    assert 'href="/bundles/"' in client_for("wangqian").get("/window/").text.partition("<main")[2]
