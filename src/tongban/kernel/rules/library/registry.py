"""How a function joins the library: its FEEL name, the names and kinds of its parameters, its overloads."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tongban.kernel.rules.names import BUILT_IN_NAMES
from tongban.kernel.rules.values import Function, Run, Value, kind

__all__ = ["LIBRARY", "built_in", "signatures", "variadic"]

LIBRARY: dict[str, Function] = {}

_KINDS = {
    "number": ("number",), "string": ("string",), "boolean": ("boolean",), "list": ("list",), "context": ("context",),
    "range": ("range",), "date": ("date",), "time": ("time",), "moment": ("date and time",), "function": ("function",),
    "days": ("days and time duration",), "months": ("years and months duration",),
    "duration": ("days and time duration", "years and months duration"),
    "day": ("date", "date and time"), "any": (),
}  # fmt: skip


class Parameter(NamedTuple):
    name: str
    kinds: tuple[str, ...]
    optional: bool
    # `min(1, 2, 3)` is `min([1, 2, 3])`: all arguments are taken as the list.
    gathers: bool


class Overload(NamedTuple):
    parameters: tuple[Parameter, ...]
    compute: Callable[..., Value]


_overloads: dict[str, list[Overload]] = {}
_MISFIT: Value = object()


def _parse(text: str) -> Parameter:
    name, _, wanted = (part.strip() for part in text.partition(":"))
    optional, gathers = wanted.endswith("?"), wanted.endswith("*")
    return Parameter(name, _KINDS[wanted.rstrip("?*")], optional, gathers)


def _fit(parameter: Parameter, value: Value) -> Value:
    """The argument as the parameter wants it, or `_MISFIT`."""
    kinds = parameter.kinds
    if not kinds or kind(value) in kinds:
        return value
    if value is None:
        return None if parameter.optional else _MISFIT
    if kinds == ("list",):
        return [value]
    if type(value) is list and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return _MISFIT


def _bind(overload: Overload, arguments: list[Value]) -> list[Value] | None:
    parameters = overload.parameters
    if parameters and parameters[-1].gathers and not (len(arguments) == 1 and type(arguments[0]) is list):
        return [arguments] if arguments and arguments != [None] else None
    if len(arguments) > len(parameters):
        return None
    if any(not parameter.optional for parameter in parameters[len(arguments) :]):
        return None
    bound = [_fit(parameter, argument) for parameter, argument in zip(parameters, arguments, strict=False)]
    return None if any(argument is _MISFIT for argument in bound) else bound


def _bind_named(overload: Overload, arguments: dict[str, Value]) -> list[Value] | None:
    names = [parameter.name for parameter in overload.parameters]
    if not set(arguments) <= set(names):
        return None
    if any(not parameter.optional and parameter.name not in arguments for parameter in overload.parameters):
        return None
    bound = [_fit(parameter, arguments.get(parameter.name)) for parameter in overload.parameters]
    return None if any(argument is _MISFIT for argument in bound) else bound


def _pay(run: Run, arguments: Iterable[Value]) -> None:
    """A function looks at the elements of its lists and at the signs of its texts: they count as steps."""
    for argument in arguments:
        if type(argument) is list:
            run.spend(len(argument) >> 2)
        elif type(argument) is str:
            run.spend(len(argument) >> 6)


def _function(name: str, overloads: list[Overload]) -> Function:
    def call(run: Run, arguments: list[Value]) -> Value:
        _pay(run, arguments)
        for overload in overloads:
            bound = _bind(overload, arguments)
            if bound is not None:
                return overload.compute(run, *bound)
        return run.null("rules.null.arguments", function=name)

    def call_named(run: Run, arguments: dict[str, Value]) -> Value:
        _pay(run, arguments.values())
        for overload in overloads:
            bound = _bind_named(overload, arguments)
            if bound is not None:
                return overload.compute(run, *bound)
        return run.null("rules.null.arguments", function=name)

    return Function(name, tuple(parameter.name for parameter in overloads[0].parameters), call, call_named)


def signatures(name: str) -> list[tuple[str, ...]]:
    """The parameters of a function, once for each way to call it; `?` may be left out, `…` takes elements singly."""
    overloads = _overloads.get(name)
    if overloads is None:
        *first, last = LIBRARY[name].parameters or ("",)
        return [(*first, f"{last}…")]
    made = [
        tuple(one.name + "?" * one.optional + "…" * one.gathers for one in overload.parameters)
        for overload in overloads
    ]
    # `m` is an older name of a context.
    return [signature for signature in dict.fromkeys(made) if signature[:1] != ("m",)]


def built_in(name: str, parameters: str = "") -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function of the library; several registrations of one name are its overloads, tried in order."""
    parsed = tuple(_parse(text) for text in parameters.split(",")) if parameters else ()

    def register(compute: Callable[..., Value]) -> Callable[..., Value]:
        overloads = _overloads.setdefault(name, [])
        overloads.append(Overload(parsed, compute))
        LIBRARY[name] = _function(name, overloads)
        for spoken in (name, *(parameter.name for parameter in parsed)):
            if " " in spoken and spoken not in BUILT_IN_NAMES:
                BUILT_IN_NAMES.append(spoken)
        return compute

    return register


def variadic(name: str, parameters: str) -> Callable[[Callable[[Run, list[Value]], Value]], Callable[..., Value]]:
    """Register a function of any number of arguments, at least as many as `parameters` names."""
    names = tuple(part.strip() for part in parameters.split(","))

    def register(compute: Callable[[Run, list[Value]], Value]) -> Callable[..., Value]:
        def call(run: Run, arguments: list[Value]) -> Value:
            if len(arguments) < len(names):
                return run.null("rules.null.arguments", function=name)
            return compute(run, arguments)

        def call_named(run: Run, arguments: dict[str, Value]) -> Value:
            if set(arguments) != set(names):
                return run.null("rules.null.arguments", function=name)
            return compute(run, [arguments[parameter] for parameter in names])

        LIBRARY[name] = Function(name, names, call, call_named)
        return compute

    return register
