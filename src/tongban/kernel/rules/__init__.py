"""Decision rules: FEEL compiled to Python, DMN decision tables and requirement graphs."""

from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.feel import Expression, UnaryTests, compile_expression, compile_unary_tests
from tongban.kernel.rules.values import Function, Range, Reason, Value, YearsMonths

__all__ = [
    "Expression", "Function", "Range", "Reason", "RulesError", "UnaryTests", "Value", "YearsMonths",
    "compile_expression", "compile_unary_tests",
]  # fmt: skip
