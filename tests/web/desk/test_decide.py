"""The decision: asked once more, final, and one only."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case
from tongban.apps.evidence.models import Certificate

pytestmark = pytest.mark.django_db


def test_granting_works(give: Any, at_step: Any) -> None:
    number = at_step("decide")
    asked = give("hejun", number, "decide", outcome="granted")
    assert asked.status_code == 200
    assert "Grant this application?" in asked.text
    assert "Issued at once: Food business licence." in asked.text
    assert Case.objects.get(pk=number).outcome == ""
    assert give("hejun", number, "decide", outcome="granted", confirmed="yes").status_code == 302
    assert Case.objects.get(pk=number).outcome == "granted"
    assert Certificate.objects.filter(case=number).count() == 1


def test_denying_needs_reasons(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("decide")
    same = untouched(number)
    page = give("hejun", number, "decide", outcome="denied", reason=" ", confirmed="yes")
    assert page.status_code == 422
    assert "A denial needs its reasons" in page.text
    assert same()
    give(
        "hejun", number, "decide", outcome="denied", reason="The layout does not keep raw food apart.", confirmed="yes"
    )
    case = Case.objects.get(pk=number)
    assert (case.outcome, case.reason) == ("denied", "The layout does not keep raw food apart.")
    assert not Certificate.objects.filter(case=number).exists()


def test_a_handler_does_not_decide(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("decide")
    same = untouched(number)
    assert give("chenli", number, "decide", outcome="granted", confirmed="yes").status_code == 409
    assert give("songwei", number, "decide", outcome="granted", confirmed="yes").status_code == 404
    assert give("linxiaomei", number, "decide", outcome="granted", confirmed="yes").status_code == 403
    assert give("", number, "decide", outcome="granted", confirmed="yes").status_code == 302
    assert same()


def test_the_second_to_decide_is_told_who_was_first(give: Any, joint: int, act: Any, user_for: Any) -> None:
    from tongban.apps.people.models import Membership

    Membership.objects.create(user=user_for("huangyan"), department_id="market-regulation", role="decider")
    for who, step in (("chenli", "food"), ("luhao", "fire"), ("fangting", "building"), ("tanglei", "sign")):
        act(joint, "complete", by=who, node=f"opinion_{step}", outcome="pass", opinion="Fine.")
    task = Case.objects.get(pk=joint).tasks.get(node="decide").no
    give("hejun", joint, "decide", task=task, outcome="granted", confirmed="yes")
    late = give("huangyan", joint, "decide", task=task, outcome="denied", reason="I had my doubts.", confirmed="yes")
    assert late.status_code == 409
    assert "He Jun got there first: granted" in late.text
    assert "I had my doubts." in late.text
    assert Case.objects.get(pk=joint).outcome == "granted"


def test_what_has_happened_since_is_shown_before(give: Any, at_step: Any, act: Any, client_for: Any) -> None:
    number = at_step("decide")
    seen = len(client_for("hejun").get(f"/desk/cases/{number}/").context["view"].history)
    act(number, "request_supplement", by="hejun", items=["floor_plan"], note="", within=None)
    from django.utils import timezone

    from tongban.apps.cases.services import answer_supplement
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    owner = get_actor(user=User.objects.get(username="linxiaomei"), on=timezone.localdate())
    answer_supplement(number=number, answers={}, materials={}, actor=owner, at=timezone.now())
    page = give("hejun", number, "decide", outcome="granted", confirmed="yes", seen=seen)
    assert page.status_code == 200
    assert "Something has happened since you opened this case" in page.text
    assert "The applicant completed it" in page.text
    assert Case.objects.get(pk=number).outcome == ""
    again = give("hejun", number, "decide", outcome="granted", confirmed="yes", seen=page.context["seen"])
    assert again.status_code == 302


def test_not_while_the_applicant_is_asked(give: Any, at_step: Any, act: Any, client_for: Any) -> None:
    number = at_step("decide")
    act(number, "request_supplement", by="hejun", items=["floor_plan"], note="", within=None)
    refused = give("hejun", number, "decide", outcome="granted", confirmed="yes")
    assert refused.status_code == 409
    assert "waits for the applicant" in refused.text
    page = client_for("hejun").get(f"/desk/cases/{number}/")
    assert any("waits for the applicant" in words for words in page.context["steps"][0]["blocked"])
