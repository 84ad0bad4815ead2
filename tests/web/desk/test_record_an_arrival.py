"""An officer sees what a case waits for, and puts on record that it has arrived."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reporting")]
NOTE = "Laboratory 4, by post: all samples clean."


@pytest.fixture
def number(at_step: Any, act: Any) -> int:
    """A case that waits for the laboratory's report."""
    found: int = at_step("review")
    act(found, "complete", by="hejun", node="review", outcome="fail", opinion="")
    return found


def _open(number: int) -> list[str]:
    return list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def test_it_works(number: int, client_for: Any) -> None:
    client = client_for("chenli")
    page = client.get(f"/desk/cases/{number}/")
    assert page.context["expected"] == ["Laboratory report (report)"]
    assert "waits for: Laboratory report (report)" in page.text
    (card,) = (card for card in page.context["case_cards"] if card.command.name == "record_arrival")
    assert "Decide" in card.effects[-1]
    path, data = f"/desk/cases/{number}/record_arrival/", {"task": 0, "node": "report", "note": NOTE}
    asked = client.post(path, data)
    assert "Record that this has arrived?" in asked.text
    assert NOTE in asked.text
    assert _open(number) == []
    assert client.post(path, data | {"confirmed": "yes"}).status_code == 302
    assert _open(number) == ["decide"]
    page = client.get(f"/desk/cases/{number}/")
    assert page.context["expected"] == []
    assert NOTE in page.text
    again = client.post(path, data | {"confirmed": "yes"})
    assert again.status_code == 409


def test_in_chinese(number: int, client_for: Any) -> None:
    page = client_for("chenli").get(f"/desk/cases/{number}/", headers={"accept-language": "zh-hans"})
    assert "等待：检验报告（report）" in page.text
    assert "记录已到达" in page.text


def test_one_of_several_is_chosen(at_step: Any, client_for: Any) -> None:
    number, client = at_step("review"), client_for("chenli")
    path = f"/desk/cases/{number}/record_arrival/"
    assert client.post(path, {"task": 0, "note": NOTE}).status_code == 422
    assert client.post(path, {"task": 0, "node": "report", "confirmed": "yes"}).status_code == 422
    assert client.post(path, {"task": 0, "node": "findings", "confirmed": "yes"}).status_code == 302
    assert _open(number) == ["handle"]


def test_others_do_not(number: int, client_for: Any, untouched: Any) -> None:
    same = untouched(number)
    path, data = f"/desk/cases/{number}/record_arrival/", {"task": 0, "node": "report", "note": "", "confirmed": "yes"}
    statuses = {who: client_for(who).post(path, data).status_code for who in ("luhao", "wangqian", "linxiaomei", "")}
    assert statuses == {"luhao": 404, "wangqian": 409, "linxiaomei": 403, "": 302}
    assert same()
    assert "record_arrival" not in client_for("wangqian").get(f"/desk/cases/{number}/").text
