"""Return for rework: what led here is undone, what ran beside stays."""

from __future__ import annotations

import pytest
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import INNER, done, flows, late, live, tasks, watched

from tongban.kernel.clock import Limit
from tongban.kernel.flow import Complete, DecideCase, Refused, ReturnTo, Suspend, return_targets

FORK = '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("first", "a", "a2", "b", "last")
WAYS = ("s>first", "first>p", "p>a", "a>a2", "a2>q", "p>b", "b>q", "q>last", "last>e")


def back(life: Life, task: str, node: str) -> None:
    life.do(ReturnTo(task=life.task(task).no, node=node, reason="look again"))


def refusal(life: Life, task: str, node: str, reason: str = "look again") -> str:
    with pytest.raises(Refused) as caught:
        life.do(ReturnTo(task=life.task(task).no, node=node, reason=reason))
    return caught.value.code


def forked() -> Life:
    return live(FORK + flows(*WAYS))


def test_back_before_the_split_takes_both_branches_back() -> None:
    life = forked()
    done(life, "first", "a")
    back(life, "a2", "first")
    assert life.open == ["first"]
    assert life.state.variables == {}
    done(life, "first", "a", "b", "a2", "last")
    assert life.state.closed


def test_back_within_a_branch_leaves_the_other_alone() -> None:
    life = forked()
    done(life, "first", "b", "a")
    back(life, "a2", "a")
    assert life.open == ["a"]
    assert set(life.state.variables) == {"first", "b"}
    done(life, "a", "a2")
    assert life.open == ["last"]


def test_back_from_behind_the_join_reopens_one_branch_only() -> None:
    life = forked()
    done(life, "first", "a", "b", "a2")
    no = life.task("last").no
    back(life, "last", "a")
    assert life.open == ["a"]
    assert life.state.task(no) is None
    assert life.task("a").no > no
    done(life, "a", "a2")
    assert life.open == ["last"]


def test_back_twice_into_different_branches() -> None:
    life = forked()
    done(life, "first", "a", "b", "a2")
    back(life, "last", "a")
    done(life, "a", "a2")
    back(life, "last", "b")
    assert life.open == ["b"]
    done(life, "b")
    assert life.open == ["last"]
    back(life, "last", "first")
    assert life.open == ["first"]


def test_the_reason_and_the_links_are_on_record() -> None:
    life = forked()
    done(life, "first", "a")
    back(life, "a2", "a")
    event = life.log[-1]
    assert event.kind == "task.returned"
    assert (event.node, event.data["to"], event.data["reason"]) == ("a2", "a", "look again")
    assert event.previous_activity == "a"
    assert event.finished == event.at


def test_what_cannot_be_returned_to() -> None:
    life = forked()
    done(life, "first", "a")
    assert refusal(life, "a2", "b") == "return.not-earlier"
    assert refusal(life, "a2", "a2") == "return.not-earlier"
    assert refusal(life, "a2", "last") == "return.not-earlier"
    assert refusal(life, "a2", "p") == "return.unknown-node"
    assert refusal(life, "a2", "nothing") == "return.unknown-node"
    assert refusal(life, "a2", "a", " ") == "reason.missing"
    assert refusal(life, "b", "a") == "return.not-earlier"
    targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=life.task("a2").no)
    assert targets == ("first", "a")


def test_acceptance_and_decision_are_not_undone(ready: Life) -> None:
    assert refusal(ready, "decide", "accept") == "return.acceptance"
    ready.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("20 working days")))
    assert refusal(ready, "decide", "handle") == "case.suspended"


def test_no_return_once_it_is_decided(ready: Life) -> None:
    ready.do(DecideCase(task=ready.task("decide").no, outcome="granted"))
    assert refusal(ready, "issue", "handle") == "case.decided"


def test_a_returned_special_task_pauses_the_clock_again(ready: Life) -> None:
    assert ready.kinds[-1] == "clock.resumed"
    back(ready, "decide", "inspect")
    assert ready.open == ["inspect"]
    assert ready.kinds[-2:] == ["task.returned", "clock.paused"]


def test_a_returned_task_has_its_reminder_again(ready: Life) -> None:
    back(ready, "decide", "fire")
    assert [ready.definition.nodes[timer.node].id for timer in ready.state.timers] == ["late"]


def test_a_reminder_that_went_out_goes_back_with_its_task(split: Life) -> None:
    late(split, "late")
    assert "remind" in split.open
    done(split, "inspect")
    done(split, "fire")
    back(split, "decide", "handle")
    assert split.open == ["handle"]


def test_a_loop_returns_to_its_last_round() -> None:
    content = tasks("t", "u") + '<exclusiveGateway id="m"/><exclusiveGateway id="g" default="f4"/>'
    life = live(content + flows("s>m", "m>t", "t>g", 'g>m:t.outcome = "fail"', "g>u", "u>e"))
    life.do(Complete(task=1, outcome="fail"))
    life.do(Complete(task=2))
    back(life, "u", "t")
    assert life.open == ["t"]
    # What stood before the last round stands again.
    assert life.state.variables == {"t": {"outcome": "fail"}}


def test_back_into_a_subprocess_that_has_ended() -> None:
    life = live(INNER % ("", "j") + tasks("z") + flows("s>sub", "sub>z", "z>e"))
    done(life, "a", "b")
    back(life, "z", "a")
    assert life.open == ["a"]
    done(life, "a")
    assert life.open == ["z"]
    done(life, "z")
    assert life.state.closed


def test_back_into_a_subprocess_that_was_interrupted_opens_all_that_ran() -> None:
    life = watched(True)
    done(life, "a")
    late(life, "w")
    back(life, "z", "a")
    assert sorted(life.open) == ["a", "b"]
    assert [life.definition.nodes[timer.node].id for timer in life.state.timers] == ["w"]
    done(life, "a", "b", "y")
    assert life.state.closed


def test_an_inclusive_join_waits_again_for_what_came_back() -> None:
    """One branch had turned away, so the join fired; it must not have fired once that branch is worked on again."""
    content = (
        '<inclusiveGateway id="p" default="f3"/><inclusiveGateway id="q"/><exclusiveGateway id="x1" default="f9"/>'
        + tasks("a", "b", "c", "w", "z")
    )
    life = live(
        content + flows("s>p", "p>a:x", "p>b:x", "p>c", "a>q", "c>q", "b>x1", "q>z", "x1>w:away", "x1>q", "z>e", "w>e"),
        x=True,
        away=True,
    )
    done(life, "a", "b")
    assert sorted(life.open) == ["w", "z"]
    life.facts["away"] = False
    back(life, "w", "b")
    assert life.open == ["b"]
    done(life, "b")
    assert life.open == ["z"]
