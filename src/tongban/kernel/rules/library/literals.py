"""Literals: values that stand in the text of a rule, computed once when it is compiled."""

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.library.registry import LIBRARY
from tongban.kernel.rules.runtime.arithmetic import is_number
from tongban.kernel.rules.values import Run, Value

__all__ = ["MISSING", "constant_of", "is_constant"]

MISSING: Value = object()
_CALLED = frozenset({"@", "date", "time", "date and time", "duration"})


def constant_of(node: n.Node) -> Value:
    """The value of a literal: plain, a negative number, or `date("…")` and its like; else `MISSING`."""
    if isinstance(node, n.Const):
        return node.value
    if isinstance(node, n.Negate):
        value = constant_of(node.operand)
        return -value if is_number(value) else MISSING
    if not (isinstance(node, n.Call) and isinstance(node.callee, n.Name) and node.callee.name in _CALLED):
        return MISSING
    if node.names is not None or len(node.arguments) != 1 or not isinstance(node.arguments[0], n.Const):
        return MISSING
    value = LIBRARY[node.callee.name].call(Run(), [node.arguments[0].value])
    return MISSING if value is None else value


def is_constant(node: n.Node) -> bool:
    return constant_of(node) is not MISSING
