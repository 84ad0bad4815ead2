"""What a reply promises is found with its last day, told from the day of the reply."""

from datetime import UTC, date, datetime

import pytest

from tongban.apps.voice.replies.checking import check
from tongban.apps.voice.replies.promises import Promise
from tongban.kernel.clock import calendar_for


def promised(reply: str, *, on: date = date(2026, 3, 4)) -> tuple[Promise, ...]:
    at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    return check(
        subject="路灯不亮", message="路灯不亮", reply=reply, asked_at=at, replied_at=at, calendar=calendar_for()
    ).promises


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("我局将于2026年5月6日前完成改造", date(2026, 5, 6)),
        ("我局将于5月6日前完成改造", date(2026, 5, 6)),
        ("我局将于1月6日前完成改造", date(2027, 1, 6)),
        ("预计10月底完工", date(2026, 10, 31)),
        ("预计今年十月上旬完工", date(2026, 10, 10)),
        ("计划2月中旬开工", date(2026, 2, 20)),
        ("力争年底前全部完成", date(2026, 12, 31)),
        ("力争年内完成整改", date(2026, 12, 31)),
        ("计划明年上半年启动建设", date(2027, 6, 30)),
        ("预计2027年第一季度建成", date(2027, 3, 31)),
        ("我们将在三个工作日内答复并修复路灯", date(2026, 3, 9)),
        ("街道将在15日内组织拆除", date(2026, 3, 19)),
        ("物业承诺两周内安装到位", date(2026, 3, 18)),
        ("我局将在一个月内拆除", date(2026, 4, 4)),
        ("我局将于下周组织清理", date(2026, 3, 15)),
        ("我局将于下周三组织清理", date(2026, 3, 11)),
        ("我局将于本月底前组织清理", date(2026, 3, 31)),
        ("我局将于下个月安排维修", date(2026, 4, 30)),
        ("我局将于明天安排维修", date(2026, 3, 5)),
    ],
)
def test_the_day_is_told(words: str, by: date) -> None:
    (promise,) = promised(f"您好！经查路灯已损坏多日。{words}。")
    if "2月中旬" in words:
        assert promise.by == date(2026, 2, 20) or promise.by is None  # so short ago it may have been meant
    else:
        assert promise.by == by


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("下一步，街道将加强巡查", ""),
        ("我们会尽快更换灯具", ""),
        ("待气温回升后，我局将进行路面修复", "待气温回升后"),
        ("学校将在开学前完成修缮", "开学前"),
        ("我局将于2月30日前完成改造", ""),
    ],
)
def test_without_a_day_it_is_a_promise_all_the_same(words: str, until: str) -> None:
    (promise,) = promised(f"您好！经查路灯已损坏多日。{words}。")
    assert (promise.dated, promise.until) == (False, until)


@pytest.mark.parametrize(
    "words",
    [
        "我局已于2月1日完成维修",
        "现将有关情况说明如下",
        "我们已将情况告知物业",
        "欢迎您继续监督，我们将竭诚为您服务",
        "参加考试的考生将按成绩录取",
        "您将收到短信通知",
        "当天组织人员清理了路面",
        "该户已按计划拆除了围墙",
        "目前暂无修建计划",
    ],
)
def test_what_was_done_and_courtesy_are_no_promise(words: str) -> None:
    assert not promised(f"您好！经查路灯已损坏多日。{words}。")


def test_each_day_is_a_promise_of_its_own() -> None:
    found = promised("该路段预计4月动工，至2027年底实现完工通车。下一步，街道将加强管理，确保出行安全。")
    assert [each.by for each in found] == [date(2026, 4, 30), date(2027, 12, 31), None]


def test_who_promises_is_told() -> None:
    (promise,) = promised("您好！经查路灯已损坏多日。市照明中心将于5月6日前完成改造。")
    assert promise.who.endswith("照明中心")


def test_that_an_answer_follows_is_a_promise_only_without_one() -> None:
    assert promised("您反映的问题已转交照明中心办理，核实后将及时回复您。")
    assert not promised("经查，该路灯因线路老化损坏，已经更换了灯具和线路。如有情况将及时回复。")
