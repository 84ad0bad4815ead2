"""Several departments under one clock: silence counts as drawn, disagreement is settled, no branch is left behind."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import CALENDAR, Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    Accept,
    AnswerSupplement,
    Claim,
    Command,
    Complete,
    DecideCase,
    Definition,
    DefinitionError,
    FireTimer,
    Limits,
    Refused,
    RequestSupplement,
    Resume,
    ReturnTo,
    Suspend,
    is_settled,
    load_bpmn,
    opposition,
    return_targets,
)

DAY = timedelta(days=1)
WEEK = Limit.parse("5 working days")
LONG = Limits(Limit.parse("200 working days"), Limit.parse("150 working days"), Limit.parse("15 working days"))


def joint(*silences: str, duration: str = "P4D", limit: str = "4 working days", more: str = "") -> Definition:
    """Acceptance; an opinion for each of these, all at once; whoever settles, if need be; the decision."""
    steps = "".join(
        f'<sequenceFlow id="in{n}" sourceRef="split" targetRef="say{n}"/>'
        f'<userTask id="say{n}" tb:act="opinion" tb:limit="{limit}"/>'
        f'<boundaryEvent id="silent{n}" attachedToRef="say{n}" tb:working="true" tb:silence="{silence}" {more}>'
        f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
        f'<exclusiveGateway id="said{n}"/>'
        f'<sequenceFlow id="on{n}" sourceRef="say{n}" targetRef="said{n}"/>'
        f'<sequenceFlow id="late{n}" sourceRef="silent{n}" targetRef="said{n}"/>'
        f'<sequenceFlow id="out{n}" sourceRef="said{n}" targetRef="join"/>'
        for n, silence in enumerate(silences)
    )
    against = [f'say{n}.outcome = "fail"' for n in range(len(silences))]
    against += [f'silent{n}.outcome = "silent"' for n, silence in enumerate(silences) if silence == "escalate"]
    return load_bpmn(
        bpmn(
            '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="accept"/>'
            '<userTask id="accept" tb:act="accept" tb:limit="1 working days"/>'
            '<sequenceFlow id="f2" sourceRef="accept" targetRef="split"/>'
            f'<parallelGateway id="split"/>{steps}<parallelGateway id="join"/>'
            '<sequenceFlow id="f3" sourceRef="join" targetRef="ask"/><exclusiveGateway id="ask" default="f5"/>'
            f'<sequenceFlow id="f4" sourceRef="ask" targetRef="settle"><conditionExpression>{" or ".join(against)}'
            "</conditionExpression></sequenceFlow>"
            '<userTask id="settle" tb:act="review" tb:settles="true" tb:limit="2 working days"/>'
            '<sequenceFlow id="f5" sourceRef="ask" targetRef="go"/><exclusiveGateway id="go"/>'
            '<sequenceFlow id="f6" sourceRef="settle" targetRef="go"/>'
            '<sequenceFlow id="f7" sourceRef="go" targetRef="decide"/><userTask id="decide" tb:act="decide"/>'
            '<sequenceFlow id="f8" sourceRef="decide" targetRef="end"/><endEvent id="end"/>'
        ),
        source="joint.bpmn",
    )


def begun(*silences: str) -> Life:
    life = Life(joint(*silences))
    life.file(limits=LONG)
    life.do(Accept())
    return life


def silent(life: Life, node: str) -> None:
    """The clock runs out for a department."""
    no = life.task(node).no
    timer = next(each for each in life.state.timers if each.task == no)
    life.at = max(life.at, timer.due)
    (event, *_) = life.do(FireTimer(timer=timer.no))
    assert event.data["silent"] in ("agreed", "escalate")
    assert event.node.startswith("silent")


def open_nodes(life: Life) -> list[str]:
    return sorted(life.definition.nodes[task.node].id for task in life.state.tasks)


def test_silence_that_counts_as_agreed_goes_straight_to_the_decision() -> None:
    life = begun("agreed", "escalate")
    life.do(Complete(task=life.task("say1").no))
    silent(life, "say0")
    assert open_nodes(life) == ["decide"]
    life.do(DecideCase(task=life.task("decide").no, outcome="granted"))


def test_silence_that_escalates_and_an_objection_are_settled_before_a_grant() -> None:
    life = begun("agreed", "escalate")
    life.do(Complete(task=life.task("say0").no, outcome="fail", opinion="No drain."))
    silent(life, "say1")
    assert open_nodes(life) == ["settle"]
    found = opposition(definition=life.definition, state=life.state)
    assert {(one.node.id, one.answer) for one in found} == {("say0", "fail"), ("say1", "silent")}
    life.do(Complete(task=life.task("settle").no, outcome="fail", opinion="The objection stands."))
    decide = life.task("decide").no
    with pytest.raises(Refused) as refused:
        life.do(DecideCase(task=decide, outcome="granted", reason="anyway"))
    assert (refused.value.code, sorted(refused.value.params["steps"])) == ("decide.opposed", ["say0", "say1"])
    life.do(DecideCase(task=decide, outcome="denied", reason="No drain."))


def test_whoever_settles_may_ask_one_department_again() -> None:
    life = begun("agreed", "escalate")
    life.do(Complete(task=life.task("say0").no, outcome="fail"))
    life.do(Complete(task=life.task("say1").no))
    life.do(ReturnTo(task=life.task("settle").no, node="say0", reason="Look once more."))
    assert open_nodes(life) == ["say0"]
    assert [each.task for each in life.state.timers] == [life.task("say0").no], "its limit runs anew"
    life.do(Complete(task=life.task("say0").no), after=DAY)
    assert open_nodes(life) == ["decide"]
    assert opposition(definition=life.definition, state=life.state) == ()
    life.do(DecideCase(task=life.task("decide").no, outcome="granted"))


def test_a_department_is_not_silent_while_the_applicant_is_asked() -> None:
    life = begun("agreed", "escalate")
    life.do(RequestSupplement(items=["plan"], within=WEEK), after=DAY)
    assert not life.state.timers
    life.do(AnswerSupplement(), after=14 * DAY)
    dues = {task.no: task.due for task in life.state.tasks}
    assert {timer.task: timer.due for timer in life.state.timers} == dues
    assert all(due is not None and due > life.at + 2 * DAY for due in dues.values())


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"silences": ("perhaps",)}, "silence.unknown"),
        ({"silences": ("agreed",), "duration": "P3D"}, "silence.limit"),
        ({"silences": ("agreed",), "limit": "4 calendar days"}, "silence.limit"),
        ({"silences": ("agreed",), "more": 'cancelActivity="false"'}, "silence.limit"),
    ],
)
def test_what_does_not_count_the_limit_is_refused(given: dict[str, object], code: str) -> None:
    silences = given.pop("silences")
    with pytest.raises(DefinitionError) as refused:
        joint(*silences, **given)  # type: ignore[arg-type, misc]
    assert code in {problem.code for problem in refused.value.problems}


STEPS = st.sampled_from(("complete", "fail", "return", "ask", "answer", "suspend", "resume", "wait", "claim"))


def _command(life: Life, what: str, number: int) -> Command | None:
    task = life.state.tasks[number % len(life.state.tasks)] if life.state.tasks else None
    plain: dict[str, Command] = {
        "ask": RequestSupplement(items=["plan"]),
        "answer": AnswerSupplement(),
        "suspend": Suspend(procedure="inspection", reason="x", limit=WEEK),
        "resume": Resume(),
    }
    if what in plain or task is None:
        return plain.get(what)
    if what == "return":
        targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=task.no)
        return ReturnTo(task=task.no, node=targets[number % len(targets)], reason="again") if targets else None
    if what == "claim":
        return Claim(task=task.no, by="li")
    return Complete(task=task.no, outcome="fail" if what == "fail" else "pass")


def _check(life: Life) -> None:
    """Every limit is counted once while the clocks run, and by nobody while they stand."""
    counted = {timer.task: timer.due for timer in life.state.timers if timer.task}
    nodes = life.definition.nodes
    limits = {task.no: task.due for task in life.state.tasks if nodes[task.node].id.startswith("say")}
    clock = life.state.promised
    assert clock is not None
    assert counted == ({} if clock.is_paused else limits)


def _fire_due(life: Life) -> None:
    while due := [timer for timer in life.state.timers if timer.due <= life.at and timer.task]:
        life.do(FireTimer(timer=due[0].no))
        _check(life)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(("agreed", "escalate")), min_size=1, max_size=4),
    st.lists(st.tuples(STEPS, st.integers(0, 3), st.integers(0, 4)), max_size=14),
)
def test_no_return_and_no_silence_leaves_a_branch_behind(
    silences: list[str], steps: list[tuple[str, int, int]]
) -> None:
    life = begun(*silences)
    for what, number, days in steps:
        life.at += days * DAY
        _fire_due(life)
        command = _command(life, what, number)
        before = life.state
        try:
            if command is not None:
                life.do(command)
        except Refused:
            assert life.state is before
        _check(life)
    for command in (AnswerSupplement(), Resume()):
        if life.state.supplement == "open" or isinstance(command, Resume):
            with contextlib.suppress(Refused):
                life.do(command, after=timedelta(minutes=1))
    life.at += 60 * DAY
    _fire_due(life)
    assert set(open_nodes(life)) <= {"settle", "decide"}, "whoever was silent is, by then"
    if open_nodes(life) == ["settle"]:
        life.do(Complete(task=life.task("settle").no))
    stands = opposition(definition=life.definition, state=life.state)
    may_grant = not stands or is_settled(definition=life.definition, state=life.state)
    decide = life.task("decide").no
    if not may_grant:
        with pytest.raises(Refused):
            life.do(DecideCase(task=decide, outcome="granted"))
    life.do(DecideCase(task=decide, outcome="granted" if may_grant else "denied", reason="x"))
    assert life.state.closed
    assert CALENDAR.last_day.year > life.at.year
