"""The closed set of FEEL values, and the two gates between them and the caller's Python values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from tongban.kernel.rules.runtime.eras import FarDay, FarMoment

__all__ = ["Function", "Range", "Reason", "Run", "Value", "YearsMonths", "admit", "kind", "release"]

# None, bool, Decimal (an int inside, where exact), str, date, time, datetime (FarDay and FarMoment beyond Python's
# years), timedelta (days and time duration), YearsMonths, list, dict (context), Range, Function. Statically Any: every
# operation looks at the kind itself.
Value: TypeAlias = Any

DIGITS = 34
LIMIT = 10**DIGITS
STEPS = 1_000_000
DEPTH = 60


class Reason(NamedTuple):
    """Why an operation gave null. Holds names and kinds only, never a value: values may be personal data."""

    code: str
    params: Mapping[str, object]


class Exhausted(Exception):
    """An evaluation passed its bound of steps or depth; the result is null and the reason says so."""


class Run:
    """One evaluation: its clock (given, never read), its bound, and what it has to tell afterwards."""

    __slots__ = ("at", "depth", "hits", "reasons", "steps")

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at
        self.depth = 0
        self.steps = STEPS
        self.reasons: list[Reason] = []
        self.hits: list[Any] = []

    def null(self, code: str, /, **params: object) -> None:
        """Record why, and be null."""
        if len(self.reasons) < 50:
            self.reasons.append(Reason(code, params))

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted("rules.null.too-many-steps")


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, in months; may be negative."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return sign + "P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high`; with an `operator`, those that compare so, and the other end is None."""

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    # How a range of one end was written: `(< 5)`, also `(= 5)` and `(!= 5)`; "" for `[1..5]`.
    operator: str = ""


class Function:
    """A function as a value: of the library, of a FEEL `function(…)`, or of a business knowledge model."""

    __slots__ = ("call", "call_named", "name", "parameters")

    def __init__(
        self,
        name: str,
        parameters: tuple[str, ...] | None,
        call: Callable[[Run, list[Value]], Value],
        call_named: Callable[[Run, dict[str, Value]], Value] | None = None,
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.call = call
        # Only functions of the library have one: their overloads differ in the names of their parameters.
        self.call_named = call_named


PYTHON_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date and time",
    FarDay: "date",
    FarMoment: "date and time",
    time: "time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_PLAIN = frozenset(PYTHON_KINDS) - {list, dict, int, Decimal}


def kind(value: Value) -> str:
    """The FEEL name of the value's kind."""
    return PYTHON_KINDS.get(type(value), "unknown")


def _admit_number(value: int | Decimal) -> Value:
    if isinstance(value, int):
        whole = int(value)
        return whole if -LIMIT < whole < LIMIT else Decimal(whole)
    return Decimal(value) if value.is_finite() else None


def admit(value: Value) -> Value:
    """The FEEL value of a Python value from outside; what has none (an object, NaN) is null.

    A float is taken by its shortest decimal form, so 0.1 is one tenth. Objects are never looked into.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (int, Decimal)):
        return _admit_number(value)
    if isinstance(value, float):
        return _admit_number(Decimal(repr(value)))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {str(key): admit(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [admit(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return [admit(entry) for entry in sorted(value, key=str)]
    return None


def release(value: Value, run: Run | None = None) -> Value:
    """The value as callers get it: every number a Decimal. Its parts count as steps: raises Exhausted."""
    kept = type(value)
    if kept is int:
        return Decimal(value)
    if kept is list:
        run = Run() if run is None else run
        run.spend(1 + len(value))
        return [release(entry, run) for entry in value]
    if kept is dict:
        run = Run() if run is None else run
        run.spend(1 + len(value))
        return {key: release(entry, run) for key, entry in value.items()}
    if kept is Range:
        return Range(release(value.low), release(value.high), value.low_included, value.high_included, value.operator)
    return value
