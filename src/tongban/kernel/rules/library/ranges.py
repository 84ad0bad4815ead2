"""Relations of points and ranges in time or number (Allen's), and the `range` function."""

from collections.abc import Callable

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.library.literals import MISSING, constant_of
from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.parser import parse_expression
from tongban.kernel.rules.runtime.collections import make_range
from tongban.kernel.rules.runtime.logic import ordered, same
from tongban.kernel.rules.values import Range, Run, Value

__all__: list[str] = []


class _NoOrder(Exception):
    """Two ends without an order between them, or a range without an end that the relation needs."""


def _lower(left: Value, right: Value) -> bool:
    pair = ordered(left, right)
    if pair is None:
        raise _NoOrder
    return bool(pair[0] < pair[1])


def _equal(left: Value, right: Value) -> bool:
    if left is None and right is None:
        return True
    if left is None or right is None:
        return False
    _lower(left, right)
    return same(left, right) is True


def _span(value: Value) -> Range:
    return value if type(value) is Range else Range(value, value)


def _before(a: Range, b: Range) -> bool:
    touching = _equal(a.high, b.low) and not (a.high_included and b.low_included)
    return touching or _lower(a.high, b.low)


def _meets(a: Range, b: Range) -> bool:
    return a.high_included and b.low_included and _equal(a.high, b.low)


def _starts_first(a: Range, b: Range) -> bool:
    """a begins before b, or with it but including the first point that b leaves out."""
    return _lower(a.low, b.low) or (_equal(a.low, b.low) and a.low_included and not b.low_included)


def _ends_first(a: Range, b: Range) -> bool:
    return _lower(a.high, b.high) or (_equal(a.high, b.high) and b.high_included and not a.high_included)


def _includes(a: Range, b: Range) -> bool:
    return not _starts_first(b, a) and not _ends_first(a, b)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _overlaps(a, b) and _starts_first(a, b) and not _ends_first(b, a)


def _starts(a: Range, b: Range) -> bool:
    same_start = _equal(a.low, b.low) and a.low_included == b.low_included
    return same_start and not _ends_first(b, a)


def _finishes(a: Range, b: Range) -> bool:
    same_end = _equal(a.high, b.high) and a.high_included == b.high_included
    return same_end and not _starts_first(a, b)


def _coincides(a: Range, b: Range) -> bool:
    ends = _equal(a.low, b.low) and _equal(a.high, b.high)
    return ends and (a.low_included, a.high_included) == (b.low_included, b.high_included)


def _relation(name: str, holds: Callable[[Range, Range], bool], parameters: str) -> None:
    def compute(run: Run, left: Value, right: Value) -> Value:
        try:
            return holds(_span(left), _span(right))
        except _NoOrder:
            return run.null("rules.null.no-order", function=name)

    for signature in parameters.split("|"):
        built_in(name, signature)(compute)


_ANY = "point1: any, point2: any|range1: any, range2: any|point: any, range: any|range: any, point: any"
_RANGES = "range1: range, range2: range"
_relation("before", _before, _ANY)
_relation("after", lambda a, b: _before(b, a), _ANY)
_relation("meets", _meets, _RANGES)
_relation("met by", lambda a, b: _meets(b, a), _RANGES)
_relation("overlaps", _overlaps, _RANGES)
_relation("overlaps before", _overlaps_before, _RANGES)
_relation("overlaps after", lambda a, b: _overlaps_before(b, a), _RANGES)
_relation("finishes", _finishes, f"{_RANGES}|point: any, range: range")
_relation("finished by", lambda a, b: _finishes(b, a), f"{_RANGES}|range: range, point: any")
_relation("includes", _includes, f"{_RANGES}|range: range, point: any")
_relation("during", lambda a, b: _includes(b, a), f"{_RANGES}|point: any, range: range")
_relation("starts", _starts, f"{_RANGES}|point: any, range: range")
_relation("started by", lambda a, b: _starts(b, a), f"{_RANGES}|range: range, point: any")
_relation("coincides", _coincides, f"{_RANGES}|point1: any, point2: any")


@built_in("range", "from: string")
def range_(run: Run, text: str) -> Value:
    """The range written in `text`; its ends must be literals of one kind."""
    try:
        node = parse_expression(text)
    except RulesError:
        return run.null("rules.null.text", function="range")
    if not isinstance(node, n.RangeOf) or node.operator:
        return run.null("rules.null.text", function="range")
    low, high = constant_of(node.low), constant_of(node.high)
    if low is MISSING or high is MISSING:
        return run.null("rules.null.text", function="range")
    return make_range(run, low, high, node.low_included, node.high_included)
