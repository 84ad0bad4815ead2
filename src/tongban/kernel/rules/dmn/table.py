"""Decision tables. A table compiles to one Python function that asks each column once, not each row.

The rows are bits of an integer. A column of constants is an index from the value to the bits of the rows it passes:
a dictionary for strings, a bisection over the boundaries for numbers and dates. The bits of all columns are joined by
`&`, and what remains is hit. Cells that are not constants are asked one by one, and only for rows still in play.
"""

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import Compiled, Compiler, compile_node, compile_tests
from tongban.kernel.rules.dmn.columns import Column, column_of
from tongban.kernel.rules.dmn.policies import Outcome, finish
from tongban.kernel.rules.dmn.result import RuleHit
from tongban.kernel.rules.library.literals import constant_of, is_constant
from tongban.kernel.rules.pieces import NOTHING_KNOWN, Outer, Scope, load
from tongban.kernel.rules.types import Type, coerce
from tongban.kernel.rules.values import Run, Value, kind

__all__ = ["Clause", "Row", "Table"]


class Clause(NamedTuple):
    """A column: an input with its expression, or an output with its default."""

    name: str
    node: n.Node | None
    allowed: n.Tests | None
    type: Type | None = None
    text: str = ""


class Row(NamedTuple):
    number: int
    id: str
    tests: list[n.Tests]
    outputs: list[n.Node]
    annotations: dict[str, str]
    # As they are written.
    cells: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(eq=False)
class Table:
    """A table as read, and `run(scope, run)`: its compiled function. `free` are the names it reads from the scope."""

    owner: str
    policy: str
    inputs: list[Clause]
    outputs: list[Clause]
    rows: list[Row]
    outer: Outer = NOTHING_KNOWN
    free: frozenset[str] = field(init=False)
    run: Compiled = field(init=False)

    def __post_init__(self) -> None:
        self._names: set[str] = set()
        self.hits = [RuleHit(row.number, row.id, row.annotations, self.owner) for row in self.rows]
        self.values = [self._output(row.outputs) for row in self.rows]
        self.default = self._default()
        self.orders = [self._order(output) for output in self.outputs]
        self.run = self._compile()
        self.free = frozenset(self._names)

    @property
    def is_constant(self) -> bool:
        """Whether what comes out depends on nothing but which rows are hit."""
        return all(outcome.compute is None for outcome in (*self.values, *([self.default] if self.default else [])))

    # --- outputs ----------------------------------------------------------------------------------------------

    def _expression(self, node: n.Node) -> Compiled:
        compiled, names = compile_node(node, outer=self.outer)
        self._names |= names
        return compiled

    def _output(self, nodes: list[n.Node]) -> Outcome:
        """The result of a row: a constant, or a function of the scope."""
        types = [output.type for output in self.outputs]
        parts = [n.Typed(node, wanted) if wanted else node for node, wanted in zip(nodes, types, strict=True)]
        if all(is_constant(node) for node in nodes):
            values = [_held(constant_of(node), wanted) for node, wanted in zip(nodes, types, strict=True)]
            return Outcome(self._together(values), None)
        if len(parts) == 1:
            return Outcome(None, self._expression(parts[0]))
        names = [output.name for output in self.outputs]
        # Output entries do not see each other, so they are bound under no name before they are put together.
        functions = [self._expression(part) for part in parts]
        pairs = tuple(zip(names, functions, strict=True))
        return Outcome(None, lambda scope, run: {name: function(scope, run) for name, function in pairs})

    def _together(self, values: list[Value]) -> Value:
        if len(values) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def _default(self) -> Outcome | None:
        nodes = [output.node for output in self.outputs]
        if all(node is None for node in nodes):
            return None
        return self._output([n.Const(None) if node is None else node for node in nodes])

    def _order(self, output: Clause) -> list[Value]:
        """The output values, the highest priority first."""
        if output.allowed is None:
            return []
        return [constant_of(test.operand) for test in output.allowed.tests if is_constant(test.operand)]

    # --- the function -----------------------------------------------------------------------------------------

    def _compile(self) -> Compiled:
        compiler = Compiler(self.outer)
        outside = Scope(None, {})
        body: list[ast.stmt] = [_assign("rows", ast.Constant((1 << len(self.rows)) - 1))]
        for place, clause in enumerate(self.inputs):
            assert clause.node is not None
            value = f"i{place}"
            body.append(_assign(value, compiler.visit(clause.node, outside)))
            if clause.allowed is not None:
                body.append(self._admission(compiler, clause, value))
            body.extend(self._column(compiler, place, value))
        body.append(ast.Return(ast.Call(compiler.given(finish(self)), [load("rows"), load("scope"), load("run")], [])))
        self._names |= compiler.free
        return compiler.function(body, ("scope", "run"))

    def _tests(self, tests: n.Tests) -> Callable[[Value, Any, Run], Value]:
        compiled, names = compile_tests(tests, outer=self.outer)
        self._names |= names
        return compiled

    def _admission(self, compiler: Compiler, clause: Clause, value: str) -> ast.stmt:
        """`if not admitted(value): return None`: an input outside its input values decides nothing."""
        assert clause.allowed is not None
        allowed = self._tests(clause.allowed)

        def refused(run: Run, value: Value, scope: Any) -> bool:
            if allowed(value, scope, run) is True:
                return False
            run.null("rules.null.input-value", input=clause.name, table=self.owner, found=kind(value))
            return True

        test = compiler.call(refused, load(value), load("scope"))
        return ast.If(test, [ast.Return(ast.Constant(None))], [])

    def _column(self, compiler: Compiler, place: int, value: str) -> list[ast.stmt]:
        cells = [row.tests[place] for row in self.rows]
        if all(not cell.tests for cell in cells):
            return []
        tests = [self._tests(cell) if cell.tests else None for cell in cells]
        one_by_one = _asker(tests)
        column = column_of(cells)
        if column is None:
            asked = compiler.call(one_by_one, load("rows"), load(value), load("scope"))
            return [_assign("rows", asked)]
        lookup = _lookup(compiler, column, value)
        asked = compiler.call(one_by_one, load("rows"), load(value), load("scope"))
        masked = ast.BinOp(load("rows"), ast.BitAnd(), lookup)
        made: list[ast.stmt] = [_assign("rows", ast.IfExp(_is_kind(compiler, column, value), masked, asked))]
        if column.rest:
            rest = _asker([test if column.rest >> row & 1 else None for row, test in enumerate(tests)])
            asked = compiler.call(rest, load("rows"), load(value), load("scope"))
            test = ast.BinOp(load("rows"), ast.BitAnd(), ast.Constant(column.rest))
            made.append(ast.If(test, [_assign("rows", asked)], []))
        return made


