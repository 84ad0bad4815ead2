"""What government says goes back to where it was asked: once, in order, tried again, held, or given up visibly."""

from typing import Any

import pytest
from tests.apps.correspondence.conftest import HOLE

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.models import Message, State
from tongban.apps.correspondence.sending import LEASE, MOST_TRIES
from tongban.apps.correspondence.services import file_due, retry, send_due
from tongban.kernel.numbers import format_case_number

pytestmark = pytest.mark.django_db
SOMEBODY = "oSomebody0123456789abcdefgh"


@pytest.fixture
def filed(wechat: Any, wechat_server: Any, clock: Any, work: Any) -> int:
    """A case of somebody, whose number they have been told."""
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    work()
    return Case.objects.get(matter="tell-government").pk


@pytest.fixture
def answered(filed: int, act: Any, clock: Any, follow_log: Any, work: Any) -> Any:
    """Let the case be answered in these words, and the follower read it."""

    def run(words: str) -> None:
        act(filed, "dispatch", by="xuhong", department="urban-management", reason="", at=clock())
        act(filed, "accept", by="xuhong", at=clock())
        for node in ("take", "contact", "look", "measures", "draft"):
            act(filed, "complete", by="tanglei", node=node, outcome="pass", opinion="看过了。", at=clock())
        act(filed, "decide", by="yuanfang", node="decide", outcome="granted", reason=words, at=clock())
        follow_log("correspondence", at=clock())
        work()

    return run


def said(double: Any) -> list[str]:
    return [body.decode() for key, body in double.taken.items() if key.endswith(SOMEBODY)]


def test_the_answer_comes_in_their_language_and_with_a_question(answered: Any, filed: int, wechat_server: Any) -> None:
    answered("井盖已于今天上午换好。")
    number = format_case_number(filed)
    told = said(wechat_server)
    assert told[0].startswith(f"已登记，编号 {number}")
    assert told[1] == f"{number} 的答复：井盖已于今天上午换好。"
    assert "1 到 5" in told[2]
    assert len(told) == 3


def test_read_again_the_log_says_nothing_twice(answered: Any, wechat_server: Any, follow_log: Any, work: Any) -> None:
    answered("井盖已于今天上午换好。")
    follow_log("correspondence")
    work()
    assert len(said(wechat_server)) == 3


def test_a_grade_is_taken_after_the_question_and_once(answered: Any, filed: int, wechat: Any, clock: Any) -> None:
    answered("井盖已于今天上午换好。")
    assert "评价" in wechat.hand_over(SOMEBODY, clock.pass_by(minutes=5), Content="4")
    assert Message.objects.filter(case=filed, reason="grade").count() == 1
    assert Case.objects.get(pk=filed).rating.grade == 4
    assert "评价" not in wechat.hand_over(SOMEBODY, clock.pass_by(minutes=5), Content="5")
    assert Message.objects.filter(case=filed, reason="grade").count() == 1


def test_what_is_asked_of_them_is_answered_by_a_message_days_later(
    filed: int, wechat: Any, wechat_server: Any, act: Any, clock: Any, follow_log: Any, work: Any
) -> None:
    act(filed, "request_supplement", by="xuhong", items=["place"], note="请问是几号门？", within=None, at=clock())
    follow_log("correspondence", at=clock())
    work()
    assert "请问是几号门？" in said(wechat_server)[-1]
    assert Case.objects.get(pk=filed).status == "supplement"
    wechat.hand_over(SOMEBODY, clock.pass_by(hours=40), Content="是东门，靠近公交站。")
    wechat.hand_over(SOMEBODY, clock.pass_by(seconds=30), MsgType="image", MediaId="media-1")
    work()
    case = Case.objects.get(matter="tell-government")
    assert case.status == "received"
    assert Message.objects.filter(case=filed, state=State.JOINED).count() == 2


def test_thanks_for_an_answer_are_no_inquiry(answered: Any, filed: int, wechat: Any, clock: Any, work: Any) -> None:
    answered("井盖已于今天上午换好。")
    wechat.hand_over(SOMEBODY, clock.pass_by(minutes=3), Content="谢谢")
    clock.pass_by(minutes=30)
    work()
    assert Message.objects.filter(case=filed, state=State.JOINED).count() == 1
    assert not Message.objects.filter(kind="say_more").exists()
    wechat.hand_over(SOMEBODY, clock(), Content="路灯也不亮了，请一起修好。")
    clock.pass_by(minutes=3)
    work()
    assert Case.objects.filter(matter="tell-government").count() == 2


def test_a_long_answer_goes_out_in_order_and_whole(answered: Any, wechat_server: Any) -> None:
    words = "".join(f"第 {number} 项已经办好，请放心。" for number in range(120))
    answered(words)
    told = said(wechat_server)[1:-1]
    assert len(told) > 2
    assert all(len(each) <= 600 for each in told)
    assert "".join(told).replace(" ", "").endswith(words.replace(" ", ""))


