"""A city's own words and rule are checked as a process starts, and say what is wrong with them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tongban.apps.correspondence.wording import check_words, get_rule, language_of, say


@pytest.fixture
def own(settings: Any, tmp_path: Path, city: Path) -> Any:
    """A city that says something differently."""

    def write(**parts: Any) -> list[str]:
        folder = tmp_path / f"city-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        shutil.copy(Path(city) / "city.yaml", folder)
        (folder / "correspondence.yaml").write_text(yaml.safe_dump(parts, allow_unicode=True), "utf-8")
        settings.CITY = folder
        return [each.msg for each in check_words()]

    return write


def test_the_words_that_are_there_are_right(city: Path) -> None:
    assert check_words() == []


def test_a_city_says_it_in_its_own_words(own: Any) -> None:
    assert own(words={"undone": {"zh": "好的，收回了。", "en": "Done."}}) == []
    assert say("undone", language="zh-hans") == "好的，收回了。"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"words": {"undone": {"zh": "好"}}}, "undone has words for zh and for en"),
        ({"words": {"undone": {"zh": "{name}", "en": "x"}}}, "{name} cannot stand here"),
        ({"words": {"undone": {"zh": "长" * 281, "en": "x"}}}, "281 characters"),
        ({"words": {"sorry": {"zh": "好", "en": "x"}}}, "there are no words 'sorry'"),
        ({"rule": {"quiet_minutes": {"wechat": 3}}}, "rule.quiet_minutes is a whole number for each"),
        ({"rule": {"keep_days": -1}}, "rule.keep_days is a whole number"),
    ],
)
def test_what_is_wrong_is_named(own: Any, parts: Any, told: str) -> None:
    (problem,) = own(**parts)
    assert told in problem


def test_a_sentence_with_nothing_to_say_is_left_out(city: Path) -> None:
    assert say("standing", language="en", number=None, status="in hand", due=None) == ""
    told = say("filed", language="zh-hans", number=2611280000000000, due=None)
    assert "答复您" not in told.partition("；")[0]


def test_the_language_is_that_of_the_words(city: Path) -> None:
    assert [language_of(text) for text in ("路灯坏了", "A lamp is out", "WiFi 坏了", "123", "")] == [
        *("zh-hans", "en", "zh-hans", "", ""),
    ]
    assert get_rule().quiet("wechat").total_seconds() == 180
