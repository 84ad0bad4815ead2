"""The syntax tree of FEEL. Boxed expressions of DMN become the same tree, so that one compiler serves both."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from tongban.kernel.rules.values import Value

if TYPE_CHECKING:
    from tongban.kernel.rules.dmn.table import Table
    from tongban.kernel.rules.types import Type

__all__ = [
    "Between", "Binary", "Block", "Call", "Const", "Context", "Filter", "For", "If", "In", "InstanceOf", "Items",
    "Lambda", "Logic", "Name", "Negate", "Node", "Path", "Quantified", "RangeOf", "TableNode", "Test", "Tests", "Typed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Const:
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic and comparison."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more operands; flat, so that a long chain is not deep."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Between:
    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class Test:
    """One unary test. `operator` is "" for a value, list, range, or a condition on `?`."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Tests:
    """Unary tests: one of them, or none of them when negated. No tests at all is the dash: anything."""

    tests: tuple[Test, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    value: "Node"
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`strict`: a condition that is neither boolean nor null gives null, as in the boxed form."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source`, or `name in source .. end`."""

    name: str
    source: "Node"
    end: Union["Node", None] = None


@dataclass(frozen=True, slots=True)
class For:
    iterations: tuple[Iteration, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Quantified:
    every: bool
    iterations: tuple[Iteration, ...]
    body: "Node"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Context:
    entries: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A boxed context with a result: names bound in order, then one value."""

    entries: tuple[tuple[str, "Node"], ...]
    result: "Node"


@dataclass(frozen=True, slots=True)
class RangeOf:
    low: "Node"
    high: "Node"
    low_included: bool
    high_included: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    source: "Node"
    condition: "Node"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    source: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`names` is None for positional arguments, else one name for each argument."""

    callee: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Lambda:
    parameters: tuple[tuple[str, Union["Type", None]], ...]
    body: "Node"
    name: str = ""


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: "Node"
    type: "Type"


@dataclass(frozen=True, slots=True)
class Typed:
    """A value held to a declared type: converted as DMN allows, else null."""

    value: "Node"
    type: "Type"


@dataclass(frozen=True, slots=True)
class TableNode:
    table: "Table"


Node = (
    Const | Name | Negate | Binary | Logic | Between | In | If | For | Quantified | Items | Context | Block | RangeOf
    | Filter | Path | Call | Lambda | InstanceOf | Typed | TableNode | Tests
)  # fmt: skip
