"""Coordinators put topics together and apart, and take it back; the log tells who, and nothing is lost or doubled."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS, NOISE, WATER

from tongban.apps.ledger.models import Event
from tongban.apps.voice.errors import HandTakenBack, NotForThem, TooFewTopics, TopicGone, UnknownTopic
from tongban.apps.voice.models import Inquiry, Topic, TopicHand
from tongban.apps.voice.services import publish, support
from tongban.apps.voice.whole import held
from tongban.apps.voice.whole.queries import get_topic, list_members
from tongban.apps.voice.whole.services import merge_topics, split_topic, take_back_hand


def topics_of(numbers: Iterable[int]) -> set[int | None]:
    return set(Inquiry.objects.filter(pk__in=list(numbers)).values_list("topic", flat=True))


def topic_of(numbers: Iterable[int]) -> int:
    (found,) = topics_of(numbers)
    assert found is not None
    return found


def kinds(number: int) -> list[str]:
    return list(Event.objects.filter(case=number).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def arranged(say_often: Any, gather: Any, actor_for: Any) -> dict[str, Any]:
    said = {
        "noise": say_often(NOISE, 3, published=True),
        "lights": say_often(LIGHTS, 2, first=50, published=True),
        "water": say_often(WATER, 1, first=80),
    }
    gather()
    return said | {"who": actor_for("xuhong"), "at": timezone.now()}


def test_two_are_one_and_two_again(arranged: Any, gather: Any, say_often: Any) -> None:
    noise, lights, by = arranged["noise"], arranged["lights"], {"actor": arranged["who"], "at": arranged["at"]}
    one, other = topic_of(noise), topic_of(lights)
    hand = merge_topics(number=one, others=[other], **by)
    assert get_topic(number=one, **by).hands[0].state == "asked"
    gather()
    assert topics_of(noise + lights) == {one}
    assert get_topic(number=one, **by).hands[0].state == "done"
    assert Topic.objects.get(pk=one).people == 5
    with pytest.raises(TopicGone) as gone:
        get_topic(number=other, **by)
    assert gone.value.params == {"into": one}
    late = say_often(LIGHTS, 1, first=70)
    gather()
    assert topic_of(late) == one
    take_back_hand(hand=hand, **by)
    gather()
    assert topic_of(noise) == one
    assert topic_of(lights + late) == other
    assert (Topic.objects.get(pk=one).people, Topic.objects.get(pk=other).people) == (3, 3)
    assert kinds(other)[-2:] == ["topic.merged", "topic.parted"]
    assert [each for each in kinds(one) if "asked" in each] == ["topic.merge_asked", "topic.back_asked"]
    with pytest.raises(HandTakenBack):
        take_back_hand(hand=hand, **by)


def test_what_was_merged_is_merged_again_and_taken_back_in_any_order(
    arranged: Any, gather: Any, say_often: Any
) -> None:
    noise, lights, by = arranged["noise"], arranged["lights"], {"actor": arranged["who"], "at": arranged["at"]}
    third = say_often("兰溪小学门口过街天桥", 2, first=200)
    gather()
    one, other, more = topic_of(noise), topic_of(lights), topic_of(third)
    first = merge_topics(number=other, others=[more], **by)
    gather()
    second = merge_topics(number=one, others=[other], **by)
    gather()
    assert topics_of(noise + lights + third) == {one}
    take_back_hand(hand=first, **by)
    gather()
    assert (topics_of(noise + lights), topic_of(third)) == ({one}, more)
    take_back_hand(hand=second, **by)
    gather()
    assert (topic_of(noise), topic_of(lights), topic_of(third)) == (one, other, more)


def test_people_who_say_me_too_survive_it_all(arranged: Any, gather: Any) -> None:
    by = {"actor": arranged["who"], "at": arranged["at"]}
    noise, lights = arranged["noise"], arranged["lights"]
    for number in (noise[0], noise[1], lights[0]):
        publish(number=number, subject="", text="请管一管", **by)
        support(number=number, key="person:900", at=by["at"])
    support(number=lights[0], key="person:901", at=by["at"])
    gather()
    one, other = topic_of(noise), topic_of(lights)

    def counted() -> list[int]:
        rows = dict(Topic.objects.filter(merged_into=None).values_list("pk", "supporters"))
        return [rows.get(each, 0) for each in (one, other)]

    assert counted() == [1, 2]
    hand = merge_topics(number=one, others=[other], **by)
    gather()
    assert counted() == [2, 0]
    take_back_hand(hand=hand, **by)
    gather()
    assert counted() == [1, 2]


def test_what_stands_alone_is_put_into_a_topic_and_keeps_its_number(arranged: Any, gather: Any) -> None:
    noise, water, by = arranged["noise"], arranged["water"], {"actor": arranged["who"], "at": arranged["at"]}
    one = topic_of(noise)
    hand = merge_topics(number=one, others=water, **by)
    gather()
    assert topics_of(noise + water) == {one}
    assert {each.number: each.by_hand for each in list_members(number=one, **by)}[water[0]] is True
    take_back_hand(hand=hand, **by)
    gather()
    assert (topic_of(noise), topics_of(water)) == (one, {None})


def test_some_are_put_apart_and_stay_so_until_it_is_taken_back(arranged: Any, gather: Any, say_often: Any) -> None:
    by = {"actor": arranged["who"], "at": arranged["at"]}
    noise = arranged["noise"] + say_often(NOISE, 3, first=30)
    gather()
    one = topic_of(noise)
    hand = split_topic(number=one, inquiries=noise[:2], **by)
    gather()
    new = topic_of(noise[:2])
    assert topic_of(noise[2:]) == one != new
    assert (Topic.objects.get(pk=one).messages, Topic.objects.get(pk=new).messages) == (4, 2)
    assert {each.by_hand for each in list_members(number=new, **by)} == {True}
    held.forget()
    take_back_hand(hand=hand, **by)
    gather()
    assert topic_of(noise) == one
    assert Topic.objects.get(pk=new).merged_into_id == one
    assert "topic.split" in kinds(one)


def test_what_another_hand_has_changed_meanwhile_is_refused_in_its_turn(arranged: Any, gather: Any) -> None:
    """Asked by two at once: the first counts, and the second is told that it could not be done."""
    by, noise = {"actor": arranged["who"], "at": arranged["at"]}, arranged["noise"]
    one = topic_of(noise)
    split_topic(number=one, inquiries=noise[:1], **by)
    second = split_topic(number=one, inquiries=noise[:2], **by)
    gather()
    assert TopicHand.objects.get(pk=second).refused == "voice.topic-hand-moved"
    assert topics_of(noise[1:]) == {one}
    assert kinds(one)[-1] == "topic.hand_refused"
    with pytest.raises(HandTakenBack):
        take_back_hand(hand=second, **by)


def test_the_same_topics_are_had_again_from_what_was_written_down(arranged: Any, gather: Any, say_often: Any) -> None:
    """Nothing is saved in so small a city: all of it, hands too, is done again in its order."""
    by = {"actor": arranged["who"], "at": arranged["at"]}
    noise, lights = arranged["noise"], arranged["lights"]
    merge_topics(number=topic_of(noise), others=[topic_of(lights)], **by)
    gather()
    split_topic(number=topic_of(noise), inquiries=lights[:1], **by)
    gather()
    with held.using() as now:
        before = {key: now.topics.topic_of(key) for key in now.topics.rows.keys}
    held.forget()
    with held.using() as again:
        assert {key: again.topics.topic_of(key) for key in again.topics.rows.keys} == before


def test_nothing_to_put_together_or_apart(arranged: Any) -> None:
    by, noise = {"actor": arranged["who"], "at": arranged["at"]}, arranged["noise"]
    one = topic_of(noise)
    with pytest.raises(TooFewTopics):
        merge_topics(number=one, others=[one], **by)
    with pytest.raises(UnknownTopic):
        merge_topics(number=one, others=[1234567890123456], **by)
    wrongs: list[list[int]] = [[], noise, arranged["lights"]]
    for wrong in wrongs:
        with pytest.raises(TooFewTopics):
            split_topic(number=one, inquiries=wrong, **by)


@pytest.mark.parametrize("who", ["linxiaomei", "chenli", "liangchen"])
def test_only_coordinators_arrange(arranged: Any, actor_for: Any, who: str) -> None:
    by = {"actor": actor_for(who), "at": arranged["at"]}
    one, other = topic_of(arranged["noise"]), topic_of(arranged["lights"])
    hand = TopicHand.objects.create(
        kind="merge", topic_id=one, by_id=arranged["who"].user_id, asked_at=by["at"], done_at=by["at"]
    )
    for command in (
        lambda: merge_topics(number=one, others=[other], **by),
        lambda: split_topic(number=one, inquiries=arranged["noise"][:1], **by),
        lambda: take_back_hand(hand=hand.pk, **by),
    ):
        with pytest.raises(NotForThem):
            command()
