"""Random processes, walked at random: replay holds, no token is lost or doubled, every walk can end."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Built, Shape, build
from tests.kernel.flow.living import Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    AnswerSupplement,
    Claim,
    Complete,
    RequestSupplement,
    Resume,
    ReturnTo,
    Suspend,
    Withdraw,
    check_process,
    return_targets,
)

TASK = Shape("task")


def _of(kind: str, parts: list[Shape]) -> Shape:
    return Shape(kind, tuple(parts))


def _deeper(inner: st.SearchStrategy[Shape]) -> st.SearchStrategy[Shape]:
    several = st.lists(inner, min_size=2, max_size=3)
    one = st.lists(inner, min_size=1, max_size=1)
    return st.one_of(
        st.builds(_of, st.sampled_from(["seq", "par", "xor", "inc"]), several),
        st.builds(_of, st.sampled_from(["sub", "loop"]), one),
    )


SHAPES = st.recursive(st.just(TASK), _deeper, max_leaves=8)


def _finish(built: Built, life: Life) -> None:
    """With all conditions false, defaults lead out of every loop."""
    life.facts = dict.fromkeys(built.conditions, False)
    for _ in range(200):
        if life.state.closed:
            return
        assert life.state.tasks, "nothing is open, yet the case has not ended"
        life.do(Complete(task=life.state.tasks[0].no))
        built.check_tokens(life.state.marking)
    raise AssertionError("no end in 200 steps")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_every_walk_keeps_its_tokens_and_can_end(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    for _ in range(data.draw(st.integers(0, 8))):
        if life.state.closed:
            break
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        task = data.draw(st.sampled_from(life.state.tasks))
        life.do(Complete(task=task.no), after=timedelta(minutes=data.draw(st.integers(0, 900))))
        built.check_tokens(life.state.marking)
    _finish(built, life)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_returns_at_random_points_strand_nothing(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts={name: data.draw(st.booleans()) for name in built.conditions})
    for _ in range(data.draw(st.integers(2, 10))):
        if life.state.closed:
            break
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        task = data.draw(st.sampled_from(life.state.tasks))
        targets = return_targets(definition=built.definition, state=life.state, history=life.log, task=task.no)
        back: bool = data.draw(st.booleans())
        if targets and back:
            node: str = data.draw(st.sampled_from(targets))
            life.do(ReturnTo(task=task.no, node=node, reason="again"))
            assert node in life.open
            assert life.state.task(task.no) is None
        else:
            life.do(Complete(task=task.no))
        built.check_tokens(life.state.marking)
    _finish(built, life)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_case_level_commands_between_steps_disturb_no_token(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts=dict.fromkeys(built.conditions, False))
    for _ in range(data.draw(st.integers(0, 4))):
        if life.state.closed:
            return
        marking = life.state.marking
        action = data.draw(st.sampled_from(["claim", "supplement", "suspend", "withdraw"]))
        if action == "claim" and not life.state.tasks[0].by:
            life.do(Claim(task=life.state.tasks[0].no, by="officer"))
        elif action == "supplement" and not life.state.supplement:
            life.do(RequestSupplement(items=["plan"]), after=timedelta(days=1))
            life.do(AnswerSupplement(), after=timedelta(days=1))
        elif action == "suspend":
            life.do(
                Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("20 working days")),
                after=timedelta(days=1),
            )
            life.do(Resume(), after=timedelta(days=1))
        elif action == "withdraw":
            life.do(Withdraw())
            assert life.state.marking == ()
            return
        assert life.state.marking == marking
    _finish(built, life)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES)
def test_structured_processes_are_found_sound(what: Shape) -> None:
    # One branch of an inclusive gateway is the default here, so nothing is left to complain of.
    assert check_process(definition=build(what).definition) == ()
