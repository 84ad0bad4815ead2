"""Many new people with one text, or one person with many things: shown with the reason, and every message stays."""

from datetime import UTC, datetime, timedelta

from tongban.apps.voice.topics.campaigns import signs
from tongban.apps.voice.topics.clustering import Message, Topics

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXT = "请立刻取消青石路的步行街规划，我们坚决反对，商户要生活。"
THINGS = [
    "路灯不亮",
    "公交太少",
    "垃圾没人清",
    "井盖松动",
    "餐馆油烟大",
    "停水三天",
    "电梯坏了",
    "树枝压电线",
    "噪声扰民",
]


def sent(topics: Topics, *, key: str, text: str, person: str, hours: float) -> None:
    topics.add(Message(key=key, subject=text[:12], text=text, at=START + timedelta(hours=hours), person=person))


def found(topics: Topics) -> list[tuple[str, int, int, int]]:
    listed = signs(topics, since=START - timedelta(days=1), until=START + timedelta(days=60))
    return [(sign.kind, len(sign.keys), sign.people, sign.new) for sign in listed]


def test_one_text_by_many_new_people_is_shown_and_kept() -> None:
    topics = Topics()
    for number in range(8):
        sent(topics, key=f"c{number}", text=TEXT, person=f"new{number}", hours=number)
    assert found(topics) == [("same-text", 8, 8, 8)]
    assert len(topics.members(topics.topic_of("c0"))) == 8


def test_people_known_before_or_over_weeks_are_no_campaign() -> None:
    known, slow = Topics(), Topics()
    for number in range(8):
        sent(
            known,
            key=f"old{number}",
            text=f"{THINGS[number]}，第{number}次说",
            person=f"p{number}",
            hours=-500 + number,
        )
        sent(slow, key=f"s{number}", text=TEXT, person=f"p{number}", hours=number * 100)
    for number in range(8):
        sent(known, key=f"c{number}", text=TEXT, person=f"p{number}", hours=number)
    assert found(known) == found(slow) == []


def test_one_person_with_many_things_is_shown() -> None:
    topics = Topics()
    for number, thing in enumerate(THINGS):
        sent(topics, key=f"m{number}", text=thing, person="one", hours=number)
    assert found(topics) == [("one-sender", len(THINGS), 1, 0)]
