"""A noisy building site: thirty people say so in four ways; it is one topic, is looked into on the spot, answered in
public and to each where they wrote, rated, looked into once more, and settled.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.apps.correspondence.conftest import (  # noqa: F401  # fixtures: pytest finds them here
    _imap,
    clock,
    mailbox,
    smtp,
    wechat,
    wechat_server,
    work,
)
from tests.apps.correspondence.test_take_in_mail import mail

from tongban.apps.cases.models import Case, Rating
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.models import Draft
from tongban.apps.voice.models import Inquiry, Topic

pytestmark = pytest.mark.django_db

SITE = "桂花苑小区旁边的工地夜间打桩"
ENDINGS = ("孩子睡不着", "老人心脏受不了", "窗户都在抖", "打过电话没人来", "凌晨两点才停", "明天还要上班")
STOPPED = "经夜间到现场查看，工地没有夜间施工证明，已依据噪声污染防治法第四十三条责令夜间停工，今晚起不再打桩。"
_STEPS = {"phone": ("contact", "visit", "order_fix")}
"""The matter for noise, in which the clerk files, has a process of its own."""
BROKE = "前天夜里十二点又开始打桩了，和答复说的不一样。"


def told(number: int) -> str:
    return f"{SITE}，{ENDINGS[number % len(ENDINGS)]}，请管一管。"


@pytest.fixture
def by_web(client_for: Callable[..., Client]) -> Callable[[int], None]:
    """Somebody who has not signed in says it on the web."""

    def say(number: int) -> None:
        given = {"text": told(number), "kind": "complaint", "district": "361701", "published": "on"}
        given |= {"phone": f"1391234{number:04d}", "name": f"居民{number}"}
        answer = client_for("").post("/speak/", given, REMOTE_ADDR=f"10.0.0.{number + 1}")
        assert answer["Location"] == "/speak/said/"

    return say


@pytest.fixture
def by_telephone(client_for: Callable[..., Client], file_case: Any) -> Callable[[int], None]:
    """A clerk files it for Lin Xiaomei, who calls and has shown who she is, in a matter of its own for noise."""

    def say(number: int) -> None:
        clerk, known = client_for("wangqian"), file_case()
        there = clerk.post("/window/phone/begin", {"telephone": "", "key": uuid4()})["Location"]
        shown = {"case_number": f"{known:016d}", "name": "林晓梅", "identity_ending": "0027"}
        clerk.post(f"{there}?way=by-person", shown)
        draft = UUID(clerk.post(f"{there}matters/noise-complaint/")["Location"].split("/")[2])
        definition = get_matter(code="noise-complaint", on=timezone.localdate()).definition
        answers = dict(definition.examples[0].answers) | {"description": told(number)}
        steps = [step.id for step in definition.form.steps_for(answers)]
        Draft.objects.filter(pk=draft).update(answers=answers, steps_done=steps)
        assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 302

    return say


def test_it_becomes_one_topic_and_is_answered_rated_looked_into_again_and_settled(
    by_web: Any,
    by_telephone: Any,
    wechat: Any,  # noqa: F811
    wechat_server: Any,  # noqa: F811
    mailbox: Any,  # noqa: F811
    smtp: Any,  # noqa: F811
    clock: Any,  # noqa: F811
    work: Any,  # noqa: F811
    gather: Callable[..., None],
    follow_log: Callable[..., None],
    client_for: Callable[..., Client],
    act: Any,
) -> None:
    # Thirty people, four ways.
    for number in range(12):
        by_web(number)
        clock.pass_by(minutes=7)
    for number in range(12, 21):
        wechat.hand_over(f"oSomebody{number:019d}", clock(), Content=told(number))
        clock.pass_by(minutes=4)
        work()
    for number in range(21, 29):
        letter = mail(told(number), subject="工地夜间打桩", sender=f"r{number}@example.cn", number=number)
        mailbox.put(letter.as_bytes())
    clock.pass_by(minutes=10)
    work()
    by_telephone(29)
    follow_log("voice", at=clock())
    gather(at=clock())
    rows = list(Inquiry.objects.all())
    assert sorted({row.channel for row in rows}) == ["mail", "phone", "web", "wechat"]
    assert len({row.speaker for row in rows}) == len(rows) == 30

    # One topic, seen at the desk with how many people speak of it.
    topic = Topic.objects.get(people=30)
    assert {row.topic for row in rows} == {topic.number}
    coordinator = client_for("xuhong")
    assert "30" in coordinator.get(f"/desk/topics/{topic.number:016d}/").text

    # Each is dispatched; the department goes there at night, and answers.
    for row in rows:
        act(row.pk, "dispatch", by="xuhong", department="ecology-environment", reason="", at=clock())
        act(row.pk, "accept", by="xuhong", at=clock())
        for node in _STEPS.get(row.channel, ("take", "contact", "look", "measures", "draft")):
            act(row.pk, "complete", by="fupeng", node=node, outcome="pass", opinion="夜里到过现场。", at=clock())
        act(row.pk, "decide", by="dingning", node="decide", outcome="granted", reason=STOPPED, at=clock())

    # Each is answered where they wrote, and all read it once somebody has looked.
    follow_log("correspondence", at=clock())
    work()
    by_wechat = [body.decode() for key, body in wechat_server.taken.items() if "oSomebody" in key]
    assert sum(STOPPED in words for words in by_wechat) == 9
    assert sum(STOPPED in each.get_content() for each in smtp.mails) == 8
    one = next(row for row in rows if row.channel == "web")
    page = coordinator.get(f"/desk/voices/{one.pk}/")
    coordinator.post(f"/desk/voices/{one.pk}/", page.context["form"].initial | {"publish": "1"})
    assert STOPPED in client_for("").get(f"/voices/{one.pk:016d}/").text

    # One by WeChat finds it good; Lin Xiaomei does not, and has it looked into once more.
    wechat.hand_over(f"oSomebody{12:019d}", clock(), Content="5")
    work()
    assert Rating.objects.get(case__channel="wechat").grade == 5
    called = Case.objects.get(channel="phone")
    hers = client_for("linxiaomei")
    hers.post(f"/cases/{called.number:016d}/rate/", {"grade": "1", "words": BROKE})
    assert Rating.objects.get(case=called.number).grade == 1
    hers.post(f"/voices/{called.number:016d}/once-more/", {"why": BROKE})
    again = Inquiry.objects.get(again_of=called.number)
    assert BROKE in Case.objects.get(pk=again.pk).answers["text"]

    # It is in the same topic, which is answered as a whole and settled.
    follow_log("voice", at=clock())
    gather(at=clock())
    again.refresh_from_db()
    assert again.topic == topic.number
    there = f"/desk/topics/{topic.number:016d}/"
    coordinator.post(
        there, {"what": "answer", "words": "工地夜间停工，城管每晚巡查，再有打桩请直接打 12345。", "confirmed": "yes"}
    )
    gather(at=clock())
    topic.refresh_from_db()
    assert topic.stage == "answered"
    coordinator.post(there, {"what": "settle", "confirmed": "yes"})
    gather(at=clock())
    topic.refresh_from_db()
    assert topic.stage == "settled"
