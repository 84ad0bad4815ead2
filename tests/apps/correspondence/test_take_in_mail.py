"""Mails become inquiries once, replies go to their case, machines get no answer, and nothing that is sent breaks it."""

import gzip
import io
import zipfile
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.correspondence.conftest import HOLE
from tests.apps.correspondence.wechat_account import JPEG

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.errors import MessageUnreadable
from tongban.apps.correspondence.mail.reading import read_mail
from tongban.apps.correspondence.mail.stripping import own_words, plain_subject
from tongban.apps.correspondence.models import Correspondent, Mailbox, Message, State, TurnedAway
from tongban.kernel.numbers import format_case_number

pytestmark = pytest.mark.django_db
SENDER = "zhang.san@example.cn"


def mail(
    text: str = HOLE, *, subject: str = "井盖", sender: str = SENDER, number: int = 1, **headers: str
) -> EmailMessage:
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = f"张三 <{sender}>", "hotline@city.example", subject
    found["Message-ID"] = f"<{number}.own@example.cn>"
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    found.set_content(text)
    return found


def cases() -> list[Case]:
    return list(Case.objects.filter(matter="tell-government").order_by("filed_at"))


def test_it_works(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    """A mail with a photo is a case with its subject; the answer tells the number and belongs to the mail."""
    message = mail(Date=format_datetime(clock()))
    message.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="窨井.jpg")
    mailbox.put(message.as_bytes())
    work()
    (case,) = cases()
    assert (case.channel, case.answers["text"], case.answers["subject"]) == ("mail", HOLE, "井盖")
    assert case.materials.count() == 1
    (answer,) = smtp.mails
    number = format_case_number(case.pk)
    assert answer["Subject"] == f"您的诉求 [{number}]"
    assert (answer["In-Reply-To"], answer["To"]) == ("<1.own@example.cn>", SENDER)
    assert answer["Auto-Submitted"] == "auto-replied"
    assert number in answer.get_content()
    assert "张三" not in answer["Subject"] + answer.get_content()
    assert mailbox.unseen() == 0


