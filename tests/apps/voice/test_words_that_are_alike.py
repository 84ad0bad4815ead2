"""A word that nobody taught with speaks for what its family was taught for; segmented text is read by its words."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.apps.catalog.definitions.dispatch import Dispatch, read_dispatch
from tongban.apps.voice.text.families import Families, common
from tongban.apps.voice.text.sorting import families_of
from tongban.apps.voice.text.tables import Example, passage
from tongban.apps.voice.text.teaching import learn_from
from tongban.apps.voice.text.training import learn

GROUPS = [["驾校", "教练", "科目二"], ["医院", "医生", "医院门口", "看病"], ["教练", "球场"], ["x", "", "a b"]]
LETTERS = st.text(alphabet="驾校教练科目二医院生门口看病球场，a ", max_size=60)


@given(LETTERS)
@settings(max_examples=80, deadline=None)
def test_each_word_is_found_wherever_it_stands(text: str) -> None:
    families = Families(GROUPS)
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    found = sorted(zip(*(each.tolist() for each in families.found(points)), strict=True))
    meant = [
        (at, len(word), number)
        for number, group in enumerate(families.groups)
        for word in group
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    assert found == sorted(meant)


def test_what_is_no_word_is_left_out() -> None:
    assert Families(GROUPS).groups[3] == ()
    assert Families([["ＫＴＶ", "醫生"]]).groups == (("ktv", "医生"),)
    assert all(len(word) > 1 for group in common() for word in group)


def test_a_word_never_taught_with_speaks_for_its_family() -> None:
    taught = [("交通", text) for text in ("教练骂人", "教练收钱", "科目二考不过", "驾校乱收")]
    taught += [("教育", text) for text in ("老师骂人", "老师收钱", "作业太多", "补课乱收")]
    examples = [Example(passage(text=text), label) for label, text in taught]
    asked = [passage(text="学车的教练场"), passage(text="驾考"), passage(text="晚自习")]
    model = learn(examples)
    assert [model.labels[at] for at in model.scores(asked).argmax(axis=1)] == ["交通", "交通", "教育"]
    assert model.warmth(asked[1], label=0).sum() > 0


def test_segmented_text_is_read_by_its_words() -> None:
    cut = passage(text="道路 坑洼 不平 没有 人 修")
    assert cut.body == "道路坑洼不平没有人修"
    assert cut.spaced == "\n道路 坑洼 不平 没有 人 修"
    assert passage(text="道路坑洼不平，没有人修 谢谢").spaced == ""
    examples = [Example(passage(text=text), label) for label, text in (("甲", "上海 路 灯"), ("乙", "上 海路 灯")) * 3]
    model = learn(examples)
    asked = [passage(text="上海 路 灯"), passage(text="上 海路 灯")]
    assert [model.labels[at] for at in model.scores(asked).argmax(axis=1)] == ["甲", "乙"]


@pytest.fixture(scope="module")
def dispatch() -> Dispatch:
    found = read_dispatch(Path(__file__).parents[3] / "cities" / "mingchuan")
    assert isinstance(found, Dispatch)
    return found


def test_categories_of_a_directory_are_families(dispatch: Dispatch) -> None:
    groups = families_of(dispatch)
    below = [each for each in dispatch.categories.values() if each.above]
    assert len(groups) == len(below)
    assert all(set(each.terms) <= {word for group in groups for word in group} for each in below)


def test_a_city_learns_from_its_history(dispatch: Dispatch) -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    first = dispatch.below("")[0]
    history = [Example(passage(text="蓝色的铁皮棚子挡了窗户"), label, 4.0) for label in (first.code, *first.also)]
    model = learn_from(iter(history), dispatch=dispatch, at=at)
    assert {*model.labels} == {each.name.zh for each in dispatch.below("")}
    said = model.scores([passage(text="铁皮棚子还在")])[0]
    assert model.labels[int(said.argmax())] == first.name.zh
    assert model.record["at"] == at.isoformat()
