"""Paths, filters, iteration, ranges, names and calls."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tongban.kernel.rules.runtime.arithmetic import is_number
from tongban.kernel.rules.runtime.logic import ordered
from tongban.kernel.rules.runtime.temporal import part
from tongban.kernel.rules.types import Type, coerce, conforms, describe
from tongban.kernel.rules.values import DEPTH, Exhausted, Function, Range, Run, Value, admit, kind

__all__ = [
    "choose", "define", "elements", "filtered", "filtered_strictly", "instance", "invoke", "invoke_named", "iterate",
    "look", "make_range", "member", "path", "quantify", "require", "take",
]  # fmt: skip

_MISSING: Any = object()


def look(scope: Mapping[str, Value], run: Run, name: str) -> Value:
    """A variable of the caller's scope."""
    value = scope.get(name, _MISSING)
    if value is _MISSING:
        return run.null("rules.null.unknown-name", name=name)
    return admit(value)


def take(scope: Mapping[str, Value], run: Run, name: str) -> Value:
    """A variable of a scope that holds FEEL values already."""
    value = scope.get(name, _MISSING)
    return run.null("rules.null.unknown-name", name=name) if value is _MISSING else value


def member(item: Value, name: str) -> bool:
    return type(item) is dict and name in item


def path(run: Run, source: Value, name: str) -> Value:
    """`source.name`: of a context an entry, of a list the list of those of its elements, of a date a part."""
    what = type(source)
    if what is dict:
        if name in source:
            return source[name]
        return run.null("rules.null.no-entry", name=name)
    if what is list:
        run.spend(len(source))
        return [path(run, element, name) for element in source]
    if what is Range:
        value = _range_part(source, name)
    elif source is None:
        return run.null("rules.null.path-of-null", name=name)
    else:
        value = part(source, name)
    return run.null("rules.null.no-property", name=name, of=kind(source)) if value is NotImplemented else value


def _range_part(span: Range, name: str) -> Value:
    parts = {
        "start": span.low, "end": span.high, "start included": span.low_included, "end included": span.high_included,
    }  # fmt: skip
    return parts.get(name, NotImplemented)


def make_range(run: Run, low: Value, high: Value, low_included: bool, high_included: bool, operator: str = "") -> Value:
    """A range; null when its ends have no order between them or stand the wrong way round."""
    if operator not in ("=", "!="):
        if low is None and high is None:
            return run.null("rules.null.range-ends", low="null", high="null")
        if low is not None and high is not None:
            pair = ordered(low, high)
            if pair is None or pair[0] > pair[1]:
                return run.null("rules.null.range-ends", low=kind(low), high=kind(high))
    return Range(low, high, low_included and low is not None, high_included and high is not None, operator)


def choose(run: Run, condition: Value, then: Callable[[], Value], otherwise: Callable[[], Value]) -> Value:
    """A boxed conditional."""
    if condition is not None and type(condition) is not bool:
        return run.null("rules.null.not-boolean")
    return then() if condition is True else otherwise()


def elements(value: Value) -> list[Value]:
    """A list as it is, any other value as a list of one."""
    if type(value) is list:
        return value
    return [value]


def filtered(run: Run, source: Value, condition: Callable[[Value], Value]) -> Value:
    """`source[condition]`: elements for which it is true, or the one at a position (from 1, or -1 from the end)."""
    if source is None:
        return run.null("rules.null.filter-of-null")
    items = elements(source)
    run.spend(len(items) + 1)
    kept: list[Value] = []
    for index, item in enumerate(items):
        value = condition(item)
        if index == 0 and is_number(value):
            return _at(run, items, value)
        if value is True:
            kept.append(item)
    if not items:
        # The position is asked of nothing: still null for a number, an empty list for a condition.
        return _at(run, items, value) if is_number(value := condition(None)) else []
    return kept


def filtered_strictly(run: Run, source: Value, condition: Callable[[Value], Value]) -> Value:
    """A boxed filter: its condition must be boolean."""
    if source is None:
        return run.null("rules.null.filter-of-null")
    kept: list[Value] = []
    for item in elements(source):
        run.spend(1)
        value = condition(item)
        if value is not None and type(value) is not bool:
            return run.null("rules.null.not-boolean")
        if value is True:
            kept.append(item)
    return kept


def _at(run: Run, items: list[Value], position: int | Decimal) -> Value:
    if position != int(position) or position == 0 or abs(int(position)) > len(items):
        return run.null("rules.null.position", length=len(items))
    index = int(position)
    return items[index - 1 if index > 0 else index]


