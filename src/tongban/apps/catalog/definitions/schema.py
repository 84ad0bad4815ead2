"""A file's shape, checked against the JSON Schemas beside this module, each failing told as a problem with its line."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from .problems import Problem
from .source import Document

__all__ = ["SCHEMAS", "check_schema"]

SCHEMAS = (
    "matter",
    "form",
    "checklist",
    "example",
    "bundle",
    "departments",
    "people",
    "city",
    "windows",
    "calendar",
    "history",
    "documents",
    "synonyms",
    "offers",
    "service",
    "rights",
    "supervision",
    "phone",
    "dispatch",
    "audits",
    "rule-words",
)

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value) and len(value) == 10)


@_FORMATS.checks("moment", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("regex", raises=re.error)
def _is_regex(value: object) -> bool:
    return not isinstance(value, str) or bool(re.compile(value))


def check_schema(document: Document, *, schema: str) -> list[Problem]:
    """Every way in which the document departs from the named schema; empty when it does not."""
    found: list[Problem] = []
    for error in _leaves(_validator(schema).iter_errors(document.value)):
        found.extend(_told(error, document))
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    folder = resources.files(__package__) / "schemas"

    def read(schema: str) -> Any:
        # Amounts are decimals in the files, so they are in the schemas too.
        return json.loads((folder / f"{schema}.json").read_text("utf-8"), parse_float=Decimal)

    words = read("words")
    registry: Registry[Any] = Registry().with_resource(words["$id"], Resource.from_contents(words))
    return Draft202012Validator(read(name), registry=registry, format_checker=_FORMATS)


def _leaves(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        if error.context:
            yield from _leaves(error.context)
        else:
            yield error


def _told(error: ValidationError, document: Document) -> Iterator[Problem]:
    wanted: Any = error.validator_value
    path = list(error.absolute_path)
    where = _dotted(path)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    cure = str(schema.get("description", ""))
    if "propertyNames" in error.absolute_schema_path:
        message = f"{_shown(error.instance)} is no good name here."
        yield document.problem([*path, str(error.instance)], "schema.key-name", message, cure or "choose another name")
        return
    match error.validator:
        case "required":
            yield from _missing(error, document, path)
        case "additionalProperties":
            yield from _unknown(error, document, path)
        case "type":
            kind = _listed(wanted)
            if kind == "string" and isinstance(error.instance, int | Decimal):
                cure = f'put it in quotes: "{error.instance}"'
            message = f"{where} must be {_article(kind)}, not {_shown(error.instance)}."
            yield document.problem(path, "schema.type", message, cure or f"write {_article(kind)}")
        case "enum" | "const":
            allowed = wanted if error.validator == "enum" else [wanted]
            message = f"{where} cannot be {_shown(error.instance)}."
            close = difflib.get_close_matches(str(error.instance), [str(one) for one in allowed], 1)
            meant = f"did you mean `{close[0]}`? " if close else ""
            yield document.problem(path, "schema.choice", message, cure or f"{meant}use one of {_listed(allowed)}")
        case "pattern" if path[-1:] in (["zh"], ["en"]):
            yield document.problem(path, "language.missing", f"{where} is empty.", cure)
        case _:
            message = f"{where} does not fit: {_reason(error)}."
            yield document.problem(
                path, f"schema.{_dashed(str(error.validator))}", message, cure or "write a fitting value"
            )


def _missing(error: ValidationError, document: Document, path: list[str | int]) -> Iterator[Problem]:
    # The library reports each missing key as an error of its own; the key is the one the message begins with.
    required: Any = error.validator_value
    for key in required:
        if not error.message.startswith(repr(key)):
            continue
        if key in {"zh", "en"}:
            language = "Chinese" if key == "zh" else "English"
            message = f"{_dotted(path)} has no {language} text."
            yield document.problem(path, "language.missing", message, f"add `{key}:` beside the other language")
        else:
            yield document.problem(path, "schema.missing", f"{_dotted([*path, key])} is missing.", f"add `{key}:` here")


def _unknown(error: ValidationError, document: Document, path: list[str | int]) -> Iterator[Problem]:
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, Mapping) else []
    instance: Any = error.instance
    for key in instance:
        if key in known:
            continue
        close = difflib.get_close_matches(str(key), known, 1)
        cure = f"did you mean `{close[0]}`?" if close else f"remove it; known here: {', '.join(known)}"
        yield document.problem([*path, key], "schema.unknown-key", f"{_dotted([*path, key])} is not a known key.", cure)


def _reason(error: ValidationError) -> str:
    limit: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "maxLength":
            return f"it has {len(instance)} characters, {limit} are allowed"
        case "minLength" | "minItems":
            return f"it needs at least {limit}"
        case "maxItems":
            return f"it has {len(instance)} entries, {limit} are allowed"
        case "maximum":
            return f"it is more than {limit}"
        case "minimum" | "exclusiveMinimum":
            return f"it is less than {limit}"
        case "uniqueItems":
            return "a value stands in it twice"
        case _:
            return f"{_shown(error.instance)} has not the right form"


def _dotted(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return f"`{text}`" if text else "The file"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"


def _listed(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _article(wanted: str) -> str:
    names = {
        "object": "a mapping",
        "array": "a list",
        "string": "text",
        "integer": "a whole number",
        "boolean": "true or false",
    }
    return names.get(wanted, f"a {wanted}")


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
