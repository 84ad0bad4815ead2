"""Messages are taught with and sorted, from tables as they come, and the model survives its file."""

import csv
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.apps.voice.errors import ModelUnusable, TooFewExamples
from tongban.apps.voice.text.bulk import sort_messages
from tongban.apps.voice.text.model import Model, load, save
from tongban.apps.voice.text.near import folds, groups
from tongban.apps.voice.text.normal import LONGEST, SIMPLE, UNSEEN, plain, read
from tongban.apps.voice.text.tables import Example, passage, read_table
from tongban.apps.voice.text.training import examine, learn, macro_f1, train, weighted_f1

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
_ROAD = ("公交车", "出租车拒载", "末班车太早", "司机绕路", "公交线路", "车站", "客运班车", "打表计费")
_CARE = ("医院", "医生", "挂号", "住院押金", "门诊", "疫苗接种", "护士态度", "病历复印")
_MORE = ("昨天", "老人", "我们这里", "一直", "希望", "尽快", "多次", "无人理会", "请问", "今年")


def _examples() -> list[Example]:
    found = []
    for label, words in (("交通", _ROAD), ("医疗", _CARE)):
        for at in range(24):
            a, b, c = words[at % 8], words[(at * 3 + 1) % 8], _MORE[at % 10]
            found.append(
                Example(passage(subject=f"反映{a}的问题", text=f"{c}{a}{b}，{_MORE[(at * 7) % 10]}编号{at}。"), label)
            )
    return found


@pytest.fixture(scope="module")
def model() -> Model:
    return train(_examples(), at=AT)


def test_it_sorts_what_it_was_not_taught_with(model: Model) -> None:
    asked = [("", "出租车司机不打表"), ("住院", "医生让先交押金"), ("", "Ｇ公 交 车 什么时候来")]
    assert sort_messages(model, asked) == ["交通", "医疗", "交通"]


def test_the_record_says_what_was_learned(model: Model) -> None:
    assert model.record["rows"] == 48
    assert model.record["at"] == AT.isoformat()
    assert 0.5 < model.record["macro_f1"] <= 1
    assert train(_examples()[::-1], at=AT).record["data_sha256"] == model.record["data_sha256"]
    assert train(_examples()[1:], at=AT).record["data_sha256"] != model.record["data_sha256"]


def test_the_same_examples_teach_the_same_model(model: Model) -> None:
    again = train(_examples(), at=AT)
    assert (again.weights == model.weights).all()
    assert again.sharpness == model.sharpness


def test_a_model_is_kept_whole_or_not_at_all(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "voice" / "classifier.npz"
    save(model, path=path)
    asked = [passage(text="公交车司机"), passage(text="")]
    assert np.allclose(load(path).chances(asked), model.chances(asked), atol=1e-5)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ModelUnusable):
        load(path)
    with pytest.raises(ModelUnusable, match="voice train"):
        load(tmp_path / "none.npz")


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    with path.open("wb") as out:
        np.savez(out, head=np.array([{"format": 1}], dtype=object))
    with pytest.raises(ModelUnusable):
        load(path)


@pytest.mark.parametrize(
    "text", ["医生叫老人挂号，出租车等在医院门口", "医生 叫 老人 挂号 ， bus stop 等 在 医院 门口", "路"]
)
@pytest.mark.parametrize("subject", ["", "反映住院押金"])
def test_what_the_characters_gave_adds_up_to_the_score(model: Model, subject: str, text: str) -> None:
    asked = passage(subject=subject, text=text)
    scores = model.scores([asked])[0]
    for at in range(2):
        warmth = model.warmth(asked, label=at)
        assert len(warmth) == len(asked.whole)
        assert warmth.sum() == pytest.approx((scores - model.bias)[at] - (scores - model.bias).mean(), abs=1e-5)


def test_one_category_is_not_enough() -> None:
    with pytest.raises(TooFewExamples):
        learn([Example(passage(text="公交"), "交通")])


def test_copies_stay_in_one_fold() -> None:
    text = "小区门口的路灯坏了一个多月，晚上漆黑一片，老人不敢出门，请尽快派人来修理，谢谢领导关心"
    other = "孩子户口在本地，划片的小学却说没有学位了，教育局应该给家长们一个明确的说法才对"
    texts = [text, "反映：" + text + "！！", other, text.replace("，", " "), "路灯"]
    group = groups(texts)
    assert group[0] == group[1] == group[3] != group[2]
    assert len({*group.tolist()}) == 3
    labels = ["甲"] * 3 + ["乙"] * 2
    part = folds(group, labels, count=3, seed=1)
    assert part[0] == part[1] == part[3]
    assert (part == folds(group, labels, count=3, seed=1)).all()


