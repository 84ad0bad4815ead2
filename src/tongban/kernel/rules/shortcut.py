"""The short way for the commonest expressions: conditions such as `amount > 100 and kind = "shop"`.

They become Python without a run, reasons or admission of values, and answer only where every value is of the kind
that the text expects. Whatever is unusual (a missing name, null, another kind) raises LEAVES, and the long way, which
knows all of FEEL, answers instead. So the two never differ; a property test holds them together.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import Compiler
from tongban.kernel.rules.library import LIBRARY
from tongban.kernel.rules.library.literals import MISSING, constant_of
from tongban.kernel.rules.pieces import NOTHING_KNOWN, load
from tongban.kernel.rules.values import LIMIT, Value

__all__ = ["LEAVES", "Shortcut", "shortcut_of"]

# What the short way may raise; the caller then takes the long one.
LEAVES = (KeyError, TypeError, DecimalException)
Shortcut = Callable[[Mapping[str, Value]], Value]

_KINDS: dict[type, str] = {int: "number", Decimal: "number", str: "string", bool: "boolean", date: "date"}
_PYTHON: dict[str, type] = {"string": str, "boolean": bool, "date": date}
_COMPARE: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE,
}  # fmt: skip
_ARITHMETIC: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}


class _Unsuited(Exception):
    """The expression is not of those that have a short way."""


class _Part(NamedTuple):
    """A piece of Python and the kind of its value; "" where that is known only when it runs."""

    code: ast.expr
    kind: str


def _leave() -> Value:
    raise KeyError


def _number(value: Value) -> Value:
    """A number that is no int: a finite Decimal."""
    if type(value) is Decimal and value.is_finite():
        return value
    raise KeyError


def _whole(value: Value) -> Value:
    """Sums of ints stay exact while they have 34 digits."""
    if -LIMIT < value < LIMIT:
        return value
    raise KeyError


def shortcut_of(node: n.Node) -> Shortcut | None:
    """A function of the caller's scope, or None where the expression has no short way."""
    writer = _Writer()
    try:
        made = writer.part(node)
    except _Unsuited:
        return None
    if made.kind == "number":
        code: ast.expr = ast.Call(writer.compiler.given(Decimal), [made.code], [])
    elif made.kind in _PYTHON:
        code = made.code
    else:
        return None
    return writer.compiler.function(code, ("scope",))


