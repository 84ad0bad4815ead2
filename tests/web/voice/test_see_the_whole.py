"""Officials see what many people say as topics, arrange and answer them; what is asked once is done in its turn."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS, NOISE

from tongban.apps.voice.models import Inquiry, Topic, TopicHand
from tongban.apps.voice.whole.services import look_over

ANSWER = "已要求工地夜间停工，三日内复查。"


def topic_of(number: int) -> int:
    found = Inquiry.objects.get(pk=number).topic
    assert found is not None
    return found


@pytest.fixture
def said(say_often: Any, gather: Any) -> dict[str, Any]:
    noise, lights = say_often(NOISE, 6, district="361701"), say_often(LIGHTS, 2, first=50, district="361702")
    gather()
    look_over(at=timezone.now())
    gather()
    return {
        "noise": noise,
        "one": topic_of(noise[0]),
        "path": f"/desk/topics/{topic_of(noise[0])}/",
        "other": topic_of(lights[0]),
    }


def test_it_works(said: Any, client_for: Any) -> None:
    page = client_for("xuhong").get("/desk/topics/").text
    assert page.index("夜间打桩") < page.index("路灯整夜不亮")
    assert said["path"] in page
    page = client_for("xuhong").get(said["path"]).text
    assert page.count("Does not belong here") == 6
    assert "Nearly the same words as another one." in page
    assert "The first of it: others joined it." in page
    assert "each counted once" in page


def test_what_grows_unusually_stands_above_with_its_figures(say_often: Any, gather: Any, client_for: Any) -> None:
    now = timezone.now()
    for week in range(12):
        say_often(LIGHTS, 1, first=500 + week, at=now - timedelta(days=84 - 7 * week))
    noise = say_often(NOISE, 8, at=now - timedelta(days=1))
    gather()
    look_over(at=now)
    gather()
    for who in ("xuhong", "liangchen"):
        page = client_for(who).get("/desk/topics/").text
        assert "These grow unusually" in page
        assert "8 people spoke of it" in page
    assert "These grow unusually" not in client_for("chenli").get("/desk/topics/").text
    assert "It grows unusually" in client_for("xuhong").get(f"/desk/topics/{topic_of(noise[0])}/").text


def test_lists_are_narrowed_and_paged(said: Any, client_for: Any, monkeypatch: Any) -> None:
    from tongban.web.voice import topics

    client = client_for("xuhong")
    page = client.get("/desk/topics/?district=361702").text
    assert "路灯整夜不亮" in page
    assert "夜间打桩" not in page
    assert "Nothing fits this filter" in client.get("/desk/topics/?stage=settled").text
    monkeypatch.setattr(topics, "_PAGE", 1)
    first = client.get("/desk/topics/")
    assert "夜间打桩" in first.text
    assert "路灯整夜不亮" not in first.text
    following = first.context["next_url"]
    assert "路灯整夜不亮" in client.get("/desk/topics/" + following).text
    for cursor in ("x", "1:x", "nothing:1"):
        assert client.get(f"/desk/topics/?after={cursor}").status_code == 302
    assert client.get(said["path"] + "?before=yesterday").status_code == 302


@pytest.mark.parametrize(
    ("who", "status", "reads"),
    [("xuhong", 200, 6), ("liangchen", 200, 6), ("chenli", 200, 0), ("linxiaomei", 403, 0), ("", 302, 0)],
)
def test_who_enters_and_what_they_read(said: Any, client_for: Any, who: str, status: int, reads: int) -> None:
    client = client_for(who)
    assert client.get("/desk/topics/").status_code == status
    answer = client.get(said["path"])
    assert answer.status_code == status
    if status == 200:
        assert len(answer.context["members"]) == reads
        assert ("Put together with others" in answer.text) is (who == "xuhong")


def test_a_merge_is_asked_once_done_and_taken_back(said: Any, client_for: Any, gather: Any) -> None:
    client = client_for("xuhong")
    spaced = " ".join(str(said["other"])[at : at + 4] for at in range(0, 16, 4))
    asked = client.post(said["path"], {"what": "merge", "others": spaced})
    assert "Yes, put them together" in asked.text
    assert not TopicHand.objects.exists()
    sent = {"what": "merge", "others": spaced, "confirmed": "yes"}
    assert "It is done in a moment." in client.post(said["path"], sent, follow=True).text
    gather()
    assert client.get(f"/desk/topics/{said['other']}/").headers["Location"] == said["path"]
    page = client.get(said["path"])
    assert len(page.context["members"]) == 8
    assert "Take back" in page.text
    back = {"what": "back", "hand": str(TopicHand.objects.get().pk)}
    assert "Yes, take it back" in client.post(said["path"], back).text
    client.post(said["path"], back | {"confirmed": "yes"})
    gather()
    assert "taken back" in client.get(said["path"]).text
    assert client.get(f"/desk/topics/{said['other']}/").status_code == 200
    assert client.post(said["path"], back | {"confirmed": "yes"}).status_code == 409


def test_some_are_put_apart(said: Any, client_for: Any, gather: Any) -> None:
    client = client_for("xuhong")
    sent = {"what": "split", "inquiry": [str(each) for each in said["noise"][:2]]}
    assert "2 inquiries leave this topic." in client.post(said["path"], sent).text
    client.post(said["path"], sent | {"confirmed": "yes"})
    gather()
    assert topic_of(said["noise"][0]) != said["one"]
    assert Topic.objects.get(pk=said["one"]).messages == 4


def test_what_cannot_be_done_is_told_and_what_was_written_stays(said: Any, client_for: Any) -> None:
    client = client_for("xuhong")
    for sent, status in (
        ({"what": "merge", "others": "nothing"}, 409),
        ({"what": "merge", "others": "1234567890123456"}, 422),
        ({"what": "split"}, 409),
        ({"what": "back", "hand": "12"}, 422),
        ({"what": "settle"}, 409),
        ({"what": "answer", "words": "请打 13912345678"}, 409),
    ):
        page = client.post(said["path"], sent | {"confirmed": "yes"})
        assert page.status_code == status, sent
        assert "This was not done" in page.text
    assert "请打 13912345678" in page.text


def test_it_is_given_answered_and_settled(said: Any, client_for: Any) -> None:
    client = client_for("xuhong")
    client.post(said["path"], {"what": "own", "department": "utilities", "confirmed": "yes"})
    decider = client_for("majun")
    assert "Answer this topic before everybody?" in decider.post(said["path"], {"what": "answer", "words": ANSWER}).text
    decider.post(said["path"], {"what": "answer", "words": ANSWER, "confirmed": "yes"})
    page = decider.get(said["path"]).text
    assert ANSWER in page
    assert "What was promised is done" in page
    decider.post(said["path"], {"what": "settle", "confirmed": "yes"})
    assert Topic.objects.get(pk=said["one"]).stage == "settled"


def test_who_may_not_arrange_is_offered_nothing_and_posts_nothing(said: Any, client_for: Any) -> None:
    for who in ("liangchen", "chenli"):
        client_for(who).post(said["path"], {"what": "merge", "others": str(said["other"]), "confirmed": "yes"})
        client_for(who).post(said["path"], {"what": "answer", "words": ANSWER, "confirmed": "yes"})
    assert not TopicHand.objects.exists()
    assert Topic.objects.get(pk=said["one"]).stage == "rising"


def test_what_looks_organised_is_shown_with_its_figures(said: Any, say: Any, gather: Any, client_for: Any) -> None:
    for number in range(7):
        say("请立即拆除河边广场的基站，辐射严重影响居民健康，全体业主强烈要求。", key=f"person:{800 + number}")
    gather()
    look_over(at=timezone.now())
    page = client_for("xuhong").get("/desk/topics/").text
    assert "7 people sent the same words within 1 hour; 7 of them for the first time." in page
    path = f"/desk/topics/{Topic.objects.exclude(signs=[]).get(messages=7).number}/"
    assert client_for("xuhong").get(path).text.count("Looks organised") == 7


def test_the_number_of_queries_does_not_grow(said: Any, client_for: Any, say_often: Any, gather: Any) -> None:
    client = client_for("xuhong")

    def count() -> list[int]:
        found = []
        for path in ("/desk/topics/", said["path"], "/voices/topics/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        return found

    before = count()
    say_often(NOISE, 6, first=300)
    for number, subject in enumerate(("兰溪小学门口过街天桥", "白塔家园餐馆油烟直排")):
        say_often(subject, 2, first=400 + number * 10)
    gather()
    assert count() == before
