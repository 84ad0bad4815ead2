"""People write in pieces: what they say before they are quiet is one inquiry, whatever the order and however often."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.correspondence.conftest import HOLE

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.asking import read
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.models import Correspondent, Gathering, Message, State
from tongban.apps.voice import services as voice
from tongban.kernel.numbers import format_case_number

pytestmark = pytest.mark.django_db
SOMEBODY, ANOTHER = "oSomebody0123456789abcdefgh", "oAnother00123456789abcdefgh"


def only_case() -> Case:
    return Case.objects.get(matter="tell-government")


def texts(case: int) -> list[str]:
    rows = Message.objects.filter(case=case, inbound=True).order_by("said_at", "pk")
    return [open_content(row.content_sealed).text for row in rows]


def test_it_works(wechat: Any, wechat_server: Any, clock: Any, work: Any) -> None:
    """A text, a picture and a place are one case, filed when its writer has been quiet for three minutes."""
    assert "3 分钟" in wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    assert wechat.hand_over(SOMEBODY, clock.pass_by(seconds=40), MsgType="image", MediaId="media-1", PicUrl="x") == ""
    place = {"Location_X": "29.812345", "Location_Y": "115.987654", "Scale": "16", "Label": "滨河路 18 号"}
    assert wechat.hand_over(SOMEBODY, clock.pass_by(seconds=50), MsgType="location", **place) == ""
    clock.pass_by(seconds=170)
    work()
    assert not Case.objects.filter(matter="tell-government").exists()
    clock.pass_by(seconds=15)
    work()
    case = only_case()
    assert (case.channel, case.person_id, case.organisation_id) == ("wechat", None, None)
    assert case.answers["text"] == HOLE
    assert case.answers["place"] == "滨河路 18 号"
    assert float(case.answers["latitude"]) == pytest.approx(29.812345)
    assert case.materials.count() == 1
    assert SOMEBODY not in str(case.applicant_name)
    (told,) = wechat_server.taken.values()
    assert format_case_number(case.number) in told.decode()


def test_pieces_are_put_in_the_order_in_which_they_were_said(wechat: Any, clock: Any, work: Any) -> None:
    at = int(clock().timestamp())
    for said, text in (
        (at + 40, "第三句：请派人来看看。"),
        (at, "第一句：路灯坏了。"),
        (at + 20, "第二句：在青屏路口。"),
    ):
        wechat.hand_over(SOMEBODY, clock.pass_by(seconds=30), said=said, Content=text)
    clock.pass_by(minutes=3)
    work()
    assert only_case().answers["text"].split("\n") == [
        "第一句：路灯坏了。",
        "第二句：在青屏路口。",
        "第三句：请派人来看看。",
    ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), again=st.lists(st.integers(0, 3), max_size=4))
def test_neither_order_nor_repetition_of_what_is_handed_over_changes_the_inquiry(
    wechat: Any, clock: Any, work: Any, order: list[int], again: list[int]
) -> None:
    Correspondent.objects.all().delete()
    Case.objects.filter(matter="tell-government").count()
    known = set(Case.objects.filter(matter="tell-government").values_list("pk", flat=True))
    start, first = int(clock().timestamp()), 30_000_000_000_000_000 + len(known) * 100
    for piece in (*order, *again):
        wechat.hand_over(
            SOMEBODY, clock.pass_by(seconds=1), number=first + piece, said=start + piece, Content=f"这是第 {piece} 句"
        )
    clock.pass_by(minutes=3)
    work()
    (case,) = Case.objects.filter(matter="tell-government").exclude(pk__in=known)
    assert case.answers["text"].split("\n") == [f"这是第 {piece} 句" for piece in range(4)]


def test_handed_over_again_it_is_answered_the_same_and_changes_nothing(wechat: Any, clock: Any, work: Any) -> None:
    first = wechat.hand_over(SOMEBODY, clock(), number=24_000_000_000_000_000, Content=HOLE)
    again = wechat.hand_over(SOMEBODY, clock.pass_by(seconds=5), number=24_000_000_000_000_000, Content=HOLE)
    assert first == again != ""
    assert Message.objects.filter(inbound=True).count() == 1
    clock.pass_by(minutes=3)
    work()
    assert wechat.hand_over(SOMEBODY, clock(), number=24_000_000_000_000_000, Content=HOLE) == first
    clock.pass_by(hours=1)
    work()
    assert texts(only_case().number) == [HOLE]


def test_whoever_goes_on_and_on_is_filed_after_half_an_hour(wechat: Any, clock: Any, work: Any) -> None:
    for number in range(16):
        wechat.hand_over(SOMEBODY, clock(), Content=f"还有第 {number} 点要说")
        clock.pass_by(minutes=2)
        work()
    assert only_case().answers["text"].count("\n") == 14  # what came after half an hour is added to it
    assert len(texts(only_case().number)) == 16


def test_two_people_are_two_cases(wechat: Any, clock: Any, work: Any) -> None:
    for sender in (SOMEBODY, ANOTHER, SOMEBODY):
        wechat.hand_over(sender, clock(), Content=f"{HOLE}{sender[1:8]}")
    clock.pass_by(minutes=3)
    work()
    cases = Case.objects.filter(matter="tell-government")
    assert sorted(case.answers["text"].count("\n") for case in cases) == [0, 1]


def test_what_comes_within_a_day_is_added_and_later_it_is_another(wechat: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    work()
    first = only_case().number
    assert format_case_number(first) in wechat.hand_over(SOMEBODY, clock.pass_by(hours=23), Content="今天又有人摔了")
    assert texts(first) == [HOLE, "今天又有人摔了"]
    wechat.hand_over(SOMEBODY, clock.pass_by(hours=2), Content="公园里的灯不亮了，请修一下")
    clock.pass_by(minutes=3)
    work()
    assert Case.objects.filter(matter="tell-government").count() == 2


def test_another_matter_begins_with_a_word_and_does_not_lose_what_was_being_said(
    wechat: Any, clock: Any, work: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat.hand_over(SOMEBODY, clock.pass_by(seconds=20), Content="新诉求：公园里的灯不亮了，请修一下")
    clock.pass_by(minutes=3)
    work()
    said = {case.answers["text"] for case in Case.objects.filter(matter="tell-government")}
    assert said == {HOLE, "公园里的灯不亮了，请修一下"}


def test_a_case_number_says_where_it_belongs(wechat: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    work()
    number = only_case().number
    wechat.hand_over(SOMEBODY, clock.pass_by(days=5), Content=f"{format_case_number(number)} 还没有人来修")
    assert len(texts(number)) == 2
    # Somebody else's number opens nothing: it is part of what they say.
    wechat.hand_over(ANOTHER, clock(), Content=f"{number} 是我邻居报的，我家门口也有一个没盖子")
    clock.pass_by(minutes=3)
    work()
    assert len(texts(number)) == 2
    assert Case.objects.filter(matter="tell-government").count() == 2


def test_undo_takes_back_what_was_not_filed_and_forgets_it(wechat: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    assert "撤回" in wechat.hand_over(SOMEBODY, clock.pass_by(seconds=30), Content="取消")
    clock.pass_by(hours=1)
    work()
    assert not Case.objects.filter(matter="tell-government").exists()
    assert not Message.objects.filter(inbound=True).exclude(content_sealed="").exists()
    assert "没有可以撤回" in wechat.hand_over(SOMEBODY, clock(), Content="撤回")


def test_help_and_where_it_stands_in_both_languages(wechat: Any, clock: Any, work: Any) -> None:
    assert "undo" in wechat.hand_over(SOMEBODY, clock(), Content="Help")
    assert "取消" in wechat.hand_over(ANOTHER, clock(), Content="帮助")
    assert "Nothing of yours" in wechat.hand_over(SOMEBODY, clock(), Content="status")
    wechat.hand_over(SOMEBODY, clock(), Content="The street lamp at 18 Binhe Road is broken.")
    clock.pass_by(minutes=3)
    work()
    number = only_case().number
    for asked in ("progress", str(number), format_case_number(number), f"status {number}"):
        assert wechat.hand_over(SOMEBODY, clock(), Content=asked).startswith(f"{format_case_number(number)}: received")
    assert "没有查到" in wechat.hand_over(ANOTHER, clock(), Content=str(number))
    assert Case.objects.filter(matter="tell-government").count() == 1


def test_what_is_too_short_is_asked_about_once_and_not_filed(wechat: Any, clock: Any, work: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content="灯坏")
    clock.pass_by(minutes=3)
    work()
    assert Message.objects.filter(kind="say_more").count() == 1
    clock.pass_by(minutes=31)
    work()
    assert not Case.objects.filter(matter="tell-government").exists()
    assert Message.objects.get(inbound=True).reason == "too-short"
    wechat.hand_over(SOMEBODY, clock(), Content="灯坏")
    clock.pass_by(minutes=3)
    work()
    wechat.hand_over(SOMEBODY, clock(), Content="青屏路口东边第三根路灯")
    clock.pass_by(minutes=3)
    work()
    assert only_case().answers["text"] == "灯坏\n青屏路口东边第三根路灯"


def test_more_than_anybody_writes_is_not_taken(wechat: Any, clock: Any) -> None:
    answers = [wechat.hand_over(SOMEBODY, clock(), Content=f"第 {number} 条消息") for number in range(65)]
    assert [number for number, answer in enumerate(answers) if "太多" in answer] == [60]
    assert Message.objects.filter(inbound=True).count() == 61
    assert wechat.hand_over(ANOTHER, clock(), Content=HOLE)
    wechat.hand_over(SOMEBODY, clock.pass_by(minutes=61), Content=HOLE)
    assert Message.objects.filter(inbound=True, correspondent__address_hash__gt="").count() == 63


def test_voice_and_unknown_kinds_are_answered_and_not_kept(wechat: Any, clock: Any, work: Any) -> None:
    assert "语音" in wechat.hand_over(SOMEBODY, clock(), MsgType="voice", MediaId="m", Format="amr")
    assert "收不了" in wechat.hand_over(SOMEBODY, clock(), MsgType="hologram")
    assert "3 分钟" in wechat.hand_over(SOMEBODY, clock(), MsgType="voice", MediaId="m", Recognition=HOLE)
    clock.pass_by(minutes=3)
    work()
    assert only_case().answers["text"] == HOLE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("帮助", "help"), ("HELP", "help"), ("？", "help"), ("取消。", "undo"), ("查进度", "status"),
        ("4", "grade"), ("４", "grade"), ("新的一天开始了", "say"), ("新 路灯坏了", "new"), ("new: a lamp", "new"),
        ("news of the lamp", "say"),
        ("2611280000000000", "say"), ("我要取消预约", "say"), ("5 号楼", "say"), ("", "say"),
    ],
)  # fmt: skip
def test_only_plain_commands_are_commands(text: str, kind: str) -> None:
    assert read(text).kind == kind


@given(st.text(max_size=200))
def test_whatever_is_written_is_read(text: str) -> None:
    asked = read(text)
    assert asked.kind in {"help", "undo", "status", "new", "grade", "say"}


def test_a_gathering_that_cannot_be_filed_is_tried_again_and_nothing_is_lost(
    wechat: Any, clock: Any, work: Any, settings: Any, monkeypatch: Any
) -> None:
    def fails(**_given: object) -> int:
        raise RuntimeError

    real = voice.speak
    monkeypatch.setattr("tongban.apps.correspondence.filing.speak", fails)
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    clock.pass_by(minutes=3)
    work()
    assert Gathering.objects.get().tries == 1
    monkeypatch.setattr("tongban.apps.correspondence.filing.speak", real)
    clock.pass_by(minutes=2)
    work()
    assert texts(only_case().number) == [HOLE]
    assert Message.objects.get(inbound=True).state == State.FILED