def test_looked_at_again_nothing_is_taken_twice(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    mailbox.put(mail().as_bytes())
    work()
    mailbox.put(mail().as_bytes())  # the same mail, delivered twice
    Mailbox.objects.update(last_uid=0)  # killed before it was written down how far we are
    clock.pass_by(minutes=2)
    work()
    assert len(cases()) == 1
    assert Message.objects.filter(inbound=True).count() == 1
    assert len(smtp.mails) == 1


def test_a_server_that_numbers_anew_gives_no_mail_twice(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    mailbox.put(mail().as_bytes())
    work()
    before = Mailbox.objects.get().validity
    mailbox.begin()
    mailbox.put(mail().as_bytes())
    mailbox.put(mail("另外，公园的灯不亮了。", number=2).as_bytes())
    clock.pass_by(minutes=2)
    work()
    assert Mailbox.objects.get().validity != before
    assert len(cases()) == 2


def test_a_server_that_is_away_is_looked_for_again(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    mailbox.end()
    work()
    assert Mailbox.objects.get().error
    mailbox.begin()
    mailbox.put(mail().as_bytes())
    clock.pass_by(minutes=2)
    work()
    assert (len(cases()), Mailbox.objects.get().error) == (1, "")


def test_without_tls_only_a_host_of_ours_is_called(mailbox: Any, smtp: Any, settings: Any, work: Any) -> None:
    settings.PRIVATE_TARGETS = []
    mailbox.put(mail().as_bytes())
    work()
    assert (cases(), Mailbox.objects.get().error) == ([], "error")


@pytest.mark.parametrize("by", ["In-Reply-To", "References", "subject"])
def test_a_reply_goes_to_its_case(mailbox: Any, smtp: Any, clock: Any, work: Any, by: str) -> None:
    mailbox.put(mail().as_bytes())
    work()
    (case,) = cases()
    (answer,) = smtp.mails
    given_by: dict[str, Any] = {"subject": f"回复: {answer['Subject']}"} if by == "subject" else {}
    if by != "subject":
        given_by[by.replace("-", "_")] = f"<else@where> {answer['Message-ID']}"
    quoted = "\n".join(f"> {line}" for line in answer.get_content().splitlines())
    text = f"还没有人来修。\n\n在 2026-11-28 10:00:00，“热线” <hotline@city.example> 写道：\n{quoted}"
    mailbox.put(mail(text, number=2, **given_by).as_bytes())
    clock.pass_by(days=3)
    work()
    assert len(cases()) == 1
    added = Message.objects.get(state=State.JOINED)
    assert added.case == case.pk
    assert open_content(added.content_sealed).text == "还没有人来修。"


def test_somebody_else_s_reply_opens_nothing(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    mailbox.put(mail().as_bytes())
    work()
    (answer,) = smtp.mails
    stranger: dict[str, Any] = {"sender": "li@example.org", "number": 7, "subject": answer["Subject"]}
    mailbox.put(mail("这件事现在怎么样了？", In_Reply_To=answer["Message-ID"], **stranger).as_bytes())
    clock.pass_by(minutes=2)
    work()
    assert len(cases()) == 2
    assert not Message.objects.filter(state=State.JOINED).exists()


def test_two_mails_of_a_day_are_two_cases(mailbox: Any, smtp: Any, work: Any) -> None:
    mailbox.put(mail().as_bytes())
    mailbox.put(mail("公园的灯不亮了，请修一下。", number=2).as_bytes())
    work()
    assert len(cases()) == 2


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"X-Autoreply": "yes"}, "automatic"),
        ({"Precedence": "bulk"}, "list"),
        ({"List-Id": "<news.example>"}, "list"),
        ({"Return-Path": "<>"}, "bounce"),
        ({"sender": "MAILER-DAEMON@example.cn"}, "bounce"),
        ({"sender": "hotline@city.example"}, "own"),
    ],
)
def test_machines_get_no_answer(mailbox: Any, smtp: Any, work: Any, headers: dict[str, str], why: str) -> None:
    named: dict[str, Any] = {name.replace("-", "_"): value for name, value in headers.items()}
    mailbox.put(mail("我正在休假，下周一回来。", **named).as_bytes())
    work()
    assert (cases(), smtp.mails) == ([], [])
    assert not Correspondent.objects.exists()
    assert TurnedAway.objects.get().why == why


def test_a_report_of_a_mail_server_is_no_inquiry(mailbox: Any, smtp: Any, work: Any) -> None:
    raw = f"From: server <s@example.cn>\nContent-Type: multipart/report; boundary=b\n\n--b\n\n{HOLE}\n--b--\n"
    mailbox.put(raw.encode())
    work()
    assert (cases(), TurnedAway.objects.get().why) == ([], "bounce")


