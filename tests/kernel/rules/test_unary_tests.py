"""Unary tests: what a cell of a decision table accepts."""

from typing import Any

import pytest

from tongban.kernel.rules import RulesError, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "accepted", "refused"),
    [
        ("-", [1, "a", None], []),
        ("", [1, None], []),
        ("< 18", [17, 17.99], [18, "17", None]),
        ("<18, >=65", [3, 65], [18, 64]),
        ("[18..65)", [18, 64.5], [17, 65]),
        ("]18..65[", [19], [18, 65]),
        ('"a", "b"', ["a", "b"], ["c", None, 1]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(null)", [1], [None]),
        ("null", [None], [0]),
        ("true", [True], [False, 1]),
        ("? > 3 and ? < 5", [4], [3, 5, "4"]),
        ('starts with(?, "36")', ["3607"], ["11"]),
        ("[1, 2]", [1, 2], [3]),
        ('date("2026-01-01")', [], ["2026-01-01"]),
        ("!= 3", [4], [3]),
        ("-5", [-5], [5]),
    ],
)
def test_cell(text: str, accepted: list[Any], refused: list[Any]) -> None:
    tests = compile_unary_tests(text)
    assert [value for value in accepted if not tests.matches(value)] == []
    assert [value for value in refused if tests.matches(value)] == []


def test_unknown_is_neither() -> None:
    assert compile_unary_tests("< 3").evaluate("x") is None
    assert compile_unary_tests("not(< 3)").evaluate("x") is None


def test_cells_see_the_scope() -> None:
    tests = compile_unary_tests("> limit")
    assert tests.names == {"limit"}
    assert tests.matches(5, {"limit": 4})
    assert not tests.matches(5, {"limit": 6})


@pytest.mark.parametrize("text", ["<", "1,", "not(", "[1..", "- -", "1 2"])
def test_refusal(text: str) -> None:
    with pytest.raises(RulesError):
        compile_unary_tests(text)
