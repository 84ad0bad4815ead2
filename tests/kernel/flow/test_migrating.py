"""A running case moves to another version of its process, or stays and is told why."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Shape, bpmn, build
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import INNER, done, flows, live, tasks
from tests.kernel.flow.test_structured import SHAPES

from tongban.kernel.flow import (
    AddCosigner,
    Asked,
    Bridge,
    Claim,
    Complete,
    Definition,
    Delegate,
    Progress,
    Refused,
    ReturnTo,
    Sign,
    Transfer,
    Withdraw,
    load_bpmn,
    plan_migration,
    progress,
    return_targets,
)

FORK = '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("first", "a", "b", "last")
WAYS = ("s>first", "first>p", "p>a", "a>q", "p>b", "b>q", "q>last", "last>e")


def version(content: str) -> Definition:
    return load_bpmn(bpmn('<startEvent id="s"/><endEvent id="e"/>' + content))


def obstacles(life: Life, content: str, **mapping: str) -> list[str]:
    bridge = Bridge(life.definition, version(content), mapping)
    plan = plan_migration(bridge=bridge, state=life.state)
    found = [f"{note.code} {note.element}".strip() for note in plan.obstacles]
    if found:
        before = life.state
        with pytest.raises(Refused) as caught:
            life.move(bridge)
        assert caught.value.code == "migrate.obstacle"
        assert life.state is before
    return found


def moved(life: Life, content: str, **mapping: str) -> None:
    life.move(Bridge(life.definition, version(content), mapping), after=timedelta(minutes=5))


def see(life: Life) -> Progress:
    return progress(definition=life.definition, state=life.state, history=life.log)


def test_a_step_that_lies_ahead_is_new() -> None:
    life = live(tasks("a", "z") + flows("s>a", "a>z", "z>e"))
    moved(life, tasks("a", "new", "z") + flows("s>a", "a>new", "new>z", "z>e"))
    assert life.open == ["a"]
    done(life, "a", "new", "z")
    assert life.state.closed
    assert life.kinds.count("case.migrated") == 1


def test_what_was_claimed_stays_claimed_and_is_due_when_it_was(split: Life) -> None:
    split.do(Claim(task=split.task("fire").no, by="luo"), after=timedelta(hours=1))
    task, clock = split.task("fire"), split.state.statutory
    split.move(Bridge(split.definition, split.definition), after=timedelta(days=1))
    assert split.task("fire") == task
    assert split.state.statutory == clock
    split.do(Complete(task=task.no), actor="luo")


def test_both_branches_of_a_split_move_together() -> None:
    life = live(FORK + flows(*WAYS))
    done(life, "first", "a")
    longer = FORK + tasks("check") + flows(*WAYS[:-2], "q>check", "check>last", "last>e")
    moved(life, longer)
    assert life.open == ["b"]
    done(life, "b", "check", "last")
    assert life.state.closed


def test_a_branch_more_would_never_come() -> None:
    life = live(FORK + flows(*WAYS))
    done(life, "first")
    wider = FORK + tasks("c") + flows(*WAYS, "p>c", "c>q")
    assert obstacles(life, wider) == ["end.stuck q"]
    done(life, "a")
    assert obstacles(life, wider) == ["join.other q"]
    done(life, "b")
    moved(life, wider)
    assert life.open == ["last"]


def test_a_step_that_is_gone_or_another_is_named() -> None:
    life = live(tasks("a", "z") + flows("s>a", "a>z", "z>e"))
    assert obstacles(life, tasks("z") + flows("s>z", "z>e")) == ["node.gone a"]
    service = '<serviceTask id="a" tb:operation="look"/>' + tasks("z") + flows("s>a", "a>z", "z>e")
    assert obstacles(life, service) == ["node.other a"]
    decides = '<userTask id="a" tb:act="decide"/>' + tasks("z") + flows("s>a", "a>z", "z>e")
    assert obstacles(life, decides) == ["node.other a"]


def test_a_step_with_another_id_moves_when_that_is_said() -> None:
    life = live(tasks("a", "z") + flows("s>a", "a>z", "z>e"))
    done(life, "a")
    other = tasks("a", "end") + flows("s>a", "a>end", "end>e")
    assert obstacles(life, other) == ["node.gone z"]
    moved(life, other, z="end")
    assert life.open == ["end"]
    assert return_targets(definition=life.definition, state=life.state, history=life.log, task=2) == ("a",)


def test_a_variable_takes_the_new_name_of_its_step() -> None:
    life = live(tasks("a", "z") + flows("s>a", "a>z", "z>e"))
    life.do(Complete(task=1, outcome="fail"))
    content = '<exclusiveGateway id="g" default="f3"/>' + tasks("look", "z", "y")
    ways = flows("s>look", "look>z", "z>g", "g>e", 'g>y:look.outcome = "fail"', "y>e")
    moved(life, content + ways, a="look")
    assert life.state.variables == {"look": {"outcome": "fail"}}
    done(life, "z")
    assert life.open == ["y"]


def test_a_condition_on_a_step_that_was_passed_by_is_an_obstacle() -> None:
    life = live(tasks("a", "z") + flows("s>a", "a>z", "z>e"))
    content = '<exclusiveGateway id="g" default="f4"/>' + tasks("a", "new", "z", "y")
    ways = flows("s>a", "a>new", "new>z", "z>g", "g>e", 'g>y:new.outcome = "fail"', "y>e")
    assert obstacles(life, content + ways) == []
    done(life, "a")
    assert obstacles(life, content + ways) == ["variable.missing f5"]


def test_into_another_subprocess_nothing_moves() -> None:
    life = live(INNER % ("", "j") + tasks("z") + flows("s>sub", "sub>z", "z>e"))
    flat = '<parallelGateway id="p"/><parallelGateway id="j"/>' + tasks("a", "b", "z")
    assert obstacles(life, flat + flows("s>p", "p>a", "p>b", "a>j", "b>j", "j>z", "z>e"))[0].startswith("node.")
    moved(life, INNER % ("", "j") + tasks("y", "z") + flows("s>sub", "sub>y", "y>z", "z>e"))
    done(life, "a", "b", "y", "z")
    assert life.state.closed


TIMED = '<boundaryEvent id="%s" attachedToRef="a" cancelActivity="false">%s</boundaryEvent>'
DAY = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">P%dD</timeDuration></timerEventDefinition>'


def test_timers_stay_go_and_come() -> None:
    plain = tasks("a", "r") + flows("s>a", "a>e", "r>e")
    first = TIMED % ("soon", DAY % 1) + flows("soon>r").replace('"f0"', '"t0"')
    second = TIMED % ("later", DAY % 9) + flows("later>r").replace('"f0"', '"t1"')
    life = live(plain + first)
    (before,) = life.state.timers
    life.at += timedelta(hours=2)
    moved(life, plain + first + second)
    kept, fresh = life.state.timers
    assert (kept.no, kept.due) == (before.no, before.due)
    assert life.definition.nodes[fresh.node].id == "later"
    assert fresh.task == life.task("a").no
    notes = plan_migration(bridge=Bridge(life.definition, version(plain + second)), state=life.state).notes
    assert [str(note.code) for note in notes] == ["timer.gone"]
    moved(life, plain + second)
    assert [timer.no for timer in life.state.timers] == [fresh.no]
    done(life, "a")
    assert life.state.timers == ()


def test_a_step_that_goes_to_another_department_is_free_there(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"))
    text = accepted.definition
    other = load_bpmn(_licence().replace(b'tb:department="authority"', b'tb:department="bureau"'))
    plan = plan_migration(bridge=Bridge(text, other), state=accepted.state)
    assert [(note.code, note.detail) for note in plan.notes] == [("department.other", "authority → bureau")]
    accepted.move(Bridge(text, other))
    assert accepted.task("handle").by == ""
    (event, *_) = accepted.do(Complete(task=2))
    assert event.department == "bureau"


def test_those_who_were_asked_to_sign_stay_asked(accepted: Life) -> None:
    accepted.do(Transfer(task=2, department="fire-rescue", reason="theirs"))
    accepted.do(AddCosigner(task=2, signers=[Asked("window")], place="after"))
    accepted.do(Delegate(task=2, to="wu"), actor="li")
    accepted.move(Bridge(accepted.definition, load_bpmn(_licence())))
    assert accepted.task("handle").by == "wu"
    accepted.do(Complete(task=2), actor="wu")
    accepted.do(Complete(task=2), actor="li")
    accepted.do(Sign(task=3))
    assert sorted(accepted.open) == ["fire", "inspect"]


def _licence() -> bytes:
    from tests.kernel.flow.conftest import LICENCE

    return LICENCE.read_bytes()


def test_a_clock_that_stands_there_stands_from_now(accepted: Life) -> None:
    special = _licence().replace(b'id="handle"', b'id="handle" tb:special="testing"')
    accepted.move(Bridge(accepted.definition, load_bpmn(special)), after=timedelta(hours=1))
    assert accepted.kinds[-2:] == ["case.migrated", "clock.paused"]
    accepted.do(Complete(task=2), after=timedelta(days=2))


def test_a_return_finds_its_way_back_across_the_move() -> None:
    life = live(FORK + flows(*WAYS))
    done(life, "first", "a", "b")
    moved(life, FORK + tasks("check") + flows(*WAYS[:-1], "last>check", "check>e"))
    assert return_targets(
        definition=life.definition, state=life.state, history=life.log, task=life.task("last").no
    ) == (
        "first",
        "a",
        "b",
    )
    life.do(ReturnTo(task=life.task("last").no, node="a", reason="again"))
    assert life.open == ["a"]
    moved(life, FORK + flows(*WAYS))
    life.do(ReturnTo(task=life.task("a").no, node="first", reason="again"))
    done(life, "first", "a", "b", "last")
    assert life.state.closed
    assert see(life).taken


def test_no_return_to_where_the_new_version_has_no_place_for_it() -> None:
    life = live(FORK + flows(*WAYS))
    done(life, "first", "b", "a")
    without = tasks("first", "b", "last") + flows("s>first", "first>b", "b>last", "last>e")
    moved(life, without)
    no = life.task("last").no
    assert return_targets(definition=life.definition, state=life.state, history=life.log, task=no) == ("first",)
    with pytest.raises(Refused) as caught:
        life.do(ReturnTo(task=no, node="b", reason="again"))
    assert caught.value.code == "return.not-earlier"
    life.do(ReturnTo(task=no, node="first", reason="again"))
    done(life, "first", "b", "last")
    assert life.state.closed


def test_what_is_over_does_not_move(accepted: Life) -> None:
    accepted.do(Withdraw())
    plan = plan_migration(bridge=Bridge(accepted.definition, accepted.definition), state=accepted.state)
    assert [note.code for note in plan.obstacles] == ["case.over"]


def test_time_does_not_go_back(accepted: Life) -> None:
    accepted.at -= timedelta(hours=1)
    with pytest.raises(Refused) as caught:
        accepted.move(Bridge(accepted.definition, accepted.definition))
    assert caught.value.code == "case.time-reversed"


# Random processes, and another version of each


def _another(data: st.DataObject, text: str) -> str:
    """A task put into a flow, or one taken out, or renamed: a step that is drawn with a plain flow in and out."""
    change = data.draw(st.sampled_from(("none", "insert", "remove")))
    if change == "insert":
        found = re.findall(r'<sequenceFlow id="(\w+)" sourceRef="\w+" targetRef="(\w+)">', text)
        flow, target = data.draw(st.sampled_from(found))
        more = f'<userTask id="extra" name="extra"/><sequenceFlow id="more" sourceRef="extra" targetRef="{target}"/>'
        return re.sub(
            rf'(<sequenceFlow id="{flow}" sourceRef="\w+" targetRef=")\w+(">.*?</sequenceFlow>)',
            rf"\1extra\2{more}",
            text,
        )
    if change == "remove":
        task = data.draw(st.sampled_from(re.findall(r'<userTask id="(\w+)"', text)))
        out = re.search(rf'<sequenceFlow id="\w+" sourceRef="{task}" targetRef="(\w+)"></sequenceFlow>', text)
        assert out is not None
        text = text.replace(out[0], "").replace(f'<userTask id="{task}" name="{task}"/>', "")
        return text.replace(f'targetRef="{task}"', f'targetRef="{out[1]}"')
    return text


def _finish(life: Life, conditions: list[str]) -> None:
    life.facts = dict.fromkeys(conditions, False)
    for _ in range(300):
        if life.state.closed:
            return
        assert life.state.tasks, "nothing is open, yet the case has not ended"
        life.do(Complete(task=life.state.tasks[0].no))
    raise AssertionError("no end in 300 steps")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_what_moves_comes_to_its_end_and_what_does_not_stays_as_it_was(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    try:
        new = build(what, lambda text: _another(data, text)).definition
    except Exception:
        return
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    bridge = Bridge(built.definition, new)
    for _ in range(data.draw(st.integers(1, 8))):
        if life.state.closed:
            return
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        task = data.draw(st.sampled_from(life.state.tasks))
        targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=task.no)
        if targets and data.draw(st.integers(0, 3)) == 0:
            life.do(ReturnTo(task=task.no, node=data.draw(st.sampled_from(targets)), reason="again"))
        elif life.definition is built.definition and data.draw(st.integers(0, 2)) == 0:
            marking = life.state.marking
            if plan_migration(bridge=bridge, state=life.state).obstacles:
                with pytest.raises(Refused):
                    life.move(bridge)
                assert life.state.marking == marking
            else:
                life.move(bridge)
                assert len(life.state.marking) == len(marking)
        else:
            life.do(Complete(task=task.no))
        see(life)
    _finish(life, built.conditions)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_to_the_same_process_every_case_moves_as_it_stands(what: Shape, data: st.DataObject) -> None:
    built, again = build(what), build(what)
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    for _ in range(data.draw(st.integers(0, 6))):
        if life.state.closed:
            return
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        life.do(Complete(task=data.draw(st.sampled_from(life.state.tasks)).no))
    if life.state.closed:
        return
    before, seen = life.state, see(life)
    life.move(Bridge(built.definition, again.definition))
    assert life.state._replace(seq=before.seq, updated=before.updated) == before
    assert see(life).phases == seen.phases
    for task in life.state.tasks:
        now = return_targets(definition=life.definition, state=life.state, history=life.log, task=task.no)
        then = return_targets(definition=built.definition, state=before, history=life.log[:-1], task=task.no)
        assert now == then
    _finish(life, built.conditions)


def rounds(*steps: str) -> str:
    """Three rounds side by side, each of these steps one after the other, then `z`."""
    ways = [f"{a}>{b}" for a, b in itertools.pairwise(("is", *steps, "ie"))]
    inner = "".join(
        f'<sequenceFlow id="i{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(way.split(">") for way in ways)
    )
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    inside = f'{loop}<startEvent id="is"/><endEvent id="ie"/>{tasks(*steps)}{inner}'
    return f'<subProcess id="each">{inside}</subProcess>{tasks("z")}' + flows("s>each", "each>z", "z>e")


def test_every_round_moves_to_where_it_was() -> None:
    life = live(rounds("ask"))
    life.do(Complete(task=life.state.tasks[1].no))
    life.do(AddCosigner(task=life.state.tasks[0].no, signers=[Asked("fire")]))
    before = [(task.no, task.copy) for task in life.state.tasks]
    moved(life, rounds("ask", "check"))
    assert [(task.no, task.copy) for task in life.state.tasks] == before
    life.do(Sign(task=life.state.rounds[0].signers[0].no))
    while life.open != ["z"]:
        life.do(Complete(task=life.state.tasks[0].no))
    assert [event.node for event in life.log].count("check") == 2
    done(life, "z")
    assert life.state.closed


def test_what_repeated_does_not_move_to_what_is_done_once() -> None:
    life = live(rounds("ask"))
    once = re.sub(r"<multiInstance.*?</multiInstanceLoopCharacteristics>", "", rounds("ask"))
    assert "node.other each" in obstacles(life, once)
