"""A special procedure stands outside the clock; a limit is extended once."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db
HEARING = {"procedure": "hearing", "reason": "A neighbour has asked to be heard.", "days": "10"}


def test_it_begins_and_ends(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("review")
    act = {"task": Case.objects.get(pk=number).tasks.get(node="review").no}
    client = client_for("hejun")
    give("hejun", number, "suspend", **act, **HEARING)
    assert Case.objects.get(pk=number).status == "accepted"  # a reviewer alone does not begin one
    number = at_step("handle", username="wuxiaochuan")
    assert give("chenli", number, "suspend", **HEARING).status_code == 302
    case = Case.objects.get(pk=number)
    assert (case.status, case.paused, case.promised_due) == ("suspended", True, None)
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert page.context["clocks"]["paused"] == "hearing"
    assert "A neighbour has asked to be heard." in page.text
    assert page.context["case_cards"][0].effects[0].startswith("The clock runs again")
    assert client.post(f"/desk/cases/{number}/resume/", {"task": 0}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.paused) == ("accepted", False)
    assert case.promised_due is not None


def test_what_it_does_to_the_clock_is_said(at_step: Any, client_for: Any) -> None:
    page = client_for("chenli").get(f"/desk/cases/{at_step('handle')}/")
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "suspend")
    assert card.effects[0].startswith("The clock stops now")


def test_no_step_is_finished_meanwhile(give: Any, at_step: Any) -> None:
    number = at_step("handle")
    give("chenli", number, "suspend", **HEARING)
    refused = give("chenli", number, "complete", outcome="pass", opinion="Done already.")
    assert refused.status_code == 409
    assert "A special procedure is under way" in refused.text
    assert "Done already." in refused.text


def test_the_head_extends_the_limit_once(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("handle")
    before = Case.objects.get(pk=number).statutory_due
    path = f"/desk/cases/{number}/extend/"
    data = {"task": 0, "amount": "10", "reason": "Two laboratories have to answer."}
    asked = client_for("hejun").post(path, data)
    assert "The dates move" in asked.text
    assert client_for("hejun").post(path, data | {"amount": "11"}).status_code == 422
    assert client_for("hejun").post(path, data | {"confirmed": "yes"}).status_code == 302
    after = Case.objects.get(pk=number).statutory_due
    assert before is not None
    assert after is not None
    assert after > before
    again = client_for("hejun").post(path, data | {"confirmed": "yes"})
    assert again.status_code == 409
    assert "no second time" in again.text


def test_others_do_not_extend_or_resume(at_step: Any, client_for: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    data = {"task": 0, "amount": "10", "reason": "Please.", "confirmed": "yes"}
    for command in ("extend", "resume"):
        path = f"/desk/cases/{number}/{command}/"
        statuses = [client_for(who).post(path, data).status_code for who in ("luhao", "wangqian", "linxiaomei", "")]
        assert statuses == [404, 409, 403, 302], command
    assert same()


def test_the_days_may_be_left_out_where_the_matter_says_how_long(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("handle")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "suspend")
    assert "on-site inspection 5 working days" in next(field.hint for field in card.fields if field.name == "days")
    missing = give("chenli", number, "suspend", **(HEARING | {"days": ""}))
    assert missing.status_code == 422
    assert "Please say how many working days it will take." in missing.text
    assert "A neighbour has asked to be heard." in missing.text
    own = HEARING | {"procedure": "inspection", "days": ""}
    assert give("chenli", number, "suspend", **own).status_code == 302
    assert Case.objects.get(pk=number).procedure_due is not None


def test_the_applicant_is_told_how_long(give: Any, at_step: Any, client_for: Any) -> None:
    number = at_step("handle")
    give("chenli", number, "suspend", **HEARING)
    assert "It takes 10 working days, until" in client_for("linxiaomei").get(f"/cases/{number}/").text
