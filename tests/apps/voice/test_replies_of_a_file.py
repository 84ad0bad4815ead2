"""`tongban voice replies` looks over the replies of a file, whatever its columns are called."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADERS = {
    "zh": ("留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"),
    "en": ("id", "subject", "asked_at", "message", "reply", "replied_at"),
}
ROWS = (
    (
        "1",
        "咨询路灯",
        "2026/3/2 9:00:00",
        "路灯什么时候装？",
        "您好！经现场查看，路灯计划4月底前安装。",
        "2026/3/3 9:00:00",
    ),
    (
        "2",
        "投诉路灯",
        "2026-03-02 09:00",
        "路灯不亮，电话13800138000。",
        "您反映的问题已转交照明中心办理。",
        "2026-04-30 09:00",
    ),
    ("3", "路灯", "", "路灯不亮", "好的", "2026-04-30"),
)


def _file(folder: Path, header: tuple[str, ...], encoding: str = "utf-8") -> Path:
    path = folder / "replies.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *ROWS])
    return path


@pytest.mark.parametrize(("names", "encoding"), [("zh", "gb18030"), ("en", "utf-8-sig")])
def test_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str], names: str, encoding: str) -> None:
    call_command("voice", "replies", str(_file(tmp_path, HEADERS[names], encoding)), worst=1, best=1)
    told = capsys.readouterr().out
    assert "2 replies, 1 rows left out" in told
    assert "forwarded=0.500" in told
    assert "late=0.500" in told
    assert "dated=0.500" in told
    worst, best = told.index("worst:"), told.index("best:")
    assert "2 none" in told[worst:best]
    assert "reply.forwarded" in told[worst:best]
    assert "1 good" in told[best:]


def test_personal_data_are_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "replies.csv"
    rows = [
        HEADERS["zh"],
        ("1", "我叫王小明，电话13800138000", "2026/3/2", "路灯", "投诉人王小明，13800138000。", "2026/3/3"),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    call_command("voice", "replies", str(path))
    told = capsys.readouterr().out
    assert "personal=1.000" in told
    assert "13800138000" not in told
    assert "王小明" not in told


def test_a_file_without_replies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="reply"):
        call_command("voice", "replies", str(_file(tmp_path, ("id", "subject", "asked_at", "message", "x", "y"))))
    path = tmp_path / "none.csv"
    path.write_text("message,reply,asked_at,replied_at\n,,,\n路灯,好,昨天,今天\n", "utf-8")
    with pytest.raises(CommandError, match="no row"):
        call_command("voice", "replies", str(path))
