"""A topic that grows unusually raises an alert; it is answered as a whole, settled, and comes back with new people."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS, NOISE

from tongban.apps.ledger.models import Event
from tongban.apps.voice.errors import NotForThem, NothingSaid, StillPersonal, TopicNotAnswered, UnknownTopic
from tongban.apps.voice.models import Inquiry, Topic, TopicAlert
from tongban.apps.voice.services import publish, withhold
from tongban.apps.voice.whole.queries import (
    get_public_topic,
    get_topic,
    list_alerts,
    list_public_members,
    list_public_topics,
    list_topics,
)
from tongban.apps.voice.whole.services import answer_topic, give_topic, look_over, settle_topic

STOPPED = "已要求工地夜间停工，三日内复查。"


def topic_of(number: int) -> int:
    found = Inquiry.objects.get(pk=number).topic
    assert found is not None
    return found


def kinds(number: int) -> list[str]:
    return list(Event.objects.filter(case=number).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def grown(say_often: Any, gather: Any) -> int:
    """Three months of which somebody spoke of the lights now and then, and eight people of noise in two days."""
    now = timezone.now()
    for week in range(12):
        say_often(LIGHTS, 1, first=500 + week, at=now - timedelta(days=84 - 7 * week))
    noise = say_often(NOISE, 8, at=now - timedelta(days=1))
    gather()
    look_over(at=now)
    gather()
    return topic_of(noise[0])


def test_growth_is_told_with_its_figures_once(grown: int, actor_for: Any) -> None:
    now = timezone.now()
    (alert,) = list_alerts(actor=actor_for("xuhong"), at=now)
    assert (alert.topic, alert.observed) == (grown, 8)
    assert alert.expected < 4
    assert alert.chance < 0.0005
    assert alert.days > 60
    assert kinds(grown)[-1] == "topic.alarmed"
    look_over(at=now + timedelta(hours=1))
    assert TopicAlert.objects.count() == 1
    assert get_topic(number=grown, actor=actor_for("xuhong"), at=now).alerts == [alert]


def test_a_city_that_has_just_begun_has_nothing_usual(say_often: Any, gather: Any) -> None:
    say_often(NOISE, 8)
    gather()
    look_over(at=timezone.now())
    assert not TopicAlert.objects.exists()


@pytest.mark.parametrize(("who", "seen"), [("liangchen", 1), ("xuhong", 1), ("chenli", 0), ("linxiaomei", 0)])
def test_alerts_are_for_coordinators_and_supervision(grown: int, actor_for: Any, who: str, seen: int) -> None:
    assert len(list_alerts(actor=actor_for(who), at=timezone.now())) == seen


def test_what_looks_organised_is_shown_and_stays(grown: int, say_often: Any, gather: Any, say: Any) -> None:
    for number in range(7):
        say("请立即拆除河边广场的基站，辐射严重影响居民健康，全体业主强烈要求。", key=f"person:{800 + number}")
    gather()
    look_over(at=timezone.now())
    found = [each for each in list_topics() if any(sign["kind"] == "same-text" for sign in each.signs)]
    told = {sign["people"] for each in found for sign in each.signs}
    assert 7 in told
    assert {each.number for each in found} == {each.number for each in list_topics(organised=True)}
    assert 7 in {each.messages for each in found}


def test_it_is_answered_settled_and_comes_back(grown: int, say_often: Any, gather: Any, actor_for: Any) -> None:
    by = {"actor": actor_for("xuhong"), "at": timezone.now()}
    with pytest.raises(TopicNotAnswered):
        settle_topic(number=grown, **by)
    answer_topic(number=grown, words=STOPPED, **by)
    assert get_topic(number=grown, **by).row.stage == "answered"
    settle_topic(number=grown, **by)
    settle_topic(number=grown, **by)
    say_often(NOISE, 2, first=300)
    gather()
    assert get_topic(number=grown, **by).row.stage == "settled"
    say_often(NOISE, 1, first=350)
    gather()
    view = get_topic(number=grown, **by)
    assert (view.row.stage, view.answers, view.returns) == ("back", 1, 1)
    found = [each for each in kinds(grown) if each not in ("topic.joined", "topic.opened", "topic.alarmed")]
    assert found == ["topic.answered", "topic.settled", "topic.came_back"]
    assert Topic.objects.get(pk=grown).since == []


def test_who_decides_in_the_department_that_has_it_answers(grown: int, actor_for: Any) -> None:
    now = timezone.now()
    with pytest.raises(NotForThem):
        answer_topic(number=grown, words=STOPPED, actor=actor_for("majun"), at=now)
    with pytest.raises(UnknownTopic):
        give_topic(number=grown, department="nobody", actor=actor_for("xuhong"), at=now)
    give_topic(number=grown, department="utilities", actor=actor_for("xuhong"), at=now)
    answer_topic(number=grown, words=STOPPED, actor=actor_for("majun"), at=now)
    view = get_topic(number=grown, actor=actor_for("majun"), at=now)
    assert (view.row.owner, view.answer, view.answered_by) == ("utilities", STOPPED, "utilities")
    for words, wrong in (("  ", NothingSaid), ("请打 13912345678", StillPersonal)):
        with pytest.raises(wrong):
            answer_topic(number=grown, words=words, actor=actor_for("xuhong"), at=now)


def test_everybody_reads_the_words_of_public_inquiries_only(say_often: Any, gather: Any, actor_for: Any) -> None:
    by = {"actor": actor_for("xuhong"), "at": timezone.now()}
    noise = say_often(NOISE, 4, published=True)
    gather()
    number = topic_of(noise[0])
    assert list_public_topics() == []
    with pytest.raises(UnknownTopic):
        get_public_topic(number=number)
    publish(number=noise[1], subject="工地打桩", text="桂花苑工地夜间打桩", **by)
    gather()
    ((_, found),) = list_public_topics()
    assert (found.number, found.name, found.messages, found.people) == (number, "工地打桩", 4, 4)
    assert all(word in "工地打桩 桂花苑工地夜间打桩" for word in found.words)
    assert [each[0] for each in list_public_members(number=number)] == [noise[1]]
    withhold(number=noise[1], reason="personal", **by)
    assert list_public_topics() == []
    with pytest.raises(UnknownTopic):
        get_public_topic(number=number)
