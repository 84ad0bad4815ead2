"""The FEEL grammar by precedence climbing. Total: any text gives a tree or a RulesError."""

from collections.abc import Callable, Iterable, Mapping

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.reading import MAX_NESTING, Reading
from tongban.kernel.rules.types import Type
from tongban.kernel.rules.typetext import parse_type

__all__ = ["parse_expression", "parse_unary_tests"]

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATE, _INSTANCE = range(1, 9)
_BINARY = {
    "=": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER,
}  # fmt: skip
_WORDS = {"or": _OR, "and": _AND, "between": _COMPARE, "in": _COMPARE, "instance": _INSTANCE}
_ORDER = frozenset({"<", "<=", ">", ">=", "=", "!="})
KEYWORDS = frozenset({
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance", "of",
    "function", "true", "false", "null",
})  # fmt: skip


def parse_expression(text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None) -> n.Node:
    """The tree of one expression. `names` are the names of several words in scope; a name of one word needs none."""
    parser = _Parser(text, names, types or {})
    node = parser.expression()
    parser.expect_end()
    return node


def parse_unary_tests(text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None) -> n.Tests:
    """The tree of the tests of one cell. An empty cell is a dash."""
    parser = _Parser(text, names, types or {})
    tests = parser.unary_tests()
    parser.expect_end()
    return tests


