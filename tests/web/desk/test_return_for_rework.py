"""Work goes back to an earlier step, with the reason for whoever does it again."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db
WHY = "The size of the cold room is missing from the report."


def test_it_works(at_step: Any, client_for: Any) -> None:
    number = at_step("review")
    data = {"task": Task.objects.get(case=number, finished=None).no, "node": "inspect", "reason": WHY}
    path, client = f"/desk/cases/{number}/return_to/", client_for("hejun")
    asked = client.post(path, data)
    assert asked.status_code == 200
    assert "On-site inspection" in asked.text
    assert client.post(path, data | {"node": "review", "confirmed": "yes"}).status_code == 422
    assert client.post(path, data | {"confirmed": "yes"}).status_code == 302
    assert set(Task.objects.filter(case=number, finished=None).values_list("node", flat=True)) == {"inspect"}
    assert WHY in client_for("chenli").get(f"/desk/cases/{number}/").text


def test_only_steps_that_led_here_are_offered(at_step: Any, client_for: Any) -> None:
    page = client_for("hejun").get(f"/desk/cases/{at_step('review')}/")
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "return_to")
    assert {option.value for option in card.fields[0].options} == {"handle", "inspect"}


def test_a_reason_is_owed(at_step: Any, client_for: Any, untouched: Any) -> None:
    number = at_step("review")
    same = untouched(number)
    task = Task.objects.get(case=number, finished=None).no
    path = f"/desk/cases/{number}/return_to/"
    assert client_for("hejun").post(path, {"task": task, "node": "inspect", "confirmed": "yes"}).status_code == 422
    assert same()


def test_strangers_do_not_return_it(client_for: Any, at_step: Any, untouched: Any) -> None:
    number = at_step("review")
    same = untouched(number)
    data = {
        "task": Task.objects.get(case=number, finished=None).no,
        "node": "inspect",
        "reason": WHY,
        "confirmed": "yes",
    }
    path = f"/desk/cases/{number}/return_to/"
    statuses = [client_for(who).post(path, data).status_code for who in ("luhao", "chenli", "linxiaomei", "")]
    assert statuses == [404, 409, 403, 302]
    assert same()
