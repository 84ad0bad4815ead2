"""Somebody looks at a topic: what it is, who said it, why a message is in it."""

from datetime import UTC, datetime, timedelta

from tongban.apps.voice.topics.clustering import Message, Topics
from tongban.apps.voice.topics.views import describe, heat, why

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = {
    "1": ("桂花苑小区旁工地夜间施工", "桂花苑小区旁边的工地每天夜里打桩到凌晨，吵得睡不着。"),
    "2": ("夜里打桩吵得睡不着", "我住桂花苑小区，工地夜间打桩，请管一管。"),
    "3": ("桂花苑小区工地又在夜间打桩", "凌晨一点还在夜间打桩，夜间施工有没有许可？"),
    "4": ("桂花苑小区工地又在夜间打桩", "凌晨一点还在夜间打桩，夜间施工有没有许可？"),
    "5": ("桂花苑小区工地夜间打桩", "工地夜间打桩，夜间施工，孩子睡不着。"),
    "6": ("青石路路灯整夜不亮", "青石路路灯坏了，晚上看不见。"),
}
PEOPLE = {"1": "ann", "2": "bob", "3": "bob", "4": "cid", "5": "dan", "6": "eve"}


def filled() -> Topics:
    topics = Topics()
    for number, (key, (subject, text)) in enumerate(TEXTS.items()):
        at = START + timedelta(days=number)
        topics.add(Message(key=key, subject=subject, text=text, at=at, person=PEOPLE[key], department="城管局"))
    return topics


def lookup(key: str) -> tuple[str, str]:
    return TEXTS[key]


def test_it_works() -> None:
    topics = filled()
    view = describe(topics, number=topics.topic_of("1"), at=START + timedelta(days=8), lookup=lookup)
    assert (view.messages, view.people, view.copies, view.supporters) == (5, 4, 1, 0)
    assert (view.first, view.last) == (START, START + timedelta(days=4))
    assert view.departments == (("城管局", 5),)
    assert view.typical in TEXTS
    assert view.places == ("桂花苑",)
    assert sum(view.weeks) == 5
    assert any("夜间打桩" in word for word in view.words)


def test_people_and_supports_count_once_in_each_topic_and_in_both_together() -> None:
    topics = filled()
    assert topics.support(key="1", person="zoe")
    assert topics.support(key="6", person="zoe")
    assert topics.support(key="6", person="ann")
    assert not topics.support(key="6", person="zoe")
    assert not topics.support(key="1", person="ann"), "one's own"
    one, other = topics.topic_of("1"), topics.topic_of("6")

    def counted(number: int) -> tuple[int, int]:
        view = describe(topics, number=number, at=START + timedelta(days=8), lookup=lookup)
        return view.people, view.supporters

    assert (counted(one), counted(other)) == ((4, 1), (1, 2))
    merged = topics.merge([one, other])
    assert counted(topics.topic_of("6")) == (5, 1), "who wrote is no supporter, who supports both supports once"
    topics.unmerge(merged)
    assert (counted(one), counted(other)) == ((4, 1), (1, 2))


def test_heat_grows_with_people_and_fades() -> None:
    topics = filled()
    number = topics.topic_of("1")
    at = [START + timedelta(days=days) for days in (0, 4, 40, 400)]
    hot = [heat(topics, number=number, at=each) for each in at]
    assert hot[0] < hot[1] > hot[2] > hot[3]
    before = hot[1]
    topics.support(key="5", person="zoe")
    assert before < heat(topics, number=number, at=at[1]) <= before + 1


def test_why_a_message_is_there_says_the_words_they_share() -> None:
    topics = filled()
    reason = why(topics, key="2", lookup=lookup)
    assert any("打桩" in word for word in reason.words)
    assert reason.places == ("桂花苑",)
    assert not reason.by_hand
    assert why(topics, key="4", lookup=lookup).copy_of == "3"
    topics.merge([topics.topic_of("1"), topics.topic_of("6")])
    assert why(topics, key="6", lookup=lookup).by_hand


def test_words_are_whole_and_say_each_thing_once() -> None:
    topics = Topics()
    texts = {
        str(number): ("A3区丽水花园小区餐馆油烟直排", f"丽水花园小区的餐馆油烟直排，{line}")
        for number, line in enumerate(("关不上窗。", "已经三个月了。", "老人咳嗽。", "谁来管管？"))
    }
    for number, (key, (subject, text)) in enumerate(texts.items()):
        topics.add(Message(key=key, subject=subject, text=text, at=START + timedelta(days=number), person=key))
    view = describe(topics, number=topics.topic_of("0"), at=START + timedelta(days=5), lookup=texts.__getitem__)
    assert view.words[0].startswith("丽水花园小区")
    assert sum("丽水花园" in word for word in view.words) == 1
    assert not any(word.startswith("区") for word in view.words)


def test_a_topic_of_nothing_but_signs_can_be_looked_at() -> None:
    topics = Topics()
    topics.add(Message(key="1", subject="", text="🚧 \u202e <b>", at=START, person=""))
    view = describe(topics, number=topics.topic_of("1"), at=START, lookup=lambda key: ("", "🚧 \u202e <b>"))
    assert (view.typical, view.words, view.people) == ("1", (), 1)
