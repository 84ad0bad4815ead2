"""An open step changes hands: transferred for good, or delegated and confirmed by its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.kernel.flow.living import Life

from tongban.kernel.flow import (
    Claim,
    Command,
    Complete,
    DecideCase,
    Delegate,
    Recall,
    Refused,
    Release,
    RunService,
    Transfer,
    available_commands,
    department_of,
    departments_allowed,
    open_tasks,
)


def refusal(life: Life, command: Command, actor: str = "") -> str:
    with pytest.raises(Refused) as caught:
        life.do(command, actor=actor)
    return caught.value.code


def test_a_transfer_to_a_person_says_from_whom_to_whom(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"))
    due = accepted.task("handle").due
    (event,) = accepted.do(Transfer(task=2, to="wu", reason="on leave"), actor="li", after=timedelta(hours=1))
    assert (event.data["from"], event.data["to"], event.data["reason"]) == ("li", "wu", "on leave")
    assert accepted.task("handle").by == "wu"
    assert accepted.task("handle").due == due
    assert refusal(accepted, Complete(task=2), "li") == "task.claimed-by-other"
    accepted.do(Complete(task=2), actor="wu")


def test_a_transfer_to_another_department_lies_in_its_queue(accepted: Life) -> None:
    assert departments_allowed(accepted.definition) == {"window", "authority", "fire-rescue"}
    accepted.do(Transfer(task=2, department="fire-rescue", reason="theirs"))
    task = accepted.task("handle")
    assert task.by == ""
    assert department_of(accepted.definition, accepted.state, task) == "fire-rescue"
    assert open_tasks(definition=accepted.definition, state=accepted.state)[0].department == "fire-rescue"
    accepted.do(Claim(task=2, by="luo"))
    (event, *_) = accepted.do(Complete(task=2), actor="luo")
    assert (event.department, event.node) == ("fire-rescue", "handle")
    assert accepted.state.handovers == ()
    assert accepted.task("fire").by == ""


def test_transferred_and_back_leaves_nothing_behind(accepted: Life) -> None:
    accepted.do(Transfer(task=2, department="fire-rescue", reason="theirs"))
    accepted.do(Transfer(task=2, department="authority", reason="not theirs"))
    assert accepted.state.handovers == ()


def test_what_cannot_be_transferred(ready: Life) -> None:
    no = ready.task("decide").no
    assert refusal(ready, Transfer(task=no, department="tax", reason="x")) == "transfer.unknown-department"
    assert refusal(ready, Transfer(task=no, reason="x")) == "transfer.same"
    assert refusal(ready, Transfer(task=no, to="wu", reason=" ")) == "reason.missing"
    ready.do(Claim(task=no, by="li"))
    assert refusal(ready, Transfer(task=no, to="wu", reason="x"), "wu") == "task.claimed-by-other"
    ready.do(DecideCase(task=no, outcome="granted"), actor="li")
    service = ready.task("issue").no
    assert refusal(ready, Transfer(task=service, to="wu", reason="x")) == "task.wrong-act"
    assert refusal(ready, Delegate(task=service, to="wu")) == "task.wrong-act"
    ready.do(RunService(task=service))


def test_what_was_delegated_comes_back_to_be_confirmed(accepted: Life) -> None:
    accepted.do(Delegate(task=2, to="wu", reason="please look"), actor="li")
    assert accepted.task("handle").by == "wu"
    assert refusal(accepted, Complete(task=2), "li") == "task.claimed-by-other"
    (event,) = accepted.do(Complete(task=2, outcome="fail", opinion="no water"), actor="wu")
    assert (event.kind, event.data["outcome"], event.data["to"]) == ("task.reported", "fail", "li")
    assert accepted.open == ["handle"]
    assert refusal(accepted, Complete(task=2), "wu") == "task.claimed-by-other"
    accepted.do(Complete(task=2, outcome="pass"), actor="li")
    assert accepted.state.variables["handle"] == {"outcome": "pass"}


def test_a_decision_that_was_prepared_by_another_is_made_by_its_owner(ready: Life) -> None:
    no = ready.task("decide").no
    ready.do(Delegate(task=no, to="wu"), actor="he")
    ready.do(DecideCase(task=no, outcome="granted"), actor="wu")
    assert ready.state.decided is None
    (event, *_) = ready.do(DecideCase(task=no, outcome="granted"), actor="he")
    assert (event.kind, event.actor) == ("case.decided", "he")


def test_what_was_delegated_is_taken_back_or_given_back(accepted: Life) -> None:
    accepted.do(Delegate(task=2, to="wu"), actor="li")
    assert refusal(accepted, Recall(task=2), "sun") == "task.claimed-by-other"
    accepted.do(Recall(task=2), actor="li")
    assert accepted.task("handle").by == "li"
    accepted.do(Delegate(task=2, to="wu"), actor="li")
    accepted.do(Recall(task=2), actor="wu")
    assert accepted.task("handle").by == "li"
    assert accepted.state.handovers == ()


def test_what_was_delegated_is_not_passed_on(accepted: Life) -> None:
    accepted.do(Delegate(task=2, to="wu"), actor="li")
    for command in (Transfer(task=2, to="sun", reason="x"), Delegate(task=2, to="sun"), Release(task=2)):
        assert refusal(accepted, command, "wu") == "task.delegated"
    assert refusal(accepted, Recall(task=99)) == "task.not-open"
    accepted.do(Recall(task=2), actor="wu")
    assert refusal(accepted, Delegate(task=2, to="li"), "li") == "transfer.same"


def test_owner_and_colleague_are_offered_to_take_or_give_back_what_was_delegated(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"))
    (event,) = accepted.do(Delegate(task=2, to="wu", reason="knows it"), actor="li")
    assert (event.data["by"], event.data["to"], event.data["reason"]) == ("li", "wu", "knows it")
    offered = {
        who: available_commands(definition=accepted.definition, state=accepted.state, actor=who).tasks[2]
        for who in ("li", "wu", "zhao")
    }
    assert offered["li"] == ("recall",)
    assert "recall" in offered["wu"]
    assert offered["zhao"] == ()
