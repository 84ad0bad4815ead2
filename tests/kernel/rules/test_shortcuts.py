"""The short ways through tables and expressions answer exactly as the long ways do."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.kernel.rules import Decisions, Reason, compile_expression, load_dmn

WORDS = ("north", "east", "south", "", "north-east")
DAYS = tuple(date(2026, month, 1) for month in (1, 3, 6, 12))
NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.decimals(-3, 12, places=1),
    st.floats(-3, 12),
    st.sampled_from(
        [Decimal("NaN"), Decimal("Infinity"), float("inf"), float("nan"), 10**40, -(10**40), 0.1, 2.5, Decimal("2.50")]
    ),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": NUMBERS,
    "string": st.sampled_from(WORDS),
    "boolean": st.booleans(),
    "date": st.sampled_from([*DAYS, date.min, date.max, date(2026, 3, 2)]),
}
STRANGE = st.sampled_from([None, "north", 3, True, date(2026, 1, 1), [1], {"a": 1}, object])


def cells(kind: str) -> st.SearchStrategy[str]:
    if kind == "string":
        words = st.sampled_from(WORDS[:3]).map('"{}"'.format)
        return st.one_of(st.just("-"), words, st.lists(words, min_size=1, max_size=3).map(",".join),
                         words.map("not({})".format))  # fmt: skip
    if kind == "boolean":
        return st.sampled_from(["-", "true", "false", "not(true)"])
    literal = (
        st.sampled_from(DAYS).map('date("{}")'.format)
        if kind == "date"
        else st.one_of(st.integers(-2, 10).map(str), st.decimals(-2, 10, places=1).map(str))
    )
    compared = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), literal).map(" ".join)
    pairs = st.tuples(st.sampled_from("[("), literal, literal, st.sampled_from(")]")).map(
        lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"
    )
    return st.one_of(st.just("-"), literal, compared, pairs, compared.map("not({})".format))


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4))
    policy = draw(st.sampled_from(["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT", 'COLLECT" aggregation="SUM']))
    outputs = draw(st.integers(1, 2)) if "SUM" not in policy else 1
    rows = draw(st.lists(st.tuples(*(cells(kind) for kind in kinds)), min_size=1, max_size=6))
    typed = draw(st.sampled_from(["", "plain", "constrained"]))
    allowed = draw(st.sampled_from(["", "<inputValues><text>{}</text></inputValues>"]))
    tests = {"string": '"north","east"', "number": "[0..9]", "boolean": "true", "date": '>= date("2026-02-01")'}
    data, required, clauses = "", "", ""
    if typed == "constrained":
        data = "".join(
            f'<itemDefinition name="t_{kind}"><typeRef>{kind}</typeRef><allowedValues><text>{escape(test)}</text>'
            "</allowedValues></itemDefinition>"
            for kind, test in tests.items()
        )
    for place, kind in enumerate(kinds):
        reference = {"": "", "plain": f' typeRef="{kind}"', "constrained": f' typeRef="t_{kind}"'}[typed]
        data += f'<inputData id="i{place}" name="v{place}"><variable name="v{place}"{reference}/></inputData>'
        required += f'<informationRequirement><requiredInput href="#i{place}"/></informationRequirement>'
        held = allowed.format(escape(tests[kind])) if place == 0 else ""
        clauses += f"<input><inputExpression><text>v{place}</text></inputExpression>{held}</input>"
    clauses += "".join(f'<output name="o{place}"/>' for place in range(outputs))
    for number, row in enumerate(rows):
        entries = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row)
        results = "".join(f"<outputEntry><text>{number * 10 + place}</text></outputEntry>" for place in range(outputs))
        clauses += f"<rule>{entries}{results}</rule>"
    xml = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">'
        f'{data}<decision id="d" name="d"><variable name="d"/>{required}'
        f'<decisionTable hitPolicy="{policy}">{clauses}</decisionTable></decision></definitions>'
    )
    return xml.encode(), kinds


def long_way(decisions: Decisions, inputs: dict[str, Any]) -> Any:
    return decisions._evaluate(decisions._element("d"), inputs, None)


def shown(result: Any) -> str:
    # NaN and the like are not equal to themselves, and 1 is True: the text tells all of it.
    return repr((result.value, result.hits, result.reasons))


@settings(max_examples=250, deadline=None)
@given(tables(), st.data())
def test_a_table_answers_the_same_both_ways(made: tuple[bytes, list[str]], data: st.DataObject) -> None:
    xml, kinds = made
    decisions = load_dmn(xml, problems=[])
    for _ in range(12):
        drawn = [data.draw(st.one_of(VALUES[kind], VALUES[kind], VALUES[kind], STRANGE)) for kind in kinds]
        inputs = {f"v{place}": value for place, value in enumerate(drawn)}
        if data.draw(st.integers(0, 9)) == 0:
            inputs.pop("v0")
        wanted = shown(long_way(decisions, inputs))
        # Twice: what a set of rows comes to is learnt the first time and remembered the second.
        assert shown(decisions.evaluate("d", inputs)) == wanted
        assert shown(decisions.evaluate("d", inputs)) == wanted


def test_a_table_of_constants_has_a_short_way_and_its_results_are_the_receivers_own() -> None:
    xml = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">'
        b'<inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>'
        b'<decision id="d" name="d"><variable name="d"/>'
        b'<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        b'<decisionTable hitPolicy="COLLECT"><input><inputExpression><text>age</text></inputExpression></input>'
        b'<output name="a"/><output name="b"/><rule><inputEntry><text>&gt; 5</text></inputEntry>'
        b"<outputEntry><text>1</text></outputEntry><outputEntry><text>2</text></outputEntry></rule>"
        b"</decisionTable></decision></definitions>"
    )
    decisions = load_dmn(xml)
    assert set(decisions._shortcuts) == {"d"}
    first = decisions.evaluate("d", {"age": 6})
    first.value[0]["a"] = "changed"
    first.value.append("more")
    assert decisions.evaluate("d", {"age": 6}).value == [{"a": 1, "b": 2}]
    assert [hit.index for hit in decisions.evaluate("d", {"age": 6}).hits] == [1]


NAMES = ("amount", "kind", "open", "since")
SCOPES = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.one_of(NUMBERS, STRANGE),
        "kind": st.one_of(st.sampled_from(WORDS), STRANGE),
        "open": st.one_of(st.booleans(), STRANGE),
        "since": st.one_of(st.sampled_from(DAYS), STRANGE),
        "held": st.one_of(st.fixed_dictionaries({}, optional={"amount": NUMBERS}), STRANGE),
    },
)


@pytest.mark.parametrize(
    "text",
    [
        "amount > 5", "5 <= amount", "amount = 2.5", "amount != 3", 'kind = "north"', 'kind != "north"', "open = true",
        "open and amount > 3", 'amount > 3 or kind = "east" or open', "not(open)", "not(amount > 3) and open",
        "amount in [1..5)", "amount between 1 and 5", 'kind in ["north", "east"]', 'since >= date("2026-03-01")',
        'since in [date("2026-01-01")..date("2026-03-01")]', "held.amount > 3", "amount * 3 + 1 < 10", "amount - 1",
        "-amount < 3", "amount + held.amount > 5", 'kind < "n"', "kind = kind", "open", '"a" + kind', "amount = null",
        "10000000000000000000000000000000000 * amount > 1",
    ],
)  # fmt: skip
@settings(max_examples=60, deadline=None)
@given(scope=SCOPES)
def test_an_expression_answers_the_same_both_ways(text: str, scope: dict[str, Any]) -> None:
    expression = compile_expression(text)
    found: list[Reason] = []
    wanted: list[Reason] = []
    value, other = expression.evaluate(scope, reasons=found), expression._evaluate(scope, None, wanted)
    assert (type(value), repr(value), found) == (type(other), repr(other), wanted)
