"""A special procedure says how long it takes; past that, it goes on record (Administrative Licensing Law, 45)."""

from datetime import timedelta

import pytest
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import flows

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    OF_PROCEDURE,
    Command,
    Complete,
    FireTimer,
    Refused,
    Resume,
    ReturnTo,
    Suspend,
    load_bpmn,
)

DAY = timedelta(days=1)
INSPECTED = (
    '<startEvent id="s"/><userTask id="read"/>'
    '<userTask id="inspect" tb:act="inspect" tb:special="inspection" tb:limit="3 working days"/>'
    '<userTask id="decide" tb:act="decide"/><endEvent id="e"/>'
)


@pytest.fixture
def inspected() -> Life:
    """A case in which somebody is about to look at the place."""
    life = Life(load_bpmn(bpmn(INSPECTED + flows("s>read", "read>inspect", "inspect>decide", "decide>e"))))
    life.file()
    life.do(Complete(task=life.task("read").no))
    return life


def refused(life: Life, command: Command) -> str:
    with pytest.raises(Refused) as caught:
        life.do(command)
    return caught.value.code


def test_a_special_procedure_owes_its_length(accepted: Life) -> None:
    assert refused(accepted, Suspend(procedure="hearing", reason="asked for")) == "suspend.no-limit"
    accepted.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("3 working days")))
    told = accepted.log[-2].data
    assert (told["limit"], told["due"][:10]) == ("3 working days", "2026-03-05")


def test_a_procedure_that_takes_longer_than_told_goes_on_record_and_changes_nothing_else(accepted: Life) -> None:
    accepted.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("3 working days")))
    (timer,) = [timer for timer in accepted.state.timers if timer.node == OF_PROCEDURE]
    assert refused(accepted, FireTimer(timer=timer.no)) == "timer.not-due"
    before = accepted.state
    accepted.at = timer.due
    (event,) = accepted.do(FireTimer(timer=timer.no))
    assert (event.kind, event.data["overdue"], event.actor) == ("timer.fired", "hearing", "system")
    assert (accepted.state.status, accepted.state.statutory) == (before.status, before.statutory)
    assert accepted.state.timers == ()
    accepted.do(Resume())
    assert accepted.state.status == "accepted"


def test_a_procedure_that_ends_in_time_leaves_no_timer(accepted: Life) -> None:
    accepted.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("3 working days")))
    accepted.do(Resume(), after=DAY)
    assert accepted.state.timers == ()


def test_a_long_procedure_is_no_silence(accepted: Life) -> None:
    """A timer of a procedure that is due must not be taken for the one that accepts."""
    accepted.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("1 working day")))
    accepted.do(Resume(), after=10 * DAY)
    assert accepted.kinds.count("case.accepted") == 1


def test_a_step_that_is_a_special_procedure_goes_on_record_when_it_is_late(inspected: Life) -> None:
    task = inspected.task("inspect")
    (timer,) = [timer for timer in inspected.state.timers if timer.task == task.no]
    assert timer.due == task.due
    inspected.at = timer.due
    (event,) = inspected.do(FireTimer(timer=timer.no))
    assert (event.data["overdue"], event.node, event.task) == ("inspection", "inspect", task.no)
    assert inspected.task("inspect").no == task.no  # still open: somebody has to do it
    inspected.do(Complete(task=task.no))


def test_a_special_step_done_in_time_takes_its_timer_along(inspected: Life) -> None:
    task = inspected.task("inspect")
    inspected.do(Complete(task=task.no))
    assert all(timer.task != task.no for timer in inspected.state.timers)


def test_a_return_takes_the_timer_of_the_step_along(inspected: Life) -> None:
    inspected.do(Complete(task=inspected.task("inspect").no))
    inspected.do(ReturnTo(task=inspected.task("decide").no, node="read", reason="look again"))
    assert inspected.state.timers == ()
