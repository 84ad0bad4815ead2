"""List functions. Those with a `list*` parameter also take the elements themselves: `min(1, 2)`."""

from decimal import Decimal
from functools import cmp_to_key

from tongban.kernel.rules.library.numbers import whole
from tongban.kernel.rules.library.registry import built_in, variadic
from tongban.kernel.rules.runtime.arithmetic import CONTEXT, add, divide, is_number, multiply, power, subtract
from tongban.kernel.rules.runtime.collections import invoke
from tongban.kernel.rules.runtime.logic import conjunction, ordered, same
from tongban.kernel.rules.values import Function, Run, Value

__all__ = ["extreme", "total"]


def extreme(run: Run, items: list[Value], *, largest: bool) -> Value:
    """The smallest or largest of values that have an order; null for none."""
    if not items:
        return None
    best = items[0]
    for item in items[1:]:
        pair = ordered(item, best)
        if pair is None:
            return run.null("rules.null.no-order", function="max" if largest else "min")
        if pair[0] > pair[1] if largest else pair[0] < pair[1]:
            best = item
    return best if ordered(best, best) is not None else run.null("rules.null.no-order", function="min")


def total(run: Run, items: list[Value]) -> Value:
    if not items:
        return None
    result = items[0]
    if not is_number(result) and type(result).__name__ not in ("timedelta", "YearsMonths"):
        return run.null("rules.null.not-numbers", function="sum")
    for item in items[1:]:
        result = add(run, result, item)
        if result is None:
            return None
    return result


