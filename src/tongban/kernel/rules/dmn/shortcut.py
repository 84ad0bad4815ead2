"""The short way through a decision table whose cells and outputs are constants and whose inputs are plain.

Each column becomes a look-up from the value to the bits of the rows that accept it; the bits of all columns are joined
by `&`; and what a set of rows comes to is worked out once, the long way, and remembered. Whatever is unusual about the
inputs (missing, null, of another kind) is left to the long way. So the two never differ; a test holds them together.
"""

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import Compiler
from tongban.kernel.rules.dmn.branches import Choice, branches_of
from tongban.kernel.rules.dmn.columns import Column, column_of
from tongban.kernel.rules.dmn.result import Result, RuleHit
from tongban.kernel.rules.dmn.table import Table
from tongban.kernel.rules.pieces import NOTHING_KNOWN, load
from tongban.kernel.rules.values import Reason, Value

__all__ = ["LongWay", "Plain", "Shortcut", "shortcut_of"]

Shortcut = Callable[[Mapping[str, Value]], "Result | None"]
LongWay = Callable[[Mapping[str, Value]], Result]
_REMEMBERED = 4096
_MAX_DIGITS = 15


class Plain(NamedTuple):
    """An input: its name, the Python type of its values, or None where anything goes, and which of them are allowed."""

    name: str
    type: type | None
    allowed: Callable[[Value], bool] | None = None


# What a set of rows comes to.
Outcome = tuple[Value, tuple[RuleHit, ...], tuple[Reason, ...]]


def shortcut_of(table: Table, inputs: Sequence[Plain], long_way: LongWay) -> Shortcut | None:
    """A function of the inputs that answers as `long_way` does or None, or None where the table has no short way."""
    if not table.is_constant or len({one.name for one in inputs}) != len(inputs):
        return None
    columns = _columns(table, {one.name: one.type for one in inputs})
    if columns is None:
        return None
    bits = len(table.rows) + sum(clause.allowed is not None for clause in table.inputs)
    first = (1 << len(table.rows)) - 1 if table.policy == "F" else 0
    return _Writer(bits, first, _shape(table), long_way).function(inputs, columns)


def _columns(table: Table, types: Mapping[str, type | None]) -> list[tuple[str, Column]] | None:
    """The columns that ask something, each by the name of its input; None where one is not a plain index."""
    made: list[tuple[str, Column]] = []
    anything = n.Tests(())
    asked = [place for place, clause in enumerate(table.inputs) if clause.allowed is not None]
    for place, clause in enumerate(table.inputs):
        if not isinstance(clause.node, n.Name) or clause.node.name not in types:
            return None
        # A bit more for each input with allowed values: whether its value is among them at all.
        beyond = [clause.allowed or anything if place == other else anything for other in asked]
        cells = [*(row.tests[place] for row in table.rows), *beyond]
        if all(not cell.tests for cell in cells):
            continue
        column = column_of(cells)
        declared = types[clause.node.name]
        if column is None or column.rest or (declared is not None and declared not in column.types):
            return None
        made.append((clause.node.name, column))
    return made


def _shape(table: Table) -> str:
    """Whether results are scalars, records of scalars, or may be deeper."""
    values = [outcome.value for outcome in (*table.values, *([table.default] if table.default else []))]
    if table.policy[0] in "CRO" or not all(_is_shallow(value) for value in values):
        return "deep"
    return "record" if len(table.outputs) > 1 else "scalar"


def _is_shallow(value: Value) -> bool:
    parts = value.values() if type(value) is dict else [value]
    return not any(type(part) in (dict, list) for part in parts)


