"""YAML as definitions use it: the values of JSON, a line for each, and a problem instead of a surprise."""

from decimal import Decimal

import pytest

from tongban.apps.catalog.definitions.problems import Problem
from tongban.apps.catalog.definitions.source import MAX_BYTES, Document, read_yaml


def read(text: str) -> Document:
    document = read_yaml(text, file="x.yaml")
    assert isinstance(document, Document), document
    return document


def refused(text: str) -> Problem:
    problem = read_yaml(text, file="x.yaml")
    assert isinstance(problem, Problem), problem
    return problem


def test_values_are_those_of_json() -> None:
    document = read("a: 01\nb: 1.50\nc: no\nd: ''\ne:\nf: 2026-03-02\ng: 'true'\nh: -3\ni: true\nj: ~\n")
    assert document.value == {
        "a": "01",
        "b": Decimal("1.50"),
        "c": "no",
        "d": "",
        "e": None,
        "f": "2026-03-02",
        "g": "true",
        "h": -3,
        "i": True,
        "j": None,
    }
    assert str(document.value["b"]) == "1.50"


def test_every_value_has_its_line() -> None:
    document = read("# head\na:\n  - x\n  - {b: 1,\n     c: 2}\n")
    assert document.line("a") == 2
    assert document.line("a", 0) == 3
    assert document.line("a", 1, "c") == 5
    assert document.line("a", 1, "unknown", 7) == 4, "the nearest part around it"
    assert document.line("unknown") == 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "yaml.empty", 1),
        ("# only words\n", "yaml.empty", 1),
        ("a: 1\nb: [1, 2\n", "yaml.syntax", 3),
        ("a: b: c", "yaml.syntax", 1),
        ("ok: 1\n\tx: 1", "yaml.syntax", 2),
        ("a: b\0c", "yaml.syntax", 0),
        ("a: \ud800", "yaml.syntax", 0),
        ("a: 1\nb: &x 1", "yaml.alias", 2),
        ("a: *x", "yaml.alias", 1),
        ("a: !!python/object/apply:os.system ['x']", "yaml.tag", 1),
        ("a: ! x", "yaml.tag", 1),
        ("a: 1\nb: 2\na: 3", "yaml.repeated-key", 3),
        ("? [a]\n: 1", "yaml.key", 1),
        ("a: 1\n---\nb: 2", "yaml.several", 2),
        ("[" * 100_000, "yaml.too-deep", 1),
        ("a: " + "x" * MAX_BYTES, "yaml.too-large", 0),
    ],
)
def test_what_is_refused(text: str, code: str, line: int) -> None:
    problem = refused(text)
    assert (problem.code, problem.line) == (code, line)
    assert problem.file == "x.yaml"
    assert problem.cure


def test_a_laughing_bomb_is_refused_at_its_first_anchor() -> None:
    lines = ["a: &a [x, x]"] + [
        f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)}, *{chr(97 + at)}]" for at in range(20)
    ]
    assert refused("\n".join(lines)).code == "yaml.alias"
