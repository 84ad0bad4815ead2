"""Steps are remembered: what is looked up is what the handlers would decide, and nothing else is looked up.

`Life.do` holds every step of every test in this folder against the handlers; here is what it cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.kernel.flow.building import Shape, bpmn, build
from tests.kernel.flow.living import CALENDAR, LIMITS, MONDAY, Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    NEW,
    NO_LIMITS,
    Accept,
    Claim,
    Command,
    Complete,
    DecideCase,
    Definition,
    Deliver,
    Event,
    File,
    Refusal,
    Refused,
    RunService,
    State,
    automaton,
    case,
    load_bpmn,
    replay,
    state_from_json,
    state_to_json,
    step,
)

TWO = Shape("seq", (Shape("task"), Shape("task")))


def by_hand(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that `step` leaves to the handlers from now on."""
    decided: list[str] = []
    original = automaton.learn

    def note(*given: Any) -> None:
        decided.append(type(given[2]).__name__)
        original(*given)

    monkeypatch.setattr(case, "learn", note)
    return decided


def walk(definition: Definition, *, facts: Mapping[str, Any] | None = None, actor: str = "li") -> list[Event]:
    """File a case and finish its tasks; all its events."""
    log: list[Event] = []
    state: State = NEW
    command: Any = File(limits=NO_LIMITS)
    while not state.closed:
        events, state = step(
            definition=definition,
            state=state,
            command=command,
            facts=facts or {},
            at=MONDAY,
            calendar=CALENDAR,
            actor=actor,
        )
        log += events
        command = Complete(task=state.tasks[0].no) if state.tasks else None
    return log