def test_two_machines_that_answer_each_other_stop(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    for hour in range(4):
        numbers = range(hour * 12, hour * 12 + 12)
        mailbox.put(*(mail(f"收到您的来信，编号 {n}，谢谢。", number=n).as_bytes() for n in numbers))
        work()
        clock.pass_by(hours=1, minutes=2)
    assert len(cases()) == 30
    assert len(smtp.mails) == 31  # thirty numbers, and that it is too much


@pytest.mark.parametrize(
    "charset", ["utf-8", "gbk", "gb2312", "gb18030", "x-unknown", "utf-8-that-is-gbk", "none-that-is-gbk"]
)
def test_chinese_is_read_whatever_it_claims_to_be(mailbox: Any, smtp: Any, work: Any, charset: str) -> None:
    said, _, really = charset.partition("-that-is-")
    body = f"{HOLE}请朱镕派人".encode(really or ("utf-8" if charset.startswith(("utf", "x-")) else "gb18030"))
    kind = "" if said == "none" else f"Content-Type: text/plain; charset={said}\n"
    subject = "路灯".encode("gbk")
    head = f"From: <{SENDER}>\nMessage-ID: <c@x>\nContent-Transfer-Encoding: 8bit\n{kind}Subject: ".encode()
    mailbox.put(head + subject + b"\n\n" + body + b"\n")
    work()
    (case,) = cases()
    assert (case.answers["text"], case.answers["subject"]) == (f"{HOLE}请朱镕派人", "路灯")


def test_a_page_is_read_as_words(mailbox: Any, smtp: Any, work: Any) -> None:
    page = f"<html><head><style>p{{}}</style><script>x()</script></head><body><p>您好</p><div>{HOLE}</div>"
    page += "<blockquote>上次的信</blockquote><p>谢谢&nbsp;&amp; 再见<br>张三</p></body></html>"
    message = mail()
    message.set_content(page, subtype="html")
    mailbox.put(message.as_bytes())
    work()
    assert [line for line in cases()[0].answers["text"].split("\n") if line] == ["您好", HOLE, "谢谢 & 再见", "张三"]


def test_what_is_no_picture_and_no_paper_is_named_and_not_opened(mailbox: Any, smtp: Any, work: Any) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("zeros", b"\0" * 20_000_000)
    message = mail()
    message.add_attachment(bomb.getvalue(), maintype="application", subtype="zip", filename="证据.zip")
    message.add_attachment(gzip.compress(b"x" * 10**6), maintype="application", subtype="gzip", filename="x.gz")
    message.add_attachment(b"MZ" * 30, maintype="image", subtype="png", filename="virus.png")
    message.add_attachment(mail("里面的信"), filename="inner.eml")
    mailbox.put(message.as_bytes())
    work()
    assert cases()[0].materials.count() == 0
    row = Message.objects.get(inbound=True)
    named = " ".join(open_content(row.content_sealed).left_out)
    assert all(name in named for name in ("证据.zip (file.type)", "x.gz", "virus.png", "inner.eml (not-opened)"))
    assert "里面的信" not in cases()[0].answers["text"]


def test_a_mail_that_is_too_large_is_not_fetched_and_its_writer_told(
    mailbox: Any, smtp: Any, work: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tongban.apps.correspondence.mail.mailbox.LARGEST", 20_000)
    mailbox.put(mail("长" * 10_000).as_bytes())
    mailbox.put(mail(number=2).as_bytes())
    work()
    assert len(cases()) == 1
    assert TurnedAway.objects.get().why == "too-large"
    assert "太大" in smtp.mails[0].get_content()


def test_more_than_fifty_megabytes_of_files_are_left_out(settings: Any, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("tongban.apps.correspondence.mail.reading.MOST_ATTACHED", 200)
    message = mail()
    for number in range(3):
        message.add_attachment(JPEG, maintype="image", subtype="jpeg", filename=f"{number}.jpg")
    _message, found = read_mail(message.as_bytes(), at=clock())
    assert [name for name, _ in found.files] == ["0.jpg"]
    assert found.left_out == ("1.jpg (too-large)", "2.jpg (too-large)")


def test_parts_in_parts_without_end_are_refused(mailbox: Any, smtp: Any, work: Any) -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(300))
    mailbox.put(f"From: <{SENDER}>\n{deep}Content-Type: text/plain\n\n{HOLE}\n".encode())
    many = "".join(f"--b\nContent-Type: text/plain\n\n{n}\n" for n in range(400))
    mailbox.put(f"From: <{SENDER}>\nContent-Type: multipart/mixed; boundary=b\n\n{many}--b--\n".encode())
    mailbox.put(b"\xff\x00\xfe no mail at all")
    mailbox.put(mail().as_bytes())
    work()
    assert [each.why for each in TurnedAway.objects.order_by("uid")] == ["unreadable"] * 3
    assert len(cases()) == 1


def test_what_servers_on_the_way_say_is_noted_and_believed_by_nobody(mailbox: Any, smtp: Any, work: Any) -> None:
    mailbox.put(mail(Authentication_Results="mx.city.example; spf=fail; dkim=none").as_bytes())
    work()
    assert len(cases()) == 1
    assert "spf=fail" in open_content(Message.objects.get(inbound=True).content_sealed).noted


def test_a_command_is_answered_by_mail(mailbox: Any, smtp: Any, clock: Any, work: Any) -> None:
    mailbox.put(mail().as_bytes())
    work()
    number = format_case_number(cases()[0].pk)
    mailbox.put(mail("查", number=2, subject="进度").as_bytes())
    clock.pass_by(minutes=2)
    work()
    assert len(cases()) == 1
    assert smtp.mails[1].get_content().startswith(f"{number}：已收到")


def test_a_subject_cannot_add_headers(mailbox: Any, smtp: Any, work: Any) -> None:
    raw = f"From: <{SENDER}>\nMessage-ID: <a@b>\nSubject: =?utf-8?q?lamp=0ABcc:_all@example.org?=\n\n{HOLE}\n"
    mailbox.put(raw.encode())
    work()
    assert "\n" not in cases()[0].answers["subject"]
    assert [each["Bcc"] for each in smtp.mails] == [None]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            '路灯坏了，请修。\n\n------------------ 原始邮件 ------------------\n发件人: "热线" <a@b.cn>;\n已登记',
            "路灯坏了，请修。",
        ),
        ("还没有修好\n\n发件人: 热线 <a@b.cn>\n发送时间: 2026年11月28日\n收件人: x\n主题: y\n\n已登记", "还没有修好"),
        ("Still broken.\n\nOn Sat, Nov 28, 2026 at 10:00 AM City <a@b.cn> wrote:\n> filed", "Still broken."),
        (
            "Still broken.\nOn Sat, Nov 28, 2026 at 10:00 AM City of Mingchuan\n<a@b.cn> wrote:\n> filed",
            "Still broken.",
        ),
        ("灯坏了，请修\n\n-- \n张三\n13900000000", "灯坏了，请修"),
        ("灯坏了，请修\n发自我的iPhone", "灯坏了，请修"),
        ("现场情况：\n- 井盖没了\n- 路灯坏了\n请处理", "现场情况：\n- 井盖没了\n- 路灯坏了\n请处理"),
        ("主题: 投诉\n灯坏了，请派人来修", "主题: 投诉\n灯坏了，请派人来修"),
        ("> 转来的信\n> 灯坏了", "> 转来的信\n> 灯坏了"),
    ],
)
def test_only_what_is_new_is_kept(text: str, own: str) -> None:
    assert own_words(text) == own


@given(st.text(alphabet="在于On >-_:： \n写道wrote<a@b>发件人主题", max_size=400))
def test_something_is_left_of_whatever_is_written(text: str) -> None:
    assert bool(own_words(text)) == bool(text.strip())


@pytest.mark.parametrize("part", ["\n", "> ", "在 ", "On ", "-", "_", "发件人: a\n", "<a@b> ", "写道"])
def test_no_text_takes_longer_than_it_is_long(part: str) -> None:
    """A library that was tried does not come back from the first of these."""
    own_words(part * (200_000 // len(part)))


def test_subjects_lose_what_programs_put_before_them() -> None:
    assert plain_subject("回复：Re: Fwd: 路灯 [2611 2800 0000 0000]") == "路灯"


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_a_mail_or_unreadable(raw: bytes) -> None:
    from datetime import UTC, datetime

    for head in (b"", b"From: <a@b.cn>\nContent-Type: text/html\n\n", b"From: <a@b.cn>\nSubject: =?gb2312?B?"):
        try:
            _message, found = read_mail(head + raw, at=datetime(2026, 11, 28, tzinfo=UTC))
        except MessageUnreadable:
            continue
        assert found.sender
