"""A paper that may be handed in later has a day of its own: it stops no clock, and holds up no step (容缺后补)."""

from datetime import timedelta

import pytest
from tests.kernel.flow.living import LIMITS, Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    OF_LATER,
    Accept,
    AnswerSupplement,
    Complete,
    DecideCase,
    Definition,
    File,
    FireTimer,
    HandIn,
    Refused,
    RequestSupplement,
    Withdraw,
    available_commands,
)

DAY = timedelta(days=1)
TEN, FIVE = Limit.parse("10 working days"), Limit.parse("5 working days")


@pytest.fixture
def owing(licence: Definition) -> Life:
    """A case that was filed without three papers, two of which are due on the same day."""
    life = Life(licence)
    life.do(File(limits=LIMITS, later=[("plan", TEN), ("photo", FIVE), ("letter", TEN)]))
    return life


def awaited(life: Life) -> list[str]:
    return [one.code for one in life.state.later]


def days(life: Life) -> list[str]:
    return sorted(timer.due.date().isoformat() for timer in life.state.timers if timer.node == OF_LATER)


def next_timer(life: Life) -> FireTimer:
    timer = min((each for each in life.state.timers if each.node == OF_LATER), key=lambda each: each.due)
    life.at = max(life.at, timer.due)
    return FireTimer(timer=timer.no)


def test_it_is_promised_by_a_working_day(owing: Life) -> None:
    due = {one.code: one.due.date().isoformat() for one in owing.state.later}
    assert due == {"plan": "2026-03-16", "photo": "2026-03-09", "letter": "2026-03-16"}
    assert days(owing) == ["2026-03-09", "2026-03-16"]
    assert set(owing.log[0].data["later"]) == {"plan", "photo", "letter"}


def test_it_holds_nothing_up(owing: Life) -> None:
    owing.do(Accept())
    assert owing.state.promised is not None
    assert not owing.state.promised.is_paused
    owing.do(Complete(task=owing.task("handle").no))
    assert len(owing.state.later) == 3
    assert "hand_in" in available_commands(definition=owing.definition, state=owing.state).case


def test_it_comes(owing: Life) -> None:
    owing.do(Accept())
    (event,) = owing.do(HandIn(codes=["photo"]), after=DAY, capacity="applicant")
    assert (event.kind, event.data["brought"], event.department) == ("material.handed_in", ["photo"], "applicant")
    assert awaited(owing) == ["letter", "plan"]
    assert days(owing) == ["2026-03-16"]
    owing.do(HandIn(codes=["plan"]))
    assert days(owing) == ["2026-03-16"]  # the letter is due on that day too
    owing.do(HandIn(codes=["letter"]))
    assert (awaited(owing), days(owing)) == ([], [])


def test_it_is_no_activity(owing: Life) -> None:
    owing.do(Accept())
    owing.do(HandIn(codes=["photo"]))
    event, *_ = owing.do(Complete(task=owing.task("handle").no))
    assert event.kind == "task.completed"
    assert event.previous_activity == "accept"


def test_what_does_not_come_is_late_and_nothing_else_changes(owing: Life) -> None:
    owing.do(Accept())
    before = owing.state
    (event,) = owing.do(next_timer(owing))
    assert (event.kind, event.data["late"]) == ("timer.fired", ["photo"])
    assert [(one.code, one.late) for one in owing.state.later] == [("letter", False), ("photo", True), ("plan", False)]
    assert (owing.state.status, owing.state.promised, owing.state.tasks) == (
        before.status,
        before.promised,
        before.tasks,
    )
    owing.do(next_timer(owing))
    assert all(one.late for one in owing.state.later)
    # Late is not too late.
    owing.do(HandIn(codes=["photo", "plan", "letter"]), after=DAY)
    assert awaited(owing) == []


def test_nobody_hands_in_what_nobody_awaits(owing: Life) -> None:
    for codes in (["sketch"], [], ["plan", "sketch"]):
        with pytest.raises(Refused) as caught:
            owing.do(HandIn(codes=codes))
        assert caught.value.code == "material.not-awaited"
    owing.do(HandIn(codes=["plan"]))
    with pytest.raises(Refused):
        owing.do(HandIn(codes=["plan"]))


def test_it_may_come_with_what_was_asked_for(owing: Life) -> None:
    owing.do(RequestSupplement(items=["plan", "map"]))
    (event,) = owing.do(AnswerSupplement(codes=["plan", "map"]), after=DAY, capacity="applicant")[:1]
    assert event.data["brought"] == ["plan"]
    assert awaited(owing) == ["letter", "photo"]


def test_it_may_come_while_something_else_is_asked_for(owing: Life) -> None:
    owing.do(RequestSupplement(items=["map"]))
    owing.do(HandIn(codes=["plan"]))
    assert owing.state.supplement == "open"


def test_a_decision_ends_the_promise(owing: Life) -> None:
    owing.do(Accept())
    owing.do(Complete(task=owing.task("handle").no))
    owing.do(Complete(task=owing.task("fire").no))
    owing.do(Complete(task=owing.task("inspect").no))
    owing.do(DecideCase(task=owing.task("decide").no, outcome="granted"))
    assert awaited(owing) == []
    with pytest.raises(Refused) as caught:
        owing.do(HandIn(codes=["plan"]))
    assert caught.value.code == "case.decided"
    (event,) = owing.do(next_timer(owing))
    assert "late" not in event.data


def test_whoever_takes_it_back_owes_nothing(owing: Life) -> None:
    owing.do(Withdraw())
    assert (awaited(owing), days(owing)) == ([], [])


def test_a_filing_with_everything_is_as_it_was(licence: Definition) -> None:
    life = Life(licence)
    (event,) = life.do(File(limits=LIMITS))
    assert "later" not in event.data
    other = Life(licence)
    other.do(File(limits=LIMITS, later=[("plan", TEN)]))
    again = Life(licence)
    assert again.do(File(limits=LIMITS)) == (event,)