class _Writer:
    def __init__(self, bits: int, first: int, shape: str, long_way: LongWay) -> None:
        self.compiler = Compiler(NOTHING_KNOWN)
        self.bits = bits
        self.first = first
        self.shape = shape
        self.long_way = long_way
        self.known: dict[int, Outcome] = {}

    def function(self, inputs: Sequence[Plain], columns: list[tuple[str, Column]]) -> Shortcut:
        variables = {one.name: f"i{place}" for place, one in enumerate(inputs)}
        types = {one.name: one.type for one in inputs} | {name: column.types[0] for name, column in columns}
        body: list[ast.stmt] = [
            _assign(variable, ast.Subscript(load("inputs"), ast.Constant(name), ast.Load()))
            for name, variable in variables.items()
        ]
        strict = {variables[name]: wanted for name, wanted in types.items() if wanted not in (None, int)}
        if strict:
            body.append(ast.If(self.others_than(strict), [ast.Return(ast.Constant(None))], []))
        body += [self.admission(variables[one.name], one) for one in inputs if one.allowed is not None]
        looked = {name for name, _ in columns}
        # A number that no column asks about need only be a number.
        unasked = [variables[name] for name, wanted in types.items() if wanted is int and name not in looked]
        body += [ast.Expr(ast.Call(self.compiler.given(_number), [load(variable)], [])) for variable in unasked]
        body += [*self.rows(columns, variables), *self.answer()]
        return self.compiler.function(body, ("inputs",))

    def admission(self, variable: str, one: Plain) -> ast.stmt:
        """Leave where the value is not allowed; what is allowed is asked of the type once, and remembered."""
        assert one.allowed is not None
        known: set[Value] = set()
        assert one.type is not None
        # Only what is of the type may be looked up: a list cannot, and true would pass for 1.
        unknown = ast.BoolOp(
            ast.Or(),
            [
                self.others_than({variable: one.type}),
                ast.Compare(load(variable), [ast.NotIn()], [self.compiler.given(known)]),
            ],
        )
        asked = ast.Call(self.compiler.given(_admitting(one, known)), [load(variable)], [])
        return ast.If(unknown, [ast.Expr(asked)], [])

    def others_than(self, types: Mapping[str, type]) -> ast.expr:
        """Whether any value is of another type than it should be."""
        tests: list[ast.expr] = [
            ast.Compare(ast.Call(self.compiler.given(type), [load(name)], []), [op], [self.compiler.given(wanted)])
            for name, wanted in types.items()
            for op in (ast.IsNot(),)
        ]
        return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)

    def rows(self, columns: list[tuple[str, Column]], variables: Mapping[str, str]) -> list[ast.stmt]:
        """Statements that assign the bits of the rows hit."""
        rows: ast.expr = ast.Constant((1 << self.bits) - 1)
        for place, (name, column) in enumerate(columns):
            mask = self.mask(column, variables[name])
            rows = mask if place == 0 else ast.BinOp(rows, ast.BitAnd(), mask)
        joined: list[ast.stmt] = [_assign("rows", rows)]
        choices = [_choice(column, variables[name]) for name, column in columns]
        nested = branches_of(choices, (1 << self.bits) - 1, first=self.first, given=self.compiler.given)
        if nested is None:
            return joined
        numbers = {variables[name]: int for name, column in columns if column.types[0] is int}
        # Branches know ints only; fractions are looked up by column.
        return [ast.If(self.others_than(numbers), joined, nested)] if numbers else nested

    def mask(self, column: Column, variable: str) -> ast.expr:
        if column.types == (bool,):
            return self.yes_or_no(column, variable)
        if column.exact is not None:
            held = self.compiler.given(column.exact)
            found = ast.Subscript(held, load(variable), ast.Load())
            test = ast.Compare(load(variable), [ast.In()], [held])
            return ast.IfExp(test, found, ast.Constant(column.otherwise))
        assert column.bounds is not None
        assert column.masks is not None
        if column.types == (date,):
            return self.stepped(column.bounds, column.masks, variable)
        kept = ast.Call(self.compiler.given(type), [load(variable)], [])
        test = ast.Compare(kept, [ast.Is()], [self.compiler.given(int)])
        other = ast.Call(self.compiler.given(_by_fraction(column.bounds, column.masks)), [load(variable)], [])
        return ast.IfExp(test, self.stepped(column.bounds, column.masks, variable), other)

    def yes_or_no(self, column: Column, variable: str) -> ast.expr:
        assert column.exact is not None
        yes, no = (ast.Constant(column.exact.get(value, column.otherwise)) for value in (True, False))
        return ast.IfExp(load(variable), yes, no)

    def stepped(self, bounds: list[Value], masks: list[int], variable: str) -> ast.expr:
        """For an int or a date: one bisection over where its mask changes."""
        steps = _steps(bounds, masks)
        starts = self.compiler.given([start for start, _ in steps])
        held = self.compiler.given([masks[0], *(mask for _, mask in steps)])
        place = ast.Call(self.compiler.given(bisect_right), [starts, load(variable)], [])
        return ast.Subscript(held, place, ast.Load())

    def answer(self) -> list[ast.stmt]:
        given = self.compiler.given
        found = ast.Subscript(given(self.known), load("rows"), ast.Load())
        names = ast.Tuple([ast.Name(name, ast.Store()) for name in ("value", "hits", "reasons")], ast.Store())
        learn = ast.Return(ast.Call(given(self.learn), [load("rows"), load("inputs")], []))
        unknown = ast.ExceptHandler(given(KeyError), None, [learn])
        parts = {"value": self.fresh_value(), **{name: load(name) for name in ("hits", "inputs", "reasons")}}
        return [
            ast.Try([ast.Assign([names], found)], [unknown], [], []),
            _assign("made", ast.Call(given(Result), [], [])),
            *(ast.Assign([ast.Attribute(load("made"), name, ast.Store())], part) for name, part in parts.items()),
            ast.Return(load("made")),
        ]

    def fresh_value(self) -> ast.expr:
        """The value; a copy of one that its receiver might change."""
        if self.shape == "scalar":
            return load("value")
        if self.shape == "record":
            copied = ast.Call(ast.Attribute(load("value"), "copy", ast.Load()), [], [])
            return ast.IfExp(ast.Compare(load("value"), [ast.Is()], [ast.Constant(None)]), load("value"), copied)
        return ast.Call(self.compiler.given(_copy), [load("value")], [])

    def learn(self, rows: int, inputs: Mapping[str, Value]) -> Result:
        result = self.long_way(inputs)
        if len(self.known) < _REMEMBERED:
            self.known[rows] = (_copy(result.value), result.hits, result.reasons)
        return result


