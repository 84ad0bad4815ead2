"""Why a decision came out as it did: of each table what its columns saw, and the rows that decided, as written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.kernel.rules.compiler import compile_node
from tongban.kernel.rules.dmn.table import Row, Table
from tongban.kernel.rules.pieces import Outer
from tongban.kernel.rules.values import Run, Value, release

__all__ = ["ColumnSeen", "Explanation", "RowHit", "explain_table"]


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """An input column: what it is called, the expression it asks, and the value that this had."""

    name: str
    expression: str
    value: Value


@dataclass(frozen=True, slots=True)
class RowHit:
    """A row that decided: the text of its cells in the order of the columns, and the words beside it: its law."""

    index: int
    id: str
    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision and what it came to; of a table also its hit policy, columns and the rows that decided."""

    decision: str
    value: Value
    policy: str = ""
    columns: tuple[ColumnSeen, ...] = ()
    rows: tuple[RowHit, ...] = ()


def explain_table(table: Table, value: Value, scope: Mapping[str, Any], hit: frozenset[int], run: Run) -> Explanation:
    """A table by the scope it had; `hit` are the numbers of the rows that decided."""
    columns = []
    for clause in table.inputs:
        assert clause.node is not None
        seen, _ = compile_node(clause.node, outer=Outer(table.outer.shadowing, trusted=True))
        columns.append(ColumnSeen(clause.name, clause.text, release(seen(scope, run), run)))
    rows = tuple(_row(row) for row in table.rows if row.number in hit)
    return Explanation(table.owner, release(value), table.policy, tuple(columns), rows)


def _row(row: Row) -> RowHit:
    return RowHit(row.number, row.id, row.cells, row.results, row.annotations)
