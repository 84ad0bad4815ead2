"""What a windows.yaml says of numbers and bookings, right and wrong."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.halls import read_halls

GOOD = """centres:
  - code: hall
    name: {zh: "厅", en: "Hall"}
    address: {zh: "街", en: "Street"}
    open: {days: [1, 2], from: "09:00", to: "17:00"}
    windows:
      - {code: "A1", name: {zh: "窗", en: "Desk"}, matters: [one-matter], appointment: true}
      - {code: "A2", name: {zh: "窗", en: "Desk"}, matters: all}
    groups:
      - {code: every, letter: A, name: {zh: "全", en: "All"}, matters: all, windows: [A2], minutes: 10}
      - {code: one, letter: B, name: {zh: "一", en: "One"}, matters: [one-matter], windows: [A1, A2], minutes: 10}
    booking: {minutes: 30, days_ahead: 7, hours: [{from: "09:00", to: "12:00"}, {from: "13:00", to: "16:00"}]}
"""


WHOLE = 'name: {zh: "窗", en: "Desk"}, matters: all'
AM = '{days: [1, 2], from: "09:00", to: "12:00"}'


def _problems(tmp_path: Path, before: str = "", after: str = "") -> list[tuple[str, int]]:
    assert before in GOOD
    (tmp_path / "windows.yaml").write_text(GOOD.replace(before, after) if before else GOOD, "utf-8")
    found = read_halls(tmp_path)
    return [(each.code, each.line) for each in found] if isinstance(found, list) else []


def test_it_works(tmp_path: Path) -> None:
    assert _problems(tmp_path) == []
    found = read_halls(tmp_path)
    assert not isinstance(found, list)
    hall = found["hall"]
    assert hall.groups_at("A2") == ("every", "one")
    assert [group.code for group in hall.groups_for("one-matter")] == ["one"]
    assert [group.code for group in hall.groups_for("other")] == ["every"]
    assert (hall.bookable_at("one"), hall.bookable_at("every")) == (("A1",), ())


def test_a_city_without_halls(tmp_path: Path) -> None:
    assert read_halls(tmp_path) == {}


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("letter: B", "letter: A", "hall.twice", 11),
        ("code: one,", "code: every,", "hall.twice", 11),
        ('code: "A2"', 'code: "A1"', "hall.twice", 6),
        ("windows: [A1, A2]", "windows: [A9]", "hall.window-unknown", 11),
        ("matters: all, windows: [A2]", "matters: all, windows: [A1]", "hall.window-matters", 10),
        ('    open: {days: [1, 2], from: "09:00", to: "17:00"}\n', "", "hall.hours", 2),
        ('to: "17:00"', 'to: "08:00"', "hall.hours", 5),
        ('to: "16:00"', 'to: "18:00"', "hall.booking-hours", 12),
        (WHOLE, WHOLE + ', open: [{days: [1], from: "08:00", to: "12:00"}]', "hall.window-hours", 8),
        (WHOLE, WHOLE + ', open: [{days: [3], from: "09:00", to: "12:00"}]', "hall.window-hours", 8),
        (WHOLE, WHOLE + f", open: [{AM}, {AM}]", "hall.window-hours", 8),
        ('from: "13:00"', 'from: "11:00"', "hall.booking-hours", 12),
        ("appointment: true", "appointment: false", "hall.booking-windows", 12),
        ("letter: A", "letter: AB", "schema.pattern", 10),
        ("minutes: 30", "minutes: 0", "schema.minimum", 12),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, before: str, after: str, code: str, line: int) -> None:
    assert (code, line) in _problems(tmp_path, before, after)


def test_a_matter_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(Path(settings.CITY), folder)
    path = folder / "windows.yaml"
    text = path.read_text("utf-8").replace("deed-tax], windows", "dead-tax], windows")
    path.write_text(text, "utf-8")
    codes = {problem.code for problem in check_city(folder).problems if problem.file == "windows.yaml"}
    assert codes == {"matter.unknown", "hall.window-matters"}