@built_in("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    return any(same(item, element, run) is True for item in items)


@built_in("count", "list: list*")
def count(run: Run, items: list[Value]) -> int:
    return len(items)


@built_in("min", "list: list*")
def minimum(run: Run, items: list[Value]) -> Value:
    return extreme(run, items, largest=False)


@built_in("max", "list: list*")
def maximum(run: Run, items: list[Value]) -> Value:
    return extreme(run, items, largest=True)


@built_in("sum", "list: list*")
def sum_(run: Run, items: list[Value]) -> Value:
    return total(run, items)


@built_in("mean", "list: list*")
def mean(run: Run, items: list[Value]) -> Value:
    result = total(run, items)
    return None if result is None else divide(run, result, len(items))


def _numbers(run: Run, name: str, items: list[Value]) -> bool:
    if items and all(is_number(item) for item in items):
        return True
    if items:
        run.null("rules.null.not-numbers", function=name)
    return False


@built_in("product", "list: list*")
def product(run: Run, items: list[Value]) -> Value:
    if not _numbers(run, "product", items):
        return None
    result = items[0]
    for item in items[1:]:
        result = multiply(run, result, item)
        if result is None:
            return None
    return result


@built_in("median", "list: list*")
def median(run: Run, items: list[Value]) -> Value:
    if not _numbers(run, "median", items):
        return None
    run.spend(len(items))
    kept = sorted(items)
    middle = len(kept) // 2
    return kept[middle] if len(kept) % 2 else divide(run, add(run, kept[middle - 1], kept[middle]), 2)


@built_in("stddev", "list: list*")
def stddev(run: Run, items: list[Value]) -> Value:
    """The standard deviation of a sample."""
    if not _numbers(run, "stddev", items) or len(items) < 2:
        return None
    average = mean(run, items)
    squares = [power(run, subtract(run, item, average), 2) for item in items]
    variance = divide(run, total(run, squares), len(items) - 1)
    return None if variance is None else whole(CONTEXT.sqrt(Decimal(variance)))


@built_in("mode", "list: list*")
def mode(run: Run, items: list[Value]) -> Value:
    """The most frequent numbers, in ascending order."""
    if not items:
        return []
    if not _numbers(run, "mode", items):
        return None
    counts: dict[Value, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(item for item, times in counts.items() if times == most)


@built_in("all", "list: list*")
def all_(run: Run, items: list[Value]) -> bool | None:
    result: bool | None = True
    for item in items:
        result = conjunction(result, item if type(item) is bool else None)
    return result


@built_in("any", "list: list*")
def any_(run: Run, items: list[Value]) -> bool | None:
    inverse = all_(run, [not item if type(item) is bool else None for item in items])
    return None if inverse is None else not inverse


@built_in("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, items: list[Value], start: Value, length: Value = None) -> Value:
    if start == 0 or abs(start) > len(items) or (length is not None and length < 1):
        return run.null("rules.null.position", length=len(items))
    first = int(start) - 1 if start > 0 else len(items) + int(start)
    if length is None:
        return items[first:]
    if first + int(length) > len(items):
        return run.null("rules.null.position", length=len(items))
    return items[first : first + int(length)]


@variadic("append", "list, item")
def append(run: Run, arguments: list[Value]) -> Value:
    first = arguments[0]
    items = first if type(first) is list else [] if first is None else [first]
    run.spend(len(items))
    return [*items, *arguments[1:]]


@variadic("concatenate", "list")
def concatenate(run: Run, arguments: list[Value]) -> Value:
    made: list[Value] = []
    for argument in arguments:
        if argument is None:
            return run.null("rules.null.arguments", function="concatenate")
        made.extend(argument if type(argument) is list else [argument])
        run.spend(len(made))
    return made


def distinct(run: Run, items: list[Value]) -> list[Value]:
    """Each value once, in the order of first appearance."""
    made: list[Value] = []
    seen: set[Value] = set()
    for item in items:
        if type(item) in (str, int):
            if item in seen:
                continue
            seen.add(item)
        run.spend(1 + (len(made) >> 3))
        if not any(same(item, other, run) is True for other in made):
            made.append(item)
    return made


@built_in("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> Value:
    return distinct(run, items)


@built_in("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Value]) -> Value:
    return [item for item in distinct(run, items) if sum(same(item, other, run) is True for other in items) > 1]


@variadic("union", "list")
def union(run: Run, arguments: list[Value]) -> Value:
    joined = concatenate(run, arguments)
    return None if joined is None else distinct(run, joined)


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Value], position: Value, item: Value) -> Value:
    index = _index(items, position)
    if index is None:
        return run.null("rules.null.position", length=len(items))
    return [*items[:index], item, *items[index:]]


@built_in("remove", "list: list, position: number")
def remove(run: Run, items: list[Value], position: Value) -> Value:
    index = _index(items, position)
    if index is None:
        return run.null("rules.null.position", length=len(items))
    return [*items[:index], *items[index + 1 :]]


def _index(items: list[Value], position: Value) -> int | None:
    if position == 0 or abs(position) > len(items) or position != int(position):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


@built_in("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Value], position: Value, item: Value) -> Value:
    index = _index(items, int(position))
    if index is None:
        return run.null("rules.null.position", length=len(items))
    return [*items[:index], item, *items[index + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any")
def list_replace_where(run: Run, items: list[Value], match: Function, item: Value) -> Value:
    if match.parameters is None or len(match.parameters) != 2:
        return run.null("rules.null.arguments", function="list replace")
    made: list[Value] = []
    for element in items:
        answer = invoke(run, match, [element, item])
        if type(answer) is not bool:
            return run.null("rules.null.not-boolean")
        made.append(item if answer else element)
    return made


@built_in("reverse", "list: list")
def reverse(run: Run, items: list[Value]) -> Value:
    return items[::-1]


@built_in("index of", "list: list, match: any")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    return [place for place, item in enumerate(items, 1) if same(item, match, run) is True]


@built_in("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> Value:
    made: list[Value] = []
    waiting = items[::-1]
    while waiting:
        run.spend(1)
        item = waiting.pop()
        if type(item) is list:
            waiting.extend(reversed(item))
        else:
            made.append(item)
    return made


@built_in("sort", "list: list, precedes: function?")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> Value:
    """In the order `precedes` gives, or ascending; equal elements keep their order."""
    failed = False

    def compare(left: Value, right: Value) -> int:
        nonlocal failed
        run.spend(1)
        if precedes is None:
            pair = ordered(left, right)
            failed = failed or pair is None
            return 0 if pair is None else -1 if pair[0] < pair[1] else int(pair[0] > pair[1])
        if invoke(run, precedes, [left, right]) is True:
            return -1
        return 1 if invoke(run, precedes, [right, left]) is True else 0

    made = sorted(items, key=cmp_to_key(compare))
    return run.null("rules.null.no-order", function="sort") if failed else made
