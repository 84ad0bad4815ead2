"""Private messages by Weibo: signed, joined and answered as those by WeChat, in JSON."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from tests.apps.channels.doubles import Call, Double, serve
from tests.apps.correspondence.conftest import HOLE
from tests.apps.correspondence.wechat_account import JPEG

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.models import Message, State
from tongban.kernel.numbers import format_case_number

pytestmark = pytest.mark.django_db
SECRET, OURS, SOMEBODY = "weibo-secret-0123456789", 1902538057, 2489518277


class Weibo:
    """An account of Weibo: signs, hands over, carries."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.codes: list[int] = []

    def query(self, at: Any, nonce: str = "n") -> dict[str, str]:
        stamp = str(int(at.timestamp()))
        signed = hashlib.sha1("".join(sorted([SECRET, stamp, nonce])).encode()).hexdigest()  # noqa: S324
        return {"timestamp": stamp, "nonce": nonce, "signature": signed}

    def hand_over(self, at: Any, text: str = "", *, kind: str = "text", nonce: str = "", **data: Any) -> str:
        created = at.strftime("%a %b %d %H:%M:%S +0000 %Y")
        ends = {"receiver_id": OURS, "sender_id": SOMEBODY, "created_at": created}
        body = json.dumps({"type": kind, "text": text, "data": data} | ends)
        query = self.query(at, nonce or hashlib.sha256(body.encode()).hexdigest()[:8])
        answer = Client().post("/correspondence/weibo", body, content_type="application/json", query_params=query)
        assert answer.status_code == 200, answer.content
        if not answer.content:
            return ""
        said = answer.json()
        assert (said["result"], said["receiver_id"], said["sender_id"]) == (True, str(SOMEBODY), str(OURS))
        return str(json.loads(unquote(said["data"]))["text"])

    def answer(self, _double: Double, call: Call) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(call.path)
        if parts.path == "/2/mss/msget":
            assert parse_qs(parts.query) == {"access_token": ["token"], "fid": ["77"]}
            return 200, {"Content-Type": "image/jpeg"}, JPEG
        assert parts.path == "/2/messages/reply.json"
        fields = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        assert fields["access_token"] == "token"
        if self.codes:
            return 200, {}, json.dumps({"error_code": self.codes.pop(0)}).encode()
        self.sent.append((fields["receiver_id"], json.loads(fields["data"])["text"]))
        return 200, {}, b'{"result": true}'


@pytest.fixture
def weibo(settings: Any, city: Any) -> Iterator[Weibo]:
    found = Weibo()
    settings.WEIBO_SECRET, settings.WEIBO_ACCESS_TOKEN = SECRET, "token"
    settings.PRIVATE_TARGETS = ["127.0.0.1"]
    with serve(found.answer) as double:
        settings.WEIBO_URL = settings.WEIBO_UPLOAD_URL = double.url
        yield found


def test_it_works(weibo: Weibo, clock: Any, work: Any) -> None:
    assert "3 分钟" in weibo.hand_over(clock(), HOLE)
    assert weibo.hand_over(clock.pass_by(seconds=9), kind="image", vfid=76, tovfid=77) == ""
    assert weibo.hand_over(clock.pass_by(seconds=9), kind="position", longitude="115.98", latitude="29.81") == ""
    clock.pass_by(minutes=3)
    work()
    case = Case.objects.get(matter="tell-government")
    assert (case.channel, case.answers["text"], case.materials.count()) == ("weibo", HOLE, 1)
    assert float(case.answers["latitude"]) == pytest.approx(29.81)
    ((receiver, words),) = weibo.sent
    assert receiver == str(SOMEBODY)
    assert format_case_number(case.pk) in words


def test_handed_over_again_it_changes_nothing(weibo: Weibo, clock: Any) -> None:
    first = weibo.hand_over(clock(), HOLE)
    assert weibo.hand_over(clock(), HOLE) == first
    assert Message.objects.filter(inbound=True).count() == 1


def test_a_signature_that_was_seen_carries_no_other_message(weibo: Weibo, clock: Any, client: Any) -> None:
    weibo.hand_over(clock(), HOLE, nonce="seen")
    body = json.dumps({"type": "text", "text": "别的话", "sender_id": 5, "receiver_id": OURS, "data": {}})
    query = weibo.query(clock(), "seen")
    answer = client.post("/correspondence/weibo", body, content_type="application/json", query_params=query)
    assert (answer.status_code, answer.content) == (403, b"correspondence.forged")


@pytest.mark.parametrize("changed", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "other"}])
def test_a_wrong_signature_is_refused(weibo: Weibo, clock: Any, client: Any, changed: dict[str, str]) -> None:
    query = weibo.query(clock()) | {"echostr": "66"}
    assert client.get("/correspondence/weibo", query_params=query).content == b"66"
    assert client.get("/correspondence/weibo", query_params=query | changed).status_code == 403


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_refused(weibo: Weibo, clock: Any, client: Any, minutes: int) -> None:
    from datetime import timedelta

    query = weibo.query(clock() + timedelta(minutes=minutes))
    assert client.get("/correspondence/weibo", query_params=query).content == b"correspondence.late"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "[" * 9000,
        '{"type": "text"}',
        '{"type": 5, "sender_id": 1, "receiver_id": 2}',
        '{"sender_id": "x"}',
    ],
)
def test_what_is_no_message_is_refused(weibo: Weibo, clock: Any, client: Any, body: str) -> None:
    query = weibo.query(clock(), body[:8])
    answer = client.post("/correspondence/weibo", body, content_type="application/json", query_params=query)
    assert (answer.status_code, answer.content) == (400, b"correspondence.unreadable")


def test_other_kinds_are_answered(weibo: Weibo, clock: Any) -> None:
    assert "请直接写下" in weibo.hand_over(clock(), kind="event", subtype="follow")
    assert weibo.hand_over(clock(), kind="event", subtype="unfollow") == ""
    assert "语音" in weibo.hand_over(clock(), kind="voice", vfid=5)
    assert "收不了" in weibo.hand_over(clock(), kind="vote")


def test_trouble_is_tried_again_and_a_refusal_is_not(weibo: Weibo, clock: Any, work: Any) -> None:
    weibo.hand_over(clock(), HOLE)
    weibo.codes = [10023, 21327]
    clock.pass_by(minutes=3)
    for _ in range(4):
        work()
        clock.pass_by(minutes=5)
    assert len(weibo.sent) == 1
    weibo.hand_over(clock.pass_by(hours=30), "公园的灯不亮了，请修一下")
    weibo.codes = [20001]
    clock.pass_by(minutes=3)
    work()
    assert Message.objects.get(state=State.FAILED).error == "weibo-20001"
