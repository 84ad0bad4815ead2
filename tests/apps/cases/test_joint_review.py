"""Several departments at once under one clock; the lead decides when all have answered."""

from collections.abc import Callable
from typing import Any

import pytest

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.queries import list_queue
from tongban.kernel.flow import Refused

OFFICERS = {
    "market-regulation": "chenli",
    "fire-rescue": "luhao",
}


@pytest.fixture
def number(file_case: Callable[..., int], act: Any) -> int:
    number = file_case(matter="restaurant-opening", applicant="organisation:91361700MA00001A5K", username="zhoumin")
    act(number, "accept", by="wangqian")
    return number


def _officer(department: str) -> str:
    from tongban.apps.people.models import Membership

    held = Membership.objects.filter(department=department, role__in=("handler", "reviewer"))
    return held.order_by("pk")[0].user.username


def test_every_department_has_its_part_at_once(number: int, actor_for: Callable[[str], Any]) -> None:
    tasks = Task.objects.filter(case=number, finished=None)
    departments = {task.department for task in tasks}
    assert len(departments) == 4
    for department in departments:
        queue = list_queue(actor=actor_for(_officer(department)))
        assert number in {row.number for row in queue.rows}, department


def test_the_lead_decides_when_all_have_answered(number: int, act: Any) -> None:
    tasks = list(Task.objects.filter(case=number, finished=None).order_by("no"))
    for task in tasks[:-1]:
        act(number, "complete", by=_officer(task.department), node=task.node, outcome="pass", opinion="可以。")
        assert not Task.objects.filter(case=number, node="decide").exists()
    last = tasks[-1]
    act(number, "complete", by=_officer(last.department), node=last.node, outcome="fail", opinion="排水图不对。")
    assert not Task.objects.filter(case=number, node="decide").exists(), "who is opposed is heard first"
    act(number, "complete", by="luqing", node="settle", outcome="fail", opinion="排水图确实不对。")
    act(number, "decide", by="hejun", node="decide", outcome="denied", reason="排水不符合要求。")
    case = Case.objects.get(pk=number)
    assert (case.status, case.outcome) == ("concluded", "denied")


def test_one_department_cannot_answer_for_another(number: int, actor_for: Callable[[str], Any]) -> None:
    from django.utils import timezone

    from tongban.apps.cases.errors import NotYours

    fire = Task.objects.get(case=number, finished=None, department="fire-rescue")
    with pytest.raises(NotYours):
        services.complete(
            number=number, task=fire.no, outcome="pass", opinion="", actor=actor_for("chenli"), at=timezone.now()
        )


def test_an_answered_part_is_not_answered_twice(number: int, act: Any, actor_for: Callable[[str], Any]) -> None:
    from django.utils import timezone

    fire = Task.objects.get(case=number, finished=None, department="fire-rescue")
    officer = _officer("fire-rescue")
    act(number, "complete", by=officer, node=fire.node, outcome="pass", opinion="可以。")
    with pytest.raises(Refused) as refusal:
        services.complete(
            number=number, task=fire.no, outcome="fail", opinion="", actor=actor_for(officer), at=timezone.now()
        )
    assert refusal.value.code == "task.not-open"


def test_its_limit_is_lengthened_by_the_government_not_by_the_lead(
    number: int, actor_for: Callable[[str], Any]
) -> None:
    from django.utils import timezone

    from tongban.apps.cases.consequences import get_work
    from tongban.apps.cases.errors import NotYours
    from tongban.kernel.clock import Limit

    at = timezone.now()
    more: dict[str, Any] = {"by": Limit.parse("15 working days"), "reason": "Four departments."}
    lead, government = actor_for("hejun"), actor_for("luqing")
    with pytest.raises(NotYours):
        services.extend(number=number, actor=lead, at=at, **more)
    assert get_work(number=number, actor=lead, at=at).offer(command="extend", task=0) is None
    assert get_work(number=number, actor=government, at=at).offer(command="extend", task=0) is not None
    before = Case.objects.get(pk=number).statutory_due
    services.extend(number=number, actor=government, at=at, **more)
    after = Case.objects.get(pk=number).statutory_due
    assert before is not None
    assert after is not None
    assert after > before


def test_the_government_sees_joint_reviews_only(
    number: int, file_case: Callable[..., int], actor_for: Callable[[str], Any]
) -> None:
    from django.utils import timezone

    from tongban.apps.cases.errors import UnknownCase
    from tongban.apps.cases.queries import get_case

    at = timezone.now()
    assert get_case(number=number, actor=actor_for("luqing"), at=at).number == number
    with pytest.raises(UnknownCase):
        get_case(number=number, actor=actor_for("yaoqi"), at=at)  # serves there, but decides nothing
    alone = file_case()
    with pytest.raises(UnknownCase):
        get_case(number=alone, actor=actor_for("luqing"), at=at)
