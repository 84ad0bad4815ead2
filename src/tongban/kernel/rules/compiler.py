"""The syntax tree to a Python function, by way of Python's own `ast`: no text is ever evaluated.

A FEEL variable bound inside the expression becomes a Python local; one from outside is looked up by name in the
scope given. Names of generated variables are numbers, so nothing in the text of a rule can name a Python object.
"""

import ast
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.library import LIBRARY
from tongban.kernel.rules.library.literals import MISSING, constant_of
from tongban.kernel.rules.pieces import NOTHING_KNOWN, Outer, Scope, arguments_of, asks, lambda_, load
from tongban.kernel.rules.runtime import arithmetic, collections, logic
from tongban.kernel.rules.values import Run, Value

__all__ = ["Compiled", "Compiler", "compile_node", "compile_tests"]

MAX_DEPTH = 200
Compiled = Callable[[Any, Run], Value]

_OPERATORS: dict[str, Callable[..., Value]] = {
    "+": arithmetic.add, "-": arithmetic.subtract, "*": arithmetic.multiply, "/": arithmetic.divide,
    "**": arithmetic.power, "=": logic.equal, "!=": logic.unequal, "<": logic.less, "<=": logic.less_equal,
    ">": logic.greater, ">=": logic.greater_equal,
}  # fmt: skip
_CONDITIONS = (n.Binary, n.Logic, n.Between, n.In, n.Quantified, n.Call, n.InstanceOf)
_PLAIN = (type(None), bool, int, str)