class _Writer:
    def __init__(self) -> None:
        self.compiler = Compiler(NOTHING_KNOWN)
        self.size = 0

    def part(self, node: n.Node) -> _Part:
        self.size += 1
        if self.size > 60:
            raise _Unsuited
        constant = constant_of(node)
        if constant is not MISSING:
            known = _KINDS.get(type(constant))
            if known is None:
                raise _Unsuited
            return _Part(self.compiler.constant(constant), known)
        method = _METHODS.get(type(node))
        if method is None:
            raise _Unsuited
        return method(self, node)

    def held(self, part: _Part, kind: str) -> ast.expr:
        """The code of a value that is certain to be of the kind, or leaves."""
        if part.kind == kind:
            return part.code
        if part.kind:
            raise _Unsuited
        name = self.compiler.fresh()
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), part.code)
        wanted = int if kind == "number" else _PYTHON[kind]
        test = ast.Compare(self.call(type, bound), [ast.Is()], [self.compiler.given(wanted)])
        otherwise = self.call(_number, load(name)) if kind == "number" else self.call(_leave)
        return ast.IfExp(test, load(name), otherwise)

    def call(self, function: Callable[..., Any], *arguments: ast.expr) -> ast.expr:
        return ast.Call(self.compiler.given(function), list(arguments), [])

    def name(self, node: n.Name) -> _Part:
        if node.name in LIBRARY or node.name == "?":
            raise _Unsuited
        return _Part(ast.Subscript(load("scope"), ast.Constant(node.name), ast.Load()), "")

    def path(self, node: n.Path) -> _Part:
        source = self.part(node.source)
        if source.kind:
            raise _Unsuited
        name = self.compiler.fresh()
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), source.code)
        test = ast.Compare(self.call(type, bound), [ast.Is()], [self.compiler.given(dict)])
        entry = ast.Subscript(load(name), ast.Constant(node.name), ast.Load())
        return _Part(ast.IfExp(test, entry, self.call(_leave)), "")

    def binary(self, node: n.Binary) -> _Part:
        left, right = self.part(node.left), self.part(node.right)
        kind = left.kind or right.kind
        if node.operator in _ARITHMETIC:
            return self.arithmetic(node.operator, left, right)
        if node.operator not in _COMPARE or not kind or (kind == "boolean" and node.operator not in ("=", "!=")):
            raise _Unsuited
        ends = self.held(left, kind), self.held(right, kind)
        return _Part(ast.Compare(ends[0], [_COMPARE[node.operator]()], [ends[1]]), "boolean")

    def arithmetic(self, operator: str, left: _Part, right: _Part) -> _Part:
        """Of ints only: decimals need their context."""
        ends = [self.integer(left), self.integer(right)]
        made = ast.BinOp(ends[0], _ARITHMETIC[operator](), ends[1])
        return _Part(self.call(_whole, made), "number")

    def integer(self, part: _Part) -> ast.expr:
        if isinstance(part.code, ast.Constant) and type(part.code.value) is int:
            return part.code
        name = self.compiler.fresh()
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), self.held(part, "number"))
        test = ast.Compare(self.call(type, bound), [ast.Is()], [self.compiler.given(int)])
        return ast.IfExp(test, load(name), self.call(_leave))

    def logic(self, node: n.Logic) -> _Part:
        operands = [self.held(self.part(operand), "boolean") for operand in node.operands]
        return _Part(ast.BoolOp(ast.And() if node.operator == "and" else ast.Or(), operands), "boolean")

    def between(self, node: n.Between) -> _Part:
        parts = [self.part(part) for part in (node.low, node.value, node.high)]
        kind = next((part.kind for part in parts if part.kind), "")
        if kind in ("", "boolean"):
            raise _Unsuited
        low, value, high = (self.held(part, kind) for part in parts)
        return _Part(ast.Compare(low, [ast.LtE(), ast.LtE()], [value, high]), "boolean")

    def in_(self, node: n.In) -> _Part:
        """Of constants: words in a list, or numbers or dates in one range."""
        test = node.tests[0]
        if len(node.tests) != 1 or test.operator:
            raise _Unsuited
        if isinstance(test.operand, n.RangeOf):
            return self.in_range(node.value, test.operand)
        items = test.operand.items if isinstance(test.operand, n.Items) else ()
        values = [constant_of(item) for item in items]
        if not values or any(type(value) is not str for value in values):
            raise _Unsuited
        value = self.held(self.part(node.value), "string")
        return _Part(ast.Compare(value, [ast.In()], [self.compiler.given(frozenset(values))]), "boolean")

    def in_range(self, value: n.Node, span: n.RangeOf) -> _Part:
        low, high = constant_of(span.low), constant_of(span.high)
        kind = _KINDS.get(type(low))
        if span.operator or kind not in ("number", "date") or _KINDS.get(type(high)) != kind or low > high:
            raise _Unsuited
        signs = [ast.LtE() if included else ast.Lt() for included in (span.low_included, span.high_included)]
        ends = [self.compiler.constant(end) for end in (low, high)]
        return _Part(ast.Compare(ends[0], list(signs), [self.held(self.part(value), kind), ends[1]]), "boolean")

    def call_(self, node: n.Call) -> _Part:
        """`not(…)`."""
        if node.callee != n.Name("not") or node.names is not None or len(node.arguments) != 1:
            raise _Unsuited
        return _Part(ast.UnaryOp(ast.Not(), self.held(self.part(node.arguments[0]), "boolean")), "boolean")


_METHODS: dict[type, Callable[[_Writer, Any], _Part]] = {
    n.Name: _Writer.name, n.Path: _Writer.path, n.Binary: _Writer.binary, n.Logic: _Writer.logic,
    n.Between: _Writer.between, n.In: _Writer.in_, n.Call: _Writer.call_,
}  # fmt: skip
