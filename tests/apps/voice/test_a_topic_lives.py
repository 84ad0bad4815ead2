"""A topic rises, is answered, is settled, and comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.apps.voice.topics.life import Event, Life, NotAnswered, answer, applied, join, settle

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def lived(*steps: tuple[str, int, int]) -> tuple[Life, list[Event]]:
    """After these steps: what, on which day, by which person."""
    life, log = Life(), []
    for what, day, person in steps:
        at = START + timedelta(days=day)
        if what == "join":
            events = join(life, at=at, person=person)
        else:
            events = answer(life, at=at) if what == "answer" else settle(life, at=at)
        for event in events:
            life = applied(life, event)
            log.append(event)
    return life, log


def test_it_works() -> None:
    life, _ = lived(("join", 0, 1), ("answer", 3, 0), ("settle", 9, 0))
    assert (life.stage, life.messages, life.answers) == ("settled", 1, 1)


def test_the_third_person_within_a_month_brings_it_back() -> None:
    life, log = lived(("join", 0, 1), ("answer", 3, 0), ("settle", 9, 0), *(("join", 10 + n, n) for n in (1, 2)))
    assert life.stage == "settled"
    life, log = lived(("join", 0, 1), ("answer", 3, 0), ("settle", 9, 0), *(("join", 10 + n, n) for n in (1, 2, 3)))
    assert (life.stage, life.returns, log[-1].kind) == ("back", 1, "topic.came_back")


@pytest.mark.parametrize("joins", [[(10, 1), (11, 1), (12, 1), (13, 1)], [(10, 1), (50, 2), (90, 3)]])
def test_one_person_often_or_three_far_apart_do_not(joins: list[tuple[int, int]]) -> None:
    life, _ = lived(("join", 0, 1), ("answer", 3, 0), *(("join", day, person) for day, person in joins))
    assert life.stage == "answered"


def test_what_came_back_is_answered_again_and_settled_only_then() -> None:
    back = (("join", 0, 1), ("answer", 1, 0), ("join", 2, 1), ("join", 2, 2), ("join", 2, 3))
    with pytest.raises(NotAnswered):
        lived(*back, ("settle", 3, 0))
    life, _ = lived(*back, ("answer", 3, 0), ("settle", 4, 0), ("settle", 5, 0))
    assert (life.stage, life.answers) == ("settled", 2)


@given(st.lists(st.tuples(st.sampled_from(["join", "answer"]), st.integers(-40, 40), st.integers(1, 4))))
def test_the_log_alone_gives_the_state(steps: list[tuple[str, int, int]]) -> None:
    life, log = lived(*steps)
    again = Life()
    for event in log:
        again = applied(again, event)
    assert again == life
    assert life.messages == sum(what == "join" for what, _, _ in steps)
