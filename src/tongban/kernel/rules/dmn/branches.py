"""The rows of a constant table as nested comparisons: what a programmer would write, with nothing asked in vain.

At each branch the column is asked that leaves the fewest rows in play; a row that can no longer fail ends the question
under hit policy FIRST. A table whose branches would grow too many has none, and is looked up column by column instead.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tongban.kernel.rules.pieces import load

__all__ = ["Choice", "branches_of"]

_MAX_BRANCHES = 700

Given = Callable[[object], ast.expr]


class Choice(NamedTuple):
    """A column as what its variable leads to: the rows that stay in play.

    `points`: by value, for words; True and False for a yes or no. `steps`: from which value on, in order. `otherwise`
    holds for other words, and before the first step.
    """

    variable: str
    otherwise: int
    points: dict[Any, int] | None = None
    steps: Sequence[tuple[Any, int]] = ()

    def ways(self) -> list[int]:
        """The rows of each way it can go."""
        if self.points is None:
            return [self.otherwise, *(mask for _, mask in self.steps)]
        return [*self.points.values(), *([] if set(self.points) == {True, False} else [self.otherwise])]


class _TooMany(Exception):
    """More branches than are worth it."""


def branches_of(choices: Sequence[Choice], rows: int, *, first: int, given: Given) -> list[ast.stmt] | None:
    """Statements that assign `rows`, or None where they would be too many.

    `rows` are all bits; `first` are those of which only the lowest matters, 0 where each does. `given` names an object.
    """
    grower = _Grower(first, given)
    try:
        return grower.grow(list(choices), rows)
    except _TooMany:
        return None


class _Grower:
    def __init__(self, first: int, given: Given) -> None:
        self.first = first
        self.given = given
        self.count = 0

    def grow(self, choices: list[Choice], rows: int) -> list[ast.stmt]:
        self.count += 1
        if self.count > _MAX_BRANCHES:
            raise _TooMany
        asking = [choice for choice in choices if any(way & rows != rows for way in choice.ways())]
        rows = self.settled(asking, rows)
        asking = [choice for choice in asking if any(way & rows != rows for way in choice.ways())]
        if not asking or not rows:
            return [ast.Assign([ast.Name("rows", ast.Store())], ast.Constant(rows))]
        best = min(asking, key=lambda choice: _promise(choice, rows))
        others = [choice for choice in asking if choice is not best]
        if best.points is None:
            return self.by_steps(best, others, rows)
        return self.by_points(best, others, rows)

    def settled(self, asking: list[Choice], rows: int) -> int:
        """Without the rows behind one that is certain to be hit."""
        left = rows & self.first
        while left:
            bit = left & -left
            left ^= bit
            if all(way & bit for choice in asking for way in choice.ways()):
                return rows & ~(self.first & ~(bit | (bit - 1)))
        return rows

    def by_points(self, choice: Choice, others: list[Choice], rows: int) -> list[ast.stmt]:
        assert choice.points is not None
        groups: dict[int, list[Any]] = {}
        for value, mask in choice.points.items():
            if mask & rows != choice.otherwise & rows or set(choice.points) == {True, False}:
                groups.setdefault(mask & rows, []).append(value)
        ordered = sorted(groups.items(), key=lambda group: len(group[1]))
        if set(choice.points) == {True, False}:
            # Its type is known, so the second value needs no test.
            *ordered, (last, _) = ordered
        else:
            last = choice.otherwise & rows
        made = self.grow(others, last)
        for mask, values in reversed(ordered):
            made = [ast.If(self.among(choice.variable, values), self.grow(others, mask), made)]
        return made

    def among(self, variable: str, values: list[Any]) -> ast.expr:
        if len(values) > 1:
            return ast.Compare(load(variable), [ast.In()], [self.given(frozenset(values))])
        if type(values[0]) is bool:
            return ast.Compare(load(variable), [ast.Is()], [ast.Constant(values[0])])
        return ast.Compare(load(variable), [ast.Eq()], [ast.Constant(values[0])])

    def by_steps(self, choice: Choice, others: list[Choice], rows: int) -> list[ast.stmt]:
        steps: list[tuple[Any, int]] = []
        last = choice.otherwise & rows
        for start, mask in choice.steps:
            if mask & rows != last:
                last = mask & rows
                steps.append((start, last))
        return self.chain(choice.variable, steps, choice.otherwise & rows, others)

    def chain(self, variable: str, steps: list[tuple[Any, int]], before: int, others: list[Choice]) -> list[ast.stmt]:
        """Balanced comparisons."""
        if not steps:
            return self.grow(others, before)
        middle = len(steps) // 2
        start, mask = steps[middle]
        bound = ast.Constant(start) if type(start) is int else self.given(start)
        below = self.chain(variable, steps[:middle], before, others)
        above = self.chain(variable, steps[middle + 1 :], mask, others)
        return [ast.If(ast.Compare(load(variable), [ast.Lt()], [bound]), below, above)]


def _promise(choice: Choice, rows: int) -> tuple[float, int]:
    """How many rows stay in play on average, and how many ways there are: fewer is better."""
    ways = {way & rows for way in choice.ways()}
    return sum(way.bit_count() for way in ways) / len(ways), len(ways)