def test_the_second_case_is_looked_up_and_has_its_own_people(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = build(TWO).definition
    first = walk(definition, actor="li")
    decided = by_hand(monkeypatch)
    second = walk(definition, actor="wang")
    assert decided == []
    assert [event._replace(actor="") for event in first] == [event._replace(actor="") for event in second]
    assert {event.actor for event in second} == {"wang", "system"}


def test_a_state_read_back_is_found_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(build(TWO).definition)
    life.file(limits=NO_LIMITS)
    life.do(Complete(task=1))
    decided = by_hand(monkeypatch)
    read = state_from_json(state_to_json(life.state))
    assert read.standing.place is None
    step(definition=life.definition, state=read, command=Complete(task=2), facts={}, at=life.at, calendar=CALENDAR)
    step(definition=life.definition, state=read, command=Complete(task=2), facts={}, at=life.at, calendar=CALENDAR)
    assert decided == ["Complete"]


def test_a_gateway_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = load_bpmn(
        bpmn(
            '<startEvent id="start"/><userTask id="ask"/><exclusiveGateway id="way" default="f3"/>'
            '<userTask id="more"/><endEvent id="end"/><endEvent id="early"/>'
            '<sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>'
            '<sequenceFlow id="f2" sourceRef="ask" targetRef="way"/>'
            '<sequenceFlow id="f3" sourceRef="way" targetRef="early"/>'
            '<sequenceFlow id="f4" sourceRef="way" targetRef="more"><conditionExpression>amount &gt; 10'
            "</conditionExpression></sequenceFlow>"
            '<sequenceFlow id="f5" sourceRef="more" targetRef="end"/>'
        )
    )
    walk(definition, facts={"amount": 20})
    walk(definition, facts={"amount": 5})
    decided = by_hand(monkeypatch)
    assert [event.node for event in walk(definition, facts={"amount": 11})] == ["", "", "ask", "more", ""]
    assert [event.node for event in walk(definition, facts={"amount": 10})] == ["", "", "ask", ""]
    assert decided == []


def test_refusals_stay_refusals_after_a_step_is_known() -> None:
    life = Life(build(TWO).definition)
    life.file(limits=NO_LIMITS)
    life.do(Claim(task=1, by="li"), actor="li")
    before = life.state
    life.do(Complete(task=1), actor="li")
    given: dict[str, Any] = {"definition": life.definition, "facts": {}, "calendar": CALENDAR, "state": before}
    with pytest.raises(Refused) as refused:
        step(command=Complete(task=1), at=life.at, actor="wang", **given)
    assert refused.value.code == Refusal.CLAIMED_BY_OTHER
    with pytest.raises(Refused) as refused:
        step(command=Complete(task=1), at=life.at - timedelta(minutes=1), actor="li", **given)
    assert refused.value.code == Refusal.TIME_REVERSED


STEP_WITH_A_LIMIT = bpmn(
    '<startEvent id="start"/><userTask id="a"/><userTask id="b" tb:limit="3 working days"/>'
    '<endEvent id="e"/><sequenceFlow id="f1" sourceRef="start" targetRef="a"/>'
    '<sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
    '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
)


WITH_CLOCKS = bpmn(
    '<startEvent id="start"/><userTask id="take" tb:act="accept" tb:limit="1 working day"/>'
    '<userTask id="work" tb:limit="3 working days"/>'
    '<boundaryEvent id="late" attachedToRef="work" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<userTask id="rule" tb:act="decide"/><endEvent id="e"/><endEvent id="told"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="take"/>'
    '<sequenceFlow id="f2" sourceRef="take" targetRef="work"/>'
    '<sequenceFlow id="f3" sourceRef="work" targetRef="rule"/>'
    '<sequenceFlow id="f4" sourceRef="rule" targetRef="e"/>'
    '<sequenceFlow id="f5" sourceRef="late" targetRef="told"/>'
)
FROM_FILING_TO_DECISION: tuple[Command, ...] = (
    File(limits=LIMITS, about={"matter": "m"}),
    Accept(),
    Complete(task=2, opinion="齐全"),
    DecideCase(task=3, outcome="denied", reason="不符"),
)


def test_clocks_timers_and_due_dates_of_a_known_step_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = load_bpmn(WITH_CLOCKS)

    def live(at: datetime) -> tuple[list[Event], State]:
        log: list[Event] = []
        state = NEW
        for command in FROM_FILING_TO_DECISION:
            given: dict[str, Any] = {"command": command, "at": at, "actor": "li"}
            events, state = step(definition=definition, state=state, facts={}, calendar=CALENDAR, **given)
            log += events
            at += timedelta(hours=7)
        return log, state

    first, _ = live(MONDAY)
    decided = by_hand(monkeypatch)
    second, state = live(datetime(2026, 4, 29, 15, tzinfo=MONDAY.tzinfo))
    assert decided == []
    assert [event.kind for event in first] == [event.kind for event in second]
    assert [event.data.get("timers") for event in first] != [event.data.get("timers") for event in second]
    assert state == replay(definition=definition, events=second)
    assert state.statutory is not None
    assert (state.statutory.started_at, state.statutory.stopped_at) == (state.accepted, state.decided)


def test_a_step_with_a_limit_is_known_and_due_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(load_bpmn(STEP_WITH_A_LIMIT))
    life.file(limits=NO_LIMITS)
    before = life.state
    life.do(Complete(task=1))
    decided = by_hand(monkeypatch)
    later = life.at + timedelta(days=1)
    _, after = step(
        definition=life.definition, state=before, command=Complete(task=1), facts={}, at=later, calendar=CALENDAR
    )
    assert decided == []
    due = CALENDAR.deadline(start=later, limit=Limit.parse("3 working days"))
    assert after.tasks[0].due == due != life.state.tasks[0].due


def test_what_is_not_understood_is_decided_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = load_bpmn(STEP_WITH_A_LIMIT.replace(b"tb:limit", b'tb:special="hearing" tb:limit'))
    life = Life(definition)
    life.file()
    before = life.state
    assert [event.kind for event in life.do(Complete(task=1))] == ["task.completed", "clock.paused"]
    decided = by_hand(monkeypatch)
    step(definition=definition, state=before, command=Complete(task=1), facts={}, at=life.at, calendar=CALENDAR)
    assert decided == ["Complete"]


def test_a_delivery_that_names_no_step_asks_who_has_it(licence: Definition) -> None:
    life = Life(licence)
    life.file()
    life.do(Accept())
    for node in ("handle", "fire", "inspect"):
        life.do(Complete(task=life.task(node).no))
    life.do(DecideCase(task=life.task("decide").no, outcome="granted"))
    while "deliver" not in life.open:
        life.do(RunService(task=life.state.tasks[0].no))
    life.do(Claim(task=life.task("deliver").no, by="li"), actor="li")
    before = life.state
    life.do(Deliver(), actor="li")
    with pytest.raises(Refused) as refused:
        step(definition=licence, state=before, command=Deliver(), facts={}, at=life.at, calendar=CALENDAR, actor="wang")
    assert refused.value.code == Refusal.CLAIMED_BY_OTHER


def test_a_known_step_waits_for_what_silence_has_done_before_it() -> None:
    definition = load_bpmn(
        bpmn(
            '<startEvent id="start"/><userTask id="take" tb:act="accept"/><userTask id="work"/><endEvent id="e"/>'
            '<sequenceFlow id="f1" sourceRef="start" targetRef="take"/>'
            '<sequenceFlow id="f2" sourceRef="take" targetRef="work"/>'
            '<sequenceFlow id="f3" sourceRef="work" targetRef="e"/>'
        )
    )
    in_time, late = Life(definition), Life(definition)
    for life in (in_time, late):
        life.file(limits=NO_LIMITS)
    (event,) = in_time.do(Claim(task=1, by="li"), actor="li")
    assert event.kind == "task.claimed"
    with pytest.raises(Refused) as refused:  # by then the clock has accepted the case, and its first task is over
        late.do(Claim(task=1, by="li"), actor="li", after=timedelta(days=9))
    assert refused.value.code == Refusal.NO_TASK
