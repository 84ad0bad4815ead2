"""What several people say of the same becomes a topic with a log of its own, whoever takes it in and however often."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS, NOISE

from tongban.apps.ledger.models import Event
from tongban.apps.voice.errors import NotForThem, UnknownTopic
from tongban.apps.voice.models import Inquiry, Topic, TopicInput, TopicSave
from tongban.apps.voice.services import publish, support, take_back_support
from tongban.apps.voice.whole import held
from tongban.apps.voice.whole.queries import get_topic, list_members, list_topics


def logged(number: int) -> list[str]:
    return list(Event.objects.filter(case=number).order_by("seq").values_list("kind", flat=True))


def the_topic(number: int) -> Topic:
    row = Inquiry.objects.get(pk=number)
    assert row.topic is not None
    return Topic.objects.get(pk=row.topic)


def test_the_second_about_the_same_makes_a_topic_with_a_log(say_often: Any, gather: Any) -> None:
    noise, lights = say_often(NOISE, 3), say_often(LIGHTS, 1, first=50)
    gather()
    row = the_topic(noise[0])
    assert {Inquiry.objects.get(pk=each).topic for each in noise} == {row.number}
    assert Inquiry.objects.get(pk=lights[0]).topic is None
    assert logged(row.number) == ["topic.opened", "topic.joined"]
    assert (row.messages, row.people, row.supporters, row.stage) == (3, 3, 0, "rising")
    assert "夜间打桩" in row.name
    assert sum(row.weeks) == 3
    assert row.heat > 0


def test_read_again_nothing_is_doubled(say_often: Any, gather: Any) -> None:
    noise = say_often(NOISE, 4)
    gather()
    before = (Topic.objects.values().get(), logged(the_topic(noise[0]).number), TopicInput.objects.count())
    gather(at=timezone.now())
    after = (Topic.objects.values().get(), logged(the_topic(noise[0]).number), TopicInput.objects.count())
    assert after == before


def test_whoever_holds_nothing_goes_on_where_it_was(say_often: Any, gather: Any, monkeypatch: Any) -> None:
    """Another process, or one that has begun anew: what was saved, and what came after."""
    monkeypatch.setattr(held, "_LEAST", 3)
    first = say_often(NOISE, 4)
    gather()
    assert TopicSave.objects.get().no == TopicInput.objects.latest("no").no
    more = say_often(LIGHTS, 2, first=50)
    gather()  # these are not in what was saved
    held.forget()
    again = [*say_often(NOISE, 1, first=20), *say_often(LIGHTS, 1, first=60)]
    gather()
    assert the_topic(again[0]).number == the_topic(first[0]).number
    assert the_topic(again[1]).number == the_topic(more[0]).number
    assert the_topic(first[0]).messages == 5
    assert the_topic(more[0]).messages == 3


def test_what_was_not_kept_is_not_held(say_often: Any, gather: Any) -> None:
    """A transaction that is rolled back after the topics in memory have changed leaves nothing in them."""
    first = say_often(NOISE, 2)
    gather()

    place = transaction.savepoint()
    say_often(NOISE, 3, first=30)
    gather()
    assert the_topic(first[0]).messages == 5
    transaction.savepoint_rollback(place)
    more = say_often(NOISE, 1, first=40)
    gather()
    assert the_topic(more[0]).messages == 3
    with held.using() as now:
        assert len(now.topics) == 3


def test_one_person_counts_once_and_me_too_beside(say_often: Any, say: Any, gather: Any, actor_for: Any) -> None:
    numbers = say_often(NOISE, 2, published=True)
    say(f"{NOISE}，还是没人管。", subject=NOISE, key="person:0")
    gather()
    for each in numbers:
        publish(number=each, subject="夜里打桩", text="工地夜里打桩", actor=actor_for("xuhong"), at=timezone.now())
        support(number=each, key="person:900", at=timezone.now())
    support(number=numbers[0], key="person:1", at=timezone.now())  # who said it in another message
    gather()
    row = the_topic(numbers[0])
    assert (row.messages, row.people, row.supporters) == (3, 2, 1)
    for each in numbers:
        take_back_support(number=each, key="person:900")
    gather()
    assert the_topic(numbers[0]).supporters == 0


def test_officials_read_it_whole_and_others_only_their_own(
    say_often: Any, gather: Any, act: Any, actor_for: Any
) -> None:
    numbers = say_often(NOISE, 3)
    gather()
    act(numbers[0], "dispatch", by="xuhong", department="ecology-environment", reason="")
    number, now = the_topic(numbers[0]).number, timezone.now()
    every = list_members(number=number, actor=actor_for("xuhong"), at=now)
    assert [each.number for each in every] == numbers[::-1]
    assert "夜间打桩" in "".join(every[0].words)
    assert len(list_members(number=number, actor=actor_for("liangchen"), at=now)) == 3
    assert [each.number for each in list_members(number=number, actor=actor_for("fupeng"), at=now)] == numbers[:1]
    assert list_members(number=number, actor=actor_for("chenli"), at=now) == []
    assert get_topic(number=number, actor=actor_for("chenli"), at=now).may_arrange is False
    with pytest.raises(NotForThem):
        get_topic(number=number, actor=actor_for("linxiaomei"), at=now)
    with pytest.raises(UnknownTopic):
        get_topic(number=numbers[0], actor=actor_for("xuhong"), at=now)


def test_the_list_is_by_heat_and_narrowed(say_often: Any, gather: Any) -> None:
    say_often(NOISE, 5, district="361701")
    say_often(LIGHTS, 2, district="361702", first=50)
    gather()
    rows = list_topics()
    assert [each.messages for each in rows] == [5, 2]
    assert [each.messages for each in list_topics(district="361702")] == [2]
    assert list_topics(stage="answered") == []
    assert [each.messages for each in list_topics(after=(rows[0].heat, rows[0].number))] == [2]
    department = rows[0].departments[0][0]
    assert rows[0].number in {each.number for each in list_topics(department=department)}


def test_the_number_of_queries_does_not_grow(say_often: Any, gather: Any, actor_for: Any) -> None:
    numbers = say_often(NOISE, 2)
    gather()
    topic, who = the_topic(numbers[0]).number, actor_for("xuhong")

    def count() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as lists:
            list_topics()
        with CaptureQueriesContext(connection) as members:
            list_members(number=topic, actor=who, at=timezone.now())
        return len(lists), len(members)

    before = count()
    say_often(NOISE, 6, first=20)
    for number, subject in enumerate(("兰溪小学门口过街天桥", "白塔家园餐馆油烟直排", LIGHTS)):
        say_often(subject, 2, first=100 + number * 10)
    gather()
    assert len(list_topics()) > 2
    assert count() == before
