"""Small pieces of the compiler: scopes, and the few shapes of Python it builds from."""

import ast
from collections.abc import Collection
from typing import Any, NamedTuple

from tongban.kernel.rules import nodes as n

__all__ = ["NOTHING_KNOWN", "Outer", "Scope", "arguments_of", "asks", "lambda_", "load"]


class Scope:
    """What a name means at a place: locals by name, or the entries of a filter's element, then the scope outside."""

    __slots__ = ("item", "names", "outer")

    def __init__(self, outer: "Scope | None", names: dict[str, str], item: str | None = None) -> None:
        self.outer = outer
        self.names = names
        self.item = item


class Outer(NamedTuple):
    """What is known of the scope a function will be given.

    `shadowing` are names that hide functions of the library; `present` are names that are certain to be there. A
    `trusted` scope holds FEEL values already, which need no admission at each look-up.
    """

    shadowing: Collection[str] = ()
    present: Collection[str] = ()
    trusted: bool = False


NOTHING_KNOWN = Outer()


def load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def arguments_of(names: "tuple[str, ...] | list[str]") -> ast.arguments:
    return ast.arguments(
        posonlyargs=[], args=[ast.arg(name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[]
    )


def lambda_(parameters: list[str], body: ast.expr) -> ast.expr:
    return ast.Lambda(arguments_of(parameters), body)


def asks(node: n.Node) -> bool:
    """Whether the expression speaks of `?`, and is a condition then rather than a value."""
    waiting: list[Any] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, n.Name):
            if part.name == "?":
                return True
        elif isinstance(part, tuple):
            waiting.extend(part)
        elif hasattr(part, "__dataclass_fields__") and type(part).__module__ == n.__name__:
            waiting.extend(getattr(part, field) for field in part.__dataclass_fields__)
    return False
