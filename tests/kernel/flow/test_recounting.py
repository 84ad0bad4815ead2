"""A calendar that changes late: open limits are counted anew, as if the change had been known all along."""

from __future__ import annotations

import contextlib
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import CALENDAR, LIMITS, MONDAY

from tongban.kernel.clock import Calendar, Limit, calendar_for
from tongban.kernel.flow import (
    NEW,
    Accept,
    AnswerSupplement,
    Command,
    Complete,
    Definition,
    Event,
    Extend,
    File,
    FireTimer,
    Limits,
    Recount,
    Refused,
    RequestSupplement,
    Resume,
    State,
    Status,
    Suspend,
    event_body,
    event_from_body,
    load_bpmn,
    replay,
    state_to_json,
    step,
    supplement_due,
)

DAY = timedelta(days=1)
WEEK = Limit.parse("5 working days")
LONG = Limits(Limit.parse("60 working days"), Limit.parse("40 working days"), Limit.parse("10 working days"))
NOTICE = "明政发〔2026〕12号"
PROCESS = load_bpmn(
    bpmn(
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="accept"/>'
        '<userTask id="accept" tb:act="accept" tb:limit="2 working days"/>'
        '<sequenceFlow id="f2" sourceRef="accept" targetRef="split"/><parallelGateway id="split"/>'
        '<sequenceFlow id="f3" sourceRef="split" targetRef="one"/>'
        '<sequenceFlow id="f4" sourceRef="split" targetRef="two"/>'
        '<userTask id="one" tb:act="opinion" tb:limit="30 working days"/>'
        '<userTask id="two" tb:act="opinion" tb:limit="70 working hours"/>'
        '<boundaryEvent id="silent" attachedToRef="two" cancelActivity="false"><timerEventDefinition>'
        '<timeDuration tb:working="true">P25D</timeDuration></timerEventDefinition></boundaryEvent>'
        '<sequenceFlow id="f7" sourceRef="silent" targetRef="told"/><endEvent id="told"/>'
        '<sequenceFlow id="f5" sourceRef="one" targetRef="join"/>'
        '<sequenceFlow id="f6" sourceRef="two" targetRef="join"/>'
        '<parallelGateway id="join"/><sequenceFlow id="f8" sourceRef="join" targetRef="end"/><endEvent id="end"/>'
    ),
    source="recounted.bpmn",
)


class Lived:
    """A case and the calendar by which it is counted."""

    def __init__(self, calendar: Calendar, definition: Definition = PROCESS, at: datetime = MONDAY) -> None:
        self.calendar, self.definition, self.at = calendar, definition, at
        self.state: State = NEW
        self.log: list[Event] = []

    def do(self, command: Command, after: timedelta = timedelta()) -> tuple[Event, ...]:
        self.at += after
        events, self.state = step(
            definition=self.definition,
            state=self.state,
            command=command,
            facts={},
            at=self.at,
            calendar=self.calendar,
            history=tuple(self.log),
        )
        self.log += events
        bodies = [event_body(event=event, case=1, seq=seq) for seq, event in enumerate(self.log, 1)]
        read = [event_from_body(body) for body in json.loads(json.dumps(bodies))]
        assert state_to_json(replay(definition=self.definition, events=read)) == state_to_json(self.state)
        return events

    def told(self) -> dict[str, datetime]:
        clocks = {"promised": self.state.promised, "statutory": self.state.statutory}
        return {name: due for name, clock in clocks.items() if clock and (due := clock.due(self.calendar))}

    def recount(self, calendar: Calendar, **more: Any) -> dict[str, Any] | None:
        told, self.calendar = self.told(), calendar
        events = self.do(Recount(notice=NOTICE, told=told, **more))
        assert [event.kind for event in events] in ([], ["clock.recounted"])
        return dict(events[0].data) if events else None

    def days(self) -> dict[str, Any]:
        """Every day that is open, as far as a calendar has to do with it."""
        tasks = {task.no: task.due for task in self.state.tasks}
        timers = sorted((timer.node, timer.task, timer.due) for timer in self.state.timers)
        later = {one.code: one.due for one in self.state.later}
        clocks = [(clock.spent, clock.since) for clock in (self.state.promised, self.state.statutory) if clock]
        return self.told() | {"tasks": tasks, "timers": timers, "later": later, "clocks": clocks}


def changed(off: list[date] | None = None, working: list[date] | None = None, *, zone: str = "") -> Calendar:
    overrides = dict.fromkeys(off or [], False) | dict.fromkeys(working or [], True)
    more: dict[str, Any] = {"timezone": zone} if zone else {}
    return calendar_for(first_year=2025, last_year=2028, overrides=overrides, **more)


def accepted(calendar: Calendar = CALENDAR, *, at: datetime = MONDAY, limits: Limits = LIMITS) -> Lived:
    life = Lived(calendar, at=at)
    life.do(File(limits=limits, later=[("plan", WEEK)]))
    life.do(Accept())
    return life


