"""Gateways, subprocesses, ends and timers, each in its smallest diagram."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import Life

from tongban.kernel.flow import Complete, FireTimer, Refused, due_timers, load_bpmn

DAY = timedelta(days=1)


def live(content: str, **facts: Any) -> Life:
    """A case of this process, filed."""
    life = Life(load_bpmn(bpmn('<startEvent id="s"/><endEvent id="e"/>' + content)))
    life.file(facts=facts)
    return life


def flows(*pairs: str) -> str:
    """`a>b` or `a>b:condition`."""
    made = []
    for number, pair in enumerate(pairs):
        ends, _, condition = pair.partition(":")
        source, target = ends.split(">")
        inner = f"<conditionExpression>{condition.replace('>', '&gt;')}</conditionExpression>" if condition else ""
        made.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    return "".join(made)


def tasks(*ids: str) -> str:
    return "".join(f'<userTask id="{one}"/>' for one in ids)


def done(life: Life, *nodes: str) -> None:
    for node in nodes:
        life.do(Complete(task=life.task(node).no))


def late(life: Life, node: str) -> None:
    """Let a timer run out."""
    index = life.definition.index[node]
    timer = next(timer for timer in life.state.timers if timer.node == index)
    life.at = max(timer.due, life.at)
    assert timer in due_timers(state=life.state, at=life.at)
    life.do(FireTimer(timer=timer.no))


CHOICE = '<exclusiveGateway id="g" default="f2"/>' + tasks("a", "b", "c")
CHOICE_FLOWS = ("s>g", "g>a:amount > 100", "g>c", "g>b:amount > 10", "a>e", "b>e", "c>e")


@pytest.mark.parametrize(("amount", "way"), [(500, "a"), (50, "b"), (5, "c"), (None, "c")])
def test_an_exclusive_gateway_goes_one_way(amount: int | None, way: str) -> None:
    assert live(CHOICE + flows(*CHOICE_FLOWS), amount=amount).open == [way]


def test_conditions_see_answers_and_earlier_outcomes() -> None:
    content = tasks("check", "a", "b") + '<exclusiveGateway id="g" default="f3"/>'
    way = 'g>a:answers.kind = "new" and check.outcome = "fail"'
    life = live(content + flows("s>check", "check>g", way, "g>b", "a>e", "b>e"), kind="new")
    life.do(Complete(task=1, outcome="fail"))
    assert life.open == ["a"]


def test_today_is_the_day_on_the_wall() -> None:
    """At half past six in the morning it is still yesterday in UTC."""
    content = tasks("t", "a", "b") + '<exclusiveGateway id="g" default="f3"/>'
    life = live(content + flows("s>t", "t>g", 'g>a:today() = date("2026-03-03")', "g>b", "a>e", "b>e"))
    life.do(Complete(task=1), after=timedelta(hours=21))
    assert life.open == ["a"]


def test_no_way_is_said_and_changes_nothing() -> None:
    content = tasks("t", "a", "b") + '<exclusiveGateway id="g"/>'
    life = live(content + flows("s>t", "t>g", "g>a:amount > 1", "g>b:amount > 2", "a>e", "b>e"), amount=0)
    with pytest.raises(Refused) as caught:
        life.do(Complete(task=1))
    assert (caught.value.code, caught.value.params) == ("flow.no-branch", {"node": "g"})
    assert life.open == ["t"]


def test_a_condition_must_say_yes_or_no() -> None:
    content = tasks("a", "b") + '<exclusiveGateway id="g" default="f2"/>'
    with pytest.raises(Refused) as caught:
        live(content + flows("s>g", "g>a:amount + 1", "g>b", "a>e", "b>e"), amount=1)
    assert caught.value.code == "flow.condition"


def test_a_task_may_choose_too() -> None:
    content = tasks("t", "a", "b")
    life = live(content + flows("s>t", "t>a:amount > 1", "t>b:amount > 2", "a>e", "b>e"), amount=3)
    done(life, "t")
    assert life.open == ["a", "b"]


FORK = '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("a", "b", "c")
FORK_FLOWS = ("s>p", "p>a", "p>b", "a>q", "b>q", "q>c", "c>e")


def test_a_parallel_join_waits_for_all() -> None:
    life = live(FORK + flows(*FORK_FLOWS))
    assert life.open == ["a", "b"]
    done(life, "b")
    assert life.open == ["a"]
    done(life, "a")
    assert life.open == ["c"]
    done(life, "c")
    assert life.kinds[-1] == "case.closed"


SOME = '<inclusiveGateway id="p" default="f3"/><inclusiveGateway id="q"/>' + tasks("a", "b", "c", "z")
SOME_FLOWS = ("s>p", "p>a:x", "p>b:y", "p>c", "a>q", "b>q", "c>q", "q>z", "z>e")


@pytest.mark.parametrize(
    ("x", "y", "ways"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"]), (False, False, ["c"])],
)
def test_an_inclusive_join_waits_for_what_was_begun(x: bool, y: bool, ways: list[str]) -> None:
    life = live(SOME + flows(*SOME_FLOWS), x=x, y=y)
    assert life.open == ways
    for node in ways[:-1]:
        done(life, node)
        assert "z" not in life.open
    done(life, ways[-1])
    assert life.open == ["z"]


def test_an_inclusive_join_stops_waiting_when_a_branch_turns_away() -> None:
    content = SOME + '<exclusiveGateway id="x1" default="f11"/>' + tasks("w")
    life = live(
        content
        + flows("s>p", "p>a:x", "p>b:x", "p>c", "a>q", "b>x1", "c>q", "q>z", "z>e", "w>e", "x1>w:away", "x1>q"),
        x=True,
        away=True,
    )  # fmt: skip
    done(life, "a")
    assert life.open == ["b"]
    done(life, "b")
    assert sorted(life.open) == ["w", "z"]


def test_an_inclusive_join_in_a_loop_does_not_wait_for_its_own_future() -> None:
    content = '<inclusiveGateway id="j"/><exclusiveGateway id="g" default="f3"/>' + tasks("t")
    life = live(content + flows("s>j", "j>t", "t>g", "g>e", "g>j:again"), again=True)
    assert life.open == ["t"]
    done(life, "t")
    assert life.open == ["t"]
    life.facts = {"again": False}
    done(life, "t")
    assert life.state.closed


def test_joins_that_wait_for_each_other_are_let_go() -> None:
    content = (
        '<parallelGateway id="p"/><inclusiveGateway id="j"/><inclusiveGateway id="k"/>'
        '<exclusiveGateway id="g" default="f7"/><exclusiveGateway id="h" default="f10"/>' + tasks("a", "b")
    )
    life = live(
        content + flows("s>p", "p>j", "p>k", "j>a", "a>g", "k>b", "b>h", "g>e", "g>k:x", "h>j:x", "h>e"), x=False
    )
    for _ in range(6):
        if life.state.closed:
            break
        done(life, life.open[0])
    assert life.state.closed


INNER = (
    '<subProcess id="sub"><startEvent id="i"/><parallelGateway id="p"/><userTask id="a"/><userTask id="b"/>'
    '<endEvent id="j"/>%s'
    '<sequenceFlow id="g1" sourceRef="i" targetRef="p"/><sequenceFlow id="g2" sourceRef="p" targetRef="a"/>'
    '<sequenceFlow id="g3" sourceRef="p" targetRef="b"/><sequenceFlow id="g4" sourceRef="a" targetRef="%s"/>'
    '<sequenceFlow id="g5" sourceRef="b" targetRef="j"/></subProcess>'
)


def test_a_subprocess_ends_with_its_last_token() -> None:
    life = live(INNER % ("", "j") + tasks("z") + flows("s>sub", "sub>z", "z>e"))
    done(life, "a")
    assert life.open == ["b"]
    done(life, "b")
    assert life.open == ["z"]


def test_a_terminate_end_ends_its_scope_only() -> None:
    end = '<endEvent id="k"><terminateEventDefinition/></endEvent>'
    life = live(INNER % (end, "k") + tasks("z") + flows("s>sub", "sub>z", "z>e"))
    done(life, "a")
    assert life.open == ["z"]
    assert life.log[-1].data["closes"] == [1, 2]


def test_a_terminate_end_of_the_process_ends_the_case() -> None:
    content = FORK + '<endEvent id="k"><terminateEventDefinition/></endEvent>'
    life = live(content + flows("s>p", "p>a", "p>b", "a>k", "b>q", "q>c", "c>e"))
    done(life, "a")
    assert life.kinds[-1] == "case.closed"
    assert (life.state.tasks, life.state.marking) == ((), ())


def test_an_empty_subprocess_is_passed() -> None:
    inner = '<startEvent id="i"/><endEvent id="j"/><sequenceFlow id="g" sourceRef="i" targetRef="j"/>'
    assert live(f'<subProcess id="sub">{inner}</subProcess>' + tasks("z") + flows("s>sub", "sub>z", "z>e")).open == [
        "z"
    ]


def test_a_second_token_waits_outside_a_running_subprocess() -> None:
    content = '<parallelGateway id="q"/><exclusiveGateway id="m"/>' + INNER % ("", "j") + tasks("z")
    life = live(content + flows("s>q", "q>m", "q>m", "m>sub", "sub>z", "z>e"))
    assert life.open == ["a", "b"]
    done(life, "a", "b")
    assert life.open == ["z", "a", "b"]
    done(life, "z", "a", "b", "z")
    assert life.state.closed


TIMER = "<timerEventDefinition><timeDuration>%s</timeDuration></timerEventDefinition>"


def test_an_intermediate_timer_waits() -> None:
    life = live(f'<intermediateCatchEvent id="w">{TIMER % "PT36H"}</intermediateCatchEvent>' + tasks("z")
                + flows("s>w", "w>z", "z>e"))  # fmt: skip
    (timer,) = life.state.timers
    assert timer.due == life.at + timedelta(hours=36)
    assert due_timers(state=life.state, at=life.at) == ()
    late(life, "w")
    assert life.open == ["z"]
    assert not life.state.timers


def boundary(host: str, interrupting: bool) -> str:
    cancel = "true" if interrupting else "false"
    return f'<boundaryEvent id="w" attachedToRef="{host}" cancelActivity="{cancel}">{TIMER % "P2D"}</boundaryEvent>'


def watched(interrupting: bool) -> Life:
    """A subprocess with a timer on it."""
    hung = INNER % ("", "j") + boundary("sub", interrupting)
    return live(hung + tasks("z", "y") + flows("s>sub", "sub>y", "y>e", "w>z", "z>e"))


def test_an_interrupting_timer_takes_the_task_away() -> None:
    life = live(tasks("t", "z", "y") + boundary("t", True) + flows("s>t", "t>y", "y>e", "w>z", "z>e"))
    late(life, "w")
    assert life.open == ["z"]
    with pytest.raises(Refused):
        life.do(Complete(task=1))


def test_a_finished_task_cancels_its_timer() -> None:
    life = live(tasks("t", "z", "y") + boundary("t", True) + flows("s>t", "t>y", "y>e", "w>z", "z>e"))
    done(life, "t")
    assert not life.state.timers
    with pytest.raises(Refused) as caught:
        life.do(FireTimer(timer=1), after=DAY * 9)
    assert caught.value.code == "timer.not-set"


def test_an_interrupting_timer_ends_all_that_runs_inside() -> None:
    life = live(
        INNER % ("", "j") + boundary("sub", True) + tasks("z", "y") + flows("s>sub", "sub>y", "y>e", "w>z", "z>e")
    )
    done(life, "a")
    late(life, "w")
    assert life.open == ["z"]
    done(life, "z")
    assert life.state.closed


def test_a_soft_timer_runs_beside_the_subprocess() -> None:
    life = live(
        INNER % ("", "j") + boundary("sub", False) + tasks("z", "y") + flows("s>sub", "sub>y", "y>e", "w>z", "z>e")
    )
    late(life, "w")
    assert life.open == ["a", "b", "z"]
    done(life, "a", "b", "z", "y")
    assert life.state.closed


def test_a_subprocess_that_ends_cancels_its_timer() -> None:
    life = live(
        INNER % ("", "j") + boundary("sub", True) + tasks("z", "y") + flows("s>sub", "sub>y", "y>e", "w>z", "z>e")
    )
    done(life, "a", "b")
    assert life.open == ["y"]
    assert not life.state.timers
