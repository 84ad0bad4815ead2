"""A resident looks for something to ask for."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(city: object) -> Client:
    return Client(headers={"accept-language": "en"})


def test_it_works(client: Client) -> None:
    response = client.get("/matters/", {"q": "restaurant"})
    assert response.status_code == 200
    assert "food-business-licence" in [row.code for row in response.context["found"].items]
    assert "/search/open/food-business-licence/" in response.text


def test_everyday_chinese_words_find_it(client: Client) -> None:
    response = client.get("/matters/", {"q": "开饭馆"})
    assert response.context["found"].items[0].code in ("food-business-licence", "restaurant-opening")


def test_a_topic_narrows_the_list(client: Client) -> None:
    everything = client.get("/matters/").context["found"].total
    narrowed = client.get("/matters/", {"topic": "retirement"}).context["found"]
    assert 0 < narrowed.total < everything
    assert all("retirement" in row.topics for row in narrowed.items)


def test_words_that_fit_nothing_get_help(client: Client) -> None:
    response = client.get("/matters/", {"q": "zzqxv"})
    assert response.status_code == 200
    assert "Nothing fits" in response.text
    assert "tel:12345" in response.text


def test_what_was_typed_is_not_markup(client: Client) -> None:
    assert "<script>alert" not in client.get("/matters/", {"q": "<script>alert(1)</script>"}).text


@pytest.mark.parametrize("start", ["-5", "x", "9999999999", "0"])
def test_a_made_up_page_is_no_fault(client: Client, start: str) -> None:
    assert client.get("/matters/", {"from": start}).status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client, django_assert_max_num_queries: object) -> None:
    client.get("/matters/")  # what is compiled once
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/matters/")


def test_the_start_page_asks_first(client: Client) -> None:
    page = client.get("/").text
    assert page.index('type="search"') < page.index("tb-grid")
    assert "/track/" in page
    assert "/verify/" in page


def test_pages_are_light(client: Client) -> None:
    for path in ("/", "/matters/", "/matters/food-business-licence/"):
        response = client.get(path, headers={"accept-encoding": "gzip"})
        assert len(response.content) <= 50_000, path