def test_after_two_days_it_is_held_until_they_write(
    answered: Any, wechat: Any, wechat_server: Any, clock: Any, work: Any, settings: Any
) -> None:
    settings.WECHAT_TEMPLATE = "template-1"
    clock.pass_by(hours=49)
    answered("井盖已于今天上午换好。")
    assert len(said(wechat_server)) == 1
    assert set(Message.objects.filter(kind__in=["answered", "rate"]).values_list("state", flat=True)) == {State.HELD}
    templates = [body.decode() for key, body in wechat_server.taken.items() if key.startswith("template:")]
    assert len(templates) == 2
    assert "井盖" not in "".join(templates)
    wechat.hand_over(SOMEBODY, clock.pass_by(hours=5), Content="查")
    work()
    assert "井盖已于今天上午换好" in said(wechat_server)[1]


def test_wechat_itself_may_say_that_it_is_too_late(answered: Any, wechat: Any, wechat_server: Any) -> None:
    wechat.window_is_over = True
    answered("井盖已于今天上午换好。")
    assert Message.objects.get(kind="answered").state == State.HELD


@pytest.mark.parametrize("trouble", [(503, {}), (429, {}), (502, {})])
def test_a_server_in_trouble_is_asked_again(
    wechat: Any, wechat_server: Any, clock: Any, work: Any, trouble: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat_server.moods = [trouble] * 3
    clock.pass_by(minutes=3)
    work()
    assert Message.objects.get(kind="filed").state == State.WAITING
    for _ in range(4):
        clock.pass_by(minutes=10)
        work()
    assert Message.objects.get(kind="filed").state == State.SENT
    assert len(said(wechat_server)) == 1


def test_an_ended_token_is_asked_for_anew(wechat: Any, wechat_server: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    wechat.tokens, _before = 0, file_due(now=clock)
    work()
    wechat.tokens += 5  # all that we hold has ended
    wechat.hand_over(SOMEBODY, clock.pass_by(minutes=1), Content=f"新诉求 {HOLE}")
    clock.pass_by(minutes=3)
    work()
    assert len(said(wechat_server)) == 2


def test_what_cannot_be_said_is_given_up_and_can_be_tried_anew(
    wechat: Any, wechat_server: Any, clock: Any, work: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    file_due(now=clock)
    wechat.errcodes = [43004]
    work()
    row = Message.objects.get(kind="filed")
    assert (row.state, row.error) == (State.FAILED, "wechat-43004")
    retry(message_id=row.pk, at=clock())
    work()
    assert Message.objects.get(kind="filed").state == State.SENT


def test_it_is_given_up_after_so_many_tries(wechat: Any, wechat_server: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat_server.moods = [(503, {})] * 40
    clock.pass_by(minutes=3)
    file_due(now=clock)
    for _ in range(MOST_TRIES):
        row = Message.objects.get(kind="filed")
        clock.at = row.due or clock()
        row.correspondent.__class__.objects.update(last_at=clock())  # so that no window closes meanwhile
        send_due(now=clock)
    row = Message.objects.get(kind="filed")
    assert (row.state, row.tries) == (State.FAILED, MOST_TRIES)


def test_a_worker_that_was_killed_leaves_a_lease_that_runs_out(filed: int, clock: Any, wechat_server: Any) -> None:
    Message.objects.filter(kind="filed").update(state=State.SENDING, due=clock() + LEASE)
    assert send_due(now=clock) == 0
    clock.pass_by(minutes=4)
    assert send_due(now=clock) == 1


def test_a_picture_is_fetched_also_when_wechat_is_away_at_first(
    wechat: Any, wechat_server: Any, clock: Any, work: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat.hand_over(SOMEBODY, clock(), MsgType="image", MediaId="media-1")
    wechat_server.moods = [(503, {})] * 2
    for _ in range(10):
        clock.pass_by(minutes=1)
        work()
    case = Case.objects.get(matter="tell-government")
    assert case.materials.count() == 1


def test_a_picture_that_is_gone_is_said_to_be_and_what_was_said_is_filed(
    wechat: Any, wechat_server: Any, clock: Any, work: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat.hand_over(SOMEBODY, clock(), MsgType="image", MediaId="media-none")
    wechat.pictures["media-page"] = b"<html>no picture</html>"
    wechat.hand_over(SOMEBODY, clock(), MsgType="image", MediaId="media-page")
    clock.pass_by(minutes=3)
    work()
    case = Case.objects.get(matter="tell-government")
    assert case.answers["text"] == f"{HOLE}\n（有照片没能取到）"
    assert case.materials.count() == 0
