"""A column of constant cells as an index from values to the rows that pass."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.library.literals import MISSING, constant_of
from tongban.kernel.rules.runtime.eras import FarDay
from tongban.kernel.rules.values import Value, kind

__all__ = ["Column", "column_of"]

# Kinds that are looked up, not searched for between bounds.
_POINTS: dict[str, type] = {"string": str, "boolean": bool}

# A test as an interval of constants: (low, low included, high, high included); None is no bound.
Interval = tuple[Value, bool, Value, bool]


@dataclass(frozen=True, slots=True)
class Column:
    """An index over the rows of one column, for values of `types`.

    Strings and booleans: `exact` and `otherwise`. Numbers and dates: `masks` has an entry for each gap between
    `bounds` and for each bound, found at bisect_left + bisect_right. `rest` are the rows whose cells must be asked all
    the same.
    """

    types: tuple[type, ...]
    rest: int
    exact: dict[Value, int] | None = None
    otherwise: int = 0
    bounds: list[Value] | None = None
    masks: list[int] | None = None


def _is_plain(value: Value) -> bool:
    """A constant that a column can be sorted by."""
    return value is not MISSING and value is not None and type(value) is not FarDay


def _intervals(test: n.Test) -> list[Interval] | None:
    """What a test accepts; None when it is not made of constants."""
    operand = test.operand
    if isinstance(operand, n.RangeOf) and not test.operator and not operand.operator:
        low, high = constant_of(operand.low), constant_of(operand.high)
        if (
            low is MISSING
            or high is MISSING
            or low is None
            or high is None
            or type(low) is FarDay
            or type(high) is FarDay
            or kind(low) != kind(high)
        ):
            return None
        return [(low, operand.low_included, high, operand.high_included)]
    if isinstance(operand, n.Items) and not test.operator:
        parts = [_intervals(n.Test("", item)) for item in operand.items]
        return None if any(part is None for part in parts) else [one for part in parts if part for one in part]
    value = constant_of(operand)
    if not _is_plain(value):
        return None
    shapes: dict[str, Interval] = {
        "": (value, True, value, True), "=": (value, True, value, True),
        "<": (None, False, value, False), "<=": (None, False, value, True),
        ">": (value, False, None, False), ">=": (value, True, None, False),
    }  # fmt: skip
    shape = shapes.get(test.operator)
    return None if shape is None else [shape]


def _cell(tests: n.Tests) -> list[Interval] | None:
    parts = [_intervals(test) for test in tests.tests]
    return None if any(part is None for part in parts) else [one for part in parts if part for one in part]


def _kind_of(intervals: list[Interval]) -> str | None:
    kinds = {kind(end) for low, _, high, _ in intervals for end in (low, high) if end is not None}
    return kinds.pop() if len(kinds) == 1 else None


def column_of(cells: list[n.Tests]) -> Column | None:
    """The index of a column, or None when too little of it is constant to be worth one."""
    read = [_cell(cell) if cell.tests else None for cell in cells]
    kinds = [_kind_of(intervals) for intervals in read if intervals is not None]
    for wanted in ("string", "number", "date", "boolean"):
        if wanted in kinds:
            break
    else:
        return None
    rest = 0
    held: list[tuple[int, list[Interval], bool]] = []
    free = 0
    for row, (cell, intervals) in enumerate(zip(cells, read, strict=True)):
        points = wanted not in _POINTS or (intervals is not None and all(low == high for low, _, high, _ in intervals))
        if not cell.tests:
            free |= 1 << row
        elif intervals is not None and _kind_of(intervals) == wanted and points:
            held.append((row, intervals, cell.negated))
        else:
            rest |= 1 << row
    if wanted in _POINTS:
        return _exact(held, free | rest, rest, _POINTS[wanted])
    return _ordered(held, free | rest, rest, (int, Decimal) if wanted == "number" else (date,))


def _exact(held: list[tuple[int, list[Interval], bool]], always: int, rest: int, python: type) -> Column:
    otherwise = always
    for row, _, negated in held:
        if negated:
            otherwise |= 1 << row
    exact: dict[Value, int] = {}
    for value in {low for _, intervals, _ in held for low, _, _, _ in intervals}:
        mask = always
        for row, intervals, negated in held:
            if any(low == value for low, _, _, _ in intervals) is not negated:
                mask |= 1 << row
        exact[value] = mask
    return Column((python,), rest, exact=exact, otherwise=otherwise)


def _passes(interval: Interval, place: int, places: dict[Value, int]) -> bool:
    low, low_included, high, high_included = interval
    above = low is None or place > places[low] or (low_included and place == places[low])
    below = high is None or place < places[high] or (high_included and place == places[high])
    return above and below


def _ordered(held: list[tuple[int, list[Interval], bool]], always: int, rest: int, types: tuple[type, ...]) -> Column:
    ends = {end for _, intervals, _ in held for low, _, high, _ in intervals for end in (low, high) if end is not None}
    bounds = sorted(ends)
    # Bound number i stands at place 2i + 1, the gap before it at 2i: what bisect_left + bisect_right gives.
    places = {bound: 2 * index + 1 for index, bound in enumerate(bounds)}
    masks: list[int] = []
    for place in range(2 * len(bounds) + 1):
        mask = always
        for row, intervals, negated in held:
            if any(_passes(interval, place, places) for interval in intervals) is not negated:
                mask |= 1 << row
        masks.append(mask)
    return Column(types, rest, bounds=bounds, masks=masks)
