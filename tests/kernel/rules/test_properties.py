"""What holds for any text and any numbers."""

from datetime import date
from decimal import Context, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.kernel.rules import RulesError, compile_expression, compile_unary_tests, load_dmn
from tongban.kernel.rules.values import kind

SIGNS = [*"()[]{},:.+-*/<=>@?", '"', "\n", "\u200b", "..", "**", "<=", "!=", "->", "//", "/*"]
WORDS = ["and", "or", "not", "in", "between", "if", "then", "else", "for", "return", "some", "every", "satisfies"]
CALLS = ["function", "list<", "date(", "count(", "item"]
VALUES = ["1", "2.5", ".5", "a", "b c", "你", "true", "null", '"a"', '@"2026-01-01"', "partial", "instance of"]
PIECES = [*SIGNS, *WORDS, *CALLS, *VALUES]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates(), st.times(), numbers
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)
FEEL = Context(prec=34)


@settings(max_examples=400, deadline=None)
@given(texts, values)
def test_any_text_is_an_expression_or_refused_with_a_place(text: str, value: Any) -> None:
    refused: RulesError | None = None
    try:
        result = compile_expression(text).evaluate({"a": value, "你": [value]})
    except RulesError as error:
        refused = error
    if refused is None:
        assert kind(result) != "unknown"
    else:
        assert refused.code.startswith("rules.")
        assert refused.line >= 1


@settings(max_examples=200, deadline=None)
@given(texts, values)
def test_any_text_is_unary_tests_or_refused(text: str, value: Any) -> None:
    try:
        tests = compile_unary_tests(text)
    except RulesError:
        return
    assert tests.evaluate(value, {"a": value}) in (True, False, None)


@given(st.sampled_from("+-*/"), numbers, numbers)
def test_arithmetic_agrees_with_decimal(sign: str, left: Decimal, right: Decimal) -> None:
    found = compile_expression(f"a {sign} b").evaluate({"a": left, "b": right})
    if sign == "/" and right == 0:
        assert found is None
        return
    compute = {"+": FEEL.add, "-": FEEL.subtract, "*": FEEL.multiply, "/": FEEL.divide}[sign]
    assert found == compute(left, right)


@given(st.integers(), st.integers())
def test_whole_numbers_are_exact_or_rounded_to_34_digits(left: int, right: int) -> None:
    found = compile_expression("a * b").evaluate({"a": left, "b": right})
    assert found == FEEL.multiply(Decimal(left), Decimal(right))


@given(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), numbers, numbers)
def test_unary_tests_agree_with_comparison(sign: str, value: Decimal, limit: Decimal) -> None:
    cell = compile_unary_tests(f"{sign} {limit:f}").matches(value)
    assert cell is compile_expression(f"a {sign} b").evaluate({"a": value, "b": limit})


@given(numbers)
def test_number_and_string_are_inverse(value: Decimal) -> None:
    assert compile_expression("number(string(a))").evaluate({"a": value}) == value


@given(st.dates(min_value=date(1, 1, 1)))
def test_date_and_string_are_inverse(value: date) -> None:
    assert compile_expression("date(string(a))").evaluate({"a": value}) == value


NUMBER_CELLS = ["-", "< 3", ">= 5", "[2..7]", "(2..7)", "not(4)", "not([3..5])", "1, 4, 8", "? > 3", "null", "< limit"]
STRING_CELLS = ["-", '"a"', '"a", "b"', 'not("a")', '["b", "c"]', '< "b"', "null", 'contains(?, "a")']
BOOLEAN_CELLS = ["-", "true", "false", "not(true)", "true, false", "null", "limit > 3"]
COLUMNS = [NUMBER_CELLS, STRING_CELLS, BOOLEAN_CELLS, [*NUMBER_CELLS, *STRING_CELLS, *BOOLEAN_CELLS]]
CELLS = st.sampled_from(COLUMNS).flatmap(lambda cells: st.lists(st.sampled_from(cells), min_size=1, max_size=8))
INPUTS = st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.sampled_from("abc"), st.just([1]))


def table_of(cells: list[str]) -> bytes:
    rows = "".join(
        f'<rule id="r{place}"><inputEntry><text><![CDATA[{cell}]]></text></inputEntry>'
        f"<outputEntry><text>{place}</text></outputEntry></rule>"
        for place, cell in enumerate(cells)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">'
        '<inputData id="x" name="x"><variable name="x"/></inputData>'
        '<inputData id="limit" name="limit"><variable name="limit"/></inputData>'
        '<decision id="d" name="d"><variable name="d"/>'
        '<informationRequirement><requiredInput href="#x"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#limit"/></informationRequirement>'
        '<decisionTable hitPolicy="RULE ORDER"><input><inputExpression><text>x</text></inputExpression></input>'
        f'<output name="o"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


@settings(max_examples=150, deadline=None)
@given(CELLS, INPUTS)
def test_a_compiled_column_agrees_with_its_cells_one_by_one(cells: list[str], value: Any) -> None:
    found = load_dmn(table_of(cells)).evaluate("d", {"x": value, "limit": 6})
    wanted = [place for place, cell in enumerate(cells, 1) if compile_unary_tests(cell).matches(value, {"limit": 6})]
    assert [hit.index for hit in found.hits] == wanted
