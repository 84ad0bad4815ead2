"""Decision rules: FEEL compiled to Python, DMN decision tables and requirement graphs."""

from tongban.kernel.rules.dmn.decisions import Decisions
from tongban.kernel.rules.dmn.explanation import ColumnSeen, Explanation, RowHit
from tongban.kernel.rules.dmn.reader import load_dmn
from tongban.kernel.rules.dmn.result import Result, RuleHit
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.feel import Expression, UnaryTests, compile_expression, compile_unary_tests
from tongban.kernel.rules.library.conversion import text as value_text
from tongban.kernel.rules.values import Function, Range, Reason, Value, YearsMonths

__all__ = [
    "ColumnSeen",
    "Decisions",
    "Explanation",
    "Expression",
    "Function",
    "Range",
    "Reason",
    "Result",
    "RowHit",
    "RuleHit",
    "RulesError",
    "UnaryTests",
    "Value",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "load_dmn",
    "value_text",
]  # fmt: skip
