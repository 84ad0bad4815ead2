"""A step's own limit: within working time if it is in working hours, inside the one clock of all, and still with it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import CALENDAR, MONDAY, Life

from tongban.kernel.clock import Limit, Unit
from tongban.kernel.flow import (
    Accept,
    AnswerSupplement,
    Complete,
    Definition,
    Limits,
    RequestSupplement,
    Resume,
    Suspend,
    load_bpmn,
)

DAY = timedelta(days=1)
LONG = Limit.parse("30 working days")
JOINT = Limits(Limit.parse("45 working days"), Limit.parse("20 working days"), Limit.parse("15 working days"))


def process(*limits: str) -> Definition:
    """Acceptance within 2 working hours, then a department for each of the limits, all at once."""
    steps = "".join(
        f'<sequenceFlow id="in{n}" sourceRef="split" targetRef="step{n}"/>'
        f'<userTask id="step{n}" tb:act="opinion" tb:limit="{limit}"/>'
        f'<sequenceFlow id="out{n}" sourceRef="step{n}" targetRef="join"/>'
        for n, limit in enumerate(limits)
    )
    return load_bpmn(
        bpmn(
            '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="accept"/>'
            '<userTask id="accept" tb:act="accept" tb:limit="2 working hours"/>'
            '<sequenceFlow id="f2" sourceRef="accept" targetRef="split"/>'
            f'<parallelGateway id="split"/>{steps}<parallelGateway id="join"/>'
            '<sequenceFlow id="f3" sourceRef="join" targetRef="end"/><endEvent id="end"/>'
        ),
        source="steps.bpmn",
    )


def due(life: Life, node: str) -> datetime:
    at = life.task(node).due
    assert at is not None
    return at.astimezone(CALENDAR.timezone)


def filed(*limits: str, at: datetime = MONDAY, restarts: bool = False) -> Life:
    life = Life(process(*limits), at=at)
    life.file(limits=JOINT._replace(restarts=restarts))
    return life


def reviewed(*limits: str, restarts: bool = False) -> Life:
    life = filed(*limits, restarts=restarts)
    life.do(Accept(), after=timedelta(minutes=30))
    return life


@pytest.mark.parametrize(
    ("arrives", "expected"),
    [
        ("2026-03-02T09:30", "2026-03-02T11:30"),
        ("2026-03-02T11:30", "2026-03-02T14:30"),  # over lunch
        ("2026-03-02T16:30", "2026-03-03T10:30"),  # over night
        ("2026-03-06T16:00", "2026-03-09T10:00"),  # over a weekend
        ("2026-03-07T10:00", "2026-03-09T11:00"),  # on a Saturday
        ("2026-02-13T16:00", "2026-02-14T10:00"),  # the Saturday of 14 February is worked
        ("2026-02-14T16:30", "2026-02-24T10:30"),  # over the Spring Festival
    ],
)
def test_a_limit_in_working_hours_ends_within_working_time(arrives: str, expected: str) -> None:
    life = filed("1 working day", at=datetime.fromisoformat(arrives).replace(tzinfo=MONDAY.tzinfo))
    assert due(life, "accept").isoformat(timespec="minutes")[:16] == expected


@given(st.integers(0, 300 * 24 * 60), st.integers(1, 60))
def test_the_working_time_up_to_it_is_the_limit(minutes: int, hours: int) -> None:
    at = MONDAY + timedelta(minutes=minutes)
    end = CALENDAR.deadline(start=at, limit=Limit(hours, Unit.WORKING_HOURS))
    assert CALENDAR.working_minutes(at, end) == hours * 60
    assert CALENDAR.working_minutes(at, end - timedelta(minutes=1)) == hours * 60 - 1
    assert CALENDAR.is_working_day(end.date())


def test_what_is_left_of_a_step_when_the_clock_stops_is_left_when_it_goes_on() -> None:
    life = reviewed("3 working days", "4 working hours")
    assert due(life, "step0").date().isoformat() == "2026-03-05"
    assert due(life, "step1").isoformat()[:16] == "2026-03-02T15:00"
    life.do(Suspend(procedure="hearing", reason="Neighbours asked.", limit=LONG), after=timedelta(hours=1))  # at 11:00
    life.do(Resume(), after=8 * DAY)  # on Tuesday of the week after, at 11:00
    assert due(life, "step0").date().isoformat() == "2026-03-13"  # three working days after
    assert due(life, "step1").isoformat()[:16] == "2026-03-10T15:00"  # three working hours after


def test_a_step_that_was_late_before_stays_late() -> None:
    life = reviewed("1 working day")
    life.do(Suspend(procedure="hearing", reason="Neighbours asked.", limit=LONG), after=3 * DAY)
    life.do(Resume(), after=8 * DAY)
    assert due(life, "step0").date().isoformat() == "2026-03-03"


def test_a_step_that_ended_within_the_pause_is_not_touched() -> None:
    life = reviewed("3 working days", "3 working days")
    life.do(RequestSupplement(items=("plan",)), after=timedelta(hours=1))
    life.do(Complete(task=life.task("step0").no), after=DAY)
    life.do(AnswerSupplement(), after=7 * DAY)
    assert life.open == ["step1"]
    assert due(life, "step1").date().isoformat() == "2026-03-13"


def test_the_shared_clock_stands_for_all_departments_when_one_needs_a_special_procedure() -> None:
    life = reviewed("5 working days", "8 working days")
    before = {node: due(life, node) for node in ("step0", "step1")}
    life.do(Suspend(procedure="expert_review", reason="Load of the roof.", limit=LONG), after=DAY)
    assert life.state.statutory is not None
    assert life.state.promised is not None
    assert life.state.statutory.is_paused
    assert life.state.promised.is_paused
    life.do(Resume(), after=7 * DAY)
    for node, date in before.items():
        moved = CALENDAR.working_days_between(date.date(), due(life, node).date())
        assert moved == 5, node
    # 45 working days for all of them together, five of which are added by the pause; each within it.
    whole = life.state.statutory.due(CALENDAR)
    assert whole == CALENDAR.end_of_day(CALENDAR.add_working_days(MONDAY.date(), 50))
    assert all(due(life, node) <= whole for node in before)


def test_where_the_answer_gives_the_whole_time_again_each_step_has_it_too() -> None:
    life = reviewed("3 working days", restarts=True)
    life.do(RequestSupplement(items=("which year",)), after=2 * DAY)
    life.do(AnswerSupplement(), after=5 * DAY)
    answered = life.at.date()
    assert due(life, "step0").date() == CALENDAR.add_working_days(answered, 3)
    assert life.state.statutory is not None
    assert life.state.statutory.due(CALENDAR) == CALENDAR.end_of_day(CALENDAR.add_working_days(answered, 45))


def test_before_acceptance_the_answer_gives_the_window_its_time_again() -> None:
    life = filed("3 working days")
    life.do(RequestSupplement(items=("plan",)), after=timedelta(hours=1))
    life.do(AnswerSupplement(), after=7 * DAY)
    assert due(life, "accept").isoformat()[:16] == "2026-03-09T13:30"  # answered at 10:30, lunch in between


@given(st.integers(1, 10), st.integers(0, 8 * 24), st.integers(0, 20 * 24), st.sampled_from(["working", "calendar"]))
def test_a_pause_moves_a_step_exactly_as_it_moves_a_clock_of_the_same_limit(
    amount: int, hours: int, paused: int, days: str
) -> None:
    limits = Limits(Limit.parse(f"{amount} {days} days"), None, None)
    life = Life(process(f"{amount} {days} days"))
    life.file(limits=limits)
    life.do(Accept())
    life.do(Suspend(procedure="hearing", reason="Neighbours asked.", limit=LONG), after=timedelta(hours=hours))
    life.do(Resume(), after=timedelta(hours=paused))
    assert life.state.statutory is not None
    assert due(life, "step0") == life.state.statutory.due(CALENDAR)
