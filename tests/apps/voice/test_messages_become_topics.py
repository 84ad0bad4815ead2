"""Messages come in one by one and become topics."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.apps.voice.topics.clustering import Message, Topics, UnknownMessage

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ODD = (
    "",
    " \n\t",
    "噪" * 100_000,
    "噪音 noise ضوضاء шум 🚧🚧 ",
    "<script>alert(1)</script><b>油烟" * 50,
    "'; DROP TABLE topics; --",
    "\u202eمرحبا\u202c نص من اليمين",
    "油\u200b烟\u200d扰\ufeff民",
    "\x00\x01\ud800",
    "<" * 5000,
)


def message(key: str, subject: str, text: str = "", *, hours: float = 0, person: str | None = None) -> Message:
    return Message(key=key, subject=subject, text=text, at=START + timedelta(hours=hours), person=person or key)


SITE = (
    message("1", "桂花苑小区旁工地夜间施工", "桂花苑小区旁边的工地每天夜里打桩到凌晨，吵得睡不着。"),
    message("2", "夜里打桩吵得睡不着", "我住桂花苑小区，工地夜间打桩，请管一管。", hours=5),
    message("3", "桂花苑小区工地又在夜间打桩", "凌晨一点还在打桩，夜间施工有没有许可？", hours=30),
)
SCHOOL = message("4", "桂花苑小区的孩子上哪所小学", "划片公布了没有？报名要带什么？", hours=31)
ELSEWHERE = message("5", "白塔家园旁工地夜间施工", "白塔家园旁边的工地每天夜里打桩到凌晨，吵得睡不着。", hours=32)


def test_it_works() -> None:
    topics = Topics()
    joined = [topics.add(each) for each in SITE]
    assert [each.opened for each in joined] == [True, False, False]
    assert topics.keys(joined[0].topic) == ["1", "2", "3"]


def test_another_problem_at_the_place_and_the_same_elsewhere_are_other_topics() -> None:
    topics = Topics()
    topics.add_all([*SITE, SCHOOL, ELSEWHERE])
    assert len({topics.topic_of(key) for key in ("1", "4", "5")}) == 3


def test_all_at_once_and_one_by_one_give_the_same() -> None:
    together, stream = Topics(), Topics()
    together.add_all(reversed([*SITE, SCHOOL, ELSEWHERE]))
    for each in (*SITE, SCHOOL, ELSEWHERE):
        stream.add(each)
    assert [together.topic_of(str(key)) for key in range(1, 6)] == [stream.topic_of(str(key)) for key in range(1, 6)]


def test_a_copy_is_told_as_one() -> None:
    topics = Topics()
    topics.add(SITE[0])
    copied = topics.add(message("copy", SITE[0].subject, SITE[0].text, hours=1))
    assert (copied.copy_of, copied.opened) == ("1", False)


def test_the_same_message_twice_counts_once() -> None:
    topics = Topics()
    first, again = topics.add(SITE[0]), topics.add(SITE[0])
    assert (again.topic, again.opened, len(topics)) == (first.topic, False, 1)


def test_whatever_is_in_a_message_it_is_placed() -> None:
    topics = Topics()
    for number, odd in enumerate(ODD):
        topics.add(message(f"a{number}", odd, odd))
        topics.add(message(f"b{number}", "", odd, hours=-number * 9000))
    assert sum(len(topics.members(number)) for number in topics.numbers()) == 2 * len(ODD)


def test_a_clock_that_goes_backwards_changes_nothing() -> None:
    topics = Topics()
    topics.add(SITE[2])
    topics.add(SITE[1])
    assert topics.topic_of("2") == topics.topic_of("3")


def test_what_was_never_read_is_unknown() -> None:
    with pytest.raises(UnknownMessage):
        Topics().topic_of("nobody")
