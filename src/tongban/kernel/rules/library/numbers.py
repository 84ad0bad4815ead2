"""Numeric functions."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    localcontext,
)  # fmt: skip

from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.runtime.arithmetic import CONTEXT
from tongban.kernel.rules.values import LIMIT, Run, Value, YearsMonths

__all__ = ["rounded"]

_WIDE = Context(prec=80, Emin=-6300, Emax=6300)


def whole(value: Decimal) -> int | Decimal:
    """An integer where it is one and fits."""
    return int(value) if value == value.to_integral_value() and abs(value) < LIMIT else value


def rounded(run: Run, value: Value, scale: Value, mode: str) -> Value:
    """`value` at `scale` digits after the point; a negative scale rounds before it."""
    if scale != int(scale) or not -6111 <= scale <= 6176:
        return run.null("rules.null.range", operator="scale")
    places = int(scale)
    number = Decimal(value)
    if places > 0 and -int(number.as_tuple().exponent) <= places:
        return value
    try:
        made = number.quantize(Decimal(1).scaleb(-places, _WIDE), rounding=mode, context=_WIDE)
    except DecimalException:
        return run.null("rules.null.range", operator="round")
    return whole(made) if places <= 0 else made


@built_in("decimal", "n: number, scale: number")
def decimal(run: Run, value: Value, scale: Value) -> Value:
    return rounded(run, value, scale, ROUND_HALF_EVEN)


@built_in("floor", "n: number, scale: number?")
def floor(run: Run, value: Value, scale: Value = 0) -> Value:
    if scale is None:
        return run.null("rules.null.arguments", function="floor")
    return rounded(run, value, scale, ROUND_FLOOR)


@built_in("ceiling", "n: number, scale: number?")
def ceiling(run: Run, value: Value, scale: Value = 0) -> Value:
    if scale is None:
        return run.null("rules.null.arguments", function="ceiling")
    return rounded(run, value, scale, ROUND_CEILING)


@built_in("round up", "n: number, scale: number")
def round_up(run: Run, value: Value, scale: Value) -> Value:
    return rounded(run, value, scale, ROUND_UP)


@built_in("round down", "n: number, scale: number")
def round_down(run: Run, value: Value, scale: Value) -> Value:
    return rounded(run, value, scale, ROUND_DOWN)


@built_in("round half up", "n: number, scale: number")
def round_half_up(run: Run, value: Value, scale: Value) -> Value:
    return rounded(run, value, scale, ROUND_HALF_UP)


@built_in("round half down", "n: number, scale: number")
def round_half_down(run: Run, value: Value, scale: Value) -> Value:
    return rounded(run, value, scale, ROUND_HALF_DOWN)


@built_in("abs", "n: number")
def absolute(run: Run, value: Value) -> Value:
    return abs(value)


@built_in("abs", "n: duration")
def absolute_duration(run: Run, value: Value) -> Value:
    return YearsMonths(abs(value.months)) if isinstance(value, YearsMonths) else abs(value)


@built_in("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Value, divisor: Value) -> Value:
    """The remainder with the sign of the divisor: dividend - divisor * floor(dividend / divisor)."""
    if divisor == 0:
        return run.null("rules.null.range", operator="modulo")
    if type(dividend) is int and type(divisor) is int:
        return dividend % divisor
    try:
        rest = _WIDE.remainder(Decimal(dividend), Decimal(divisor))
        if rest and (rest < 0) != (divisor < 0):
            rest = _WIDE.add(rest, Decimal(divisor))
        return CONTEXT.plus(rest)
    except DecimalException:
        return run.null("rules.null.range", operator="modulo")


def _real(run: Run, name: str, value: Value) -> Value:
    try:
        with localcontext(CONTEXT):
            number = Decimal(value)
            made = number.sqrt() if name == "sqrt" else number.ln() if name == "log" else number.exp()
    except DecimalException:
        return run.null("rules.null.range", operator=name)
    return whole(made) if name == "sqrt" else made


@built_in("sqrt", "number: number")
def sqrt(run: Run, value: Value) -> Value:
    return _real(run, "sqrt", value) if value >= 0 else run.null("rules.null.range", operator="sqrt")


@built_in("log", "number: number")
def log(run: Run, value: Value) -> Value:
    return _real(run, "log", value) if value > 0 else run.null("rules.null.range", operator="log")


@built_in("exp", "number: number")
def exp(run: Run, value: Value) -> Value:
    return _real(run, "exp", value)


@built_in("odd", "number: number")
def odd(run: Run, value: Value) -> Value:
    return int(value) % 2 != 0 if value == int(value) else run.null("rules.null.range", operator="odd")


@built_in("even", "number: number")
def even(run: Run, value: Value) -> Value:
    return int(value) % 2 == 0 if value == int(value) else run.null("rules.null.range", operator="even")
