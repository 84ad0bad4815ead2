"""What is kept of a million messages is kept in blocks and parts, and nobody can tell from the topics."""

from datetime import UTC, datetime, timedelta

import pytest
from benchmarks._voices import voices

from tongban.apps.voice.topics import kept, near, spread
from tongban.apps.voice.topics.clustering import Message, Topics
from tongban.apps.voice.topics.saved import dump, load
from tongban.apps.voice.topics.spread import Names, Spread
from tongban.apps.voice.topics.strands import Settings

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _said(key: str, text: str, *, days: float = 0) -> Message:
    return Message(key=key, subject=text, text=text, at=START + timedelta(days=days), person=key)


def _topics(stream: list[Message]) -> list[list[str]]:
    topics = Topics()
    topics.add_all(stream)
    again = load(dump(topics))
    found = [topics.keys(number) for number in topics.numbers()]
    assert found == [again.keys(number) for number in again.numbers()]
    return found


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = list(voices(150, seed=3, days=40))
    whole = _topics(stream)
    monkeypatch.setattr(kept, "_BLOCK", 8)
    monkeypatch.setattr(spread, "_BLOCK", 8)
    assert _topics(stream) == whole


def test_of_copies_the_newest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "REMEMBERED", 3)
    topics = Topics()
    texts = ("青石路的路灯整夜不亮", "白塔家园餐馆油烟直排", "兰溪小学门口没有天桥", "松柏新村自来水发黄了")
    for number, text in enumerate(texts):
        topics.add(_said(str(number), text))
    assert topics.add(_said("new", texts[3])).copy_of == "3"
    assert topics.add(_said("old", texts[0])).copy_of is None
    assert topics.topic_of("old") == topics.topic_of("0")


def test_who_stayed_alone_for_long_attracts_no_other() -> None:
    topics = Topics()
    topics.add(_said("first", "桂花苑小区工地夜间打桩，吵得睡不着"))
    topics.add(_said("much later", "银杏大道公交等不到车", days=300))
    late = topics.add(_said("late", "桂花苑小区的工地又在夜里打桩", days=301))
    assert late.opened


def test_a_message_that_came_too_early_is_linked_when_others_say_the_same() -> None:
    said = (
        "桂花苑小区门口的公交站牌倒了没有人扶",
        "公交车在桂花苑小区门口不停靠",
        "桂花苑小区等公交没有站台，雨天都淋湿了",
        "桂花苑小区门口公交站台建到哪里去了",
    )

    def numbers(settings: Settings) -> int:
        topics = Topics(settings=settings)
        for number, text in enumerate(said):
            topics.add(_said(str(number), text, days=number))
        return len(topics.numbers())

    assert (numbers(Settings()), numbers(Settings(lone=0.32))) == (1, 2)


def test_names_and_large_tables_give_back_what_they_took() -> None:
    names = Names()
    for each in (("城东区", "a\nb"), (), ("", "x")):
        names.append(each)
    assert [*names] == [("城东区", "a b"), (), ("x",)]
    table: Spread[int, str] = Spread()
    for number in range(5000):
        table[number] = str(number)
    table.drop(7)
    table.drop(7)
    assert (len(table), 7 in table, table.get(7, ""), table[4999]) == (4999, False, "", "4999")
    assert dict(table.items()).keys() == {*range(5000)} - {7}
