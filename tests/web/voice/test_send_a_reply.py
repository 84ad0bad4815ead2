"""A reply is looked over before it is sent; what it promises is followed until somebody says that it was done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.voice.committing import list_overdue
from tongban.apps.voice.models import Commitment
from tongban.apps.voice.services import publish

pytestmark = pytest.mark.django_db

LIGHTS = "大学城北门的路灯坏了一个多月，晚上漆黑一片。什么时候能修好？"
FORWARDED = "您好，您反映的问题已转交相关部门处理。感谢您的关注。"
GOOD = "经到现场查看，大学城北门路灯电缆被挖断。我局已联系施工单位抢修，将于12月20日前修复全部路灯。"


@pytest.fixture
def to_decide(say: Any, act: Any, follow_log: Any) -> int:
    number: int = say(LIGHTS, by="wuxiaochuan", kind="question", published=True)
    follow_log("voice")
    act(number, "dispatch", by="xuhong", department="urban-management", reason="")
    act(number, "accept", by="xuhong")
    for node in ("take", "draft"):
        act(number, "complete", by="tanglei", node=node, outcome="pass", opinion="已核实。")
    return number


def decide(client: Any, number: int, reply: str, **more: str) -> Any:
    from tongban.apps.cases.models import Task

    task = Task.objects.get(case=number, finished=None).no
    given = {"task": task, "outcome": "granted", "reason": reply}
    return client.post(f"/desk/cases/{number}/decide/", given | more)


def test_what_only_forwards_is_said_before_it_is_sent_and_can_be_sent_all_the_same(
    client_for: Any, to_decide: int
) -> None:
    client = client_for("yuanfang")
    page = decide(client, to_decide, FORWARDED)
    assert "It says only that it was passed on" in page.text
    assert FORWARDED in page.text
    decide(client, to_decide, FORWARDED, confirmed="yes")
    assert FORWARDED in client_for("wuxiaochuan").get(f"/cases/{to_decide}/").text


def test_personal_data_in_it_is_said(client_for: Any, to_decide: int) -> None:
    page = decide(client_for("yuanfang"), to_decide, GOOD + "举报人王小明，电话13912345678。")
    assert "names, numbers or addresses of persons" in page.text


def test_what_it_promises_is_followed_until_it_is_done(client_for: Any, to_decide: int, follow_log: Any) -> None:
    client = client_for("yuanfang")
    assert "It promises something by a day" in decide(client, to_decide, GOOD).text
    decide(client, to_decide, GOOD, confirmed="yes")
    for _twice in range(2):
        follow_log("commitments")
    promise = Commitment.objects.get()
    assert promise.department == "urban-management"
    assert promise.due is not None
    assert (promise.due.month, promise.due.day) == (12, 20)
    page = client.get("/desk/promises/")
    assert "修复" in page.text
    empty = client.post("/desk/promises/", {"promise": promise.pk, "note": " "})
    assert empty.status_code == 422
    assert "Say what was done" in empty.text
    client.post("/desk/promises/", {"promise": promise.pk, "note": "12 月 18 日已修好。"})
    assert "修复" not in client.get("/desk/promises/").text
    assert "已修好" in client.get("/desk/promises/?kept=1").text


def test_only_the_department_that_promised_says_that_it_is_done(
    client_for: Any, to_decide: int, follow_log: Any
) -> None:
    decide(client_for("yuanfang"), to_decide, GOOD, confirmed="yes")
    follow_log("commitments")
    promise = Commitment.objects.get()
    for who, status in (("", 302), ("wuxiaochuan", 403), ("fupeng", 404), ("liangchen", 403)):
        answer = client_for(who).post("/desk/promises/", {"promise": promise.pk, "note": "done"})
        assert answer.status_code == status, who
    assert client_for("yuanfang").post("/desk/promises/", {"promise": 999, "note": "done"}).status_code == 404
    assert "修复" not in client_for("fupeng").get("/desk/promises/").text


def test_what_is_over_its_day_is_told(client_for: Any, to_decide: int, follow_log: Any) -> None:
    decide(client_for("yuanfang"), to_decide, GOOD, confirmed="yes")
    follow_log("commitments")
    Commitment.objects.update(due=timezone.localdate() - timedelta(days=1))
    assert "its day is over" in client_for("yuanfang").get("/desk/promises/").text
    assert [each.case for each in list_overdue(on=timezone.localdate())] == [to_decide]
    page = client_for("liangchen").get("/supervise/").text
    assert "Promised in a reply, and not noted as done" in page
    assert "修复" not in client_for("liangchen").get("/supervise/?department=tax").text


def test_what_similar_ones_were_answered_stands_beside(
    client_for: Any, to_decide: int, say: Any, actor_for: Any
) -> None:
    other = say(LIGHTS, by="linxiaomei", published=True)
    publish(
        number=other,
        subject="路灯坏了",
        text=LIGHTS,
        reply="路灯当天晚上修好了，是电缆断了。",
        actor=actor_for("xuhong"),
        at=timezone.now(),
    )
    page = client_for("yuanfang").get(f"/desk/cases/{to_decide}/").text
    assert "What similar ones were answered" in page
    assert "路灯当天晚上修好了" in page


def test_a_licence_is_decided_as_ever(client_for: Any, file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
        act(number, "complete", by=officer, node=node, outcome="pass", opinion="Seen, in order.")
    page = decide(client_for("hejun"), number, "")
    assert "Could it be better" not in page.text
