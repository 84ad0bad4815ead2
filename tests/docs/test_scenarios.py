"""What docs/scenarios tell is what tests in a browser play, step by step; and its overview names each."""

import ast
from pathlib import Path

import pytest
from tests.e2e.told import SCENARIOS, steps_of

ROOT = Path(__file__).resolve().parents[2]
TOLD = sorted(file for file in SCENARIOS.glob("*.md") if file.stem != "README")


def _played(file: Path) -> dict[str, list[str]]:
    """By scenario: the steps that functions of a test file play, in order."""
    found: dict[str, list[str]] = {}
    for function in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        said = [
            (call.func.id, call.args[0].value, call.lineno)
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("told", "step")
            and isinstance(call.args[0], ast.Constant)
        ]
        said.sort(key=lambda each: each[2])
        for name in [str(words) for who, words, _ in said if who == "told"]:
            found[name] = [str(words) for who, words, _ in said if who == "step"]
    return found


PLAYED = {name: steps for file in (ROOT / "tests" / "e2e").glob("test_*.py") for name, steps in _played(file).items()}


@pytest.mark.parametrize("file", TOLD, ids=lambda file: file.stem)
def test_each_step_is_played(file: Path) -> None:
    steps = steps_of(file)
    assert len(steps) > 2
    assert PLAYED[file.stem] == steps
    assert f"({file.name})" in (SCENARIOS / "README.md").read_text("utf-8")