class Compiler:
    """One per compiled function."""

    def __init__(self, outer: Outer) -> None:
        self.globals: dict[str, Any] = {"__builtins__": {}}
        self.shadowing = outer.shadowing
        self.outer = outer
        self.free: set[str] = set()
        self.depth = 0
        self.count = 0
        self._given: dict[int, str] = {}

    # --- pieces of Python -------------------------------------------------------------------------------------

    def fresh(self, letter: str = "v") -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def given(self, value: object) -> ast.expr:
        """An object of ours the code may use, under a generated global name."""
        name = self._given.get(id(value))
        if name is None:
            name = self._given[id(value)] = self.fresh("g")
            self.globals[name] = value
        return ast.Name(name, ast.Load())

    def constant(self, value: Value) -> ast.expr:
        return ast.Constant(value) if type(value) in _PLAIN else self.given(value)

    def call(self, function: Callable[..., Any], *arguments: ast.expr) -> ast.expr:
        """`function(run, …)`."""
        return ast.Call(self.given(function), [load("run"), *arguments], [])

    def thunk(self, node: n.Node, scope: Scope) -> ast.expr:
        return lambda_([], self.visit(node, scope))

    # --- the tree ---------------------------------------------------------------------------------------------

    def visit(self, node: n.Node, scope: Scope) -> ast.expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RulesError("rules.too-deep", {"limit": MAX_DEPTH})
        made: ast.expr = _VISIT[type(node)](self, node, scope)
        self.depth -= 1
        return made

    def const(self, node: n.Const, scope: Scope) -> ast.expr:
        return self.constant(node.value)

    def name(self, node: n.Name, scope: Scope) -> ast.expr:
        return self.resolve(node.name, scope)

    def resolve(self, name: str, scope: Scope | None) -> ast.expr:
        if scope is None:
            self.free.add(name)
            if name in self.outer.present:
                return ast.Subscript(load("scope"), ast.Constant(name), ast.Load())
            built_in = LIBRARY.get(name)
            if built_in is not None and name not in self.shadowing:
                return ast.Call(
                    ast.Attribute(load("scope"), "get", ast.Load()), [ast.Constant(name), self.given(built_in)], []
                )
            finder = collections.take if self.outer.trusted else collections.look
            return ast.Call(self.given(finder), [load("scope"), load("run"), ast.Constant(name)], [])
        if name in scope.names:
            return load(scope.names[name])
        outer = self.resolve(name, scope.outer)
        if scope.item is None:
            return outer
        key = ast.Constant(name)
        test = ast.Call(self.given(collections.member), [load(scope.item), key], [])
        return ast.IfExp(test, ast.Subscript(load(scope.item), key, ast.Load()), outer)

    def is_built_in(self, name: str, scope: Scope | None) -> bool:
        """Whether a name that is called means the library."""
        while scope is not None:
            if name in scope.names:
                return False
            scope = scope.outer
        return name in LIBRARY and name not in self.shadowing

    def negate(self, node: n.Negate, scope: Scope) -> ast.expr:
        if isinstance(node.operand, n.Const) and arithmetic.is_number(node.operand.value):
            return self.constant(-node.operand.value)
        return self.call(arithmetic.negate, self.visit(node.operand, scope))

    def binary(self, node: n.Binary, scope: Scope) -> ast.expr:
        return self.call(_OPERATORS[node.operator], self.visit(node.left, scope), self.visit(node.right, scope))

    def logic(self, node: n.Logic, scope: Scope) -> ast.expr:
        function = logic.all_of if node.operator == "and" else logic.any_of
        first, *rest = node.operands
        return self.call(function, self.visit(first, scope), *(self.thunk(operand, scope) for operand in rest))

    def between(self, node: n.Between, scope: Scope) -> ast.expr:
        return self.call(logic.between, *(self.visit(part, scope) for part in (node.value, node.low, node.high)))

    def in_(self, node: n.In, scope: Scope) -> ast.expr:
        value = self.fresh()
        inner = Scope(scope, {"?": value})
        tests = self.tests_of(node.tests, value, inner)
        return ast.Call(lambda_([value], tests), [self.visit(node.value, scope)], [])

    def tests(self, node: n.Tests, scope: Scope) -> ast.expr:
        if not node.tests:
            return ast.Constant(True)
        value = scope.names["?"]
        made = self.tests_of(node.tests, value, scope)
        return self.call(logic.negation, made) if node.negated else made

    def tests_of(self, tests: tuple[n.Test, ...], value: str, scope: Scope) -> ast.expr:
        made = [self.test(test, value, scope) for test in tests]
        if len(made) == 1:
            return made[0]
        return self.call(logic.any_of, made[0], *(lambda_([], test) for test in made[1:]))

    def test(self, test: n.Test, value: str, scope: Scope) -> ast.expr:
        operand = self.visit(test.operand, scope)
        if test.operator:
            return self.call(_OPERATORS[test.operator], load(value), operand)
        if asks(test.operand):
            return operand
        return self.call(logic.met if isinstance(test.operand, _CONDITIONS) else logic.matches, load(value), operand)

    def if_(self, node: n.If, scope: Scope) -> ast.expr:
        then, otherwise = self.visit(node.then, scope), self.visit(node.otherwise, scope)
        if isinstance(node.condition, n.Const) and not node.strict:
            return then if node.condition.value is True else otherwise
        condition = self.visit(node.condition, scope)
        if node.strict:
            return self.call(collections.choose, condition, lambda_([], then), lambda_([], otherwise))
        return ast.IfExp(ast.Compare(condition, [ast.Is()], [ast.Constant(True)]), then, otherwise)

    def sources(self, iterations: tuple[n.Iteration, ...], scope: Scope) -> tuple[ast.expr, list[str], Scope]:
        """The list of sources, the parameters of the body, and its scope. `partial` comes first."""
        partial = self.fresh()
        parameters = [partial]
        inner = Scope(scope, {"partial": partial})
        made: list[ast.expr] = []
        for iteration in iterations:
            first = lambda_(parameters, self.visit(iteration.source, inner))
            end: ast.expr = ast.Constant(None)
            if iteration.end is not None:
                end = lambda_(parameters, self.visit(iteration.end, inner))
            made.append(ast.Tuple([first, end], ast.Load()))
            variable = self.fresh()
            parameters = [*parameters, variable]
            inner = Scope(inner, {iteration.name: variable})
        return ast.List(made, ast.Load()), parameters, inner

    def for_(self, node: n.For, scope: Scope) -> ast.expr:
        sources, parameters, inner = self.sources(node.iterations, scope)
        return self.call(collections.iterate, sources, lambda_(parameters, self.visit(node.body, inner)))

    def quantified(self, node: n.Quantified, scope: Scope) -> ast.expr:
        sources, parameters, inner = self.sources(node.iterations, scope)
        body = lambda_(parameters, self.visit(node.body, inner))
        flags = [ast.Constant(node.every), ast.Constant(node.strict)]
        return self.call(collections.quantify, *flags, sources, body)

    def items(self, node: n.Items, scope: Scope) -> ast.expr:
        return ast.List([self.visit(item, scope) for item in node.items], ast.Load())

    def entries(self, entries: tuple[tuple[str, n.Node], ...], scope: Scope) -> tuple[list[ast.expr], list[str], Scope]:
        """Each entry assigned to a variable as it is computed, seen by those after it and by its own functions."""
        names: dict[str, str] = {}
        inner = Scope(scope, names)
        values: list[ast.expr] = []
        variables: list[str] = []
        for key, entry in entries:
            variable = self.fresh()
            if isinstance(entry, n.Lambda):
                names[key] = variable
            values.append(ast.NamedExpr(ast.Name(variable, ast.Store()), self.visit(entry, inner)))
            names[key] = variable
            variables.append(variable)
        return values, variables, inner

    def context(self, node: n.Context, scope: Scope) -> ast.expr:
        values, _, _ = self.entries(node.entries, scope)
        return ast.Dict([ast.Constant(key) for key, _ in node.entries], values)

    def block(self, node: n.Block, scope: Scope) -> ast.expr:
        values, _, inner = self.entries(node.entries, scope)
        made = ast.Tuple([*values, self.visit(node.result, inner)], ast.Load())
        return ast.Subscript(made, ast.Constant(-1), ast.Load())

    def range_of(self, node: n.RangeOf, scope: Scope) -> ast.expr:
        ends = [self.visit(node.low, scope), self.visit(node.high, scope)]
        included = [ast.Constant(node.low_included), ast.Constant(node.high_included)]
        return self.call(collections.make_range, *ends, *included, ast.Constant(node.operator))

    def filter(self, node: n.Filter, scope: Scope) -> ast.expr:
        item = self.fresh()
        inner = Scope(Scope(scope, {"item": item}), {}, item)
        condition = lambda_([item], self.visit(node.condition, inner))
        function = collections.filtered_strictly if node.strict else collections.filtered
        return self.call(function, self.visit(node.source, scope), condition)

    def path(self, node: n.Path, scope: Scope) -> ast.expr:
        return self.call(collections.path, self.visit(node.source, scope), ast.Constant(node.name))

    def call_(self, node: n.Call, scope: Scope) -> ast.expr:
        arguments = [self.visit(argument, scope) for argument in node.arguments]
        callee = node.callee
        if isinstance(callee, n.Name) and self.is_built_in(callee.name, scope):
            literal = constant_of(node)
            if literal is not MISSING:
                return self.constant(literal)
            function: ast.expr = self.given(LIBRARY[callee.name])
        else:
            function = self.visit(callee, scope)
        if node.names is None:
            return self.call(collections.invoke, function, ast.List(arguments, ast.Load()))
        if len(set(node.names)) != len(node.names):
            raise RulesError("rules.duplicate-argument", {"names": ", ".join(node.names)})
        named = ast.Dict([ast.Constant(name) for name in node.names], list(arguments))
        return self.call(collections.invoke_named, function, named)

    def lambda_node(self, node: n.Lambda, scope: Scope) -> ast.expr:
        names = {name: self.fresh() for name, _ in node.parameters}
        body = lambda_(list(names.values()), self.visit(node.body, Scope(scope, names)))
        if len(names) != len(node.parameters):
            raise RulesError("rules.duplicate-parameter", {"name": node.parameters[-1][0]})
        made = ast.Constant(node.name)
        return ast.Call(self.given(collections.define), [made, self.given(node.parameters), body], [])

    def instance_of(self, node: n.InstanceOf, scope: Scope) -> ast.expr:
        return self.call(collections.instance, self.visit(node.value, scope), self.given(node.type))

    def typed(self, node: n.Typed, scope: Scope) -> ast.expr:
        return self.call(collections.require, self.visit(node.value, scope), self.given(node.type))

    def table(self, node: n.TableNode, scope: Scope) -> ast.expr:
        """A table is a function of a scope; one inside another expression gets the locals it uses by name."""
        table = node.table
        names = sorted(table.free)
        self.globals.setdefault("scope", {})
        values = [self.resolve(name, scope) for name in names if self.visible(name, scope)]
        kept = [ast.Constant(name) for name in names if self.visible(name, scope)]
        local = ast.Dict([*kept], values)
        return ast.Call(self.given(table.run), [local, load("run")], [])

    def visible(self, name: str, scope: Scope | None) -> bool:
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return name not in LIBRARY or name in self.shadowing

    # --- the function -----------------------------------------------------------------------------------------

    def function(self, body: ast.expr | list[ast.stmt], parameters: tuple[str, ...]) -> Callable[..., Value]:
        statements: list[ast.stmt] = body if isinstance(body, list) else [ast.Return(body)]
        definition = ast.FunctionDef("rule", arguments_of(parameters), statements, [])
        module = ast.fix_missing_locations(ast.Module([definition], []))
        try:
            code = compile(module, "<feel>", "exec", dont_inherit=True)
        except (RecursionError, MemoryError) as error:
            raise RulesError("rules.too-deep", {"limit": MAX_DEPTH}) from error
        inner = next(part for part in code.co_consts if isinstance(part, CodeType))
        return FunctionType(inner, self.globals)


