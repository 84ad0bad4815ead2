"""A topic is taken on for a month: with a department, a plan and a day, before everybody; late is late."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS

from tongban.apps.ledger.models import Event
from tongban.apps.voice.errors import (
    DayPassed,
    NotForThem,
    NothingSaid,
    StillPersonal,
    ThemeThere,
    UnknownTheme,
    UnknownTopic,
)
from tongban.apps.voice.models import Inquiry, Topic
from tongban.apps.voice.themes.queries import get_theme, list_late_themes, list_themes
from tongban.apps.voice.themes.services import choose_theme, finish_theme, note_progress


@pytest.fixture
def topic(say_often: Any, gather: Any) -> int:
    numbers = say_often(LIGHTS, 3)
    gather()
    found = Inquiry.objects.get(pk=numbers[0]).topic
    assert found is not None
    return found


@pytest.fixture
def choose(topic: int, actor_for: Any) -> Any:
    def run(*, by: str = "xuhong", at: Any = None, **changes: Any) -> int:
        today = timezone.localdate()
        given: dict[str, Any] = {
            "topic": topic,
            "month": today,
            "title": "路灯不亮",
            "department": "utilities",
            "plan": "全市排查路灯，坏的两周内修好。",
            "due": today + timedelta(days=20),
        }
        return choose_theme(**given | changes, actor=actor_for(by), at=at or timezone.now())

    return run


def test_it_has_an_owner_a_plan_and_a_day(choose: Any, topic: int, actor_for: Any) -> None:
    number = choose()
    row = get_theme(theme=number, at=timezone.now())
    assert (row.title, row.department, row.people, row.late) == ("路灯不亮", "utilities", 3, False)
    assert row.month.day == 1
    assert Topic.objects.get(pk=topic).owner == "utilities"
    assert list_themes(at=timezone.now()) == [row]


def test_how_far_it_is_and_that_it_is_done(choose: Any, topic: int, actor_for: Any) -> None:
    number, now = choose(), timezone.now()
    note_progress(theme=number, words="已经修好一半。", actor=actor_for("majun"), at=now)
    finish_theme(theme=number, words="全部修好。", actor=actor_for("majun"), at=now + timedelta(hours=1))
    row = get_theme(theme=number, at=now)
    assert [(each.words, each.done) for each in row.notes] == [("全部修好。", True), ("已经修好一半。", False)]
    assert row.done_at is not None
    kinds = Event.objects.filter(case=topic).order_by("seq").values_list("kind", flat=True)
    assert [each for each in kinds if "joined" not in each][-3:] == [
        "topic.themed",
        "topic.progressed",
        "topic.theme_done",
    ]
    with pytest.raises(UnknownTheme):
        note_progress(theme=number, words="还有呢。", actor=actor_for("majun"), at=now)


def test_past_its_day_it_is_late_until_it_is_done_and_stays_so(choose: Any, actor_for: Any) -> None:
    number, later = choose(), timezone.now() + timedelta(days=21)
    assert list_late_themes(at=later - timedelta(days=1)) == []
    assert [each.id for each in list_late_themes(at=later)] == [number]
    finish_theme(theme=number, words="全部修好。", actor=actor_for("majun"), at=later)
    assert list_late_themes(at=later) == []
    assert get_theme(theme=number, at=later).late is True


def test_pages_meet(choose: Any) -> None:
    numbers = [choose(month=date(2026, month, 1)) for month in (3, 1, 2)]
    seen: list[int] = []
    before = None
    while page := list_themes(at=timezone.now(), before=before, limit=1):
        seen += [each.id for each in page]
        before = (page[-1].month, page[-1].id)
    assert seen == [numbers[0], numbers[2], numbers[1]]


def test_what_cannot_be_is_refused(choose: Any) -> None:
    for changes, wrong in (
        ({"topic": 1234567890123456}, UnknownTopic),
        ({"department": "nobody"}, UnknownTopic),
        ({"title": " "}, NothingSaid),
        ({"plan": "请打 13912345678"}, StillPersonal),
        ({"due": timezone.localdate() - timedelta(days=1)}, DayPassed),
    ):
        with pytest.raises(wrong):
            choose(**changes)
    choose()
    with pytest.raises(ThemeThere):
        choose()


@pytest.mark.parametrize("who", ["linxiaomei", "chenli", "liangchen", "majun"])
def test_only_coordinators_choose(choose: Any, who: str) -> None:
    with pytest.raises(NotForThem):
        choose(by=who)


def test_only_its_department_and_coordinators_tell_how_far_it_is(choose: Any, actor_for: Any) -> None:
    number, now = choose(), timezone.now()
    for who in ("linxiaomei", "chenli", "liangchen"):
        for command in (note_progress, finish_theme):
            with pytest.raises(NotForThem):
                command(theme=number, words="好了。", actor=actor_for(who), at=now)
    note_progress(theme=number, words="已经派人。", actor=actor_for("xuhong"), at=now)
