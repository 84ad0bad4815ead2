"""Hit policies: from the rows that pass to the result of the table."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tongban.kernel.rules.library.lists import distinct, extreme, total
from tongban.kernel.rules.runtime.logic import same
from tongban.kernel.rules.values import Run, Value

if TYPE_CHECKING:
    from tongban.kernel.rules.dmn.table import Table

__all__ = ["Outcome", "finish"]

Finish = Callable[[int, Any, Run], Value]


class Outcome(NamedTuple):
    """What a row gives: a constant, or a function of the scope."""

    value: Value
    compute: Callable[[Any, Run], Value] | None

    def of(self, scope: Any, run: Run) -> Value:
        return self.value if self.compute is None else self.compute(scope, run)


def finish(table: "Table") -> Finish:
    """The function that ends a table's own: (bits of the rows hit, scope, run) to the result."""
    if table.policy in ("U", "F"):
        return _single(table)
    make = {"A": _any, "P": _priority, "R": _collect, "C": _collect, "O": _output_order}.get(table.policy, _aggregate)
    decide = make(table)

    def end(rows: int, scope: Any, run: Run) -> Value:
        if not rows:
            return _none(table, scope, run)
        return decide(_indices(rows), scope, run)

    return end


def _indices(rows: int) -> list[int]:
    made: list[int] = []
    while rows:
        bit = rows & -rows
        rows ^= bit
        made.append(bit.bit_length() - 1)
    return made


def _none(table: "Table", scope: Any, run: Run) -> Value:
    if table.default is not None:
        return table.default.of(scope, run)
    return run.null("rules.null.no-row", table=table.owner)


def _single(table: "Table") -> Finish:
    unique = table.policy == "U"
    hits, values = table.hits, table.values

    def end(rows: int, scope: Any, run: Run) -> Value:
        if not rows:
            return _none(table, scope, run)
        bit = rows & -rows
        if unique and bit != rows:
            run.hits.extend(hits[index] for index in _indices(rows))
            return run.null("rules.null.rows-overlap", table=table.owner, rows=[index + 1 for index in _indices(rows)])
        index = bit.bit_length() - 1
        run.hits.append(hits[index])
        value, compute = values[index]
        return value if compute is None else compute(scope, run)

    return end


Decide = Callable[[list[int], Any, Run], Value]


def _all(table: "Table", indices: list[int], scope: Any, run: Run) -> list[Value]:
    run.hits.extend(table.hits[index] for index in indices)
    return [table.values[index].of(scope, run) for index in indices]


def _any(table: "Table") -> Decide:
    def decide(indices: list[int], scope: Any, run: Run) -> Value:
        first, *rest = _all(table, indices, scope, run)
        if all(same(first, other, run) is True for other in rest):
            return first
        return run.null("rules.null.rows-differ", table=table.owner, rows=[index + 1 for index in indices])

    return decide


def _rank(table: "Table", value: Value) -> tuple[int, ...]:
    """Where a result stands in the lists of output values; a lower rank comes first."""
    parts = [value] if len(table.outputs) == 1 else [value[output.name] for output in table.outputs]
    ranks: list[int] = []
    for part, order in zip(parts, table.orders, strict=True):
        ranks.append(next((place for place, other in enumerate(order) if same(part, other) is True), len(order)))
    return tuple(ranks)


def _priority(table: "Table") -> Decide:
    def decide(indices: list[int], scope: Any, run: Run) -> Value:
        values = {index: table.values[index].of(scope, run) for index in indices}
        best = min(indices, key=lambda index: _rank(table, values[index]))
        run.hits.append(table.hits[best])
        return values[best]

    return decide


def _collect(table: "Table") -> Decide:
    return lambda indices, scope, run: _all(table, indices, scope, run)


def _output_order(table: "Table") -> Decide:
    def decide(indices: list[int], scope: Any, run: Run) -> Value:
        return sorted(_all(table, indices, scope, run), key=lambda value: _rank(table, value))

    return decide


def _aggregate(table: "Table") -> Decide:
    sign = table.policy[1]

    def combine(run: Run, values: list[Value]) -> Value:
        if sign == "#":
            return len(distinct(run, values))
        return total(run, values) if sign == "+" else extreme(run, values, largest=sign == ">")

    def decide(indices: list[int], scope: Any, run: Run) -> Value:
        values = _all(table, indices, scope, run)
        if len(table.outputs) == 1:
            return combine(run, values)
        return {output.name: combine(run, [value[output.name] for value in values]) for output in table.outputs}

    return decide
