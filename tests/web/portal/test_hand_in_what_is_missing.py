"""A resident hands in what was asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case, Material

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(file_case: Any, act: Any) -> Callable[..., int]:
    def ask(*items: str, note: str = "") -> int:
        number: int = file_case()
        act(number, "request_supplement", by="wangqian", items=list(items), note=note, within=None)
        return number

    return ask


def test_it_works(client_for: Callable[..., Client], asked: Any, a_photo: Any) -> None:
    number = asked("floor_plan", note="The exits cannot be read.")
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{number}/supplement/")
    assert "The exits cannot be read." in page.text
    response = client.post(f"/cases/{number}/supplement/", {"file-floor_plan": a_photo("better.png")})
    assert response["Location"] == f"/cases/{number}/"
    assert Case.objects.get(pk=number).status == "received"
    assert Material.objects.filter(case=number, code="floor_plan").count() == 2


def test_the_case_page_asks_for_it(client_for: Callable[..., Client], asked: Any) -> None:
    number = asked("floor_plan")
    page = client_for("linxiaomei").get(f"/cases/{number}/")
    assert list(page.context["following"].wanted) == ["Floor plan of the premises"]
    assert f"/cases/{number}/supplement/" in page.text


def test_an_answer_can_be_asked_for_too(client_for: Callable[..., Client], asked: Any) -> None:
    number = asked("staff_count")
    client = client_for("linxiaomei")
    assert 'name="staff_count"' in client.get(f"/cases/{number}/supplement/").text
    wrong = client.post(f"/cases/{number}/supplement/", {"staff_count": "many"})
    assert wrong.status_code == 422
    assert "write a whole number in figures" in wrong.text
    client.post(f"/cases/{number}/supplement/", {"staff_count": "12"})
    assert Case.objects.get(pk=number).answers["staff_count"] == 12


def test_what_is_asked_for_in_free_words_comes_in_as_other(
    client_for: Callable[..., Client], asked: Any, a_photo: Any
) -> None:
    number = asked("A photo of the shop front")
    client = client_for("linxiaomei")
    assert "A photo of the shop front" in client.get(f"/cases/{number}/supplement/").text
    client.post(f"/cases/{number}/supplement/", {"file-other": a_photo("front.png")})
    assert Material.objects.filter(case=number, code="other").count() == 1


def test_nothing_is_no_answer(client_for: Callable[..., Client], asked: Any) -> None:
    number = asked("floor_plan")
    response = client_for("linxiaomei").post(f"/cases/{number}/supplement/", {})
    assert response.status_code == 422
    assert Case.objects.get(pk=number).status == "supplement"


def test_a_wrong_file_changes_nothing(client_for: Callable[..., Client], asked: Any, a_photo: Any) -> None:
    number = asked("floor_plan")
    files = {"file-floor_plan": a_photo("plan.png", b"not a picture")}
    response = client_for("linxiaomei").post(f"/cases/{number}/supplement/", files)
    assert response.status_code == 422
    assert "We cannot read this kind of file" in response.text
    assert Case.objects.get(pk=number).status == "supplement"


def test_handed_in_twice_it_counts_once(client_for: Callable[..., Client], asked: Any, a_photo: Any) -> None:
    number = asked("floor_plan")
    client = client_for("linxiaomei")
    client.post(f"/cases/{number}/supplement/", {"file-floor_plan": a_photo()})
    response = client.post(f"/cases/{number}/supplement/", {"file-floor_plan": a_photo()}, follow=True)
    assert "Nothing is being asked for at present" in response.text
    assert Material.objects.filter(case=number, code="floor_plan").count() == 2


def test_a_stranger_cannot(client_for: Callable[..., Client], asked: Any, a_photo: Any) -> None:
    number = asked("floor_plan")
    response = client_for("wuxiaochuan").post(f"/cases/{number}/supplement/", {"file-floor_plan": a_photo()})
    assert response.status_code == 404
    assert Case.objects.get(pk=number).status == "supplement"


def test_what_was_typed_survives_a_lost_session(
    client_for: Callable[..., Client], asked: Any, user_for: Callable[[str], Any]
) -> None:
    number = asked("staff_count")
    client = client_for("")
    response = client.post(f"/cases/{number}/supplement/", {"staff_count": "4711"})
    assert response["Location"].startswith("/account/login/")
    client.force_login(user_for("linxiaomei"))
    assert 'value="4711"' in client.get(f"/cases/{number}/supplement/").text
