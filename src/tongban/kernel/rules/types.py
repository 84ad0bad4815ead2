"""FEEL types: what `instance of` asks, what DMN holds declared values to, and the conversions DMN allows on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tongban.kernel.rules.runtime.temporal import midnight
from tongban.kernel.rules.values import PYTHON_KINDS as _PYTHON
from tongban.kernel.rules.values import Function, Range, Run, Value, kind

__all__ = ["ANY", "BUILT_IN", "Type", "coerce", "conforms"]


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A type. `base` is a FEEL kind or "Any"; the other fields refine lists, ranges, contexts and functions.

    `allowed` holds the unary tests of an item definition: true for a permitted value.
    """

    name: str
    base: str
    item: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] = ()
    parameters: tuple["Type", ...] | None = None
    result: "Type | None" = None
    allowed: Callable[[Value], bool] | None = None
    # Python types whose every value is of this type: nothing more to look at.
    plain: frozenset[type] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        if self.allowed is None and not self.fields and self.item is None and self.parameters is None:
            kept = {python for python in _PYTHON if self.base in ("Any", _PYTHON[python])}
            object.__setattr__(self, "plain", frozenset(kept))


ANY = Type("Any", "Any")
_SIMPLE = (
    "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "list", "context", "range", "function",
)  # fmt: skip
BUILT_IN: Mapping[str, Type] = {
    **{name: Type(name, name) for name in _SIMPLE},
    "Any": ANY,
    "any": ANY,
    "Null": Type("Null", "null"),
    "null": Type("Null", "null"),
    # Spellings found in files of older tools.
    "dateTime": Type("date and time", "date and time"),
    "dayTimeDuration": Type("days and time duration", "days and time duration"),
    "yearMonthDuration": Type("years and months duration", "years and months duration"),
    "duration": Type("duration", "duration"),
}
_DURATIONS = frozenset({"days and time duration", "years and months duration"})


def _base_conforms(base: str, value: Value) -> bool:
    return kind(value) == base or (base == "duration" and kind(value) in _DURATIONS)


def conforms(declared: Type, value: Value, *, constraints: bool = True, run: Run | None = None) -> bool:
    """Whether `value` is of the type, without conversion. Null is of type Any and Null only.

    `constraints`: whether it must be among the allowed values of the type too. Elements count as steps of the run.
    """
    if not _shaped(declared, value, constraints, Run() if run is None else run):
        return False
    return not constraints or declared.allowed is None or declared.allowed(value)


def _shaped(declared: Type, value: Value, constraints: bool, run: Run) -> bool:
    if declared.base == "Any":
        return True
    if not _base_conforms(declared.base, value):
        return False
    if declared.base == "list" and declared.item is not None:
        item = declared.item
        run.spend(1 + (len(value) >> 2))
        return all(element is None or conforms(item, element, constraints=constraints, run=run) for element in value)
    if declared.base == "range" and declared.item is not None:
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(conforms(declared.item, end, constraints=constraints, run=run) for end in ends)
    if declared.base == "function":
        return _function_conforms(declared, value)
    return all(
        name in value and (value[name] is None or conforms(wanted, value[name], constraints=constraints, run=run))
        for name, wanted in declared.fields
    )


def _function_conforms(declared: Type, value: Function) -> bool:
    if declared.parameters is None:
        return True
    return value.parameters is not None and len(value.parameters) == len(declared.parameters)


def coerce(declared: Type, value: Value, run: Run | None = None) -> Value:
    """The value as the type demands it, or `NotImplemented` when no allowed conversion leads there.

    Allowed: one element for a list of one and back, a date for a date and time at midnight UTC. Null stays null.
    """
    if value is None or type(value) in declared.plain:
        return value
    run = Run() if run is None else run
    if conforms(declared, value, run=run):
        return value
    if declared.base == "list":
        return _to_list(declared, value, run)
    if type(value) is list and len(value) == 1:
        value = value[0]
        if value is None or conforms(declared, value, run=run):
            return value
    if declared.base == "date and time" and kind(value) == "date":
        return midnight(value)
    if declared.base == "context" and type(value) is dict and declared.fields:
        return _to_context(declared, value, run)
    return NotImplemented


def _to_list(declared: Type, value: Value, run: Run) -> Value:
    wanted = declared.item or ANY
    elements = value if type(value) is list else [value]
    run.spend(1 + (len(elements) >> 2))
    made = [coerce(wanted, element, run) for element in elements]
    if any(element is NotImplemented for element in made):
        return NotImplemented
    return made if declared.allowed is None or declared.allowed(made) else NotImplemented


def _to_context(declared: Type, value: dict[str, Value], run: Run) -> Value:
    made = dict(value)
    for name, wanted in declared.fields:
        if name not in value:
            return NotImplemented
        made[name] = coerce(wanted, value[name], run)
        if made[name] is NotImplemented:
            return NotImplemented
    return made if declared.allowed is None or declared.allowed(made) else NotImplemented


def describe(value: Value) -> str:
    """The kind of a value, a range with the kind of its ends: for reasons."""
    return f"range of {kind(value.low)}" if type(value) is Range else kind(value)
