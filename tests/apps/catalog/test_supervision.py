"""What a supervision.yaml says of cards, right and wrong, each problem with its place."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.supervision import DEFAULT, read_supervision

GOOD = """since: 2026-12-01
rules:
  - matters: [food-business-licence]
    steps: [inspect]
    yellow: 80
    answered_by: [handler]
  - of: case
    limit: statutory
    cards: [red]
  - answer_within: 2 working days
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("supervision") / "city"
    shutil.copytree(settings.CITY, folder)
    return folder


def _problems(city: Path, before: str = "", after: str = "") -> list[tuple[str, int]]:
    assert before in GOOD
    (city / "supervision.yaml").write_text(GOOD.replace(before, after) if before else GOOD, "utf-8")
    return [(each.code, each.line) for each in check_city(city).problems if each.file == "supervision.yaml"]


def test_it_works(city: Path) -> None:
    assert _problems(city) == []
    found = read_supervision(city)
    assert not isinstance(found, list)
    inspect, whole, rest = found.rules
    assert found.rule_for(matter="food-business-licence", step="inspect") is inspect
    assert found.rule_for(matter="food-business-licence") is whole
    assert found.rule_for(matter="food-business-licence", step="handle") is rest
    assert [inspect.colour(percent=percent, late=False) for percent in (79, 80)] == ["", "yellow"]
    assert [whole.colour(percent=99, late=late) for late in (False, True)] == ["", "red"]
    assert (str(rest.answer_within), rest.answered_by) == ("2 working days", DEFAULT.rules[0].answered_by)


def test_a_city_without_rules_of_its_own(tmp_path: Path) -> None:
    assert read_supervision(tmp_path) == DEFAULT
    (tmp_path / "supervision.yaml").write_text("rules: []\n", "utf-8")
    found = read_supervision(tmp_path)
    assert not isinstance(found, list)
    assert found.rule_for(matter="any") is None


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("[food-business-licence]", "[food-busyness-licence]", "matter.unknown", 3),
        ("steps: [inspect]", "steps: [inspekt]", "supervision.step-unknown", 4),
        ("    steps: [inspect]\n", "    steps: [inspect]\n    of: case\n", "supervision.steps", 5),
        ("  - of: case\n", "  - yellow: 60\n  - of: case\n", "supervision.never", 8),
        ("yellow: 80", "yellow: 100", "schema.maximum", 5),
        ("2 working days", "2 fortnights", "schema.pattern", 10),
        ("limit: statutory", "limit: longest", "schema.choice", 8),
        ("since: 2026-12-01", "since: soon", "schema.format", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_place(city: Path, before: str, after: str, code: str, line: int) -> None:
    assert (code, line) in _problems(city, before, after)
