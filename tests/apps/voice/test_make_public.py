"""What people say becomes public when they agree, with personal data covered and after a person has looked."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.voice.errors import NotForThem, NothingSaid, NotToPublish, StillPersonal, UnknownInquiry
from tongban.apps.voice.queries import PublicInquiry, count_to_look_at, get_public, list_public, list_to_look_at
from tongban.apps.voice.services import propose, publish, support, take_back_support, withhold

SAID = "我叫王小明，电话 13912345678，滨河路工地夜里施工太吵了。"


def public(number: int) -> PublicInquiry:
    found = get_public(number=number)
    assert found is not None
    return found


@pytest.fixture
def inquiry(say: Any, follow_log: Any) -> Any:
    number = say(SAID, by="wuxiaochuan", published=True, subject="夜里施工")
    follow_log("voice")
    return number


def test_what_is_proposed_is_covered(inquiry: Any, actor_for: Any) -> None:
    found = propose(number=inquiry, actor=actor_for("xuhong"), at=timezone.now())
    assert "13912345678" not in found.text
    assert "王小明" not in found.text
    assert "滨河路工地夜里施工太吵了" in found.text
    assert found.covered == 2
    assert SAID in found.words


def test_it_is_public_once_somebody_has_looked(inquiry: Any, actor_for: Any) -> None:
    assert get_public(number=inquiry) is None
    assert list_to_look_at(actor=actor_for("xuhong"), at=timezone.now()) == [inquiry]
    publish(number=inquiry, subject="夜里施工", text="工地夜里太吵", actor=actor_for("xuhong"), at=timezone.now())
    found = public(inquiry)
    assert (found.subject, found.text, found.people) == ("夜里施工", "工地夜里太吵", 1)
    assert count_to_look_at(actor=actor_for("xuhong"), at=timezone.now()) == 0


def test_a_number_that_is_surely_somebodys_is_not_let_out(inquiry: Any, actor_for: Any) -> None:
    with pytest.raises(StillPersonal) as refused:
        publish(number=inquiry, subject="", text=SAID, actor=actor_for("xuhong"), at=timezone.now())
    assert "13912345678" not in str(refused.value.params)
    assert get_public(number=inquiry) is None


def test_whoever_did_not_agree_is_not_made_public(say: Any, actor_for: Any) -> None:
    number = say(SAID, by="wuxiaochuan")
    with pytest.raises(NotToPublish):
        publish(number=number, subject="", text="工地太吵", actor=actor_for("xuhong"), at=timezone.now())


def test_without_words_there_is_nothing_to_publish(inquiry: Any, actor_for: Any) -> None:
    with pytest.raises(NothingSaid):
        publish(number=inquiry, subject="夜里施工", text="  ", actor=actor_for("xuhong"), at=timezone.now())


@pytest.mark.parametrize("who", ["wuxiaochuan", "linxiaomei", "tanglei", "liangchen"])
def test_only_who_dispatches_or_answers_looks(inquiry: Any, actor_for: Any, who: Any) -> None:
    for command in (
        lambda: propose(number=inquiry, actor=actor_for(who), at=timezone.now()),
        lambda: publish(number=inquiry, subject="", text="工地太吵", actor=actor_for(who), at=timezone.now()),
        lambda: withhold(number=inquiry, reason="personal", actor=actor_for(who), at=timezone.now()),
    ):
        with pytest.raises(NotForThem):
            command()


def test_the_department_that_answers_looks_too(inquiry: Any, act: Any, actor_for: Any) -> None:
    act(inquiry, "dispatch", by="xuhong", department="ecology-environment", reason="")
    assert list_to_look_at(actor=actor_for("fupeng"), at=timezone.now()) == [inquiry]
    assert list_to_look_at(actor=actor_for("tanglei"), at=timezone.now()) == []
    publish(number=inquiry, subject="", text="工地太吵", actor=actor_for("fupeng"), at=timezone.now())
    assert public(inquiry).department == "ecology-environment"


def test_it_is_taken_back_with_its_words(inquiry: Any, actor_for: Any) -> None:
    publish(number=inquiry, subject="", text="工地太吵", actor=actor_for("xuhong"), at=timezone.now())
    withhold(number=inquiry, reason="personal", actor=actor_for("xuhong"), at=timezone.now())
    assert get_public(number=inquiry) is None
    assert propose(number=inquiry, actor=actor_for("xuhong"), at=timezone.now()).withheld == "personal"


def test_the_newest_come_first_and_pages_meet(say: Any, actor_for: Any) -> None:
    numbers = []
    now = timezone.now()
    for minute in range(5):
        number = say(f"第{minute}件事情，工地太吵了", published=True)
        publish(
            number=number, subject="", text="太吵", actor=actor_for("xuhong"), at=now + timedelta(minutes=minute // 2)
        )
        numbers.append(number)
    seen, before = [], None
    while page := list_public(before=before, limit=2):
        seen += [each.number for each in page]
        before = (page[-1].published_at, page[-1].number)
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == 5


def test_me_too_counts_each_once_and_is_taken_back(inquiry: Any, actor_for: Any) -> None:
    with pytest.raises(UnknownInquiry):
        support(number=inquiry, key="person:1", at=timezone.now())
    publish(number=inquiry, subject="", text="工地太吵", actor=actor_for("xuhong"), at=timezone.now())
    own = f"person:{actor_for('wuxiaochuan').person_id}"
    assert not support(number=inquiry, key=own, at=timezone.now())
    assert support(number=inquiry, key="person:77777", at=timezone.now())
    assert not support(number=inquiry, key="person:77777", at=timezone.now())
    assert public(inquiry).people == 2
    assert take_back_support(number=inquiry, key="person:77777")
    assert not take_back_support(number=inquiry, key="person:77777")
    assert public(inquiry).people == 1
