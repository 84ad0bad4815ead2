"""Words, files and addresses are sealed, kept as long as the rule says, and in no log."""

import base64
import json
import os
from typing import Any

import pytest
from tests.apps.correspondence.conftest import HOLE

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.contents import Content, open_content, seal_content
from tongban.apps.correspondence.models import Attachment, Correspondent, Message
from tongban.apps.correspondence.record import KINDS
from tongban.apps.correspondence.services import reseal_correspondence, sweep_correspondence
from tongban.apps.correspondence.wording import get_rule
from tongban.apps.ledger.models import Event, Stream
from tongban.apps.people.sealing import open_sealed

pytestmark = pytest.mark.django_db
SOMEBODY = "oSomebody0123456789abcdefgh"


@pytest.fixture
def filed(wechat: Any, wechat_server: Any, clock: Any, work: Any) -> int:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    wechat.hand_over(SOMEBODY, clock(), MsgType="image", MediaId="media-1")
    clock.pass_by(minutes=3)
    work()
    return Case.objects.get(matter="tell-government").pk


def test_the_log_of_a_correspondent_tells_what_became_of_it_and_no_word_of_it(
    filed: int, wechat: Any, clock: Any
) -> None:
    wechat.hand_over(SOMEBODY, clock.pass_by(hours=1), Content="还没有人来")
    (stream,) = Stream.objects.filter(kind="correspondence")
    events = list(Event.objects.filter(case=stream.number).order_by("seq"))
    kinds = [each.kind for each in events]
    assert kinds == ["correspondence.begun", "correspondence.filed", "correspondence.added"]
    assert set(kinds) <= set(KINDS)
    written = json.dumps([each.data for each in events], ensure_ascii=False)
    assert f"{filed:016d}" in written
    assert not any(word in written for word in (SOMEBODY, "滨河路", "没有人来"))


def test_after_its_time_all_of_it_is_let_go_of_and_the_case_stays(filed: int, clock: Any) -> None:
    clock.at += get_rule().kept
    clock.pass_by(hours=-1)
    assert sweep_correspondence(at=clock()) == 0
    clock.pass_by(hours=2)
    assert sweep_correspondence(at=clock()) > 0
    assert not Message.objects.exists()
    assert not Correspondent.objects.exists()
    assert not Attachment.objects.exists()
    case = Case.objects.get(pk=filed)
    assert case.answers["text"] == HOLE
    assert case.materials.count() == 1


def test_whoever_still_writes_loses_only_what_is_old(filed: int, wechat: Any, clock: Any) -> None:
    clock.at += get_rule().kept
    wechat.hand_over(SOMEBODY, clock.pass_by(hours=1), Content="路灯又坏了，还是那个地方")
    sweep_correspondence(at=clock())
    kept = [open_content(row.content_sealed).text for row in Message.objects.exclude(content_sealed="")]
    assert kept[0] == "路灯又坏了，还是那个地方"
    assert HOLE not in kept
    assert Correspondent.objects.count() == 1


def test_under_a_new_key_everything_is_sealed_anew(filed: int, settings: Any) -> None:
    new = base64.b64encode(os.urandom(32)).decode()
    settings.DATA_KEYS = [new, *settings.DATA_KEYS]
    told = list(reseal_correspondence(batch=100))
    assert sum(each.written for each in told) == Correspondent.objects.count() + Message.objects.count()
    settings.DATA_KEYS = [new]
    assert open_sealed(Correspondent.objects.get().address_sealed) == SOMEBODY


def test_what_is_sealed_comes_back_without_marks_that_no_person_writes() -> None:
    content = Content(text="灯\x00坏\x1b了\ud800\n快来", references=("<a@b>",), latitude="29.8")
    found = open_content(seal_content(content))
    assert (found.text, found.references, found.latitude) == ("灯坏了\n快来", ("<a@b>",), "29.8")
    assert open_content("") == Content()
