"""A reply is looked over before it is sent: what it answers, rests on, shows, and whether it says anything."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.apps.voice.replies.checking import Checked, Grade, check
from tongban.apps.voice.replies.kinds import InquiryKind
from tongban.apps.voice.replies.parts import Nothing
from tongban.apps.voice.text.masking import Kind
from tongban.kernel.clock import Limit, Unit, calendar_for

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
SUBJECT = "咨询青石路何时装路灯"
MESSAGE = "青石路北段没有路灯，晚上一片漆黑。请问什么时候安装路灯？费用是否要住户分摊？希望同时修补人行道。"
ANSWER = (
    "您好！经3月4日现场查看，青石路北段确实没有路灯。该路段已列入今年照明计划，根据《城市照明管理规定》第十二条，"
    "路灯由财政出资，不需要住户分摊。我局将于4月底前完成路灯安装。人行道的破损砖块已于3月5日修补完毕。"
)
ODD = (
    "",
    " \n\t　",
    "灯" * 100_000,
    "路灯 lamp مصباح фонарь 🚧🚧",
    "<script>alert(1)</script><b>已转交</b>" * 50,
    "'; DROP TABLE replies; --",
    "\u202eمرحبا\u202c من اليمين",
    "已\u200b转\u200d交\ufeff",
    "\x00\x01\ud800",
    "<" * 5000 + "《" * 5000 + "&" * 5000,
    "是否" * 20_000 + "?",
)


def looked(
    reply: str, *, subject: str = SUBJECT, message: str = MESSAGE, days: int = 1, kind: InquiryKind | None = None
) -> Checked:
    return check(
        subject=subject,
        message=message,
        reply=reply,
        asked_at=AT,
        replied_at=AT + timedelta(days=days),
        calendar=calendar_for(),
        kind=kind,
    )


def codes(found: Checked) -> set[str]:
    return {each.code for each in found.reasons}


def test_it_works() -> None:
    found = looked(ANSWER)
    assert found.grade is Grade.GOOD
    assert [each.touched for each in found.asked] == [True, True, True]
    assert {"reply.all-touched", "reply.cites", "reply.promise-dated", "reply.in-time"} <= codes(found)
    assert not any(each.must for each in found.reasons)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("您好！您反映的问题已转交市照明中心办理，请您关注后续回复。感谢您的支持！", Nothing.FORWARDED),
        ("网友：来信收悉，我们将认真核实。2026年3月3日", Nothing.FORWARDED),
        ("您好，留言已收悉，谢谢！", Nothing.ACKNOWLEDGED),
        ("具体情况请咨询市照明中心，电话：0000-1234567。", Nothing.REFERRED),
        ("2026年3月3日", Nothing.EMPTY),
        ("请问是哪一段路没有路灯呢？晚上几点开始不亮？", Nothing.ASKED_BACK),
    ],
)
def test_what_says_nothing_is_told(reply: str, why: Nothing) -> None:
    found = looked(reply)
    assert (found.nothing, found.grade) == (why, Grade.NONE)
    assert f"reply.{why.value}" in codes(found)


def test_an_earlier_note_beside_an_answer_is_no_forwarding() -> None:
    found = looked(f"{ANSWER}\n您好！您反映的问题已转交市照明中心办理，如有情况将及时回复。")
    assert found.nothing is None
    assert all(each.by for each in found.promises)


def test_the_message_sent_back_is_no_answer() -> None:
    assert "reply.echo" in codes(looked("请问什么时候安装路灯？费用是否要住户分摊？"))
    assert "reply.echo" in codes(looked("青石路北段没有路灯，晚上一片漆黑。"))


def test_what_is_left_open_is_shown_in_the_message() -> None:
    found = looked("您好！青石路北段的路灯计划今年安装，目前正在招标，请您放心。")
    open_ = [MESSAGE[each.span.start : each.span.end] for each in found.asked if not each.touched]
    assert open_ == ["费用是否要住户分摊"] or "费用是否要住户分摊？" in open_
    assert "reply.left-open" in codes(found)


def test_what_the_reply_quotes_of_the_message_answers_nothing() -> None:
    found = looked(
        "关于您反映的“青石路何时装路灯，费用是否要住户分摊”的问题，现回复如下：相关工作由专班负责，一切正常有序。"
    )
    assert not any(each.touched for each in found.asked)


def test_questions_are_found_without_a_question_mark() -> None:
    message = "想咨询一下公租房多久能轮到，外地户口能不能申请。请求公布名单。"
    found = looked("您好。", subject="公租房", message=message)
    assert [each.wish.value for each in found.asked] == ["when", "whether", "request"]


@pytest.mark.parametrize(
    ("reply", "title", "article"),
    [
        ("根据《物业管理条例》第二十六条第一款，应当公示。", "物业管理条例", "第二十六条第一款"),
        ("按照市政办发〔2019〕12号文件执行。", "按照市政办发〔2019〕12号", ""),
        ("依据城市照明管理办法，由财政出资。", "城市照明管理办法", ""),
    ],
)
def test_grounds_are_found(reply: str, title: str, article: str) -> None:
    (cited,) = looked(reply).citations
    assert (cited.title, cited.article) == (title, article)
    assert title.removeprefix("按照") in reply[cited.span.start : cited.span.end]


@pytest.mark.parametrize(
    "reply",
    [
        "根据有关规定办理。",
        "已下发《责令停止违法行为通知书》。",
        "您在《百姓留言板》栏目反映。",
        "正在编制《照明专项规划》。",
    ],
)
def test_what_nobody_can_look_up_is_no_ground(reply: str) -> None:
    assert not looked(reply).citations


def test_a_refusal_without_a_ground_is_told() -> None:
    found = looked("您好，您的情况不符合条件，不能办理。", subject="申请补贴", message="我想申请安装补贴，怎么办理？")
    assert "reply.no-basis" in codes(found)


def test_who_a_private_person_is_must_not_be_told() -> None:
    reply = "经查，投诉人王小明（电话13800138000，身份证11010519491231002X）住青石路8栋2单元301室，已与其联系。"
    found = looked(reply)
    kinds = {each.kind for each in found.personal}
    assert {Kind.NAME, Kind.MOBILE, Kind.IDENTITY, Kind.ADDRESS} <= kinds
    (reason,) = [each for each in found.reasons if each.code == "reply.personal-data"]
    assert reason.must


def test_officials_and_the_telephones_of_offices_may_be_told() -> None:
    reply = "该路灯已由照明中心副主任张建国现场查看并修复。咨询电话：0731-8888666，地址：青石路88号。联系人：李敏。"
    assert not looked(reply).personal


def test_a_reply_to_two_people_and_one_that_breaks_off_are_told() -> None:
    assert "reply.two-addressees" in codes(looked("“山中客”您好！路灯已修复。“看海人”您好！公交线路已经调整。"))
    assert "reply.unfinished" in codes(looked("您好！路灯已于昨日修好，其他情况说明如下：\n2026年3月3日"))
    assert "reply.unfinished" in codes(looked("您好！路灯已于昨日由【  】修好。"))


def test_thanks_for_a_suggestion_do_not_answer_a_complaint() -> None:
    found = looked("感谢您的宝贵建议！", subject="投诉路灯整夜不亮", message="路灯坏了一个月没人修。")
    assert "reply.thanks-for-another" in codes(found)


def test_it_says_how_plain_it_is() -> None:
    long = "我局高度重视，切实加强管理，狠抓落实，形成合力，建立长效机制，" * 6 + "路灯已经修好。"
    found = looked(long)
    assert {"reply.long-sentences", "reply.officialese"} <= codes(found)
    assert found.wording.longest > 120


def test_late_is_told_by_kind_in_working_days() -> None:
    assert looked(ANSWER, days=2).late is False
    late = looked(ANSWER, days=3)
    assert (late.kind, late.working_days, late.late) == (InquiryKind.QUESTION, 3, True)
    assert looked(ANSWER, days=3, kind=InquiryKind.COMPLAINT).late is False
    own = check(
        subject=SUBJECT,
        message=MESSAGE,
        reply=ANSWER,
        asked_at=AT,
        replied_at=AT + timedelta(days=3),
        calendar=calendar_for(),
        limits=dict.fromkeys(InquiryKind, Limit(5, Unit.WORKING_DAYS)),
    )
    assert own.late is False


def test_days_that_no_calendar_knows_are_not_late() -> None:
    found = check(
        subject=SUBJECT,
        message=MESSAGE,
        reply=ANSWER,
        asked_at=datetime(1999, 1, 1, tzinfo=UTC),
        replied_at=datetime(1999, 6, 1, tzinfo=UTC),
        calendar=calendar_for(),
    )
    assert (found.working_days, found.late) == (None, False)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("咨询社保转移", InquiryKind.QUESTION),
        ("建议增设公交站", InquiryKind.SUGGESTION),
        ("投诉工地夜间施工", InquiryKind.COMPLAINT),
        ("举报无证诊所", InquiryKind.REPORT),
        ("请求修路", InquiryKind.HELP),
        ("感谢社区工作人员", InquiryKind.THANKS),
        ("路灯不亮", InquiryKind.COMPLAINT),
    ],
)
def test_the_kind_is_guessed_from_the_subject(subject: str, kind: InquiryKind) -> None:
    assert looked("好的。", subject=subject, message="路灯不亮").kind is kind


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_written_it_is_looked_over(odd: str) -> None:
    for found in (looked(odd), looked(ANSWER, subject=odd, message=odd), looked(odd, subject=odd, message=odd)):
        assert 0 <= found.score <= 100
        for span in [each.span for each in found.promises] + [each.span for each in found.citations]:
            assert 0 <= span.start <= span.end


def test_spans_are_in_the_text_as_written() -> None:
    reply = "<p>您\u200b好！</p>&nbsp;&nbsp;根据《照\u200b明管理條例》，路燈將於４月底前安裝好。"
    found = looked(reply)
    (cited,), (promise,) = found.citations, found.promises
    assert reply[cited.span.start : cited.span.end] == "《照\u200b明管理條例》"
    assert "４月底前安裝好" in reply[promise.span.start : promise.span.end]
