"""A step finished with a result and an opinion; in a joint review each department has its own."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db


def _open(number: int) -> set[str]:
    return set(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def test_it_works(give: Any, at_step: Any) -> None:
    number = at_step("handle")
    assert give("chenli", number, "complete", outcome="pass", opinion="All there.").status_code == 302
    task = Task.objects.get(case=number, node="handle")
    assert (task.outcome, task.opinion) == ("pass", "All there.")
    assert _open(number) == {"inspect"}


def test_a_result_must_be_chosen(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    page = give("chenli", number, "complete", opinion="Long thoughts that must not be lost.")
    assert page.status_code == 422
    assert "Choose a result." in page.text
    assert "Long thoughts that must not be lost." in page.text
    assert give("chenli", number, "complete", outcome="perhaps").status_code == 422
    assert same()


def test_what_is_not_in_order_is_said(give: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("handle")
    same = untouched(number)
    assert "Please say what is not in order" in give("chenli", number, "complete", outcome="fail").text
    assert same()


def test_in_a_joint_review_each_department_has_its_part(give: Any, joint: int, client_for: Any) -> None:
    for who, step in (("chenli", "food"), ("luhao", "fire"), ("fangting", "building"), ("tanglei", "sign")):
        page = client_for(who).get(f"/desk/cases/{joint}/")
        assert [group["task"].node for group in page.context["steps"]] == [f"opinion_{step}"], who
    assert give("luhao", joint, "complete", node="opinion_food", outcome="pass").status_code == 409
    assert len(_open(joint)) == 4


def test_opinions_are_seen_by_all_and_the_lead_decides_last(give: Any, joint: int, client_for: Any) -> None:
    give("luhao", joint, "complete", node="opinion_fire", outcome="pass", opinion="Two exits, wide enough.")
    give("tanglei", joint, "complete", node="opinion_sign", outcome="fail", opinion="The sign is too long.")
    page = client_for("hejun").get(f"/desk/cases/{joint}/")
    said = {line.step: line.outcome for line in page.context["opinions"]}
    assert list(said.values()).count("not answered yet") == 2
    assert "Two exits, wide enough." not in page.text, "each is heard before it reads the others"
    assert "decide" not in _open(joint)
    give("fangting", joint, "complete", node="opinion_building", outcome="pass", opinion="Fine.")
    give("chenli", joint, "complete", node="opinion_food", outcome="pass", opinion="Fine.")
    assert _open(joint) == {"settle"}
    page = client_for("hejun").get(f"/desk/cases/{joint}/")
    assert "Two exits, wide enough." in page.text
    assert "The sign is too long." in page.text
    give("luqing", joint, "complete", node="settle", outcome="pass", opinion="A shorter sign will do.")
    assert _open(joint) == {"decide"}


def test_the_part_still_open_is_named_beforehand(joint: int, client_for: Any) -> None:
    page = client_for("luhao").get(f"/desk/cases/{joint}/")
    card = next(card for card in page.context["steps"][0]["main"] if card.command.name == "complete")
    assert "Still waited for" in " ".join(card.effects)
    assert "Market Regulation" in " ".join(card.effects)
