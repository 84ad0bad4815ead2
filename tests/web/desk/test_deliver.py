"""The result reaches the applicant, and that goes on record."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event

pytestmark = pytest.mark.django_db


def test_it_works(give: Any, at_step: Any) -> None:
    number = at_step("deliver")
    assert give("wangqian", number, "deliver", way="counter").status_code == 302
    assert Event.objects.get(case=number, kind="case.delivered").data["way"] == "counter"
    assert Case.objects.get(pk=number).closed_at is not None


def test_the_way_must_be_one_of_ours(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("deliver")
    same = untouched(number)
    assert give("wangqian", number, "deliver", way="pigeon").status_code == 422
    assert same()


def test_afterwards_there_is_nothing_left_to_do(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("deliver")
    give("wangqian", number, "deliver", way="post")
    page = client_for("hejun").get(f"/desk/cases/{number}/")
    assert page.context["steps"] == page.context["case_cards"] == []
    assert "This case is over." in page.text


def test_strangers_do_not_deliver(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("deliver")
    same = untouched(number)
    statuses = [give(who, number, "deliver", way="post").status_code for who in ("luhao", "hejun", "linxiaomei", "")]
    assert statuses == [404, 409, 403, 302]
    assert same()
