"""Topics are merged and split by hand, taken back, and what was decided is remembered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.apps.voice.topics.clustering import Message, Topics, UnknownHand

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUBJECTS = (
    "桂花苑小区工地夜间打桩",
    "白塔家园餐馆油烟直排",
    "青石路路灯整夜不亮",
    "兰溪小学门口过街天桥",
    "松柏新村自来水发黄",
    "银杏大道公交等不到车",
)


def filled(copies: int = 2) -> Topics:
    topics = Topics()
    for number in range(len(SUBJECTS) * copies):
        topics.add(_said(str(number), SUBJECTS[number % len(SUBJECTS)]))
        topics.support(key=str(number), person=f"s{number % 5}")
    return topics


def _said(key: str, subject: str) -> Message:
    return Message(
        key=key, subject=subject, text=f"{subject}，请管一管。", at=START + timedelta(hours=len(key)), person=f"p{key}"
    )


def state(topics: Topics) -> dict[int, list[str]]:
    return {number: topics.keys(number) for number in topics.numbers()}


def test_later_messages_of_both_join_what_was_merged() -> None:
    topics = filled()
    topics.merge([topics.topic_of("0"), topics.topic_of("1")])
    for key, subject in (("late-a", SUBJECTS[0]), ("late-b", SUBJECTS[1])):
        topics.add(_said(key, subject))
    assert topics.topic_of("late-a") == topics.topic_of("late-b") == topics.topic_of("0")


def test_what_was_split_stays_apart_and_comes_back() -> None:
    topics = filled(copies=6)
    before, old = state(topics), topics.topic_of("0")
    number = topics.split(["6", "12"])
    assert topics.topic_of("6") == topics.topic_of("12") != old
    for late in range(20):
        topics.add(_said(f"late{late}", SUBJECTS[0]))
    assert topics.topic_of("6") != topics.topic_of("0")
    late_keys = {f"late{late}" for late in range(20)}
    topics.unsplit(number)
    assert {key for each in state(topics).values() for key in each} == {
        key for each in before.values() for key in each
    } | late_keys
    assert topics.topic_of("6") == topics.topic_of("12") == old
    with pytest.raises(UnknownHand):
        topics.unsplit(number)


def test_a_hand_merges_what_a_hand_has_split() -> None:
    topics = filled(copies=3)
    topics.split(["6"])
    number = topics.merge([topics.topic_of("0"), topics.topic_of("6")])
    assert topics.topic_of("0") == topics.topic_of("6")
    topics.unmerge(number)
    assert topics.topic_of("0") != topics.topic_of("6")


def test_a_whole_topic_or_parts_of_two_are_not_split() -> None:
    topics = filled()
    for keys in (["0", "6"], ["0", "1"]):
        with pytest.raises(ValueError, match="one topic"):
            topics.split(keys)


pairs = st.lists(
    st.lists(st.sampled_from(range(len(SUBJECTS))), min_size=2, max_size=3, unique=True), min_size=1, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(pairs, st.randoms())
def test_the_order_of_merges_makes_no_difference(merges: list[list[int]], draw: object) -> None:
    one, other = filled(), filled()
    mixed = merges[:]
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    for topics, order in ((one, merges), (other, mixed)):
        for each in order:
            topics.merge([topics.topic_of(str(key)) for key in each])
    assert state(one) == state(other)


@settings(max_examples=40, deadline=None)
@given(pairs, st.data())
def test_unmerging_restores_what_was_and_loses_nothing(merges: list[list[int]], data: st.DataObject) -> None:
    topics = filled()
    supports = {row: set(held) for row, held in topics.rows.supports.items()}
    states, numbers = [state(topics)], []
    for each in merges:
        numbers.append(topics.merge([topics.topic_of(str(key)) for key in each]))
        states.append(state(topics))
        assert sorted(key for keys in states[-1].values() for key in keys) == sorted(topics.rows.keys)
        assert topics.rows.supports == supports
    last = data.draw(st.booleans())
    for number in reversed(numbers) if last else data.draw(st.permutations(numbers)):
        topics.unmerge(number)
        if last:
            states.pop()
            assert state(topics) == states[-1]
    assert state(topics) == states[0]
