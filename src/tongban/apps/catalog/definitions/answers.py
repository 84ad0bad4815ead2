"""One answer: from what was typed to what is kept, or the code of what is wrong with it."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from jsonschema.exceptions import ValidationError

from . import formats

if TYPE_CHECKING:
    from .form import Field

__all__ = ["Answer", "read_answer"]

LONGEST = 10_000
_TRUE, _FALSE = frozenset({"true", "on", "yes", "1"}), frozenset({"false", "off", "no", "0"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
_LIMITS = {
    "maxLength": "too-long",
    "minLength": "too-short",
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "minimum-exclusive",
    "exclusiveMaximum": "maximum-exclusive",
    "multipleOf": "multiple",
    "minItems": "too-few",
    "maxItems": "too-many",
}
# When a value is wrong in several ways, the one that helps most to mend it is told first.
_FIRST = ("type", "const", "enum", "format", "minLength", "maxLength")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as kept (plain JSON, no floats), as expressions see it, and the code of its error if it has one.

    A number with a fraction is kept as text, because JSON would make it a float; expressions see a ``Decimal``. A date
    is kept as ``2026-03-02``; expressions see a ``date``.
    """

    kept: Any = None
    fact: Any = None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        """Whether there is an answer at all."""
        return self.kept is not None


MISSING = Answer()


class _WrongError(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read_answer(asked: "Field", raw: Any) -> Answer:
    """The answer in ``raw``: a value of JSON or the text of a posted form."""
    try:
        value = _typed(asked, raw)
    except _WrongError as wrong:
        return Answer(code=wrong.code, params=wrong.params)
    if value is None:
        return MISSING
    errors = list(asked.validator.iter_errors(value))
    if errors:
        code, params = _coded(asked, min(errors, key=_rank))
        return Answer(code=code, params=params)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return Answer(int(value) if whole else f"{value.normalize():f}", value)
    return Answer(value, date.fromisoformat(value) if asked.format == "date" else value)


def _typed(asked: "Field", raw: Any) -> Any:
    if raw is None or raw in ("", []):
        return None
    match asked.type:
        case "boolean":
            return _boolean(raw)
        case "integer" | "number":
            return _number(raw, asked.type)
        case "array":
            return _several(raw)
        case _:
            return _words(asked, raw)


def _words(asked: "Field", raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise _WrongError("type", type="string")
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_control(text, lines=asked.lines > 1)
    text = formats.normal(text, asked.format) if asked.format else text.strip()
    if len(text) > LONGEST:
        raise _WrongError("too-long", limit=LONGEST)
    return text or None


def _several(raw: Any) -> list[str] | None:
    if not isinstance(raw, list | tuple) or not all(isinstance(one, str) for one in raw):
        raise _WrongError("type", type="array")
    for one in raw:
        _refuse_control(one, lines=False)
    return [one.strip() for one in raw if one.strip()] or None


def _boolean(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        word = raw.strip().lower()
        if not word:
            return None
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
    raise _WrongError("type", type="boolean")


def _number(raw: Any, kind: str) -> int | Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise _WrongError("type", type=kind)
    if isinstance(raw, float) and not math.isfinite(raw):
        raise _WrongError("type", type=kind)
    text = raw if isinstance(raw, str) else f"{Decimal(str(raw)):f}"
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None
    if kind == "integer" and not isinstance(raw, str) and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not (_INTEGER if kind == "integer" else _NUMBER).fullmatch(text):
        raise _WrongError("type", type=kind)
    try:
        return int(text) if kind == "integer" else Decimal(text)
    except (ValueError, InvalidOperation) as error:
        raise _WrongError("type", type=kind) from error


def _refuse_control(text: str, *, lines: bool) -> None:
    """NUL, other control characters, halves of surrogate pairs and marks that turn the reading direction around."""
    for character in text:
        if character < " " and not (character == "\t" or (lines and character == "\n")):
            # A line break pasted at the end of a one-line answer is no attack: it is stripped with other white space.
            if character == "\n" and not text.strip().count("\n"):
                continue
            raise _WrongError("control-characters")
        if character > "~" and (
            unicodedata.category(character) in {"Cc", "Cs"}
            or "\u202a" <= character <= "\u202e"
            or "\u2066" <= character <= "\u2069"
        ):
            raise _WrongError("control-characters")


def _rank(error: ValidationError) -> int:
    name = str(error.validator)
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _coded(asked: "Field", error: ValidationError) -> tuple[str, dict[str, Any]]:
    name, limit = str(error.validator), error.validator_value
    if name in _LIMITS:
        return _LIMITS[name], {"limit": limit}
    match name:
        case "format":
            return f"format.{limit}", {}
        case "const" if asked.type == "boolean":
            return "confirm", {}
        case "enum" | "const":
            return "choice", {}
        case "uniqueItems":
            return "repeated", {}
        case "type":
            return "type", {"type": limit}
        case _:
            return "pattern", {}
