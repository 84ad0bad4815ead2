"""Decision rules: FEEL compiled to Python, DMN decision tables and requirement graphs."""

from tongban.kernel.rules.dmn.decisions import Decisions, Result
from tongban.kernel.rules.dmn.reader import load_dmn
from tongban.kernel.rules.dmn.table import RuleHit
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.feel import Expression, UnaryTests, compile_expression, compile_unary_tests
from tongban.kernel.rules.values import Function, Range, Reason, Value, YearsMonths

__all__ = [
    "Decisions", "Expression", "Function", "Range", "Reason", "Result", "RuleHit", "RulesError", "UnaryTests", "Value",
    "YearsMonths", "compile_expression", "compile_unary_tests", "load_dmn",
]  # fmt: skip
