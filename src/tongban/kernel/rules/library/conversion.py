"""Conversion functions: string, number, and the tests of presence and identity."""

import re
from decimal import Decimal, DecimalException

from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.runtime.arithmetic import CONTEXT
from tongban.kernel.rules.runtime.logic import negation, same
from tongban.kernel.rules.runtime.temporal import text_of
from tongban.kernel.rules.values import Range, Run, Value, kind

__all__ = ["number_text", "text"]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def number_text(value: int | Decimal) -> str:
    """Plain digits, no exponent: `1E3` is 1000."""
    return str(value) if isinstance(value, int) else f"{value:f}"


def _quoted(value: Value, run: Run) -> str:
    if type(value) is str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text(value, run) or "null"


def _key(name: str, run: Run) -> str:
    return name if re.fullmatch(r"[\w ]+", name) else _quoted(name, run)


def text(value: Value, run: Run | None = None) -> str | None:
    """What `string(value)` gives; null for null and for a function. Its parts count as steps: raises Exhausted."""
    run = Run() if run is None else run
    what = kind(value)
    if what == "string":
        return str(value)
    if what == "boolean":
        return "true" if value else "false"
    if what == "number":
        return number_text(value)
    if what == "list":
        run.spend(1 + len(value))
        return "[" + ", ".join(_quoted(element, run) for element in value) + "]"
    if what == "context":
        run.spend(1 + len(value))
        return "{" + ", ".join(f"{_key(key, run)}: {_quoted(entry, run)}" for key, entry in value.items()) + "}"
    if what == "range":
        return _range_text(value, run)
    return None if what in ("null", "function") else text_of(value)


def _range_text(value: Range, run: Run) -> str:
    if value.operator:
        return f"({value.operator}{_quoted(value.high if value.low is None else value.low, run)})"
    ends = ("[" if value.low_included else "(", "]" if value.high_included else ")")
    return f"{ends[0]}{_quoted(value.low, run)}..{_quoted(value.high, run)}{ends[1]}"


@built_in("string", "from: any")
def string(run: Run, value: Value) -> Value:
    made = text(value, run)
    run.spend(len(made or "") >> 6)
    return made


def read_number(run: Run, plain: str) -> Value:
    if not _NUMBER.fullmatch(plain):
        return run.null("rules.null.text", function="number")
    try:
        value = CONTEXT.create_decimal(plain)
    except DecimalException:
        return run.null("rules.null.range", operator="number")
    return int(value) if value == 0 else value


@built_in("number", "from: string, grouping separator: string?, decimal separator: string?")
def number(run: Run, source: str, grouping: str | None = None, point: str | None = None) -> Value:
    known = grouping in (None, " ", ",", ".") and point in (None, ",", ".")
    if not known or (point is not None and grouping == point):
        return run.null("rules.null.text", function="number")
    plain = source.replace(grouping, "") if grouping else source
    return read_number(run, plain.replace(point, ".") if point else plain)


@built_in("number", "from: number")
def number_of_number(run: Run, value: Value) -> Value:
    return value


@built_in("not", "negand: any")
def not_(run: Run, value: Value) -> Value:
    return negation(run, value)


@built_in("is", "value1: any?, value2: any?")
def is_(run: Run, left: Value = None, right: Value = None) -> bool:
    """Same kind and same value; unlike `=`, the same instant in two zones is not the same."""
    if kind(left) != kind(right):
        return False
    if kind(left) in ("date and time", "time"):
        return text_of(left) == text_of(right)
    return same(left, right, run) is True


@built_in("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Value, default: Value) -> Value:
    return default if value is None else value


@built_in("is defined", "value: any")
def is_defined(run: Run, value: Value) -> bool:
    return value is not None
