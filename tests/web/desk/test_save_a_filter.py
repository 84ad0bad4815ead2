"""Filters of the queue under a name: at the side, in one's own order, one to begin with."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.desks.models import QueueFilter
from tongban.apps.desks.queries import MOST_FILTERS
from tongban.apps.desks.services import sweep_filters

pytestmark = pytest.mark.django_db

PAGE = "/desk/filters/"
URGENT = {"name": "Urgent licences", "group": "mine", "matter": "food-business-licence", "within": "2"}


@pytest.fixture
def save(client_for: Any) -> Any:
    """Save a filter the way a browser does, and return its row."""

    def post(who: str, **changes: str) -> QueueFilter:
        assert client_for(who).post(f"{PAGE}save", URGENT | changes).status_code == 302
        return QueueFilter.objects.latest("pk")

    return post


def _side(page: Any) -> list[tuple[str, str, bool]]:
    links = page.context["groups"][0]["links"]
    return [(str(link["name"]), link["url"], link["here"]) for link in links if link["icon"] == "search"]


def test_it_works(client_for: Any) -> None:
    browser = client_for("chenli")
    path = "/desk/?group=mine&matter=food-business-licence&within=2"
    assert "Save this filter" in browser.get(path).text
    assert browser.post(f"{PAGE}save", URGENT)["Location"] == path
    page = browser.get(path)
    assert _side(page) == [("Urgent licences", path, True)]
    assert "Save this filter" not in page.text
    assert _side(browser.get("/desk/")) == [("Urgent licences", path, False)]


def test_a_filter_has_a_name(client_for: Any) -> None:
    page = client_for("chenli").post(f"{PAGE}save", URGENT | {"name": " "}, follow=True)
    assert "Give the filter a name" in page.text
    assert not QueueFilter.objects.exists()


def test_nothing_made_up_is_saved(save: Any) -> None:
    row = save("chenli", group="theirs", within="900")
    assert (row.part, row.within) == ("department", "")


def test_the_desk_opens_with_it(client_for: Any, save: Any) -> None:
    row, other = save("chenli"), save("chenli", name="Mine", matter="", within="")
    browser = client_for("chenli")
    for no in (row.pk, other.pk):
        assert browser.post(f"{PAGE}{no}/begin").status_code == 302
    assert browser.get("/desk/")["Location"] == "/desk/?group=mine"
    everything = browser.get("/desk/?group=department")
    assert everything.status_code == 200
    assert everything.context["groups"][0]["links"][0]["url"] == "/desk/?group=department"
    filtered = browser.get("/desk/?matter=food-business-licence&within=")
    assert filtered.context["plain_url"] == "/desk/?group=department"
    assert client_for("huangyan").get("/desk/").status_code == 200
    browser.post(f"{PAGE}{other.pk}/not-begin")
    assert browser.get("/desk/").status_code == 200


def test_in_ones_own_order(client_for: Any, save: Any) -> None:
    for name in ("a", "b", "c"):
        last = save("chenli", name=name)
    browser = client_for("chenli")
    browser.post(f"{PAGE}{last.pk}/up")
    assert [name for name, *_ in _side(browser.get(PAGE))] == ["a", "c", "b"]
    browser.post(f"{PAGE}{last.pk}/up")
    browser.post(f"{PAGE}{last.pk}/up")
    assert [name for name, *_ in _side(browser.get(PAGE))] == ["c", "a", "b"]


def test_take_it_out_and_put_it_back(client_for: Any, save: Any) -> None:
    row = save("chenli")
    browser = client_for("chenli")
    browser.post(f"{PAGE}{row.pk}/begin")
    browser.post(f"{PAGE}{row.pk}/remove")
    assert _side(browser.get("/desk/")) == []
    assert "Urgent licences" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}{row.pk}/begin").status_code == 404
    browser.post(f"{PAGE}{row.pk}/restore")
    assert len(_side(browser.get("/desk/"))) == 1
    browser.post(f"{PAGE}{row.pk}/remove")
    assert sweep_filters(at=timezone.now() + timedelta(days=29)) == 0
    assert sweep_filters(at=timezone.now() + timedelta(days=31)) == 1


def test_no_more_than_have_room_at_the_side(client_for: Any, save: Any) -> None:
    for number in range(MOST_FILTERS):
        row = save("chenli", name=str(number))
    page = client_for("chenli").post(f"{PAGE}save", URGENT, follow=True)
    assert f"There are {MOST_FILTERS} filters already" in page.text
    assert QueueFilter.objects.count() == MOST_FILTERS
    client_for("chenli").post(f"{PAGE}{row.pk}/remove")
    save("chenli")
    assert client_for("chenli").post(f"{PAGE}{row.pk}/restore").status_code == 409


@pytest.mark.parametrize(("who", "status"), [("huangyan", 404), ("luhao", 404), ("linxiaomei", 403), ("", 302)])
def test_ones_own_is_ones_own(client_for: Any, save: Any, who: str, status: int) -> None:
    row = save("chenli")
    browser = client_for(who)
    for do in ("begin", "up", "remove", "restore"):
        assert browser.post(f"{PAGE}{row.pk}/{do}").status_code == status
    assert "Urgent licences" not in browser.get(PAGE).text
    if status != 404:
        assert browser.post(f"{PAGE}save", URGENT).status_code == status
    assert QueueFilter.objects.get().removed_at is None


def test_there_is_nothing_else_to_do_with_it(client_for: Any, save: Any) -> None:
    assert client_for("chenli").post(f"{PAGE}{save('chenli').pk}/burn").status_code == 404


def test_as_many_queries_with_twelve_as_with_one(
    client_for: Any, save: Any, django_assert_max_num_queries: Any
) -> None:
    save("chenli")
    browser = client_for("chenli")
    browser.get("/desk/?group=mine")
    with django_assert_max_num_queries(100) as one:
        browser.get("/desk/?group=mine")
    few = len(one)
    for number in range(MOST_FILTERS - 1):
        save("chenli", name=str(number))
    with django_assert_max_num_queries(few):
        browser.get("/desk/?group=mine")
