"""A message is given its category, urgency and district with the words that decided, or goes to a coordinator."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongban.apps.catalog.definitions.dispatch import Dispatch, check_dispatch, read_dispatch
from tongban.apps.voice.text.model import Model
from tongban.apps.voice.text.sorting import Corrections, Sorter, in_its_words, seed_examples
from tongban.apps.voice.text.tables import Example, passage
from tongban.apps.voice.text.training import train

TEXT = """
categories:
  - code: roads
    name: {zh: "道路", en: "Roads"}
    also: ["市政道路"]
    department: works
    terms: [道路, 路面]
    children:
      - code: roads-lights
        name: {zh: "路灯", en: "Street lights"}
        terms: [路灯, 漆黑]
        department: lights
        children:
          - {code: roads-lights-dark, name: {zh: "不亮", en: "Dark"}, terms: [不亮, 灯坏]}
      - code: roads-holes
        name: {zh: "坑洼", en: "Holes"}
        terms: [坑洼, 井盖]
    examples: ["路灯坏了一个月，晚上漆黑一片", "道路坑洼不平，井盖也松了", "人行道路面破了没人修"]
  - code: care
    name: {zh: "医疗", en: "Health"}
    department: health
    terms: [医院, 医生]
    children:
      - {code: care-fees, name: {zh: "收费", en: "Fees"}, terms: [押金, 收费]}
    examples: ["医院住院要交押金", "医生态度差，挂号排队", "门诊收费不清楚，护士不解释"]
urgency:
  - {code: life, name: {zh: "生命", en: "Life"}, level: 1, terms: [触电, 昏迷]}
  - {code: many, name: {zh: "众人", en: "Many"}, level: 2, terms: [停水]}
places:
  "000001": [东山, 望江街道]
"""
DISTRICTS = {"000001": "甲区", "000002": "乙区"}


@pytest.fixture(scope="module")
def dispatch(tmp_path_factory: pytest.TempPathFactory) -> Dispatch:
    folder = tmp_path_factory.mktemp("city")
    (folder / "dispatch.yaml").write_text(TEXT, "utf-8")
    assert [*check_dispatch(folder, departments=["works", "lights", "health"], voices=[])] == []
    found = read_dispatch(folder)
    assert isinstance(found, Dispatch)
    return found


@pytest.fixture(scope="module")
def model(dispatch: Dispatch) -> Model:
    return train(seed_examples(dispatch), at=datetime(2026, 11, 28, tzinfo=UTC), parts=3)


def test_three_levels_with_the_words_that_decided(dispatch: Dispatch, model: Model) -> None:
    found = Sorter(dispatch=dispatch, districts=DISTRICTS, model=model).sort(
        subject="路灯不亮", text="望江街道的路灯坏了，晚上漆黑，老人差点触电"
    )
    assert found.categories == ("roads", "roads-lights", "roads-lights-dark")
    assert (found.by, found.department, found.district, found.urgency) == ("model", "lights", "000001", 1)
    assert found.chance > 0.6
    assert any("路灯" in each.words for each in found.reasons)
    assert [each.words for each in found.urgent_because] == ["触电"]
    assert [each.words for each in found.district_because] == ["望江街道"]
    assert all(0 < each.share <= 1 for each in found.reasons)


def test_without_a_model_the_directory_speaks(dispatch: Dispatch) -> None:
    found = Sorter(dispatch=dispatch, districts=DISTRICTS).sort(text="医院要押金")
    assert (found.categories, found.by) == (("care", "care-fees"), "directory")


@pytest.mark.parametrize("text", ["", "你好", "道路和医院", "😀" * 50])
def test_what_is_not_sure_goes_to_a_coordinator(dispatch: Dispatch, text: str) -> None:
    found = Sorter(dispatch=dispatch, districts=DISTRICTS).sort(text=text)
    assert (found.by, found.categories, found.department) == ("coordinator", (), "")


def test_a_district_that_is_not_plain_is_left_open(dispatch: Dispatch) -> None:
    sorter = Sorter(dispatch=dispatch, districts=DISTRICTS)
    assert sorter.sort(text="从甲区到乙区").district == ""
    assert sorter.sort(text="乙区的路").district == "000002"


def test_a_correction_holds_at_once_for_the_same_complaint(dispatch: Dispatch, model: Model) -> None:
    text = "医院门口的道路路面破了，救护车颠得厉害"
    right = Corrections(model=model, corrected=[(passage(text=text), "care"), (passage(text=text), "roads-holes")])
    sorter = Sorter(dispatch=dispatch, districts=DISTRICTS, model=model, corrections=right)
    found = sorter.sort(text="医院门口道路的路面破了！救护车颠得厉害")
    assert (found.categories, found.by) == (("roads", "roads-holes"), "correction")
    assert sorter.sort(text="医生让交押金").by != "correction"
    assert Corrections(model=model, corrected=[]).nearest(passage(text=text)) is None


def test_an_older_list_is_understood(dispatch: Dispatch) -> None:
    old = [Example(passage(text="路"), label) for label in ("市政道路", "care", "别的")]
    assert [each.label for each in in_its_words(old, dispatch=dispatch)] == ["道路", "医疗", "别的"]


def test_the_directory_of_a_city_is_checked(tmp_path: Path) -> None:
    wrong = "speaks_in: nowhere\n" + TEXT.replace("code: care-fees", "code: roads")
    (tmp_path / "dispatch.yaml").write_text(wrong, "utf-8")
    found = [each.code for each in check_dispatch(tmp_path, departments=["works", "health"], voices=["say-it"])]
    assert sorted(found) == ["department.unknown", "dispatch.category-twice", "dispatch.speaks-in"]
    (tmp_path / "dispatch.yaml").write_text("categories: 3", "utf-8")
    assert isinstance(read_dispatch(tmp_path), list)


def test_the_longest_message_is_sorted_in_bounded_time(dispatch: Dispatch, model: Model) -> None:
    sorter = Sorter(dispatch=dispatch, districts=DISTRICTS, model=model)
    begun = time.process_time()
    for text in ("路灯" * 50_000, "路" * 100_000, "<b>" * 33_000, "\u200b" * 100_000):
        sorter.sort(subject=text, text=text)
    assert time.process_time() - begun < 20  # what grows with the square of the length takes minutes
