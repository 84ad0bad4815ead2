"""Random and mutated text, files and suites: refused or answered, in bounded time, never a crash or a hang."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.kernel.rules import (
    Function,
    Range,
    RulesError,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    load_dmn,
)
from tongban.kernel.rules.conformance import judge, load_models, read_suite
from tongban.kernel.rules.library import LIBRARY
from tongban.kernel.rules.runtime.eras import FarDay, FarMoment

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = (
    type(None), bool, Decimal, str, date, datetime, time, timedelta, YearsMonths, list, dict, Range, Function, FarDay,
    FarMoment,
)  # fmt: skip
BOUNDED = settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow])

PIECES = [
    *"()[]{},:.?@=<>+-*/'\"%&#", "..", "**", "<=", ">=", "!=", "->", "//", "/*", "*/", "\\", "\n", "\u00a0", "中", "🐎",
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between",
    "instance", "of", "function", "external", "true", "false", "null", "item", "partial", "list", "context", "range",
    "Any", "number", "0", "1", "-1", "2.5", "1e400", "99999999999999999999999999999999999999", "a", "b", "a b",
    '"text"', '"(a|b)*c"',
    '"2020-01-01"', '"-999999999-12-31"', '"9999-12-31T23:59:59@Europe/Paris"', '"P999999999Y"', '"P999999999D"',
    "date", "time", "duration", "[1, 2, 3]", "{a: 1}", "[1..3]", "1..1000000000", "function(a, b) a",
    *sorted(LIBRARY),
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
SCOPE = {"a": 1, "b": [1, {"a": "x"}, None], "a b": date(2020, 2, 29)}


def is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(is_value, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_value(entry) for key, entry in value.items())
    return type(value) in KINDS


@BOUNDED
@given(st.one_of(SOUP, st.text(max_size=60)))
def test_any_text_is_refused_with_a_place_or_has_a_value(text: str) -> None:
    try:
        expression = compile_expression(text, names=["a b"])
    except RulesError as error:
        expression, place = None, error.line
    if expression is None:
        assert place >= 1
        return
    assert is_value(expression.evaluate(SCOPE, at=AT, reasons=[]))


@BOUNDED
@given(SOUP, st.one_of(st.none(), st.integers(), st.text(max_size=5), st.dates(), st.lists(st.integers(), max_size=3)))
def test_any_cell_is_refused_or_passes_or_not(text: str, value: Any) -> None:
    try:
        tests = compile_unary_tests(text, names=["a b"])
    except RulesError:
        return
    assert tests.evaluate(value, SCOPE, at=AT) in (True, False, None)


# What a function of the library may be called with, none of it what the function is made for.
ODD = st.sampled_from([
    "null", "true", "0", "-1", "1.5", "1e300", "-1e6000", "1e6144", '""', '"a"', '"[a-"', '"(a*)*b"', '"P1Y"', "[]",
    '"24:00:00"', "[null]", "[1, [2, [3]]]", '["a", 1]', "{}", "{a: 1}", "[1..2]", "(< 5)", '@"9999-12-31"',
    '@"-999999999-01-01"', '@"10:00:00@Asia/Shanghai"', '@"9999-12-31T23:59:59Z"', '@"P999999999Y"', '@"-P999999999D"',
    "abs", "function(x) x", "function(x, y) x < y", "function() 1", '"' + "a" * 300 + '"',
])  # fmt: skip


@pytest.mark.parametrize("name", sorted(LIBRARY))
@settings(max_examples=25, deadline=5000)
@given(arguments=st.lists(ODD, max_size=5))
def test_every_function_takes_anything(name: str, arguments: list[str]) -> None:
    if name == "@":
        return
    text = f"{name}({', '.join(arguments)})"
    reasons: list[Any] = []
    value = compile_expression(text).evaluate({}, at=AT, reasons=reasons)
    assert is_value(value)


# --- files --------------------------------------------------------------------------------------------------------

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="fees" namespace="urn:fees">
  <itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"shop", "stall"</text></allowedValues>
  </itemDefinition>
  <itemDefinition name="tPlace"><itemComponent name="floor area"><typeRef>number</typeRef></itemComponent>
  </itemDefinition>
  <inputData id="i1" name="kind"><variable name="kind" typeRef="tKind"/></inputData>
  <inputData id="i2" name="place"><variable name="place" typeRef="tPlace"/></inputData>
  <businessKnowledgeModel id="b" name="by area"><variable name="by area"/><encapsulatedLogic>
    <formalParameter name="area" typeRef="number"/><literalExpression><text>if area &gt; 50 then 2 else 1</text>
    </literalExpression></encapsulatedLogic></businessKnowledgeModel>
  <decision id="d1" name="rate"><variable name="rate" typeRef="number"/>
    <informationRequirement><requiredInput href="#i1"/></informationRequirement>
    <decisionTable hitPolicy="FIRST" id="t"><input label="kind"><inputExpression><text>kind</text></inputExpression>
    </input><output name="rate"/><annotation name="law"/>
    <rule id="r1"><inputEntry><text>"shop"</text></inputEntry><outputEntry><text>10</text></outputEntry>
    <annotationEntry><text>Article 3</text></annotationEntry></rule>
    <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>5</text></outputEntry>
    <annotationEntry><text>Article 4</text></annotationEntry></rule></decisionTable></decision>
  <decision id="d2" name="fee"><variable name="fee"/>
    <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
    <informationRequirement><requiredInput href="#i2"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
    <context><contextEntry><variable name="factor"/><invocation><literalExpression><text>by area</text>
    </literalExpression><binding><parameter name="area"/><literalExpression><text>place.floor area</text>
    </literalExpression></binding></invocation></contextEntry><contextEntry><literalExpression>
    <text>rate * factor</text></literalExpression></contextEntry></context></decision>
  <decisionService id="s" name="service"><outputDecision href="#d2"/><inputData href="#i1"/><inputData href="#i2"/>
  </decisionService>
</definitions>"""
SUITE = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>fees.dmn</modelName><testCase id="1">
 <inputNode name="kind"><value xsi:type="xsd:string">shop</value></inputNode>
 <inputNode name="place"><component name="floor area"><value xsi:type="xsd:decimal">80</value></component></inputNode>
 <resultNode name="fee"><expected><value xsi:type="xsd:decimal">20</value></expected></resultNode></testCase>