def _held(value: Value, wanted: Type | None) -> Value:
    if wanted is None:
        return value
    made = coerce(wanted, value)
    return None if made is NotImplemented else made


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _asker(tests: list[Callable[[Value, Any, Run], Value] | None]) -> Callable[..., int]:
    """Ask the cells of one column for the rows still in play."""

    def ask(run: Run, rows: int, value: Value, scope: Any) -> int:
        left = rows
        while left:
            bit = left & -left
            left ^= bit
            test = tests[bit.bit_length() - 1]
            if test is not None and test(value, scope, run) is not True:
                rows ^= bit
        return rows

    return ask


def _is_kind(compiler: Compiler, column: Column, value: str) -> ast.expr:
    """`type(value) is str`, or one of two types for numbers."""
    tests: list[ast.expr] = [
        ast.Compare(ast.Call(compiler.given(type), [load(value)], []), [ast.Is()], [compiler.given(wanted)])
        for wanted in column.types
    ]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)


def _lookup(compiler: Compiler, column: Column, value: str) -> ast.expr:
    if column.exact is not None:
        get = compiler.given(column.exact.get)
        return ast.Call(get, [load(value), ast.Constant(column.otherwise)], [])
    bounds = compiler.given(column.bounds)
    ends = [ast.Call(compiler.given(side), [bounds, load(value)], []) for side in (bisect_left, bisect_right)]
    return ast.Subscript(compiler.given(column.masks), ast.BinOp(ends[0], ast.Add(), ends[1]), ast.Load())