def test_examined_with_what_was_held_back() -> None:
    found = examine(_examples(), parts=4)
    assert len(found.macro) == 4
    assert found.scores.shape == (48, 2)


def test_f1_as_everyone_counts_it() -> None:
    right, guessed = ["a", "a", "b", "c"], ["a", "b", "b", "a"]
    assert macro_f1(right, guessed) == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert weighted_f1(right, guessed) == pytest.approx((2 * 0.5 + 2 / 3) / 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["label", "text"], lambda e: [e.label, e.passage.subject + e.passage.body]),
        (
            ["no", "留言主题", "时间", "留言详情", "一级标签", "二级标签"],
            lambda e: ["7", e.passage.subject, "2020/1/6", e.passage.body, e.label, "x"],
        ),
        (["a", "b"], lambda e: [" ".join(e.passage.body), e.label]),
    ],
)
def test_tables_are_read_as_they_are(tmp_path: Path, encoding: str, header: list[str], row: object) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows([row(each) for each in _examples()])  # type: ignore[operator]
        writer.writerow(["", ""])
    table = read_table(path)
    assert len(table.examples) == 48
    assert {each.label for each in table.examples} == {"交通", "医疗"}
    assert any("公交车" in each.passage.body for each in table.examples)


def test_the_command_tells_the_figures_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["label", "text"], *([e.label, e.passage.body] for e in _examples())])
    call_command("voice", "evaluate", "--train", str(path), "--test", str(path))
    last = capsys.readouterr().out.strip().splitlines()[-1]
    figures = dict(part.split("=") for part in last.split())
    assert float(figures["macro_f1"]) > 0.9
    assert [*figures] == ["macro_f1", "weighted_f1", "messages_per_second"]
    call_command("voice", "train", "--train", str(path), "--model", str(tmp_path / "m.npz"))
    assert {"交通", "医疗"} < {*load(tmp_path / "m.npz").labels}  # beside those of the directory
    (tmp_path / "bad.csv").write_text("a\nb\nc\n")
    with pytest.raises(CommandError, match="`text`"):
        call_command("voice", "train", "--train", str(tmp_path / "bad.csv"), "--model", str(tmp_path / "m.npz"))


ODD = ["", "\x00", "a" * 100_000, "路" * 100_000, "😀🏳️‍🌈" * 500, "<b>路灯</b>" * 500, "<" * 50_000, "<a" * 50_000]
ODD += ["'; DROP TABLE cases; --", "مرحبا بالعالم שלום", "路\u200b灯\u202e坏\ufeff了", "\ud800路", "&lt;b&gt;" * 5_000]
ODD += [" \n\t" * 30_000, "\ufdfa" * 30_000, "\U0010ffff路"]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_nothing_written_makes_it_fail(model: Model, text: str) -> None:
    assert len(plain(text)) <= LONGEST
    chances = model.chances([passage(subject=text[:500], text=text), passage(text=text)])
    assert np.isfinite(chances).all()
    assert chances.sum(axis=1) == pytest.approx([1, 1])


def test_what_cannot_be_seen_and_how_wide_it_is_make_no_difference() -> None:
    assert plain("路\u200b灯　<b>ＡＢＣ</b>\u202e") == plain("路灯 abc ") == plain("路 灯 abc ")
    assert plain("噪聲擾民，電話沒人接") == "噪声扰民,电话没人接"
    assert plain("bus stop 没有 灯") == "bus stop没有灯"


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("，：；！？（）。\u0338\u0301們路\u200bＡa "), st.characters()), max_size=60
    )
)
@settings(max_examples=200, deadline=None)
def test_marks_that_are_replaced_first_come_out_as_any_other(text: str) -> None:
    whole = unicodedata.normalize("NFKC", text.replace("<", "").replace("&", ""))
    meant = "".join(SIMPLE.get(ord(each), each) for each in whole if ord(each) not in UNSEEN).lower()
    assert read(text.replace("<", "").replace("&", "")) == meant


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_sorted_the_same_alone_and_among_others(text: str) -> None:
    taught = _taught()
    alone = taught.scores([passage(text=text)])
    among = taught.scores([passage(text="公交车"), passage(text=text), passage(text="")])
    assert np.allclose(alone[0], among[1])


_kept: list[Model] = []


def _taught() -> Model:
    if not _kept:
        _kept.append(learn(_examples()))
    return _kept[0]
