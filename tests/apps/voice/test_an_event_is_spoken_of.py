"""An event has one room: verified facts, one statement with versions, answers, rumours put right, the effect."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import WATER

from tongban.apps.ledger.models import Event
from tongban.apps.voice.errors import (
    NotForThem,
    NothingSaid,
    RoomClosed,
    SourceMissing,
    StillPersonal,
    UnknownRoom,
    UnknownTopic,
)
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.rooms.queries import difference, get_room, list_rooms
from tongban.apps.voice.rooms.services import (
    add_entry,
    close_room,
    draft_statement,
    open_room,
    publish_statement,
    withdraw_entry,
)

FIRST = "水质正在检测，结果出来前请先不要饮用。"
SECOND = "水质已经检测合格，可以放心饮用。"


def kinds(number: int) -> list[str]:
    return list(Event.objects.filter(case=number).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def by(city: Any, actor_for: Any) -> Any:
    return lambda who, at=None: {"actor": actor_for(who), "at": at or timezone.now()}


@pytest.fixture
def room(by: Any) -> int:
    number: int = open_room(title="松柏新村自来水发黄", signal="居民群里转发的照片", **by("xuhong"))
    return number


def fact(number: int, by: Any, **changes: Any) -> int:
    given: dict[str, Any] = {
        "kind": "fact",
        "words": "主管破裂，已经修好。",
        "source": "市供水公司",
        "known_at": timezone.now(),
    }
    return add_entry(number=number, **given | changes, **by("xuhong"))


def test_it_holds_what_is_verified_answered_and_put_right(room: int, by: Any) -> None:
    with pytest.raises(UnknownRoom):
        get_room(number=room, **by("linxiaomei"))
    fact(room, by)
    fact(room, by, kind="question", words="孩子能喝吗？", more="烧开后可以。")
    rumour = fact(room, by, kind="rumour", words="水里有毒。", more="检测没有发现有害物质。", source="检测报告第 12 号")
    view = get_room(number=room, **by("linxiaomei"))
    assert [len(each) for each in (view.facts, view.questions, view.rumours)] == [1, 1, 1]
    assert view.facts[0].source == "市供水公司"
    assert (view.may_keep, view.may_state, view.draft) == (False, False, "")
    withdraw_entry(number=room, entry=rumour, **by("xuhong"))
    withdraw_entry(number=room, entry=rumour, **by("xuhong"))
    assert get_room(number=room, **by("linxiaomei")).rumours[0].withdrawn_at is not None
    assert kinds(room) == ["room.opened", *["room.noted"] * 3, "room.withdrawn"]


def test_the_statement_has_versions_and_what_changed(room: int, by: Any) -> None:
    draft_statement(number=room, words=FIRST, **by("xuhong"))
    assert get_room(number=room, **by("luqing")).draft == FIRST
    assert list_rooms(stated_only=True) == []
    assert publish_statement(number=room, words=FIRST, **by("luqing")) == 1
    assert publish_statement(number=room, words=SECOND, **by("luqing")) == 2
    view = get_room(number=room, **by("linxiaomei"))
    assert [each.version for each in view.statements] == [2, 1]
    pieces = view.statements[0].changes
    assert "".join(each.words for each in pieces if each.kind != "gone") == SECOND
    assert "".join(each.words for each in pieces if each.kind != "new") == FIRST
    assert view.statements[0].department == "government-office"
    assert [each.number for each in list_rooms(stated_only=True)] == [room]


@pytest.mark.parametrize(("old", "new"), [("", "甲"), ("甲乙", "甲丙"), ("abc", ""), ("同", "同")])
def test_what_changed_puts_both_together_again(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(each.words for each in pieces if each.kind != "new") == old
    assert "".join(each.words for each in pieces if each.kind != "gone") == new


def test_the_effect_of_each_statement_is_measured(say_often: Any, gather: Any, by: Any) -> None:
    now = timezone.now()
    before = say_often(WATER, 14, at=now - timedelta(days=10, hours=1))
    after = say_often(WATER, 1, first=50, at=now - timedelta(days=8))
    gather()
    topic = Inquiry.objects.get(pk=before[0]).topic
    assert topic == Inquiry.objects.get(pk=after[0]).topic
    number = open_room(title="自来水发黄", topic=topic, **by("xuhong", now - timedelta(days=10)))
    publish_statement(number=number, words=FIRST, **by("luqing", now - timedelta(days=9)))
    publish_statement(number=number, words=SECOND, **by("luqing", now - timedelta(hours=3)))
    newest, first = get_room(number=number, **by("linxiaomei")).statements
    assert (first.before, round(first.after or 0, 3)) == (2.0, round(1 / 7, 3))
    assert newest.before == 0
    assert newest.after is None


def test_who_keeps_a_room_and_who_speaks(room: int, by: Any) -> None:
    fact(room, by)
    with pytest.raises(NotForThem):
        publish_statement(number=room, words=FIRST, **by("xuhong"))
    for who in ("linxiaomei", "chenli", "liangchen", "majun"):
        for command in (
            lambda who=who: open_room(title="别的事", signal="有人说", **by(who)),
            lambda who=who: draft_statement(number=room, words=FIRST, **by(who)),
            lambda who=who: publish_statement(number=room, words=FIRST, **by(who)),
            lambda who=who: close_room(number=room, **by(who)),
            lambda who=who: withdraw_entry(number=room, entry=1, **by(who)),
        ):
            with pytest.raises(NotForThem):
                command()


def test_what_has_no_source_no_words_or_somebodys_number_is_refused(room: int, by: Any) -> None:
    for changes, wrong in (
        ({"source": " "}, SourceMissing),
        ({"words": " "}, NothingSaid),
        ({"kind": "question", "more": " "}, NothingSaid),
        ({"words": "请打 13912345678"}, StillPersonal),
    ):
        with pytest.raises(wrong):
            fact(room, by, **changes)
    with pytest.raises(SourceMissing):
        open_room(title="自来水", **by("xuhong"))
    with pytest.raises(UnknownTopic):
        open_room(title="自来水", topic=1234567890123456, **by("xuhong"))
    with pytest.raises(UnknownRoom):
        fact(1234567890123456, by)


def test_what_is_over_stays_as_it_is(room: int, by: Any) -> None:
    fact(room, by)
    close_room(number=room, **by("xuhong"))
    with pytest.raises(RoomClosed):
        fact(room, by)
    with pytest.raises(RoomClosed):
        publish_statement(number=room, words=FIRST, **by("luqing"))
    assert len(get_room(number=room, **by("linxiaomei")).facts) == 1
    assert get_room(number=room, **by("xuhong")).may_keep is False


def test_whoever_said_something_about_it_is_told_once(say: Any, gather: Any, follow_log: Any, by: Any) -> None:
    from tongban.apps.channels.models import Notice

    for who in ("wuxiaochuan", "linxiaomei"):
        said = say(f"{WATER}，请管一管。", by=who, subject=WATER)
    say(f"{WATER}，请管一管。", subject=WATER)
    gather()
    topic = Inquiry.objects.get(pk=said).topic
    number = open_room(title="自来水发黄", topic=topic, **by("xuhong"))
    publish_statement(number=number, words=FIRST, **by("luqing"))
    follow_log("events")
    follow_log("events")
    told = Notice.objects.filter(kind="event_stated")
    assert set(told.values_list("person__user__username", flat=True)) == {"wuxiaochuan", "linxiaomei"}
    assert {each.params["title"] for each in told} == {"自来水发黄"}
