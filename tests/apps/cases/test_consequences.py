"""What is said before a command is what happens when it is given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.cases.models import Case, Task
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_of(actor_for: Callable[[str], Any]) -> Callable[[int, str], Work]:
    """A case on somebody's desk."""
    return lambda number, who: get_work(number=number, actor=actor_for(who), at=timezone.now())


@pytest.fixture
def handled(file_case: Any, act: Any) -> int:
    """A licence that waits for its review."""
    number: int = file_case()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.")
    act(number, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.")
    return number


def _commands(work: Work) -> set[str]:
    return {offer.command for offer in work.offers}


def _open(number: int) -> set[str]:
    return set(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def test_accepting_gives_the_dates_that_were_said(work_of: Any, file_case: Any, actor_for: Any) -> None:
    number = file_case()
    work = work_of(number, "wangqian")
    said = work.offer(command="accept", task=1).first
    services.accept(number=number, task=1, actor=actor_for("wangqian"), at=work.at)
    case = Case.objects.get(pk=number)
    assert said.promised.due_after == case.promised_due
    assert said.statutory.due_after == case.statutory_due
    assert said.status == case.status
    assert {step.name.en for step in said.opens} == {"Handle"}
    assert _open(number) == {"handle"}


def test_asking_pauses_as_was_said(work_of: Any, handled: int, actor_for: Any) -> None:
    work = work_of(handled, "hejun")
    task = work.mine[0].no
    said = work.offer(command="request_supplement", task=task).first
    assert said.promised.paused_after
    assert said.promised.due_after is None
    services.request_supplement(
        number=handled, task=task, items=["floor_plan"], note="", within=None, actor=actor_for("hejun"), at=work.at
    )
    case = Case.objects.get(pk=handled)
    assert (case.paused, case.status) == (True, said.status)


def test_a_return_undoes_what_was_said(work_of: Any, handled: int, actor_for: Any) -> None:
    work = work_of(handled, "hejun")
    offer = work.offer(command="return_to", task=work.mine[0].no)
    assert set(offer.options) == {"handle", "inspect"}
    assert {name.en for name in work.returnable.values()} == {"Handle", "On-site inspection"}
    opened = {step.name.en for step in offer.options["handle"].opens}
    services.return_to(
        number=handled, task=offer.task_no, node="handle", reason="Again.", actor=actor_for("hejun"), at=work.at
    )
    assert opened == {"Handle"}
    assert _open(handled) == {"handle"}


def test_an_extension_moves_the_dates_as_was_said(work_of: Any, handled: int, actor_for: Any) -> None:
    work = work_of(handled, "hejun")
    said = work.offer(command="extend", task=0).first
    by = Limit.parse("10 working days")
    services.extend(number=handled, by=by, reason="A laboratory is late.", actor=actor_for("hejun"), at=work.at)
    assert said.statutory.due_after == Case.objects.get(pk=handled).statutory_due
    assert said.statutory.due_before != said.statutory.due_after
    assert work_of(handled, "hejun").offer(command="extend", task=0) is None


def test_trying_changes_nothing(work_of: Any, handled: int) -> None:
    before = Case.objects.values().get(pk=handled)
    work_of(handled, "hejun")
    assert Case.objects.values().get(pk=handled) == before


def test_what_is_offered_follows_the_role(work_of: Any, handled: int) -> None:
    assert {"complete", "return_to", "claim", "extend"} <= _commands(work_of(handled, "hejun"))
    assert _commands(work_of(handled, "chenli")) == set()
    assert _commands(work_of(handled, "liangchen")) == set()


def test_who_has_it_alone_is_offered_it(work_of: Any, handled: int, act: Any) -> None:
    act(handled, "claim", by="hejun")
    assert "release" in _commands(work_of(handled, "hejun"))
    colleague = work_of(handled, "huangyan")
    assert _commands(colleague) == set()
    assert [each.code for each in colleague.blocked if each.command == "claim"] == ["task.claimed-by-other"]
