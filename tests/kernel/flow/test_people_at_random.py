"""Random processes in which steps change hands and others sign: no token moves by it, and every walk can end."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Built, Shape, build
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_structured import SHAPES

from tongban.kernel.flow import (
    AddCosigner,
    Asked,
    Claim,
    Command,
    Complete,
    Delegate,
    Object,
    Recall,
    Refused,
    Release,
    RemoveCosigner,
    ReturnTo,
    Sign,
    Transfer,
    Withdraw,
    return_targets,
)

PEOPLE = ("", "li", "wu", "sun")
DEPARTMENTS = ("fire", "window", "water")


def _asides(life: Life, data: st.DataObject) -> Command:
    """Any command of those that touch no token, on any number that is open or was."""
    numbers = [task.no for task in life.state.tasks]
    numbers += [signer.no for one in life.state.rounds for signer in one.signers]
    no: int = data.draw(st.sampled_from(numbers))
    person: str = data.draw(st.sampled_from(PEOPLE))
    place: str = data.draw(st.sampled_from(("before", "beside", "after")))
    rule: str = data.draw(st.sampled_from(("all", "any", "1", "2")))
    asked = [Asked(where, data.draw(st.sampled_from(PEOPLE))) for where in DEPARTMENTS[: data.draw(st.integers(1, 3))]]
    return data.draw(
        st.sampled_from(
            (
                Claim(task=no, by=person or "li"),
                Release(task=no),
                Transfer(task=no, to=person, reason="x"),
                Delegate(task=no, to=person),
                Recall(task=no),
                AddCosigner(task=no, signers=asked, place=place, rule=rule),
                Sign(task=no),
                Object(task=no, reason="x"),
                RemoveCosigner(task=no, reason="x"),
            )
        )
    )


def _try(life: Life, command: Command, actor: str) -> bool:
    before = life.state
    try:
        life.do(command, actor=actor, after=timedelta(minutes=7))
    except Refused:
        assert life.state is before
        return False
    return True


def _check(built: Built, life: Life) -> None:
    built.check_tokens(life.state.marking)
    open_tasks = {task.no for task in life.state.tasks}
    assert {one.task for one in life.state.rounds} <= open_tasks
    assert {one.task for one in life.state.handovers} <= open_tasks
    numbers = [*open_tasks, *(signer.no for one in life.state.rounds for signer in one.signers)]
    assert len(numbers) == len(set(numbers))
    assert all(no < life.state.next_task for no in numbers)
    assert not any(one.met for one in life.state.rounds if one.place != "after")


def _finish(built: Built, life: Life) -> None:
    """Everybody does what is theirs, and objections are overruled: the case ends."""
    life.facts = dict.fromkeys(built.conditions, False)
    for _ in range(400):
        if life.state.closed:
            return
        assert life.state.tasks, "nothing is open, yet the case has not ended"
        task = life.state.tasks[0]
        signers = [(one, s) for one in life.state.rounds if one.task == task.no for s in one.signers]
        asked = next(((one, s) for one, s in signers if s.opened is not None and s.answer != "signed"), None)
        if asked is None:
            life.do(Complete(task=task.no))
        elif asked[1].answer:
            life.do(RemoveCosigner(task=asked[1].no, reason="overruled"))
        else:
            life.do(Sign(task=asked[1].no))
        _check(built, life)
    raise AssertionError("no end in 400 steps")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_hands_and_signatures_lose_and_double_no_token(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts=dict.fromkeys(built.conditions, False))
    for _ in range(data.draw(st.integers(1, 16))):
        if life.state.closed:
            return
        life.facts = {name: data.draw(st.booleans()) for name in built.conditions}
        marking, actor = life.state.marking, data.draw(st.sampled_from(PEOPLE))
        what_next = data.draw(st.integers(0, 9))
        task = data.draw(st.sampled_from(life.state.tasks))
        if what_next == 0:
            targets = return_targets(definition=built.definition, state=life.state, history=life.log, task=task.no)
            if targets:
                _try(life, ReturnTo(task=task.no, node=data.draw(st.sampled_from(targets)), reason="again"), actor)
        elif what_next <= 2:
            _try(life, Complete(task=task.no), actor)
        else:
            before = len(life.log)
            _try(life, _asides(life, data), actor)
            # Only the last of those who sign afterwards lets the token go.
            assert life.state.marking == marking or "task.completed" in life.kinds[before:]
        _check(built, life)
    _finish(built, life)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.data())
def test_a_withdrawal_leaves_nobody_asked(what: Shape, data: st.DataObject) -> None:
    built = build(what)
    life = Life(built.definition)
    life.file(facts=dict.fromkeys(built.conditions, False))
    for _ in range(data.draw(st.integers(0, 6))):
        _try(life, _asides(life, data), "")
    if life.state.closed:
        return
    life.do(Withdraw())
    assert (life.state.marking, life.state.tasks, life.state.rounds, life.state.handovers) == ((), (), (), ())
