"""A step cannot be done as planned: where the diagram has a way for that, its officer reports it."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reporting")]
WHY = "The shop was torn down in May."


def _open(number: int) -> list[str]:
    return list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def test_it_works(at_step: Any, client_for: Any, give: Any) -> None:
    number = at_step("handle")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    card = next(card for card in page.context["steps"][0]["more"] if card.command.name == "raise_event")
    (option,) = next(field for field in card.fields if field.name == "node").options
    assert (option.value, option.label) == ("gone", "The shop is gone (GONE)")
    assert give("chenli", number, "raise_event", node="handle", reason=WHY).status_code == 422
    client, path = client_for("chenli"), f"/desk/cases/{number}/raise_event/"
    data = {"task": Task.objects.get(case=number, node="handle").no, "node": "gone", "reason": WHY}
    asked = client.post(path, data)
    assert "Report this?" in asked.text
    assert _open(number) == ["handle"]
    assert client.post(path, data | {"confirmed": "yes"}).status_code == 302
    assert _open(number) == ["decide"]
    assert WHY in client.get(f"/desk/cases/{number}/").text


def test_it_is_not_offered_where_nothing_catches_it(at_step: Any, client_for: Any) -> None:
    page = client_for("hejun").get(f"/desk/cases/{at_step('review')}/")
    assert "review" in page.text
    assert "raise_event" not in page.text


def test_others_do_not(at_step: Any, client_for: Any, untouched: Any) -> None:
    number = at_step("handle")
    same, path = untouched(number), f"/desk/cases/{number}/raise_event/"
    task = Task.objects.get(case=number, node="handle").no
    data = {"task": task, "node": "gone", "reason": WHY, "confirmed": "yes"}
    statuses = {who: client_for(who).post(path, data).status_code for who in ("luhao", "wangqian", "linxiaomei", "")}
    assert statuses == {"luhao": 404, "wangqian": 409, "linxiaomei": 403, "": 302}
    assert same()
