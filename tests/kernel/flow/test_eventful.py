"""Random processes with rounds, events and handlers, walked at random: replay holds, no token is lost or doubled, every
state that is reached can end, and a return strands nothing.
"""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Built, Shape, build
from tests.kernel.flow.living import Life

from tongban.kernel.flow import (
    AddCosigner,
    Asked,
    Bridge,
    Complete,
    Definition,
    FireTimer,
    Obstacle,
    ReceiveMessage,
    ReturnTo,
    Sign,
    check_process,
    draw,
    plan_migration,
    return_targets,
)
from tongban.kernel.flow.propagation import awaited

LEAVES = st.sampled_from([Shape("task"), Shape("votes"), Shape("wait")])


def _of(kind: str, parts: list[Shape]) -> Shape:
    return Shape(kind, tuple(parts))


def _deeper(inner: st.SearchStrategy[Shape]) -> st.SearchStrategy[Shape]:
    several = st.lists(inner, min_size=2, max_size=3)
    one = st.lists(inner, min_size=1, max_size=1)
    return st.one_of(
        st.builds(_of, st.sampled_from(["seq", "par", "xor", "inc"]), several),
        st.builds(_of, st.sampled_from(["rounds", "turns", "guarded", "reminded", "handled", "loop"]), one),
    )


SHAPES = st.recursive(LEAVES, _deeper, max_leaves=5)


def _messages(life: Life) -> list[str]:
    """The events that wait for a message."""
    return [one.event.id for one in awaited(life.definition, life.state.marking) if one.event.timer is None]


def _send(life: Life, node: str) -> None:
    name = life.definition.node(node).triggers[0].name
    life.do(ReceiveMessage(name=name, node=node))


def _late(life: Life) -> None:
    timer = life.state.timers[0]
    life.at = max(life.at, timer.due)
    life.do(FireTimer(timer=timer.no))


def _step(life: Life, data: st.DataObject, *, often: bool = False) -> None:
    """One of the things that can happen now; `often`: back wherever that is possible, half of the times."""
    targets: tuple[str, ...] = ()
    choices: list[str] = []
    if life.state.tasks:
        task = data.draw(st.sampled_from(life.state.tasks))
        targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=task.no)
        choices += ["work", "work"] + (["back"] if targets else [])
    choices += ["message"] if _messages(life) else []
    choices += ["late"] if life.state.timers else []
    back: bool = often and bool(targets) and data.draw(st.booleans())
    what = "back" if back else data.draw(st.sampled_from(choices))
    if what == "work":
        life.do(Complete(task=task.no), after=timedelta(minutes=data.draw(st.integers(0, 900))))
    elif what == "back":
        node: str = data.draw(st.sampled_from(targets))
        life.do(ReturnTo(task=task.no, node=node, reason="again"))
        assert node in life.open
        assert life.state.task(task.no) is None
    elif what == "message":
        _send(life, data.draw(st.sampled_from(_messages(life))))
    else:
        _late(life)


def _finish(built: Built, life: Life) -> None:
    """With all conditions false, defaults lead out of every loop and every round is done."""
    life.facts = dict.fromkeys(built.conditions, False)
    for _ in range(400):
        if life.state.closed:
            assert not life.state.tasks
            assert not life.state.timers
            assert not [name for name in life.state.variables if "#" in name]
            return
        if life.state.tasks:
            life.do(Complete(task=life.state.tasks[0].no))
        elif life.state.timers:
            _late(life)
        else:
            raise AssertionError("nothing is open, yet the case has not ended")
        built.check_tokens(life.state.marking)
    raise AssertionError("no end in 400 steps")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_every_walk_keeps_its_tokens_and_can_end(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    built.check_tokens(life.state.marking)
    for _ in range(data.draw(st.integers(0, 10))):
        if life.state.closed:
            break
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        _step(life, data)
        built.check_tokens(life.state.marking)
    draw(definition=built.definition, state=life.state, history=life.log)
    _finish(built, life)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_returns_at_random_points_strand_nothing(what: Shape, data: st.DataObject) -> None:
    """Into rounds, out of them, over events that have come: back as often as it is possible."""
    built = build(Shape("seq", (Shape("task"), what, Shape("task"))))
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    for _ in range(data.draw(st.integers(2, 12))):
        if life.state.closed:
            break
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        _step(life, data, often=True)
        built.check_tokens(life.state.marking)
    _finish(built, life)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES)
def test_structured_processes_are_found_sound(what: Shape) -> None:
    codes = {problem.code for problem in check_process(definition=build(what).definition, most=600)}
    # Reminders may leave the same task open beside itself.
    assert codes <= {"process.too-large", "task.twice"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_signatures_and_moves_between_versions_disturb_no_token(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    for _ in range(data.draw(st.integers(1, 8))):
        if life.state.closed:
            return
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        _step(life, data)
        before = life.state
        asks: bool = data.draw(st.booleans())
        if before.tasks and asks:
            task = data.draw(st.sampled_from(before.tasks)).no
            (asked, *_) = life.do(AddCosigner(task=task, signers=[Asked("fire")]))
            assert life.state.marking == before.marking
            life.do(Sign(task=asked.data["asks"][0]["no"]))
            assert life.state.standing._replace(next_task=0) == before.standing._replace(
                next_task=0, last_activity="cosign.signed", last_department="fire"
            )
        elif not life.state.closed:
            _move(life, build(what).definition)
        built.check_tokens(life.state.marking)
    _finish(built, life)


def _move(life: Life, again: Definition) -> None:
    """To the same process as another version: as it stands, or not at all."""
    before, bridge = life.state, Bridge(life.definition, again)
    obstacles = plan_migration(bridge=bridge, state=before).obstacles
    # Reminders may leave the same task open beside itself.
    assert {note.code for note in obstacles} <= {Obstacle.UNKNOWN, Obstacle.TWICE}
    if not obstacles:
        life.move(bridge)
        assert life.state._replace(seq=before.seq, updated=before.updated) == before
