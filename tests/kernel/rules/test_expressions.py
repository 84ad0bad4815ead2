"""FEEL expressions: what they come to, why they are null, where they are refused."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tongban.kernel.rules import Range, Reason, RulesError, YearsMonths, compile_expression

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("10 - 2 - 3", D(5)),
        ("2 ** 3 ** 2", D(64)),
        ("-3 ** 2", D(9)),
        ("0.1 + 0.2", D("0.3")),
        ("1 / 3", D("0.3333333333333333333333333333333333")),
        (".5 + 1.2E3", D("1200.5")),
        ('"a" + "b"', "ab"),
        ('"tab\\t\\u4f60\\uD83D\\uDC0E"', "tab\t你🐎"),
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("null = 1", False),
        ("null != null", False),
        ("2 between 1 and 3", True),
        ("5 in (1, 2, [4..6])", True),
        ("5 in (1..5)", False),
        ("5 in > 4", True),
        ('if 1 > 2 then "a" else "b"', "b"),
        ("if null then 1 else 2", D(2)),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ('true and "x"', None),
        ("not(null)", None),
        ("for x in 1..3 return x * x", [D(1), D(4), D(9)]),
        ("for x in 3..1 return x", [D(3), D(2), D(1)]),
        ("for x in [1, 2], y in [x, 10] return x * y", [D(1), D(10), D(4), D(20)]),
        ("for i in 1..4 return if i < 3 then i else sum(partial)", [D(1), D(2), D(3), D(6)]),
        ("some x in [1, 2] satisfies x = 2", True),
        ("every x in [] satisfies false", True),
        ("every x in [1, null] satisfies x > 0", None),
        ("[1, 2, 3][item > 1]", [D(2), D(3)]),
        ("[1, 2, 3][-1]", D(3)),
        ("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b", [D(4)]),
        ("{a: 1, b: a + 1}.b", D(2)),
        ('{"x y": 1, z: x y + 1}.z', D(2)),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(20)}.r", D(2432902008176640000)),
        ("(function(a: number, b) a + b)(b: 1, a: 2)", D(3)),
        ('(function(a: number) a)("x")', None),
        ("5 instance of number", True),
        ("[1] instance of list<string>", False),
        ("{a: 1} instance of context<a: number>", True),
        ('substring(string: "foobar", start position: -3, length: 2)', "ba"),
        ("1 // one\n + /* two */ 2", D(3)),
        ("min(3, 1, 2) + max([3, 1])", D(4)),
        ('date("2024-01-31") + duration("P1M")', date(2024, 2, 29)),
        ('@"2026-03-02T09:30:00Z"', datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ('@"10:00:00" + @"PT90M"', time(11, 30)),
        ('@"2026-03-02" - @"2026-02-27"', timedelta(days=3)),
        ('@"P1Y2M".months', D(2)),
        ('@"2026-03-02".weekday', D(1)),
        ('years and months duration(@"2011-12-22", @"2013-08-24")', YearsMonths(20)),
        ("]1..5[", Range(D(1), D(5), False, False)),
        ("[5..1]", None),
        ('sort(["b", "a"], function(x, y) x < y)', ["a", "b"]),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
        ('number("1.000,5", ".", ",")', D("1000.5")),
        ('replace("abc", "(b)", "[$1]")', "a[b]c"),
        ('matches("你好", "\\p{Lo}+")', True),
        ("round half up(2.5, 0) = 3 and decimal(2.5, 0) = 2", True),
        ("modulo(-12, 5)", D(3)),
        ("before([1..5), 5) and overlaps([1..3], [3..4])", True),
        ('week of year(@"2026-01-01")', D(1)),
    ],
)
def test_value(text: str, value: Any) -> None:
    found = compile_expression(text).evaluate({})
    assert found == value
    assert type(found) is type(value)


def test_scope_gives_variables_paths_and_several_words() -> None:
    scope = {"review": {"outcome": "granted"}, "fee": 12.5, "tags": ("a", "b"), "Applicant's age": 30}
    assert compile_expression('review.outcome = "granted"').evaluate(scope) is True
    assert compile_expression("fee * 2").evaluate(scope) == D(25)
    assert compile_expression('list contains(tags, "b")').evaluate(scope) is True
    found = compile_expression("Applicant's age + 1", names=["Applicant's age"]).evaluate(scope)
    assert found == D(31)


def test_names_are_the_variables_read() -> None:
    expression = compile_expression("for x in rows return x + a.b + count(rows)")
    assert expression.names == {"rows", "a"}


def test_variable_inside_a_filter_gives_way_to_an_entry_of_the_element() -> None:
    scope = {"limit": 1, "rows": [{"limit": 5, "n": 3}, {"n": 3}]}
    assert compile_expression("rows[n > limit].n").evaluate(scope) == [D(3)]


def test_a_function_of_the_library_is_not_hidden_by_a_value_of_its_name() -> None:
    assert compile_expression("count([1, 2]) + count").evaluate({"count": 3}) == D(5)


def test_null_says_why_without_telling_values() -> None:
    reasons: list[Reason] = []
    assert compile_expression('secret + "x"').evaluate({"secret": 13812345678}, reasons=reasons) is None
    assert reasons == [Reason("rules.null.operands", {"operator": "+", "left": "number", "right": "string"})]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / 0", "rules.null.range"),
        ("missing", "rules.null.unknown-name"),
        ("{a: 1}.b", "rules.null.no-entry"),
        ("null.b", "rules.null.path-of-null"),
        ("[1][2]", "rules.null.position"),
        ('date("2026-02-30")', "rules.null.text"),
        ("substring(1)", "rules.null.arguments"),
        ("3()", "rules.null.not-a-function"),
        ("now()", "rules.null.no-clock"),
        ('@"999999999-12-31" + @"P1D"', "rules.null.range"),
    ],
)
def test_null_reason(text: str, code: str) -> None:
    reasons: list[Reason] = []
    assert compile_expression(text).evaluate({}, reasons=reasons) is None
    assert reasons[0].code == code


def test_the_clock_is_given() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert compile_expression('today() - @"2026-03-01"').evaluate({}, at=at) == timedelta(days=1)
    assert compile_expression("now()").evaluate({}, at=at) == at


def test_named_zones_are_compared_on_the_timeline() -> None:
    text = 'date and time("2026-10-25T02:30:00@Europe/Paris") < date and time("2026-10-25T01:45:00Z")'
    assert compile_expression(text).evaluate({}) is True
    across = '@"2026-03-28T12:00:00@Europe/Paris" + @"P1D"'
    assert compile_expression(f"({across}).hour").evaluate({}) == D(13)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("1 +", "rules.syntax", 1, 4),
        ("a b", "rules.syntax", 1, 3),
        ("[1,\n 2", "rules.syntax", 2, 3),
        ('"open', "rules.string", 1, 1),
        ("1 ; 2", "rules.character", 1, 3),
        ("{a: 1, a: 2}", "rules.duplicate-key", 1, 9),
        ("x instance of tUnknown", "rules.type-unknown", 1, 15),
        ("function(a) external {}", "rules.external-function", 1, 13),
        ("", "rules.syntax", 1, 1),
    ],
)
def test_refusal(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(RulesError) as caught:
        compile_expression(text)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


def test_input_objects_are_not_looked_into() -> None:
    class Host:
        secret = "x"

    assert compile_expression("host.secret").evaluate({"host": Host()}) is None
    assert compile_expression('"".__class__').evaluate({}) is None
    assert compile_expression("__import__").evaluate({}) is None


def test_results_are_the_callers_own() -> None:
    expression = compile_expression("rows")
    rows = [{"a": 1}]
    found = expression.evaluate({"rows": rows})
    found[0]["a"] = 2
    assert rows == [{"a": 1}]