def _steps(run: Run, low: Value, high: Value) -> Sequence[Value] | None:
    """What `low..high` runs through, in either direction: whole numbers or days."""
    if type(low) is date and type(high) is date:
        days = (high - low).days
        run.spend(abs(days))
        return [low + timedelta(days=day) for day in (range(days + 1) if days >= 0 else range(0, days - 1, -1))]
    if not (is_number(low) and is_number(high)) or low != int(low) or high != int(high):
        run.null("rules.null.range-ends", low=kind(low), high=kind(high))
        return None
    first, last = int(low), int(high)
    run.spend(abs(last - first))
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _walk_range(run: Run, span: Range) -> Sequence[Value] | None:
    if span.low is None or span.high is None:
        run.null("rules.null.range-ends", low=kind(span.low), high=kind(span.high))
        return None
    steps = _steps(run, span.low, span.high)
    if steps is None:
        return None
    kept = list(steps)
    if kept and not span.low_included:
        kept = kept[1:]
    return kept[:-1] if kept and not span.high_included else kept


Source = tuple[Callable[..., Value], Callable[..., Value] | None]


def _domain(run: Run, source: Source, bound: list[Value]) -> Sequence[Value] | None:
    first, end = source
    value = first(*bound)
    if end is not None:
        return _steps(run, value, end(*bound))
    if type(value) is Range:
        return _walk_range(run, value)
    if value is None:
        run.null("rules.null.iterate-null")
        return None
    return elements(value)


def _visit(
    run: Run, sources: Sequence[Source], bound: list[Value], body: Callable[..., Value], keep: Callable[[Value], bool]
) -> bool | None:
    """Walk all combinations in order. True: `keep` asked to stop. None: a source is null."""
    if not sources:
        run.spend(1)
        return keep(body(*bound))
    domain = _domain(run, sources[0], bound)
    if domain is None:
        return None
    for element in domain:
        stopped = _visit(run, sources[1:], [*bound, element], body, keep)
        if stopped is not False:
            return stopped
    return False


def iterate(run: Run, sources: Sequence[Source], body: Callable[..., Value]) -> Value:
    """`for … return`. The body takes what came so far (`partial`), then one value for each source."""
    results: list[Value] = []

    def keep(value: Value) -> bool:
        results.append(value)
        return False

    return None if _visit(run, sources, [results], body, keep) is None else results


def quantify(run: Run, every: bool, strict: bool, sources: Sequence[Source], body: Callable[..., Value]) -> bool | None:
    """`some … satisfies` and `every … satisfies`, three-valued."""
    unknown = wrong = False

    def keep(value: Value) -> bool:
        nonlocal unknown, wrong
        unknown = unknown or type(value) is not bool
        wrong = strict and unknown and value is not None
        return wrong or value is (not every)

    stopped = _visit(run, sources, [None], body, keep)
    if stopped is None:
        return None
    if stopped and not wrong:
        return not every
    if unknown:
        run.null("rules.null.not-boolean")
        return None
    return every


def invoke(run: Run, function: Value, arguments: list[Value]) -> Value:
    if type(function) is not Function:
        return run.null("rules.null.not-a-function", of=kind(function))
    run.spend(1)
    run.depth += 1
    if run.depth > DEPTH:
        raise Exhausted("rules.null.too-deep")
    value = function.call(run, arguments)
    run.depth -= 1
    return value


def invoke_named(run: Run, function: Value, arguments: dict[str, Value]) -> Value:
    if type(function) is not Function:
        return run.null("rules.null.not-a-function", of=kind(function))
    if function.call_named is not None:
        return function.call_named(run, arguments)
    names = function.parameters
    if names is None or set(names) != set(arguments):
        return run.null("rules.null.arguments", function=function.name)
    return invoke(run, function, [arguments[name] for name in names])


def define(name: str, parameters: tuple[tuple[str, Type | None], ...], body: Callable[..., Value]) -> Function:
    """A function value whose arguments are held to their declared types."""

    def call(run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(parameters):
            return run.null("rules.null.arguments", function=name or "function")
        held: list[Value] = []
        for (parameter, wanted), argument in zip(parameters, arguments, strict=True):
            value = argument if wanted is None else coerce(wanted, argument, run)
            if value is NotImplemented:
                return run.null("rules.null.argument-type", function=name or "function", parameter=parameter)
            held.append(value)
        return body(*held)

    return Function(name or "function", tuple(parameter for parameter, _ in parameters), call)


def instance(run: Run, value: Value, wanted: Type) -> bool:
    if value is None:
        return wanted.base == "null"
    return conforms(wanted, value, constraints=False, run=run)


def require(run: Run, value: Value, wanted: Type) -> Value:
    """The value held to a declared type: converted as DMN allows, else null."""
    made = coerce(wanted, value, run)
    if made is NotImplemented:
        return run.null("rules.null.type", wanted=wanted.name, found=describe(value))
    return made
