"""`tongban voice evaluate` reads tables as they come, and tells its figures last."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

WORDS = {
    "交通": ["公交车晚点", "出租车拒载", "末班车太早", "司机绕路", "客运班车不停"],
    "医疗": ["医院排队", "医生态度差", "挂号太难", "住院押金高", "护士不解释"],
    "教育": ["学校补课", "老师收费", "学位不够", "校车超员", "作业太多"],
}
ROWS = [
    (label, f"{word}，第{at}次反映，{more}")
    for label, words in WORDS.items()
    for at, word in enumerate(words)
    for more in ("请处理", "希望尽快解决", "一直没有人管")
]
Capture = pytest.CaptureFixture[str]


def _table(rows: list[list[str]], *, end: str = "\r\n", delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _plain() -> list[list[str]]:
    return [["label", "text"], *([label, text] for label, text in ROWS)]


@pytest.fixture
def evaluate(tmp_path: Path, capsys: Capture) -> Callable[[bytes, bytes | None], dict[str, float]]:
    def run(test: bytes, train: bytes | None = None) -> dict[str, float]:
        (tmp_path / "train.csv").write_bytes(train or _table(_plain()).encode())
        (tmp_path / "test.csv").write_bytes(test)
        call_command("voice", "evaluate", "--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv"))
        last = capsys.readouterr().out.strip().splitlines()[-1]
        figures = {name: float(value) for name, value in (part.split("=") for part in last.split())}
        assert [*figures] == ["macro_f1", "weighted_f1", "messages_per_second"]
        assert figures["messages_per_second"] > 0
        return figures

    return run


Evaluate = Callable[..., dict[str, float]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_in_any_encoding_with_any_ends_of_lines(evaluate: Evaluate, encoding: str, end: str) -> None:
    assert evaluate(_table(_plain(), end=end).encode(encoding))["macro_f1"] > 0.9


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_with_other_columns_than_it_was_taught_with(evaluate: Evaluate, delimiter: str) -> None:
    rows = [["留言编号", "留言主题", "留言时间", "留言详情", "一级标签", "二级标签"]]
    rows += [[str(at), text[:5], "2020/1/6 12:09:38", text, label, "其他"] for at, (label, text) in enumerate(ROWS)]
    assert evaluate(_table(rows, delimiter=delimiter).encode())["macro_f1"] > 0.9


def test_with_columns_of_no_name_and_one_category_only(evaluate: Evaluate) -> None:
    rows = [["a", "b", "c"], *([str(at), text, label] for at, (label, text) in enumerate(ROWS) if label == "医疗")]
    assert evaluate(_table(rows).encode())["weighted_f1"] > 0.9


def test_with_line_breaks_and_quotes_in_a_text(evaluate: Evaluate) -> None:
    rows = [["text", "label"], *([f'他说"\n{text}\n\r\n谢谢",完', label] for label, text in ROWS)]
    assert evaluate(_table(rows).encode())["macro_f1"] > 0.9


def test_with_a_category_that_is_missing_and_one_that_was_never_taught(evaluate: Evaluate) -> None:
    rows = [row for row in _plain() if row[0] != "教育"]
    assert evaluate(_table(rows).encode())["macro_f1"] > 0.9
    figures = evaluate(_table([*rows, ["旅游", "导游强迫购物"]]).encode())
    assert 0.3 < figures["macro_f1"] < figures["weighted_f1"] < 1


def test_with_texts_that_are_empty_odd_or_very_long(evaluate: Evaluate) -> None:
    odd = [
        ["医疗", ""],
        ["医疗", " "],
        ["医疗", "。！？"],
        ["医疗", "医院" * 50_000],
        ["医疗", "\U0001f600"],
        ["", "无"],
    ]
    assert evaluate(_table([*_plain(), *odd]).encode())["weighted_f1"] > 0.85
    assert evaluate(_table(_plain()).encode(), _table([*_plain(), *odd]).encode())["macro_f1"] > 0.9


def test_a_table_without_rows_is_told_so(evaluate: Evaluate) -> None:
    with pytest.raises(CommandError, match="no rows"):
        evaluate(b"label,text\n")
    with pytest.raises(CommandError, match="neither UTF-8"):
        evaluate(b"label,text\n\xff\xff\xff,\x81\n")