def _admitting(one: Plain, known: set[Value]) -> Callable[[Value], None]:
    def admit(value: Value) -> None:
        if type(value) is not one.type or one.allowed is None or not one.allowed(value):
            raise KeyError
        if len(known) < _REMEMBERED:
            known.add(value)

    return admit


def _number(value: Value) -> None:
    if type(value) is not int and not (type(value) is Decimal and value.is_finite()):
        raise KeyError


def _choice(column: Column, variable: str) -> Choice:
    if column.types == (bool,):
        assert column.exact is not None
        both = {value: column.exact.get(value, column.otherwise) for value in (True, False)}
        return Choice(variable, column.otherwise, points=both)
    if column.exact is not None:
        return Choice(variable, column.otherwise, points=column.exact)
    assert column.bounds is not None
    assert column.masks is not None
    return Choice(variable, column.masks[0], steps=_steps(column.bounds, column.masks))


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _copy(value: Value) -> Value:
    if type(value) is dict:
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if type(value) is list else value


def _places(bound: Value) -> tuple[Value, Value]:
    """The first whole number or day that is not below the bound, and the first above it if there is one."""
    if type(bound) is date:
        return bound, None if bound == date.max else bound + timedelta(days=1)
    first = ceil(bound)
    return first, first + 1 if first == bound else first


def _steps(bounds: list[Value], masks: list[int]) -> list[tuple[Value, int]]:
    """From which int or date on which mask holds, where it changes."""
    starts: dict[Value, int] = {}
    for place, bound in enumerate(bounds):
        first, following = _places(bound)
        if first == bound:
            starts[first] = masks[2 * place + 1]
        if following is not None:
            starts[following] = masks[2 * place + 2]
    made: list[tuple[Value, int]] = []
    last = masks[0]
    for start in sorted(starts):
        if starts[start] != last:
            last = starts[start]
            made.append((start, last))
    return made


def _by_fraction(bounds: list[Value], masks: list[int]) -> Callable[[Value], int]:
    """For a number that is no int. A float stands for its shortest decimal form, as at the gate of values."""
    exact = all(len(Decimal(bound).as_tuple().digits) <= _MAX_DIGITS for bound in bounds)
    floats = [float(bound) for bound in bounds]

    def find(value: Value) -> int:
        if type(value) is Decimal and value.is_finite():
            return masks[bisect_left(bounds, value) + bisect_right(bounds, value)]
        if type(value) is float and exact and value - value == 0.0:
            return masks[bisect_left(floats, value) + bisect_right(floats, value)]
        raise KeyError

    return find