class _Parser(Reading):
    # --- expressions ------------------------------------------------------------------------------------------

    def expression(self, above: int = 0) -> n.Node:
        """An expression of operators that bind tighter than `above`."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.refuse("rules.too-deep", limit=MAX_NESTING)
        left = self.prefix()
        while True:
            level = self.operator_level()
            if level <= above:
                break
            left = self.infix(left, level)
        self.depth -= 1
        return left

    def operator_level(self) -> int:
        token = self.token
        if token.kind == "op":
            return _BINARY.get(token.text, 0)
        return _WORDS.get(token.text, 0) if token.kind == "word" else 0

    def infix(self, left: n.Node, level: int) -> n.Node:
        sign = self.token.text
        self.at += 1
        if sign in ("and", "or"):
            operands = [left, self.expression(level)]
            while self.is_word(sign):
                self.at += 1
                operands.append(self.expression(level))
            return n.Logic(sign, tuple(operands))
        if sign == "between":
            low = self.expression(_COMPARE)
            self.need_word("and")
            return n.Between(left, low, self.expression(_COMPARE))
        if sign == "in":
            return n.In(left, self.in_tests())
        if sign == "instance":
            self.need_word("of")
            return n.InstanceOf(left, parse_type(self))
        return n.Binary(sign, left, self.expression(level))

    def prefix(self) -> n.Node:
        if self.take_op("-"):
            return n.Negate(self.expression(_NEGATE))
        return self.postfix(self.primary())

    def primary(self) -> n.Node:
        token = self.token
        if token.kind in ("number", "string"):
            self.at += 1
            return n.Const(token.value)
        if token.kind == "op":
            return self.bracketed(token.text)
        if token.kind == "word":
            name = self.known_name()
            if name is not None:
                return n.Name(name)
            handler = _PREFIX.get(token.text)
            if handler is not None and not (token.text == "function" and self.peek().text != "("):
                self.at += 1
                return handler(self)
            if token.text not in KEYWORDS:
                self.at += 1
                return n.Name(token.text)
        raise self.unexpected("expression")

    def bracketed(self, sign: str) -> n.Node:
        if sign not in ("(", "[", "]", "{", "@"):
            raise self.unexpected("expression")
        self.at += 1
        filters, self.filters = self.filters, True
        if sign == "(":
            node = self.parenthesis()
        elif sign == "[":
            node = self.square()
        elif sign == "]":
            node = self.range_from(self.expression(_COMPARE), low_included=False)
        elif sign == "{":
            node = self.context()
        else:
            node = self.at_literal()
        self.filters = filters
        return node

    def parenthesis(self) -> n.Node:
        if self.is_op(*_ORDER):
            node = self.comparison_range()
        else:
            node = self.expression()
            if self.is_op(".."):
                return self.range_from(node, low_included=False)
        self.need_op(")")
        return node

    def comparison_range(self) -> n.Node:
        """`(< 5)` and the like: a range with one end."""
        sign = self.token.text
        self.at += 1
        end = self.expression(_COMPARE)
        nothing = n.Const(None)
        if sign in ("=", "!="):
            return n.RangeOf(end, end, sign == "=", sign == "=", sign)
        if sign[0] == "<":
            return n.RangeOf(nothing, end, False, sign == "<=", sign)
        return n.RangeOf(end, nothing, sign == ">=", False, sign)

    def square(self) -> n.Node:
        if self.take_op("]"):
            return n.Items(())
        items = [self.expression()]
        if self.is_op(".."):
            return self.range_from(items[0], low_included=True)
        while self.take_op(","):
            items.append(self.expression())
        self.need_op("]")
        return n.Items(tuple(items))

    def range_from(self, low: n.Node, *, low_included: bool) -> n.Node:
        self.need_op("..")
        self.filters = False
        high = self.expression(_COMPARE)
        self.filters = True
        if not self.is_op("]", ")", "["):
            raise self.unexpected("]")
        self.at += 1
        return n.RangeOf(low, high, low_included, self.tokens[self.at - 1].text == "]")

    def at_literal(self) -> n.Node:
        if self.token.kind != "string":
            raise self.unexpected("string")
        self.at += 1
        return n.Call(n.Name("@"), (n.Const(self.tokens[self.at - 1].value),))

    def context(self) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        if self.take_op("}"):
            return n.Context(())
        while True:
            if self.token.kind == "string":
                key = self.token.value
                self.at += 1
                self.known.add(key)
            else:
                key = self.new_name(":")
            if any(key == earlier for earlier, _ in entries):
                raise self.refuse("rules.duplicate-key", key=key)
            self.need_op(":")
            entries.append((key, self.expression()))
            if not self.take_op(","):
                break
        self.need_op("}")
        return n.Context(tuple(entries))

    def postfix(self, node: n.Node) -> n.Node:
        while self.token.kind == "op":
            if self.is_op("."):
                self.at += 1
                node = n.Path(node, self.reference())
            elif self.is_op("("):
                self.at += 1
                node = self.arguments(node)
            elif self.is_op("[") and self.filters:
                self.at += 1
                node = n.Filter(node, self.expression())
                self.need_op("]")
            else:
                break
        return node

    def arguments(self, callee: n.Node) -> n.Node:
        filters, self.filters = self.filters, True
        arguments: list[n.Node] = []
        names: list[str] = []
        named = self.is_named_argument()
        if not self.is_op(")"):
            while True:
                if named:
                    names.append(self.new_name(":"))
                    self.need_op(":")
                arguments.append(self.expression())
                if not self.take_op(","):
                    break
        self.need_op(")")
        self.filters = filters
        return n.Call(callee, tuple(arguments), tuple(names) if named else None)

    def is_named_argument(self) -> bool:
        ahead = 0
        while self.peek(ahead).kind == "word":
            ahead += 1
        return ahead > 0 and self.peek(ahead).kind == "op" and self.peek(ahead).text == ":"

    # --- words ------------------------------------------------------------------------------------------------

    def if_(self) -> n.Node:
        """A chain of `else if` is read in a loop: it is long, not deep."""
        branches: list[tuple[n.Node, n.Node]] = []
        while True:
            condition = self.expression()
            self.need_word("then")
            branches.append((condition, self.expression()))
            self.need_word("else")
            if not self.is_word("if") or self.known.match(self.tokens, self.at) is not None:
                break
            self.at += 1
        node = self.expression()
        for condition, then in reversed(branches):
            node = n.If(condition, then, node)
        return node

    def iterations(self) -> tuple[n.Iteration, ...]:
        made: list[n.Iteration] = []
        while True:
            name = self.new_name("in")
            self.need_word("in")
            source = self.expression()
            made.append(n.Iteration(name, source, self.expression() if self.take_op("..") else None))
            if not self.take_op(","):
                return tuple(made)

    def for_(self) -> n.Node:
        iterations = self.iterations()
        self.need_word("return")
        return n.For(iterations, self.expression())

    def quantified(self, every: bool) -> n.Node:
        iterations = self.iterations()
        self.need_word("satisfies")
        return n.Quantified(every, iterations, self.expression())

    def function(self) -> n.Node:
        self.need_op("(")
        parameters: list[tuple[str, Type | None]] = []
        if not self.is_op(")"):
            while True:
                name = self.new_name(":", ",", ")")
                parameters.append((name, parse_type(self) if self.take_op(":") else None))
                if not self.take_op(","):
                    break
        self.need_op(")")
        if self.is_word("external"):
            raise self.refuse("rules.external-function", instead="a FEEL body")
        return n.Lambda(tuple(parameters), self.expression())

    # --- unary tests ------------------------------------------------------------------------------------------

    def unary_tests(self) -> n.Tests:
        if self.at_end():
            return n.Tests(())
        if self.is_op("-") and self.peek().kind == "end":
            self.at += 1
            return n.Tests(())
        if self.is_word("not") and self.peek().text == "(":
            start = self.at
            self.at += 2
            tests = self.tests()
            if self.take_op(")") and self.at_end():
                return n.Tests(tests, negated=True)
            self.at = start
        return n.Tests(self.tests())

    def tests(self, above: int = 0) -> tuple[n.Test, ...]:
        made = [self.test(above)]
        while self.take_op(","):
            made.append(self.test(above))
        return tuple(made)

    def test(self, above: int) -> n.Test:
        if self.is_op(*_ORDER):
            sign = self.token.text
            self.at += 1
            return n.Test(sign, self.expression(_COMPARE))
        return n.Test("", self.expression(above))

    def in_tests(self) -> tuple[n.Test, ...]:
        if not self.is_op("("):
            return (self.test(_COMPARE),)
        start = self.at
        self.at += 1
        tests = self.tests()
        if self.is_op("..") and len(tests) == 1:
            self.at = start
            return (self.test(_COMPARE),)
        self.need_op(")")
        return tests


_PREFIX: dict[str, Callable[[_Parser], n.Node]] = {
    "true": lambda parser: n.Const(True),
    "false": lambda parser: n.Const(False),
    "null": lambda parser: n.Const(None),
    "if": _Parser.if_,
    "for": _Parser.for_,
    "some": lambda parser: parser.quantified(every=False),
    "every": lambda parser: parser.quantified(every=True),
    "function": _Parser.function,
}
