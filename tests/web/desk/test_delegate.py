"""A colleague does a step for its owner; the result comes back and counts when the owner finishes it."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db


def _open(number: int) -> Task:
    return Task.objects.get(case=number, finished=None)


@pytest.fixture
def delegated(at_step: Any, give: Any, user_for: Any) -> int:
    """A decision that the deputy director lets a handler prepare."""
    number: int = at_step("decide")
    data = {"target": f"user:{user_for('chenli').pk}@market-regulation", "reason": "Please draft it."}
    asked = give("hejun", number, "delegate", **data)
    assert "The result comes back to you" in asked.text
    assert give("hejun", number, "delegate", **data, confirmed="yes").status_code == 302
    return number


def test_it_works(delegated: int, give: Any, user_for: Any, client_for: Any) -> None:
    assert _open(delegated).claimed_by == user_for("chenli")
    data = {"outcome": "granted", "reason": "", "confirmed": "yes"}
    assert give("chenli", delegated, "decide", **data).status_code == 302
    task = _open(delegated)
    assert (task.node, task.claimed_by) == ("decide", user_for("hejun"))
    assert "Chen Li → He Jun" in client_for("hejun").get(f"/desk/cases/{delegated}/").text
    assert give("chenli", delegated, "decide", **data).status_code == 409
    assert give("hejun", delegated, "decide", **data).status_code == 302
    decided = next(event for event in get_history(case=delegated) if event.kind == "case.decided")
    assert decided.actor == f"user:{user_for('hejun').pk}"


def test_the_owner_takes_it_back(delegated: int, give: Any, user_for: Any) -> None:
    assert give("huangyan", delegated, "recall").status_code == 409
    assert give("hejun", delegated, "recall").status_code == 302
    assert _open(delegated).claimed_by == user_for("hejun")


def test_only_to_a_colleague_of_the_department(at_step: Any, give: Any, user_for: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    data = {"target": f"user:{user_for('luhao').pk}@market-regulation", "confirmed": "yes"}
    assert give("chenli", number, "delegate", **data).status_code == 422
    assert same()


def test_strangers_and_colleagues_who_do_not_have_it(delegated: int, give: Any, untouched: Any, user_for: Any) -> None:
    same = untouched(delegated)
    data = {"target": f"user:{user_for('huangyan').pk}@market-regulation", "confirmed": "yes"}
    who = ("chenli", "huangyan", "luhao", "linxiaomei", "")
    statuses = [give(each, delegated, "delegate", **data).status_code for each in who]
    assert statuses == [409, 409, 404, 403, 302]
    assert same()
