"""Anybody with the number and four digits of the telephone sees where a case is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(file_case: Any) -> int:
    number: int = file_case(safety_manager_phone="13900000001")
    return number


def test_it_works(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    spaced = " ".join(str(case)[at : at + 4] for at in range(0, 16, 4))
    response = client.post("/track/", {"number": spaced, "phone": "0001"})
    assert response["Location"] == "/track/case/"
    page = client.get("/track/case/")
    assert "You filed it" in page.text
    assert page["X-Robots-Tag"] == "noindex"


def test_names_and_answers_stay_hidden(client_for: Callable[..., Client], case: int, act: Any) -> None:
    act(case, "accept", by="wangqian")
    client = client_for("")
    client.post("/track/", {"number": str(case), "phone": "0001"})
    page = client.get("/track/case/").text
    assert "Accepted" in page
    for hidden in ("林晓梅", "Lin Xiaomei", "Wang Qian", "王倩", "13900000001", "floor_plan.png", "/materials/"):
        assert hidden not in page, hidden


def test_wrong_digits_and_unknown_numbers_read_alike(client_for: Callable[..., Client], case: int) -> None:
    from tongban.kernel.numbers import day_of_case_number, new_case_number

    other = new_case_number(day=day_of_case_number(case), random=lambda most: most - 1)
    client = client_for("")
    wrong = client.post("/track/", {"number": str(case), "phone": "9999"})
    unknown = client.post("/track/", {"number": str(other), "phone": "0001"})
    assert wrong.status_code == unknown.status_code == 422
    assert "We cannot find a case with this number and these digits" in wrong.text
    assert "We cannot find a case with this number and these digits" in unknown.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "16 digits"),
        ("123", "16 digits"),
        ("26112204839177AB", "digits only"),
        ("2611220483917720", "slip in it"),
    ],
)
def test_a_slip_of_the_finger_is_told(client_for: Callable[..., Client], city: Any, typed: str, words: str) -> None:
    response = client_for("").post("/track/", {"number": typed, "phone": "0001"})
    assert response.status_code == 422
    assert words in response.text


def test_the_result_is_not_open_to_others(client_for: Callable[..., Client], case: int) -> None:
    first = client_for("")
    first.post("/track/", {"number": str(case), "phone": "0001"})
    assert client_for("").get("/track/case/")["Location"] == "/track/"


def test_it_is_kept_for_some_minutes_only(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    client.post("/track/", {"number": str(case), "phone": "0001"})
    session = client.session
    session["tracked"] = {**session["tracked"], "until": "2000-01-01T00:00:00+00:00"}
    session.save()
    assert client.get("/track/case/")["Location"] == "/track/"


def test_digits_cannot_be_tried_through(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    codes = [client.post("/track/", {"number": str(case), "phone": f"{at:04d}"}).status_code for at in range(100, 112)]
    assert codes[0] == 422
    assert codes[-1] == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post("/track/", {"number": str(case), "phone": "0001"}).status_code == 429, "from anywhere"


def test_one_address_cannot_ask_without_end(client_for: Callable[..., Client], city: Any, settings: Any) -> None:
    settings.RATE_TRACKING = "3/m"
    client = client_for("")
    codes = [client.post("/track/", {"number": "1", "phone": "0001"}).status_code for _ in range(4)]
    assert codes == [422, 422, 422, 429]
    assert client.post("/track/", {"number": "1"})["Retry-After"] == "60"


def test_filed_without_a_telephone_the_end_of_the_identity_number_opens_it(
    client_for: Callable[..., Client], file_case: Any
) -> None:
    from tongban.apps.cases.services import erase
    from tongban.apps.people.models import Person
    from tongban.apps.people.services import correct_person

    number = "361799198805140027"
    correct_person(person_id=Person.objects.get(user__username="linxiaomei").pk, phone="")
    case = file_case(matter="senior-allowance", phone="", identity_number=number)
    for wrong in ("", "0001", "27", number):
        assert client_for("").post("/track/", {"number": str(case), "phone": wrong}).status_code == 422
    client = client_for("")
    assert client.post("/track/", {"number": str(case), "phone": number[-4:]})["Location"] == "/track/case/"
    assert number not in client.get("/track/case/").text
    assert erase(number=case, at=timezone.now()) is not None
    assert client_for("").post("/track/", {"number": str(case), "phone": number[-4:]}).status_code == 422, "let go of"
