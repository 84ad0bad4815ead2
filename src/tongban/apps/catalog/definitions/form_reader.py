"""``form.yaml`` to a ``Form``, with everything in it that does not hold together."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator

from .expressions import expression_of
from .form import Choice, Field, Form, FormStep
from .formats import FORMATS
from .origins import origin_of_field
from .problems import Problem
from .source import Document
from .text import Text, text_of

__all__ = ["read_form"]

# Words that only some types understand; elsewhere JSON Schema would pass over them in silence.
_ONLY = {
    "string": ("format", "enum", "minLength", "maxLength", "pattern", "x-lines"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "x-unit"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "x-unit"),
    "boolean": (),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
}
_ANY = ("type", "const", "title", "description", "x-title", "x-hint", "x-when", "x-labels", "x-prefill", "x-from")


def read_form(document: Document) -> tuple[Form, list[Problem]]:
    """The form of a document that fits ``form.json``. With problems it still has every field that could be read."""
    problems: list[Problem] = []
    value = document.value
    required = value.get("required", [])
    fields = {
        name: _field(document, name, spec, name in required, problems) for name, spec in value["properties"].items()
    }
    for index, name in enumerate(required):
        if name not in fields:
            problems.append(_unknown(document, ("required", index), name))
    steps = _steps(document, value["x-steps"], fields, problems)
    ordered = {field.name: field for step in steps for field in step.fields}
    for name in fields:
        if name not in ordered:
            message = f"`{name}` is in no step, so nobody is asked."
            problems.append(
                document.problem(("properties", name), "form.unasked", message, "add it to `x-steps` or remove it")
            )
    return Form(tuple(steps), ordered), problems


def _steps(
    document: Document, specs: Sequence[Mapping[str, Any]], fields: Mapping[str, Field], problems: list[Problem]
) -> list[FormStep]:
    steps: list[FormStep] = []
    asked: set[str] = set()
    for index, spec in enumerate(specs):
        path = ("x-steps", index)
        if any(step.id == spec["id"] for step in steps):
            message = f"Two steps have the id `{spec['id']}`."
            problems.append(document.problem((*path, "id"), "form.step-twice", message, "give each step its own id"))
        # A condition may look only at what was asked before it.
        when = expression_of(document, (*path, "when"), spec.get("when"), names=asked, problems=problems)
        mine: list[Field] = []
        for position, name in enumerate(spec["fields"]):
            place = (*path, "fields", position)
            if name not in fields:
                problems.append(_unknown(document, place, name))
            elif name in asked:
                problems.append(
                    document.problem(place, "form.asked-twice", f"`{name}` is asked twice.", "keep it in one step")
                )
            else:
                _check_order(document, name, asked, problems)
                asked.add(name)
                mine.append(fields[name])
        steps.append(FormStep(spec["id"], text_of(spec["title"]), _text(spec, "hint"), tuple(mine), when))
    return steps


def _check_order(document: Document, name: str, asked: set[str], problems: list[Problem]) -> None:
    condition = document.value["properties"][name].get("x-when")
    expression_of(document, ("properties", name, "x-when"), condition, names=asked, problems=problems)


def _field(document: Document, name: str, spec: Mapping[str, Any], required: bool, problems: list[Problem]) -> Field:
    path = ("properties", name)
    kind = spec["type"]
    for key in spec:
        if key not in _ONLY[kind] and key not in _ANY:
            message = f"`{key}` means nothing for the type {kind}."
            problems.append(
                document.problem((*path, key), "form.word-for-other-type", message, "remove it, or change the type")
            )
    if kind == "array" and "items" not in spec:
        message = f"`{name}` is a list of nothing known."
        problems.append(document.problem(path, "form.items", message, "add `items: {type: string, enum: [...]}`"))
    schema = {key: value for key, value in spec.items() if not key.startswith("x-")}
    return Field(
        name=name,
        title=text_of(spec["x-title"]),
        hint=_text(spec, "x-hint"),
        type=kind,
        format=spec.get("format", ""),
        required=required,
        choices=_choices(document, name, spec, problems),
        unit=_text(spec, "x-unit"),
        lines=spec.get("x-lines", 4 if kind == "string" and spec.get("maxLength", 0) > 200 else 1),
        prefill=spec.get("x-prefill", ""),
        # Unknown names and the order of asking are told once the order is known.
        when=expression_of(document, (*path, "x-when"), spec.get("x-when"), names=None, problems=[]),
        schema=schema,
        validator=Draft202012Validator(schema, format_checker=FORMATS),
        origin=origin_of_field(spec),
    )


def _choices(document: Document, name: str, spec: Mapping[str, Any], problems: list[Problem]) -> tuple[Choice, ...]:
    values = spec.get("enum") or spec.get("items", {}).get("enum") or ()
    labels = spec.get("x-labels", {})
    for value in values:
        if value not in labels:
            cure = f"add `{value}: {{zh: …, en: …}}` to `x-labels`"
            problems.append(
                document.problem(("properties", name), "language.missing", f"`{value}` has no words.", cure)
            )
    for label in labels:
        if label not in values:
            path = ("properties", name, "x-labels", label)
            problems.append(
                document.problem(path, "form.label-unused", f"`{label}` is no value of `{name}`.", "remove the label")
            )
    return tuple(Choice(value, text_of(labels[value])) for value in values if value in labels)


def _text(spec: Mapping[str, Any], key: str) -> Text | None:
    return text_of(spec[key]) if key in spec else None


def _unknown(document: Document, path: Sequence[str | int], name: str) -> Problem:
    known = ", ".join(document.value["properties"])
    return document.problem(path, "form.unknown-field", f"There is no field `{name}`.", f"use one of {known}")
