"""Everyday words for the matters of the demo city: the right one is among the first three, nineteen times in twenty."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from tongban.apps.catalog import queries

ON = date(2026, 3, 2)
SHARE, FIRST = 0.95, 3
SETS: dict[str, dict[str, list[str]]] = yaml.safe_load((Path(__file__).parent / "phrasings.yaml").read_text("utf-8"))


def missed(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """What was typed, what was wanted and what came, wherever that is not the right thing."""
    for wanted, phrasings in SETS[name].items():
        for typed in phrasings:
            found = [row.code for row in queries.search(text=str(typed), on=ON, limit=FIRST)]
            if not set(wanted.split("|")) & set(found):
                yield typed, wanted, found


@pytest.mark.parametrize("name", SETS)
def test_the_right_matter_is_among_the_first_three(city: Path, name: str) -> None:
    count = sum(map(len, SETS[name].values()))
    wrong = list(missed(name))
    share = 1 - len(wrong) / count
    print(f"{name}: {share:.1%} of {count}")  # noqa: T201 - read with `pytest -s`
    for line in wrong:
        print(*line)  # noqa: T201
    assert share >= SHARE, wrong


def test_there_are_enough_and_each_once() -> None:
    typed = [each for matters in SETS.values() for phrasings in matters.values() for each in phrasings]
    assert len(typed) >= 120
    assert len(typed) == len(set(typed))
    tuned, held = (sum(map(len, SETS[name].values())) for name in ("tuned", "held"))
    assert held >= 0.9 * tuned
