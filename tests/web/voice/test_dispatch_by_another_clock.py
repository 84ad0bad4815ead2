"""Whoever dispatches says by which clock: what was called a question may be a complaint, and some things are urgent."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case, Task
from tongban.apps.catalog.city import get_calendar
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


def dispatch(client: Any, number: int, **given: str) -> Any:
    task = Task.objects.get(case=number, finished=None).no
    posted = {"task": task, "department": "ecology-environment", "confirmed": "yes"} | given
    return client.post(f"/desk/cases/{number}/dispatch/", posted)


@pytest.mark.parametrize(
    ("clock", "limit"), [("", "2 working days"), ("complaint", "15 working days"), ("urgent", "24 hours")]
)
def test_it_works(client_for: Any, say: Any, act: Any, clock: str, limit: str) -> None:
    number = say("请问夜里几点以后不能施工？楼下工地还在打桩。", by="wuxiaochuan", kind="question")
    assert dispatch(client_for("xuhong"), number, clock=clock).status_code == 302
    act(number, "accept", by="xuhong")
    case = Case.objects.get(pk=number)
    assert case.accepted_at is not None
    assert case.promised_due == get_calendar().deadline(start=case.accepted_at, limit=Limit.parse(limit))


def test_what_endangers_life_is_proposed_as_urgent(client_for: Any, say: Any, follow_log: Any) -> None:
    number = say("电梯困人了，三个老人被困在里面半个小时，闻到煤气。", by="wuxiaochuan")
    follow_log("voice")
    page = client_for("xuhong").get(f"/desk/cases/{number}/").text
    assert '<option value="urgent" selected' in page


def test_a_clock_that_is_none_is_refused(client_for: Any, say: Any) -> None:
    number = say("请问夜里几点以后不能施工？楼下工地还在打桩。", by="wuxiaochuan", kind="question")
    assert dispatch(client_for("xuhong"), number, clock="yesterday").status_code == 422


def test_once_it_is_accepted_its_clock_stays(client_for: Any, say: Any, act: Any) -> None:
    number = say("楼下工地夜里还在打桩，睡不着觉。", by="wuxiaochuan")
    dispatch(client_for("xuhong"), number)
    act(number, "accept", by="xuhong")
    act(number, "complete", by="fupeng", node="take", outcome="fail", opinion="不归我们管。")
    page = client_for("xuhong").get(f"/desk/cases/{number}/").text
    assert 'name="department"' in page
    assert 'name="clock"' not in page


def test_a_matter_with_one_clock_asks_for_none(client_for: Any, file_case: Any) -> None:
    number = file_case(username="wuxiaochuan", matter="noise-complaint")
    assert 'name="clock"' not in client_for("xuhong").get(f"/desk/cases/{number}/").text
