"""The operators + - * / ** and negation. Numbers: exact integers where they fit, else decimals of 34 digits."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow

from tongban.kernel.rules.runtime.eras import FarDay, FarMoment, between, in_zone
from tongban.kernel.rules.runtime.temporal import MICRO, microseconds, midnight, on_timeline, shift
from tongban.kernel.rules.values import DIGITS, LIMIT, Run, Value, YearsMonths, kind

__all__ = ["CONTEXT", "add", "divide", "is_number", "multiply", "negate", "power", "subtract"]

# IEEE 754 decimal128, which FEEL prescribes: 34 digits, half even.
CONTEXT = Context(prec=DIGITS, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow])
_DURATIONS = (timedelta, YearsMonths)
_DAYS = (date, FarDay)
_INSTANTS = (datetime, FarMoment)
_MOMENTS = (*_DAYS, *_INSTANTS, time)


def is_number(value: Value) -> bool:
    return type(value) is int or type(value) is Decimal


def _refuse(run: Run, sign: str, left: Value, right: Value) -> None:
    if left is None or right is None:
        return run.null("rules.null.operand-null", operator=sign)
    return run.null("rules.null.operands", operator=sign, left=kind(left), right=kind(right))


def _guard(sign: str, compute: Callable[[Run, Value, Value], Value]) -> Callable[[Run, Value, Value], Value]:
    """Turn what Python raises (division by zero, a date out of range) into null with its reason."""

    def operator(run: Run, left: Value, right: Value) -> Value:
        try:
            value = compute(run, left, right)
        except (DecimalException, ArithmeticError, ValueError):
            return run.null("rules.null.range", operator=sign)
        except TypeError:
            return run.null("rules.null.zones", operator=sign)
        return _refuse(run, sign, left, right) if value is NotImplemented else value

    return operator


def _sum_other(run: Run, left: Value, right: Value) -> Value:
    one, other = type(left), type(right)
    if one is str and other is str:
        # Long texts count: a recursive function could double one until memory ends.
        run.spend((len(left) + len(right)) >> 6)
        return left + right
    if is_number(left) and is_number(right):
        return CONTEXT.add(left, right)
    if one in _DURATIONS and one is other:
        return left + right if one is timedelta else YearsMonths(left.months + right.months)
    if one in _MOMENTS and other in _DURATIONS:
        return shift(left, right)
    if other in _MOMENTS and one in _DURATIONS:
        return shift(right, left)
    return NotImplemented


def _instant(value: Value) -> Value:
    """A date is midnight UTC beside a date and time."""
    return midnight(value) if type(value) in _DAYS else on_timeline(value)


def _from_to(later: Value, earlier: Value) -> timedelta:
    """How long from one to the other. Raises TypeError where only one has a zone."""
    if type(later) in _DAYS and type(earlier) in _DAYS:
        return between(later, earlier)
    one, other = _instant(later), _instant(earlier)
    if FarMoment not in (type(one), type(other)):
        length: timedelta = one - other
        return length
    if (one.tzinfo is None) != (other.tzinfo is None):
        raise TypeError
    return between(one, other) if one.tzinfo is None else between(in_zone(one, UTC), in_zone(other, UTC))


def _difference_other(run: Run, left: Value, right: Value) -> Value:
    one, other = type(left), type(right)
    if is_number(left) and is_number(right):
        return CONTEXT.subtract(left, right)
    if one in _DURATIONS and one is other:
        return left - right if one is timedelta else YearsMonths(left.months - right.months)
    if one in _MOMENTS and other in _DURATIONS:
        return shift(left, YearsMonths(-right.months) if other is YearsMonths else -right)
    if one in (*_DAYS, *_INSTANTS) and other in (*_DAYS, *_INSTANTS):
        return _from_to(left, right)
    if one is time and other is time:
        day = date(2000, 1, 1)
        return datetime.combine(day, left) - datetime.combine(day, right)
    return NotImplemented


def _scaled(length: Value, factor: Decimal) -> Value:
    """A duration times a number; months are cut towards zero, days and time to the microsecond."""
    if type(length) is timedelta:
        return MICRO * int(CONTEXT.multiply(microseconds(length), factor))
    return YearsMonths(int(CONTEXT.multiply(length.months, factor)))


def _product_other(run: Run, left: Value, right: Value) -> Value:
    if is_number(left) and is_number(right):
        return CONTEXT.multiply(left, right)
    if type(left) in _DURATIONS and is_number(right):
        return _scaled(left, Decimal(right))
    if type(right) in _DURATIONS and is_number(left):
        return _scaled(right, Decimal(left))
    return NotImplemented


def _quotient_other(run: Run, left: Value, right: Value) -> Value:
    one, other = type(left), type(right)
    if is_number(left) and is_number(right):
        return CONTEXT.divide(left, right)
    if one is timedelta and is_number(right):
        return MICRO * int(CONTEXT.divide(microseconds(left), right))
    if one is YearsMonths and is_number(right):
        return YearsMonths(int(CONTEXT.divide(left.months, right)))
    if one is timedelta and other is timedelta:
        return CONTEXT.divide(microseconds(left), microseconds(right))
    if one is YearsMonths and other is YearsMonths:
        return CONTEXT.divide(left.months, right.months)
    return NotImplemented


def _power(run: Run, left: Value, right: Value) -> Value:
    if not (is_number(left) and is_number(right)):
        return NotImplemented
    if left == 0 and right == 0:
        return 1
    value = CONTEXT.power(left, right)
    whole = type(left) is int and type(right) is int and right >= 0 and abs(value) < LIMIT
    return int(value) if whole else value


_add, _subtract, _multiply, _divide = (
    _guard("+", _sum_other), _guard("-", _difference_other), _guard("*", _product_other), _guard("/", _quotient_other),
)  # fmt: skip
power = _guard("**", _power)


def add(run: Run, left: Value, right: Value) -> Value:
    if type(left) is int and type(right) is int:
        value = left + right
        if -LIMIT < value < LIMIT:
            return value
    return _add(run, left, right)


def subtract(run: Run, left: Value, right: Value) -> Value:
    if type(left) is int and type(right) is int:
        value = left - right
        if -LIMIT < value < LIMIT:
            return value
    return _subtract(run, left, right)


def multiply(run: Run, left: Value, right: Value) -> Value:
    if type(left) is int and type(right) is int:
        value = left * right
        if -LIMIT < value < LIMIT:
            return value
    return _multiply(run, left, right)


def divide(run: Run, left: Value, right: Value) -> Value:
    if type(left) is int and type(right) is int and right:
        value, rest = divmod(left, right)
        if not rest:
            return value
    return _divide(run, left, right)


def negate(run: Run, value: Value) -> Value:
    if is_number(value):
        return -value if type(value) is int else CONTEXT.minus(value)
    if type(value) is timedelta:
        return -value
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    return run.null("rules.null.operands", operator="-", right=kind(value))
