"""A resident follows a case like a parcel."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    page = client_for("linxiaomei").get(f"/cases/{number}/")
    assert page.status_code == 200
    assert "You filed it" in page.text
    assert "You do not need to do anything now" in page.text
    assert "If you hear nothing, it is accepted" in page.text


def test_the_way_is_told_in_order(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="in order")
    items = client_for("linxiaomei").get(f"/cases/{number}/").context["following"].items
    names = [item.name for item in items]
    assert names[:3] == ["You filed it", "Accepted: the clock is running", "Handle: done"]
    assert next(item for item in items if item.name == "On-site inspection").state == "waiting"
    assert [item.name for item in items if item.state == "ahead"][:2] == ["Review", "Decide"]


def test_the_clock_is_told(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    clock = client_for("linxiaomei").get(f"/cases/{number}/").context["following"].clock
    assert (clock.figure, clock.unit) == ("8", "working days")
    assert any("By law" in note for note in clock.notes)


def test_a_pause_is_told_with_its_reason(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="in order")
    page = client_for("linxiaomei").get(f"/cases/{number}/")
    assert page.context["following"].clock.tone == "sun"
    assert "Why: on-site inspection. This time does not count." in page.text


def test_a_denial_comes_with_reason_and_remedy(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
        act(number, "complete", by=officer, node=node, outcome="fail", opinion="raw and cooked are not apart")
    act(number, "decide", by="hejun", node="decide", outcome="denied", reason="Raw and cooked food are not kept apart.")
    page = client_for("linxiaomei").get(f"/cases/{number}/").text
    assert "It could not be granted" in page
    assert "Raw and cooked food are not kept apart." in page
    assert "administrative reconsideration" in page


def test_its_owner_s_numbers_are_masked(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case(safety_manager_phone="13900000001")
    assert "13900000001" not in client_for("linxiaomei").get(f"/cases/{number}/").text


@pytest.mark.parametrize(
    "path", ["", "receipt/", "withdraw/", "rate/", "supplement/", "certificate.pdf", "materials/1"]
)
def test_a_stranger_finds_no_such_case(client_for: Callable[..., Client], file_case: Any, path: str) -> None:
    number = file_case()
    assert client_for("wuxiaochuan").get(f"/cases/{number}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "receipt/", "withdraw/", "rate/", "supplement/", "certificate.pdf", "materials/1"]
)
def test_nobody_signs_in_first(client_for: Callable[..., Client], file_case: Any, path: str) -> None:
    number = file_case()
    response = client_for("").get(f"/cases/{number}/{path}")
    assert response["Location"] == f"/account/login/?next=/cases/{number}/{path}"


@pytest.mark.parametrize("path", ["receipt/", "withdraw/", "rate/", "supplement/"])
def test_an_officer_has_no_place_on_the_owner_s_pages(
    client_for: Callable[..., Client], file_case: Any, path: str
) -> None:
    assert client_for("chenli").get(f"/cases/{file_case()}/{path}").status_code == 404


def test_an_officer_is_led_to_the_desk(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    assert client_for("chenli").get(f"/cases/{number}/")["Location"] == f"/desk/cases/{number}/"


def test_a_number_with_a_slip_in_it_is_no_fault(client_for: Callable[..., Client]) -> None:
    page = client_for("linxiaomei").get("/cases/2611220483917720/")
    assert page.status_code == 404
    assert "There is no such case" in page.text


def test_a_constant_number_of_queries(
    client_for: Callable[..., Client], file_case: Any, granted: Any, django_assert_max_num_queries: Any
) -> None:
    short, long = file_case(), granted()
    client = client_for("linxiaomei")
    client.get(f"/cases/{short}/")
    with django_assert_max_num_queries(16):
        client.get(f"/cases/{short}/")
    with django_assert_max_num_queries(16):
        client.get(f"/cases/{long}/")