_VISIT: dict[type, Callable[..., ast.expr]] = {
    n.Const: Compiler.const, n.Name: Compiler.name, n.Negate: Compiler.negate, n.Binary: Compiler.binary,
    n.Logic: Compiler.logic, n.Between: Compiler.between, n.In: Compiler.in_, n.Tests: Compiler.tests,
    n.If: Compiler.if_, n.For: Compiler.for_, n.Quantified: Compiler.quantified, n.Items: Compiler.items,
    n.Context: Compiler.context, n.Block: Compiler.block, n.RangeOf: Compiler.range_of, n.Filter: Compiler.filter,
    n.Path: Compiler.path, n.Call: Compiler.call_, n.Lambda: Compiler.lambda_node,
    n.InstanceOf: Compiler.instance_of, n.Typed: Compiler.typed, n.TableNode: Compiler.table,
}  # fmt: skip


def compile_node(node: n.Node, *, outer: Outer = NOTHING_KNOWN) -> tuple[Compiled, frozenset[str]]:
    """A function of (scope, run), and the names it looks up outside itself."""
    compiler = Compiler(outer)
    body = compiler.visit(node, Scope(None, {}))
    return compiler.function(body, ("scope", "run")), frozenset(compiler.free)


def compile_tests(
    node: n.Tests, *, outer: Outer = NOTHING_KNOWN
) -> tuple[Callable[[Value, Any, Run], Value], frozenset[str]]:
    """A function of (value, scope, run), and the names it looks up outside itself."""
    compiler = Compiler(outer)
    body = compiler.visit(node, Scope(None, {"?": "value"}))
    return compiler.function(body, ("value", "scope", "run")), frozenset(compiler.free)
