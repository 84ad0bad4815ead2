"""The number of an order and four digits of the telephone: where its parts are, and no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Order, OrderPart
from tongban.apps.people.sealing import open_sealed, seal

pytestmark = pytest.mark.django_db

Sent = Callable[..., tuple[Client, int]]


@pytest.fixture
def ending(sent: Sent, part_of: Callable[[str], OrderPart]) -> tuple[int, str]:
    """The number of an order, and the end of the telephone of its first case."""
    _, number = sent()
    case = Case.objects.get(pk=part_of("newborn-registration").draft.case or 0)
    return number, open_sealed(case.phone_sealed)[-4:]


def test_it_works(client_for: Callable[..., Client], ending: tuple[int, str]) -> None:
    number, digits = ending
    nobody = client_for("")
    answer = nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    assert answer["Location"] == "/track/order/"
    page = nobody.get("/track/order/")
    assert page["X-Robots-Tag"] == "noindex"
    assert "A trial: the baby" in page.text
    assert [part.state for part in page.context["order"].parts] == ["filed", "waiting"]
    assert "Its turn comes once" in page.text


def test_names_and_answers_stay_hidden(client_for: Callable[..., Client], ending: tuple[int, str]) -> None:
    number, digits = ending
    nobody = client_for("")
    nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    case = Case.objects.get()
    page = nobody.get("/track/order/").text
    for hidden in ("林晓梅", "Lin Xiaomei", "林小满", open_sealed(case.phone_sealed)):
        assert hidden not in page, hidden


def test_a_part_is_shown_as_a_case_is(client_for: Callable[..., Client], ending: tuple[int, str]) -> None:
    number, digits = ending
    nobody = client_for("")
    nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    case = Case.objects.get().number
    assert nobody.get(f"/track/order/{case}/")["Location"] == "/track/case/"
    page = nobody.get("/track/case/").text
    assert "The whole order" in page
    assert "/track/order/" in page


def test_other_cases_are_not_reached_through_it(
    client_for: Callable[..., Client], ending: tuple[int, str], file_case: Any
) -> None:
    number, digits = ending
    other = file_case(username="wuxiaochuan")
    nobody = client_for("")
    nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    assert nobody.get(f"/track/order/{other}/")["Location"] == "/track/"
    assert nobody.get("/track/case/")["Location"] == "/track/"


def test_wrong_digits_read_like_an_unknown_number(client_for: Callable[..., Client], ending: tuple[int, str]) -> None:
    number, digits = ending
    wrong = client_for("").post("/track/", {"number": f"{number:016d}", "phone": f"{(int(digits) + 1) % 10000:04d}"})
    assert wrong.status_code == 422
    assert "We cannot find a case with this number and these digits" in wrong.text


def test_a_part_with_another_telephone_is_named_only(
    client_for: Callable[..., Client], ending: tuple[int, str], part_of: Callable[[str], OrderPart], file_case: Any
) -> None:
    number, digits = ending
    part = part_of("childcare-subsidy")
    part.draft.case = other = file_case(username="wuxiaochuan")
    part.draft.save(update_fields=["case"])
    Case.objects.filter(pk=other).update(phone_sealed=seal("1390000" + f"{(int(digits) + 1) % 10000:04d}"))
    nobody = client_for("")
    nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    page = nobody.get("/track/order/").text
    assert "It was filed with another telephone." in page
    assert str(other) not in page.replace(" ", "")
    assert nobody.get(f"/track/order/{other}/")["Location"] == "/track/"


def test_it_is_kept_for_some_minutes_only(client_for: Callable[..., Client], ending: tuple[int, str]) -> None:
    number, digits = ending
    nobody = client_for("")
    nobody.post("/track/", {"number": f"{number:016d}", "phone": digits})
    session = nobody.session
    session["tracked_order"] = {**session["tracked_order"], "until": "2000-01-01T00:00:00+00:00"}
    session.save()
    assert nobody.get("/track/order/")["Location"] == "/track/"
    assert nobody.get(f"/track/order/{Case.objects.get().number}/")["Location"] == "/track/"


def test_a_cart_is_nobodys_to_track(client_for: Callable[..., Client], cart: Callable[..., Any]) -> None:
    cart()
    assert Order.objects.get().number is None
    assert client_for("").get("/track/order/")["Location"] == "/track/"
