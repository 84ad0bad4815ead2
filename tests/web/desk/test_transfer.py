"""A step is given away: to a colleague, or to the queue of another department; the log says from whom to whom."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case, Task
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
WHY = "Her district, her case."


def _open(number: int) -> Task:
    return Task.objects.get(case=number, finished=None)


def test_it_works(at_step: Any, give: Any, client_for: Any, user_for: Any) -> None:
    number = at_step("handle")
    due = _open(number).due
    give("chenli", number, "claim")
    data = {"target": f"user:{user_for('huangyan').pk}@market-regulation", "reason": WHY}
    asked = give("chenli", number, "transfer", **data)
    assert asked.status_code == 200
    assert "does not move" in asked.text
    assert _open(number).claimed_by == user_for("chenli")
    assert give("chenli", number, "transfer", **data, confirmed="yes").status_code == 302
    task = _open(number)
    assert (task.claimed_by, task.due) == (user_for("huangyan"), due)
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert "Chen Li → Huang Yan" in page.text
    assert WHY in page.text
    assert give("chenli", number, "complete", outcome="pass").status_code == 409
    assert give("huangyan", number, "complete", outcome="pass").status_code == 302


def test_to_the_queue_of_another_department(at_step: Any, give: Any, client_for: Any) -> None:
    number = at_step("handle")
    data = {"target": "@window", "reason": WHY, "confirmed": "yes"}
    assert give("chenli", number, "transfer", **data).status_code == 302
    task = _open(number)
    assert (task.department, task.claimed_by) == ("window", None)
    assert str(number) in client_for("wangqian").get("/desk/?group=free").text.replace(" ", "")
    give("wangqian", number, "complete", outcome="pass")
    assert get_history(case=number)[-1].kind in ("task.completed", "clock.paused")
    done = next(event for event in get_history(case=number) if event.kind == "task.completed")
    assert done.department == "window"


def test_only_to_who_can_do_it(at_step: Any, give: Any, client_for: Any, user_for: Any) -> None:
    number = at_step("decide")
    page = client_for("hejun").get(f"/desk/cases/{number}/")
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "transfer")
    offered = {option.value for option in card.fields[0].options}
    assert f"user:{user_for('chenli').pk}@market-regulation" not in offered
    data = {"target": f"user:{user_for('chenli').pk}@market-regulation", "reason": WHY, "confirmed": "yes"}
    assert give("hejun", number, "transfer", **data).status_code == 422


def test_a_reason_is_owed(at_step: Any, give: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert give("chenli", number, "transfer", target="@window", confirmed="yes").status_code == 422
    assert same()


def test_strangers_and_colleagues_who_do_not_have_it(at_step: Any, give: Any, untouched: Any) -> None:
    number = at_step("handle")
    give("chenli", number, "claim")
    same = untouched(number)
    data = {"target": "@window", "reason": WHY, "confirmed": "yes"}
    statuses = [give(who, number, "transfer", **data).status_code for who in ("huangyan", "luhao", "linxiaomei", "")]
    assert statuses == [409, 404, 403, 302]
    assert same()


def test_the_applicant_reads_that_it_went_on_but_not_what_officers_told_each_other(
    at_step: Any, give: Any, client_for: Any
) -> None:
    number = at_step("handle")
    give("chenli", number, "transfer", target="@window", reason=WHY, confirmed="yes")
    page = client_for("linxiaomei").get(f"/cases/{number}/").text
    assert "Someone else is working on it now" in page
    assert WHY not in page
    assert Case.objects.get(pk=number).reason == ""
