"""Granted on a pledge, looked at afterwards on the spot: to be put right by a day, or kept, or broken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import BrokenPledge, Rectification, Task
from tongban.apps.cases.proof import verify
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_matter
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
HANDLER, DECIDER, ELSEWHERE = "tanglei", "yuanfang", "chenli"
NARROW = {
    "f-width_left": "1.3",
    "f-tactile_paving": "yes",
    "f-fire_access": "yes",
    "f-tables_counted": "9",
    "f-no_grilling": "yes",
    "f-bins": "yes",
}
SIGNED = {"statement": "实测只剩 1.3 米，请搬开三张桌子。", "signing": "refused", "signing_words": "店主不在。"}


@pytest.fixture
def checked(file_case: Any, act: Any) -> int:
    """Granted on a pledge and delivered: somebody is to go there."""
    number: int = file_case(matter="outdoor-dining", way="pledge", pledge=True)
    act(number, "accept", by="wangqian")
    act(number, "complete", by=HANDLER, node="handle", outcome="pass", opinion="照片清楚。")
    act(number, "decide", by=DECIDER, node="decide", outcome="granted", reason="")
    act(number, "deliver", by="wangqian", node="deliver", way="online")
    return number


@pytest.fixture
def look(client_for: Callable[..., Client], jpeg: Any, checked: int) -> Callable[..., Any]:
    """The inspector hands in what was found; ``days``: to be put right within so many working days."""

    def post(result: str, *, days: int = 0, by: str = HANDLER, **found: str) -> Any:
        task = Task.objects.get(case=checked, node="check_afterwards").no
        definition = get_matter(code="outdoor-dining", on=timezone.localdate()).definition
        digest = definition.checklists["check_afterwards"].digest
        given = NARROW | SIGNED | {"result": result, "checklist": digest, "key": str(uuid4())}
        given |= {"p-width_left": jpeg(), **found}
        if days:
            until = get_calendar().add_working_days(timezone.localdate(), days)
            parts = {"year": until.year, "month": until.month, "day": until.day}
            given |= {f"rectify_by-{name}": str(value) for name, value in parts.items()}
        return client_for(by).post(f"/field/tasks/{checked:016d}/{task}/", given)

    return post


def _kinds(number: int) -> list[str]:
    return [event.kind for event in get_history(case=number)]


def test_put_right_and_kept(client_for: Callable[..., Client], checked: int, look: Any) -> None:
    """The day in the record is an order; its holder answers; who looks again finds it kept."""
    assert f"{checked}" in client_for(HANDLER).get("/field/").text
    assert look("rectify", days=5).status_code == 302
    row = Rectification.objects.get()
    assert (row.days, row.words, row.state) == (5, SIGNED["statement"], "open")
    assert _kinds(checked)[-2:] == ["inspection.recorded", "rectification.ordered"]
    assert SIGNED["statement"] in client_for("linxiaomei").get("/me/pledges/").text
    assert "it cannot fail before that" in look("fail").text
    assert look("rectify", days=8).status_code == 302  # looked at before the day: what was found is on record
    assert Rectification.objects.get().days == 5  # and the day stays
    client_for("linxiaomei").post(f"/cases/{checked}/put-right/", {"words": "Moved."})
    assert look("pass", **{"f-width_left": "2.4"}).status_code == 302
    assert Rectification.objects.get().state == "kept"
    assert not BrokenPledge.objects.exists()
    assert verify(case=checked).holds


@pytest.mark.parametrize(("days", "said"), [(11, "Give a working day within the time"), (0, "Say by which day")])
def test_a_day_that_the_matter_does_not_allow(look: Any, days: int, said: str) -> None:
    page = look("rectify", days=days)
    assert page.status_code == 422
    assert said in page.text
    assert not Rectification.objects.exists()


def test_not_put_right_it_is_broken(checked: int, look: Any) -> None:
    look("rectify", days=1)
    Rectification.objects.update(due=timezone.now() - timedelta(days=1))
    assert look("fail").status_code == 302
    assert Rectification.objects.get().state == "broken"
    assert BrokenPledge.objects.get().case_id == checked
    assert _kinds(checked)[-1] == "case.closed"


def test_who_may(checked: int, look: Any) -> None:
    for who, status in {ELSEWHERE: 404, "linxiaomei": 403, "": 302}.items():
        assert look("pass", by=who, **{"f-width_left": "2.4"}).status_code == status, who
    assert "inspection.recorded" not in _kinds(checked)
