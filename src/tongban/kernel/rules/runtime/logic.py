"""Equality, order and three-valued logic."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tongban.kernel.rules.runtime.eras import FarDay, FarMoment
from tongban.kernel.rules.runtime.temporal import offset_of, on_one_scale, on_timeline
from tongban.kernel.rules.values import Range, Run, Value, YearsMonths, kind

__all__ = [
    "all_of", "any_of", "between", "equal", "greater", "greater_equal", "less", "less_equal", "matches", "met",
    "negation", "ordered", "same", "unequal", "within",
]  # fmt: skip

_SCALARS = frozenset({int, Decimal, str, bool, timedelta, YearsMonths})
_NUMBERS = frozenset({int, Decimal})
_FAR_PAIRS: dict[type, type] = {date: FarDay, FarDay: date, datetime: FarMoment, FarMoment: datetime}
_FAR = frozenset(_FAR_PAIRS)


def same(left: Value, right: Value, run: Run | None = None) -> bool | None:
    """FEEL equality: null when the kinds differ, except that null itself equals only null.

    What is compared inside lists and contexts counts as steps of the run: they may share parts, and be far larger
    than the memory they take. Raises Exhausted.
    """
    if left is None or right is None:
        return left is right
    one, other = type(left), type(right)
    if one is not other:
        if one in _NUMBERS and other in _NUMBERS:
            return bool(left == right)
        # Of one kind but two types: one is beyond the years of the other.
        return False if _FAR_PAIRS.get(one) is other else None
    if one in _SCALARS or one is date or one is FarDay:
        return bool(left == right)
    return left is right or _same_composite(left, right, Run() if run is None else run)


def _same_composite(left: Value, right: Value, run: Run) -> bool | None:
    one = type(left)
    if one is FarMoment:
        return left.eras == right.eras and _same_composite(left.within, right.within, run)
    if one is datetime:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return False
        # Equality is defined by whole seconds; only order sees their fractions.
        return bool(on_timeline(left).replace(microsecond=0) == on_timeline(right).replace(microsecond=0))
    if one is time:
        clock = left.replace(tzinfo=None, microsecond=0), offset_of(left)
        return bool(clock == (right.replace(tzinfo=None, microsecond=0), offset_of(right)))
    if one is list:
        run.spend(1 + (len(left) >> 2))
        return len(left) == len(right) and all(same(a, b, run) is True for a, b in zip(left, right, strict=True))
    if one is dict:
        run.spend(1 + (len(left) >> 2))
        return left.keys() == right.keys() and all(same(left[key], right[key], run) is True for key in left)
    if one is Range:
        ends = same(left.low, right.low, run) is True and same(left.high, right.high, run) is True
        shape = (left.low_included, left.high_included, left.operator)
        return ends and shape == (right.low_included, right.high_included, right.operator)
    return left is right


def equal(run: Run, left: Value, right: Value) -> bool | None:
    result = same(left, right, run)
    if result is None:
        run.null("rules.null.operands", operator="=", left=kind(left), right=kind(right))
    return result


def unequal(run: Run, left: Value, right: Value) -> bool | None:
    result = equal(run, left, right)
    return None if result is None else not result


def ordered(left: Value, right: Value) -> tuple[Value, Value] | None:
    """The two values ready for Python's own comparison, or None if FEEL has no order between them."""
    one, other = type(left), type(right)
    if one in _NUMBERS and other in _NUMBERS:
        return left, right
    if one is not other and _FAR_PAIRS.get(one) is not other:
        return None
    if one in _FAR and one in (date, FarDay):
        return _far_ordered(left, right) if FarDay in (one, other) else (left, right)
    if one in _FAR:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        if FarMoment in (one, other):
            return _far_ordered(left, right)
        return on_timeline(left), on_timeline(right)
    if one is time:
        if (offset_of(left) is None) != (offset_of(right) is None):
            return None
        return left, right
    return (left, right) if one in _SCALARS and one is not bool else None


def _far_ordered(left: Value, right: Value) -> tuple[Value, Value]:
    return on_one_scale(left), on_one_scale(right)


def _comparison(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Run, Value, Value], bool | None]:
    def operator(run: Run, left: Value, right: Value) -> bool | None:
        if type(left) is int and type(right) is int:
            return compare(left, right)
        pair = ordered(left, right)
        if pair is None:
            run.null("rules.null.operands", operator=sign, left=kind(left), right=kind(right))
            return None
        try:
            return compare(*pair)
        except TypeError:
            run.null("rules.null.zones", operator=sign)
            return None

    return operator


less = _comparison("<", lambda left, right: bool(left < right))
less_equal = _comparison("<=", lambda left, right: bool(left <= right))
greater = _comparison(">", lambda left, right: bool(left > right))
greater_equal = _comparison(">=", lambda left, right: bool(left >= right))


def conjunction(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def all_of(run: Run, first: Value, *rest: Callable[[], Value]) -> bool | None:
    """Three-valued `and`; what is not a boolean counts as unknown."""
    result: bool | None = first if type(first) is bool else None
    for operand in rest:
        if result is False:
            return False
        value = operand()
        result = conjunction(result, value if type(value) is bool else None)
    return result


def any_of(run: Run, first: Value, *rest: Callable[[], Value]) -> bool | None:
    """Three-valued `or`."""
    result: bool | None = first if type(first) is bool else None
    for operand in rest:
        if result is True:
            return True
        value = operand()
        if value is True:
            return True
        result = False if result is False and value is False else None
    return result


def negation(run: Run, value: Value) -> bool | None:
    if type(value) is bool:
        return not value
    run.null("rules.null.operands", operator="not", right=kind(value))
    return None


def between(run: Run, value: Value, low: Value, high: Value) -> bool | None:
    return conjunction(greater_equal(run, value, low), less_equal(run, value, high))


def within(run: Run, value: Value, span: Range) -> bool | None:
    """Whether the range holds the value."""
    if span.operator:
        end = span.high if span.low is None else span.low
        return _COMPARISONS[span.operator](run, value, end)
    above = (greater_equal if span.low_included else greater)(run, value, span.low)
    below = (less_equal if span.high_included else less)(run, value, span.high)
    return conjunction(above, below)


_COMPARISONS = {"<": less, "<=": less_equal, ">": greater, ">=": greater_equal, "=": equal, "!=": unequal}


def matches(run: Run, value: Value, wanted: Value) -> bool | None:
    """One value of a cell or of `in`: equal to it, within its range, or in its list."""
    what = type(wanted)
    if what is list:
        if type(value) is list and same(value, wanted, run):
            return True
        return any(matches(run, value, element) is True for element in wanted)
    if what is Range and type(value) is not Range:
        return within(run, value, wanted)
    return same(value, wanted, run)


def met(run: Run, value: Value, wanted: Value) -> bool | None:
    """A condition written without `?`, such as `count(names) > 2`: met by being true, whatever is tested."""
    if type(wanted) is bool and type(value) is not bool:
        return wanted
    return matches(run, value, wanted)
