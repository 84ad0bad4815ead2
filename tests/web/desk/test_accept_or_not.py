"""Acceptance: taking the case on, or saying why not."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db
WHY = "The premises lie outside the city; please ask the county."


def test_accepting_works(give: Any, file_case: Any) -> None:
    number = file_case()
    assert give("wangqian", number, "accept").status_code == 302
    case = Case.objects.get(pk=number)
    assert case.status == "accepted"
    assert case.promised_due is not None


def test_accepting_twice_accepts_once(give: Any, file_case: Any, client_for: Any) -> None:
    number, client = file_case(), client_for("wangqian")
    give(client, number, "accept", task=1)
    again = give(client, number, "accept", task=1)
    assert again.status_code == 409
    assert "You have finished this step already" in again.text


def test_a_stranger_does_not_accept(give: Any, file_case: Any, untouched: Any) -> None:
    number = file_case()
    same = untouched(number)
    assert give("luhao", number, "accept").status_code == 404
    assert give("chenli", number, "accept").status_code == 409
    assert give("linxiaomei", number, "accept").status_code == 403
    assert give("", number, "accept").status_code == 302
    assert same()


def test_not_accepting_asks_once_and_then_says_why(give: Any, file_case: Any, untouched: Any) -> None:
    number = file_case()
    same = untouched(number)
    asked = give("wangqian", number, "refuse", reason=WHY)
    assert asked.status_code == 200
    assert WHY in asked.text
    assert "The case is over." in asked.text
    assert same()
    give("wangqian", number, "refuse", reason=WHY, confirmed="yes")
    case = Case.objects.get(pk=number)
    assert (case.status, case.reason) == ("not_accepted", WHY)


def test_not_accepting_needs_a_reason(give: Any, file_case: Any, untouched: Any) -> None:
    number = file_case()
    same = untouched(number)
    refused = give("wangqian", number, "refuse", reason="  ", confirmed="yes")
    assert refused.status_code == 422
    assert "Please write this down" in refused.text
    assert same()


def test_going_back_from_the_question_keeps_the_words(give: Any, file_case: Any, untouched: Any) -> None:
    number = file_case()
    same = untouched(number)
    page = give("wangqian", number, "refuse", reason=WHY, edit="yes")
    assert page.status_code == 200
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "refuse")
    assert card.open
    assert card.fields[0].value == WHY
    assert same()


def test_an_unknown_command_is_not_found(give: Any, file_case: Any) -> None:
    assert give("wangqian", file_case(), "explode").status_code == 404
