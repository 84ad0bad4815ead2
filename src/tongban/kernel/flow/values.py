"""FEEL values as plain JSON and back, so that a rule's result reads the same from the log as it was lived.

JSON has no decimals, dates or durations: they are written `{"@": kind, "text": …}`. Floats never appear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tongban.kernel.rules import YearsMonths

from .errors import Refusal, Refused

__all__ = ["from_json", "to_json"]


def to_json(value: Any) -> Any:
    """The JSON of a value. Raises `Refused` for what cannot be put on record (a function, a range, a float)."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        return {"@": "number", "text": str(value.normalize())}
    if isinstance(value, datetime):
        return {"@": "date and time", "text": value.isoformat()}
    if isinstance(value, date):
        return {"@": "date", "text": value.isoformat()}
    if isinstance(value, time):
        return {"@": "time", "text": value.isoformat()}
    if isinstance(value, timedelta):
        return {"@": "duration", "text": str((value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds)}
    if isinstance(value, YearsMonths):
        return {"@": "months", "text": str(value.months)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    raise Refused(Refusal.RULE_FAILED, {"type": type(value).__name__})


def from_json(value: Any) -> Any:
    """The reverse of `to_json`."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("@")
    if kind is None or value.keys() != {"@", "text"}:
        return {key: from_json(item) for key, item in value.items()}
    return _READ[kind](value["text"])


_READ: Mapping[str, Any] = {
    "number": Decimal,
    "date and time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "months": lambda text: YearsMonths(int(text)),
    "duration": lambda text: timedelta(microseconds=int(text)),
}
