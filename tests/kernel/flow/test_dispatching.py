"""Somebody says which department is responsible; it may object, and another may be named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.kernel.flow.conftest import LICENCE
from tests.kernel.flow.living import LIMITS, Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    Accept,
    AddCosigner,
    Asked,
    Claim,
    Command,
    Complete,
    DecideCase,
    Delegate,
    Dispatch,
    Limits,
    Refused,
    available_commands,
    department_of,
    describe,
    load_bpmn,
    open_tasks,
)

HOTLINE = LICENCE.with_name("dispatched.bpmn")
URGENT = Limits(Limit.parse("24 hours"), Limit.parse("24 hours"))


@pytest.fixture
def voice() -> Life:
    """A complaint that waits for somebody to say whose it is."""
    definition = load_bpmn(HOTLINE.read_bytes(), source=HOTLINE.name, departments={"authority": "office"})
    life = Life(definition)
    life.file()
    return life


def where(life: Life) -> dict[str, str]:
    """With which department each open step lies."""
    tasks = open_tasks(definition=life.definition, state=life.state)
    for task, shown in zip(life.state.tasks, tasks, strict=True):
        assert department_of(life.definition, life.state, task) == shown.department
    return {task.node: task.department for task in tasks}


def refusal(life: Life, command: Command, actor: str = "") -> str:
    with pytest.raises(Refused) as caught:
        life.do(command, actor=actor)
    return caught.value.code


def test_what_is_dispatched_lies_with_that_department_to_its_end(voice: Life) -> None:
    (event,) = voice.do(Dispatch(task=1, department="ecology"), actor="xu")
    assert (event.kind, event.department, event.node) == ("case.dispatched", "hotline", "dispatch")
    assert (event.data["from"], event.data["to"]) == ("", "ecology")
    voice.do(Accept(), actor="xu")
    assert where(voice) == {"take": "ecology"}
    told = {step.node: step.department for step in describe(definition=voice.definition, state=voice.state)}
    assert (told["take"], told["look"], told["judge"]) == ("ecology", "ecology", "hotline")
    (event,) = voice.do(Complete(task=voice.task("take").no), actor="fu")
    assert event.department == "ecology"
    voice.do(Complete(task=voice.task("look").no), actor="fu")
    (event, *_) = voice.do(DecideCase(task=voice.task("decide").no, outcome="granted", reason="done"), actor="ding")
    assert (event.kind, event.department) == ("case.decided", "ecology")


def test_dispatched_to_nobody_it_is_the_authoritys(voice: Life) -> None:
    voice.do(Accept())
    assert where(voice) == {"take": "office"}


def test_an_objection_that_is_upheld_gives_it_to_another(voice: Life) -> None:
    voice.do(Dispatch(task=1, department="ecology"))
    voice.do(Accept())
    voice.do(Complete(task=voice.task("take").no, outcome="fail", opinion="Roads are not ours."), actor="fu")
    assert where(voice) == {"judge": "hotline"}
    judge = voice.task("judge").no
    assert refusal(voice, Dispatch(task=judge, department="transport")) == "reason.missing"
    voice.do(Dispatch(task=judge, department="transport", reason="The road is theirs."))
    voice.do(Complete(task=judge))
    assert where(voice) == {"take": "transport"}


def test_an_open_step_moves_with_it_and_nobody_holds_it(voice: Life) -> None:
    voice.do(Dispatch(task=1, department="ecology"))
    two = load_bpmn(
        HOTLINE.read_bytes().replace(b'tb:act="inspect"', b'tb:act="inspect" tb:dispatches="true"'),
        source=HOTLINE.name,
        departments={"authority": "office"},
    )
    life = Life(two)
    life.file()
    life.do(Dispatch(task=1, department="ecology"))
    life.do(Accept())
    life.do(Complete(task=life.task("take").no))
    look = life.task("look").no
    life.do(Claim(task=look, by="fu"))
    assert refusal(life, Dispatch(task=look, department="transport", reason="x"), "he") == "task.claimed-by-other"
    due = life.task("look").due
    (event,) = life.do(Dispatch(task=look, department="transport", reason="theirs"), actor="fu")
    assert event.data["moved"] == [look]
    assert (life.task("look").by, life.task("look").claimed, life.task("look").due) == ("", None, due)
    assert where(life) == {"look": "transport"}
    life.do(Delegate(task=look, to="wu"), actor="chen")
    assert refusal(life, Dispatch(task=look, department="ecology", reason="back"), "wu") == "dispatch.handed-on"


def test_those_who_are_asked_to_sign_are_asked_first(voice: Life) -> None:
    text = HOTLINE.read_bytes().replace(b'tb:act="inspect"', b'tb:act="inspect" tb:dispatches="true"')
    life = Life(load_bpmn(text, source=HOTLINE.name, departments={"authority": "office"}))
    life.file()
    life.do(Accept())
    life.do(Complete(task=life.task("take").no))
    look = life.task("look").no
    life.do(AddCosigner(task=look, signers=[Asked("transport")], place="before"))
    assert refusal(life, Dispatch(task=look, department="ecology")) == "dispatch.handed-on"


def test_its_limits_may_change_until_they_run(voice: Life) -> None:
    voice.do(Dispatch(task=1, department="ecology", limits=URGENT))
    voice.do(Dispatch(task=1, department="ecology", limits=LIMITS, reason="not urgent after all"))
    assert refusal(voice, Dispatch(task=1, department="ecology", limits=LIMITS, reason="x")) == "dispatch.same"
    voice.do(Dispatch(task=1, department="ecology", limits=URGENT, reason="it is"))
    voice.do(Accept())
    assert voice.state.statutory is not None
    assert voice.state.statutory.limit == URGENT.statutory
    look = voice.task("take").no
    assert refusal(voice, Dispatch(task=look, department="ecology")) == "dispatch.not-here"
    voice.do(Complete(task=look, outcome="fail", opinion="no"))
    judge = voice.task("judge").no
    again = Dispatch(task=judge, department="ecology", limits=LIMITS, reason="x")
    assert refusal(voice, again) == "dispatch.limits"
    assert refusal(voice, replace(again, limits=None)) == "dispatch.same"


def test_only_a_step_that_dispatches_offers_it(voice: Life) -> None:
    offered = available_commands(definition=voice.definition, state=voice.state).tasks
    assert "dispatch" in offered[1]
    voice.do(Accept())
    offered = available_commands(definition=voice.definition, state=voice.state).tasks
    assert "dispatch" not in offered[voice.task("take").no]
