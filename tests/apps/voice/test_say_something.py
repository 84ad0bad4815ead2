"""Somebody says something to government: it is a case, and beside it stands who speaks, under which name."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import get_case, list_cases
from tongban.apps.catalog.city import get_calendar
from tongban.apps.evidence.errors import FileTypeNotAllowed
from tongban.apps.voice.errors import NothingSaid, TooLong, WordsRefused
from tongban.apps.voice.models import Inquiry

NIGHT = "滨河路二十号旁边的工地夜里十一点还在打桩，连着三天了，老人孩子都睡不着。"
MONDAY = datetime(2026, 3, 16, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_it_is_a_case_of_the_matter_in_which_anything_can_be_said(say: Any, actor_for: Any) -> None:
    number = say(NIGHT, by="wuxiaochuan", kind="complaint", district="361701", place="滨河路 20 号旁")
    case = Case.objects.get(pk=number)
    assert (case.matter, case.authority_id, case.person_id) == (
        "tell-government",
        "hotline",
        actor_for("wuxiaochuan").person_id,
    )
    assert case.answers["text"] == NIGHT
    row = Inquiry.objects.get(pk=number)
    assert (row.kind, row.pseudonym, row.may_publish) == ("complaint", "", False)
    assert row.speaker != f"person:{case.person_id}"


@pytest.mark.parametrize(
    ("kind", "until"),
    [("question", (3, 18)), ("help", (3, 30)), ("suggestion", (3, 30)), ("complaint", (4, 7)), ("report", (4, 7))],
)
def test_its_clock_is_that_of_its_kind(say: Any, act: Any, kind: Any, until: Any) -> None:
    number = say(NIGHT, kind=kind, at=MONDAY)
    act(number, "dispatch", by="xuhong", department="ecology-environment", reason="", at=MONDAY)
    act(number, "accept", by="xuhong", at=MONDAY)
    due = get_calendar().local_date(cast(datetime, Case.objects.get(pk=number).promised_due))
    assert (due.month, due.day) == until


def test_under_another_name_the_department_reads_only_that(say: Any, act: Any, actor_for: Any) -> None:
    number = say(NIGHT, by="wuxiaochuan", name="夜归人")
    act(number, "dispatch", by="xuhong", department="ecology-environment", reason="")
    act(number, "accept", by="xuhong")
    view = get_case(number=number, actor=actor_for("fupeng"), at=MONDAY)
    assert view is not None
    assert view.row.applicant_name == "夜归人"
    assert "吴" not in str(view.row)
    assert number in {row.number for row in list_cases(actor=actor_for("wuxiaochuan")).rows}


def test_somebody_who_is_nobody_on_file_speaks_too(say: Any, actor_for: Any) -> None:
    number = say(NIGHT, name="路过的人")
    case = Case.objects.get(pk=number)
    assert (case.person_id, case.organisation_id, case.applicant_name) == (None, None, "路过的人")
    assert number not in {row.number for row in list_cases(actor=actor_for("wuxiaochuan")).rows}


def test_one_speaker_has_one_mark_whatever_they_say(say: Any) -> None:
    one, two = say(NIGHT, by="wuxiaochuan"), say("路灯坏了一个多月了，晚上看不见。", by="wuxiaochuan")
    other = say(NIGHT, by="linxiaomei")
    marks = dict(Inquiry.objects.values_list("pk", "speaker"))
    assert marks[one] == marks[two] != marks[other]


@pytest.mark.parametrize("text", ["", "   ", "吵", "\n\n\t "])
def test_without_words_nothing_is_filed(say: Any, text: Any) -> None:
    with pytest.raises(NothingSaid):
        say(text)
    assert not Case.objects.exists()


def test_more_than_can_be_read_is_refused_with_how_much_can(say: Any) -> None:
    with pytest.raises(TooLong) as refused:
        say("很吵。" * 33_000)
    assert refused.value.params == {"limit": 5000, "length": 99_000}
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> 工地太吵",
        "'; DROP TABLE inquiry; --  工地",
        "مرحبا بالعالم \u202e工地太吵了",
        "零\u200b宽\u200b字\u200b符 工地太吵",
        "😀😀😀😀 工地太吵",
        "mixed 文字 и текст ทดสอบ",
    ],
)
def test_words_are_kept_as_they_were_said(say: Any, follow_log: Any, text: Any) -> None:
    number = say(text)
    follow_log("voice")
    assert Case.objects.get(pk=number).answers["text"] == text.replace("\u202e", "")
    assert Inquiry.objects.get(pk=number).sorted_at is not None


def test_what_the_form_refuses_is_told_by_field(say: Any) -> None:
    with pytest.raises(WordsRefused) as refused:
        say(NIGHT, district="999999", kind="shouting")
    assert {each.field for each in refused.value.refused} == {"district", "kind"}


def test_a_file_that_is_none_is_refused_and_nothing_stays(city: Any, say: Any, actor_for: Any) -> None:
    from tongban.apps.voice.services import Speaker, Words, speak

    with pytest.raises(FileTypeNotAllowed):
        speak(
            words=Words(text=NIGHT),
            speaker=Speaker(key="telephone:1"),
            channel="web",
            actor=actor_for("wuxiaochuan"),
            at=MONDAY,
            photos=[("a.png", b"MZ\x90 no picture")],
        )
    assert not Case.objects.exists()


def test_photos_are_handed_in_with_it(city: Any, actor_for: Any) -> None:
    from tests.conftest import PNG

    from tongban.apps.voice.services import Speaker, Words, speak

    number = speak(
        words=Words(text=NIGHT),
        speaker=Speaker(key="telephone:1"),
        channel="web",
        actor=actor_for("wuxiaochuan"),
        at=MONDAY,
        photos=[("a.png", PNG), ("b.png", PNG)],
    )
    assert list(Case.objects.get(pk=number).materials.values_list("code", flat=True)) == ["photos", "photos"]