COMMANDS = st.sampled_from(
    (
        RequestSupplement(items=["plan"], within=WEEK),
        AnswerSupplement(),
        Suspend(procedure="inspection", reason="x", limit=WEEK),
        Resume(),
        Extend(by=Limit.parse("3 working days"), reason="x", approved_by="head"),
        Complete(task=3),
    )
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(COMMANDS, st.integers(0, 7)), max_size=7),
    st.sets(st.integers(0, 70), min_size=1, max_size=6),
    st.integers(0, 3),
)
def test_it_is_as_if_the_holiday_had_been_known_all_along(
    steps: list[tuple[Command, int]], off: set[int], rest: int
) -> None:
    calendar = changed([MONDAY.date() + n * DAY for n in off])
    late, early = accepted(limits=LONG), accepted(calendar, limits=LONG)
    for command, days in steps:
        for life in (late, early):
            with contextlib.suppress(Refused):
                life.do(command, after=days * DAY)
    for life in (late, early):
        life.at += rest * DAY
    late.recount(calendar, later={"plan": WEEK})
    assert late.days() == early.days()
    if late.state.supplement == "open":
        assert supplement_due(late.log) == supplement_due(early.log)
    assert late.recount(calendar, later={"plan": WEEK}) is None, "a second run changes nothing"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(COMMANDS, st.integers(0, 5)), max_size=6),
    st.sets(st.integers(0, 40), max_size=5),
    st.sets(st.integers(0, 40), max_size=5),
)
def test_what_was_told_never_comes_earlier_but_by_the_statute(
    steps: list[tuple[Command, int]], off: set[int], working: set[int]
) -> None:
    life = accepted(limits=LONG)
    for command, days in steps:
        with contextlib.suppress(Refused):
            life.do(command, after=days * DAY)
    before, told = life.days(), life.told()
    calendar = changed(*([MONDAY.date() + n * DAY for n in days] for days in (off - working, working)))
    life.recount(calendar, later={"plan": WEEK})
    after = life.days()
    assert all(after["tasks"][no] >= due for no, due in before["tasks"].items() if due)
    assert [each[2] for each in after["timers"]] >= [each[2] for each in before["timers"]]
    if "promised" in told:
        assert after["promised"] >= min(told["promised"], after["statutory"])
    assert life.recount(calendar, later={"plan": WEEK}) is None


def test_the_record_says_what_was_what_is_and_by_which_notice() -> None:
    life = accepted()
    days = {"2026-03-06": "off"}
    data = life.recount(changed([date(2026, 3, 6)]), days=days, later={"plan": WEEK})
    assert data is not None
    assert (data["notice"], data["days"]) == (NOTICE, days)
    assert (data["before"]["promised"][:10], data["after"]["promised"][:10]) == ("2026-03-12", "2026-03-13")
    assert data["later"]["plan"][:10] == "2026-03-10"


def test_silence_does_not_accept_on_a_day_that_was_off_after_all() -> None:
    life = Lived(CALENDAR)
    life.do(File(limits=LIMITS))
    (silence,) = life.state.timers
    life.at = silence.due + timedelta(hours=1)
    data = life.recount(changed([date(2026, 3, 5)]))
    assert data is not None
    assert life.state.accepted is None
    (moved,) = life.state.timers
    assert moved.due == silence.due + DAY
    life.at = moved.due
    life.do(FireTimer(timer=moved.no))
    assert life.state.status is Status.ACCEPTED


def test_a_day_made_up_for_does_not_take_back_a_promise() -> None:
    life = accepted()
    told = life.told()
    data = life.recount(changed(working=[date(2026, 3, 7)]))
    assert data is not None
    assert data["kept"] == {"promised": 1}
    assert life.told()["promised"] == told["promised"]
    assert life.told()["statutory"] < told["statutory"]
    life.do(Suspend(procedure="inspection", reason="x", limit=WEEK), after=DAY)
    life.do(Resume(), after=7 * DAY)
    assert life.told()["promised"] > told["promised"]


def test_a_statute_that_ends_earlier_takes_the_promise_with_it_and_says_who_is_late() -> None:
    same = LIMITS._replace(statutory=LIMITS.promised)
    life = accepted(limits=same)
    life.at = life.told()["statutory"] - timedelta(hours=2)
    data = life.recount(changed(working=[date(2026, 3, 7)]))
    assert data is not None
    assert data["late"] == ["statutory", "promised"]
    assert "kept" not in data


def test_years_without_an_official_calendar_are_counted_too() -> None:
    """At the end of a year, into one whose holidays are provisional."""
    life = accepted(at=datetime(2027, 12, 24, 9, tzinfo=MONDAY.tzinfo))
    assert CALENDAR.is_provisional(date(2028, 1, 3))
    told = life.told()
    life.recount(changed([date(2028, 1, 4), date(2028, 1, 5)]))
    assert CALENDAR.working_days_between(told["promised"].date(), life.told()["promised"].date()) == 2


@pytest.mark.parametrize("off", [date(2026, 3, 27), date(2026, 3, 30)])
def test_the_night_when_the_clocks_change_costs_no_hour(off: date) -> None:
    """A city with daylight saving: days stay days, the last second is its own."""
    berlin = changed(zone="Europe/Berlin")
    life = accepted(berlin, at=datetime(2026, 3, 25, 9, tzinfo=berlin.timezone))
    life.recount(changed([off], zone="Europe/Berlin"))
    last = life.told()["promised"].astimezone(berlin.timezone)
    assert (last.hour, last.minute) == (23, 59)
    assert last.date() == date(2026, 4, 8)  # the seventh, and one day more