</testCases>"""
INPUTS = {"kind": "shop", "place": {"floor area": 80}}


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """Spans taken out, doubled, swapped with others, or overwritten."""
    made = text
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(made)))
        end = min(len(made), start + draw(st.integers(1, 120)))
        way = draw(st.sampled_from(["drop", "double", "move", "write"]))
        if way == "drop":
            made = made[:start] + made[end:]
        elif way == "double":
            made = made[:end] + made[start:end] + made[end:]
        elif way == "move":
            made = made[:start] + made[end:] + made[start:end]
        else:
            junk = draw(
                st.sampled_from(["<", ">", "&", '"', "]]>", "<!--", "<![CDATA[", "\x00", "#", "d1", "99", "不", SPAN])
            )
            made = made[:start] + junk + made[end:]
    return made.encode()


SPAN = "<decision><literalExpression><text>1</text></literalExpression></decision>"


def test_the_model_that_is_mutated_works() -> None:
    decisions = load_dmn(MODEL.encode())
    assert decisions.evaluate("fee", INPUTS).value == 20
    assert decisions.evaluate("service", INPUTS).value == 20


@BOUNDED
@given(mutated(MODEL))
def test_a_mutated_file_is_refused_or_answers(xml: bytes) -> None:
    problems: list[RulesError] = []
    try:
        decisions = load_dmn(xml, source="m.dmn", problems=problems)
    except RulesError:
        with pytest.raises(RulesError):
            load_dmn(xml)
        return
    for name in decisions.names:
        result = decisions.evaluate(name, INPUTS, at=AT)
        assert is_value(result.value)
        decisions.explain(name, INPUTS, at=AT)
    if problems:
        # Without a list to collect them, the first of them refuses the file: nothing passes unsaid.
        with pytest.raises(RulesError):
            load_dmn(xml)


@BOUNDED
@given(mutated(SUITE), mutated(MODEL))
def test_a_mutated_suite_is_unreadable_or_judged(suite: bytes, model: bytes) -> None:
    models = load_models({"fees.dmn": MODEL.encode(), "other.dmn": model})
    try:
        read = read_suite(suite)
    except ValueError:
        return
    assert len(list(judge(read, models, at=AT))) == len(read.cases)


@pytest.mark.parametrize("start", range(0, len(MODEL), 97))
def test_a_file_that_ends_early_is_refused(start: int) -> None:
    with pytest.raises(RulesError):
        load_dmn(MODEL[:start].encode())
