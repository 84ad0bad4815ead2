"""What comes in is sorted from the log, by whichever matter and way it came, with the words that decided."""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tongban.apps.voice.errors import NotForThem, UnknownCategory
from tongban.apps.voice.models import Correction, Inquiry
from tongban.apps.voice.queries import SortedInquiry, category_path, get_sorted
from tongban.apps.voice.services import correct
from tongban.apps.voice.sorting import sort_text
from tongban.apps.voice.text.training import train

NIGHT = "楼下工地夜里十一点还在打桩，噪音扰民，老人孩子都睡不着。"
LIGHTS = "大学城北门的路灯坏了一个多月，晚上漆黑一片，照明不亮。"


def known(*, number: int) -> SortedInquiry:
    found = get_sorted(number=number)
    assert found is not None
    return found


def test_it_is_sorted_with_reasons_urgency_district_and_department(say: Any, follow_log: Any) -> None:
    number = say(LIGHTS)
    follow_log("voice")
    found = known(number=number)
    assert found.category == "building-streets-lights"
    assert [each.zh for each in category_path(found.category)] == ["城乡建设", "市容与市政设施", "道路照明"]
    assert found.proposed == "urban-management"
    assert found.district == "361702"
    assert {words for words, _ in found.reasons} & {"路灯", "漆黑", "照明"}
    assert found.urgency == 0


def test_what_endangers_life_is_the_most_urgent(say: Any, follow_log: Any) -> None:
    number = say("电梯困人了，三个老人被困在里面半个小时，闻到煤气。")
    follow_log("voice")
    found = known(number=number)
    assert found.urgency == 1
    assert {words for words, _ in found.urgent_because} & {"电梯困人", "被困", "闻到煤气"}


def test_what_says_little_is_left_to_a_coordinator(say: Any, follow_log: Any) -> None:
    number = say("这件事情请你们看一下吧。")
    follow_log("voice")
    found = known(number=number)
    assert (found.category, found.sorted_by) == ("", "coordinator")


def test_another_matter_in_which_something_is_said_is_sorted_too(file_case: Any, follow_log: Any) -> None:
    number = file_case(username="wuxiaochuan", matter="noise-complaint")
    other = file_case()
    follow_log("voice")
    row = Inquiry.objects.get(pk=number)
    assert (row.kind, row.channel, row.district) == ("complaint", "web", "361701")
    assert not Inquiry.objects.filter(pk=other).exists()


def test_read_again_nothing_changes(say: Any, follow_log: Any) -> None:
    number = say(LIGHTS)
    follow_log("voice")
    before = Inquiry.objects.values().get(pk=number)
    follow_log("voice")
    assert Inquiry.objects.values().get(pk=number) == before


def test_the_same_speakers_last_about_the_same_is_found(say: Any, follow_log: Any) -> None:
    first = say(LIGHTS, by="wuxiaochuan")
    say(LIGHTS, by="linxiaomei")
    again = say("路灯还是不亮，漆黑一片，照明没人修。", by="wuxiaochuan")
    follow_log("voice")
    assert known(number=again).earlier == first
    assert known(number=first).earlier is None


def test_a_coordinator_puts_it_right_and_it_is_on_record(say: Any, follow_log: Any, actor_for: Any) -> None:
    number = say(LIGHTS)
    follow_log("voice")
    correct(number=number, category="building-streets-drains", actor=actor_for("xuhong"), at=timezone.now())
    correct(number=number, category="building-streets-drains", actor=actor_for("xuhong"), at=timezone.now())
    found = known(number=number)
    assert (found.category, found.sorted_by) == ("building-streets-drains", "by-hand")
    assert list(Correction.objects.values_list("was", "category")) == [
        ("building-streets-lights", "building-streets-drains")
    ]


@pytest.mark.parametrize("who", ["wuxiaochuan", "tanglei", "liangchen"])
def test_nobody_else_does(say: Any, follow_log: Any, actor_for: Any, who: Any) -> None:
    number = say(LIGHTS)
    follow_log("voice")
    with pytest.raises(NotForThem):
        correct(number=number, category="building-streets-drains", actor=actor_for(who), at=timezone.now())


def test_a_category_that_is_not_in_the_directory_is_refused(say: Any, actor_for: Any) -> None:
    number = say(LIGHTS)
    with pytest.raises(UnknownCategory):
        correct(number=number, category="no-such", actor=actor_for("xuhong"), at=timezone.now())


def test_the_next_alike_follows_a_correction(
    say: Any, follow_log: Any, actor_for: Any, settings: Any, tmp_path: Any
) -> None:
    from tongban.apps.catalog.city import get_dispatch
    from tongban.apps.voice.sorting import model_file
    from tongban.apps.voice.text.model import save
    from tongban.apps.voice.text.sorting import seed_examples

    settings.VAR = tmp_path
    save(train(seed_examples(get_dispatch()), at=timezone.now()), path=model_file())
    first = say(LIGHTS)
    follow_log("voice")
    correct(number=first, category="transport", actor=actor_for("xuhong"), at=timezone.now())
    second = say(LIGHTS + "请尽快修。")
    follow_log("voice")
    found = known(number=second)
    assert (found.sorted_by, found.category) == ("correction", "transport")


def test_what_was_put_right_teaches(say: Any, follow_log: Any, actor_for: Any) -> None:
    from tongban.apps.voice.correcting import iterate_examples

    number = say(LIGHTS)
    say(NIGHT)
    follow_log("voice")
    assert list(iterate_examples()) == []
    correct(number=number, category="building-streets-drains", actor=actor_for("xuhong"), at=timezone.now())
    examples = list(iterate_examples())
    assert [each.label for each in examples] == ["城乡建设"]
    assert "路灯" in examples[0].passage.body


def test_the_next_training_learns_from_it(
    say: Any, follow_log: Any, actor_for: Any, settings: Any, tmp_path: Any, capsys: Any
) -> None:
    settings.VAR = tmp_path
    call_command("voice", "train")
    before = capsys.readouterr().out
    numbers = [say(f"{word}的铁皮棚子挡了窗户，光线进不来。") for word in ("蓝色", "红色", "绿色")]
    follow_log("voice")
    for number in numbers:
        correct(number=number, category="education", actor=actor_for("xuhong"), at=timezone.now())
    call_command("voice", "train", "--history")
    assert "beside 0 messages" in before
    assert "beside 3 messages" in capsys.readouterr().out
    found = sort_text(text="铁皮棚子还在，窗户没有光线")
    assert found.thought == "education"
    assert {each.words for each in found.reasons} & {"铁皮棚子", "窗户", "光线", "铁皮", "棚子"}


def test_what_was_answered_and_never_corrected_teaches_less(say: Any, follow_log: Any) -> None:
    from tongban.apps.cases.models import Case
    from tongban.apps.voice.correcting import iterate_examples

    number = say(LIGHTS)
    follow_log("voice")
    Case.objects.filter(pk=number).update(decided_at=timezone.now())
    (example,) = iterate_examples()
    assert (example.label, example.weight) == ("城乡建设", 0.3)
