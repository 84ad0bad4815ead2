"""A form: what is asked, in which steps, under which conditions, and what becomes of the answers.

Conditions look only at what was asked before, so one walk from the first field to the last settles everything: which
steps and fields apply, what each answer is, and what is wrong. Answers to questions that do not apply are dropped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Protocol, runtime_checkable

from jsonschema import Draft202012Validator

from tongban.kernel.numbers import NumberError
from tongban.kernel.rules import Expression

from .answers import Answer, read_answer
from .origins import Origin
from .text import Text

__all__ = ["Choice", "Field", "FieldError", "Form", "FormResult", "FormStep", "Posted", "Readers"]


@runtime_checkable
class Posted(Protocol):
    """A posted form, such as Django's ``QueryDict``."""

    def getlist(self, key: str) -> list[Any]:
        """Every value posted under that name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that may be chosen."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One question. ``required`` holds only while the field applies (``when``).

    ``control`` tells a page how to ask: text, textarea, number, date, radios, checkboxes, yes-no, confirm.
    ``sensitive`` answers (identity numbers, mobile phones) are sealed at rest. ``prefill`` names what government
    already holds and fills in: name, identity_number, phone or credit_code; "" for nothing. ``origin``:
    the register that knows the answer.
    """

    name: str
    title: Text
    hint: Text | None
    type: str
    format: str
    required: bool
    choices: tuple[Choice, ...]
    unit: Text | None
    lines: int
    prefill: str
    when: Expression | None
    schema: Mapping[str, Any]
    validator: Draft202012Validator
    origin: Origin | None = None

    @property
    def sensitive(self) -> bool:
        """Whether the answer is sealed at rest and masked on screens."""
        return self.format in {"identity-number", "mobile"}

    @property
    def max_length(self) -> int | None:
        """The most characters that the answer may have, where the form says so."""
        return self.schema.get("maxLength")

    @property
    def control(self) -> str:
        """How a page asks for it."""
        if self.type == "boolean":
            return "confirm" if self.schema.get("const") is True else "yes-no"
        if self.type == "array":
            return "checkboxes"
        if self.choices:
            return "radios"
        if self.format == "date":
            return "date"
        if self.type in {"integer", "number"}:
            return "number"
        return "textarea" if self.lines > 1 else "text"

    def label(self, value: Any, language: str) -> str:
        """A chosen value in words; a value without a label is shown as it is."""
        return next(
            (choice.label.in_language(language) for choice in self.choices if choice.value == value), str(value)
        )


@dataclass(frozen=True, slots=True, eq=False)
class FormStep:
    """One page of the form: one group of questions."""

    id: str
    title: Text
    hint: Text | None
    fields: tuple[Field, ...]
    when: Expression | None


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with an answer; the web turns ``code`` and ``params`` into words.

    Codes: required, confirm, unknown, type, choice, repeated, pattern, control-characters, too-long, too-short,
    too-few, too-many, minimum, maximum, minimum-exclusive, maximum-exclusive, multiple, and ``format.`` with
    date, identity-number, credit-code, mobile, email, postcode. ``limit`` is in params where there is one.
    """

    field: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FormResult:
    """The answers to keep (plain JSON) and what is wrong with the others."""

    clean: dict[str, Any]
    errors: tuple[FieldError, ...]

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class _Settled:
    step: FormStep
    field: Field
    answer: Answer


Readers = Mapping[str, Callable[[str], str]]
"""By format, what reads a number whose check fails: in plain form where it is on record, else ``NumberError``."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The form of one version of a matter. ``fields`` is in the order of asking."""

    steps: tuple[FormStep, ...]
    fields: Mapping[str, Field]
    readers: Readers | None = None

    def reading(self, readers: Readers) -> "Form":
        """The same form, where numbers that an officer has put on record are right although their check fails."""
        return replace(self, readers=readers)

    def steps_for(self, answers: Mapping[str, Any]) -> tuple[FormStep, ...]:
        """The steps that ask anything at all, given the answers so far."""
        return tuple(step for step, _fields in self.asked_for(answers))

    def fields_for(self, step: FormStep, answers: Mapping[str, Any]) -> tuple[Field, ...]:
        """The questions of a step that apply, given the answers so far (this step's own included)."""
        return next((fields for asked, fields in self._asked(answers) if asked.id == step.id), ())

    def asked_for(self, answers: Mapping[str, Any]) -> tuple[tuple[FormStep, tuple[Field, ...]], ...]:
        """The steps that ask anything, each with its questions that apply: ``steps_for`` and ``fields_for`` at once."""
        return tuple(self._asked(answers))

    def step(self, step_id: str) -> FormStep | None:
        """The step of that id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def first_open_step(self, answers: Mapping[str, Any]) -> FormStep | None:
        """The first step in which something is missing or wrong: where a draft is taken up again."""
        return next((settled.step for settled in self._settle(answers) if _error(settled) is not None), None)

    def validate(self, *, answers: Mapping[str, Any]) -> FormResult:
        """Everything that a case is filed with. Names that the form does not know are refused."""
        return self._result(answers, None)

    def validate_step(self, *, step: FormStep, answers: Mapping[str, Any]) -> FormResult:
        """One step, given all answers so far. ``clean`` holds the answers of this step only."""
        return self._result(answers, step)

    def facts(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers as expressions see them: every field is there, null where there is no good answer."""
        facts: dict[str, Any] = dict.fromkeys(self.fields)
        for settled in self._settle(answers):
            facts[settled.field.name] = settled.answer.fact
        return facts

    def parse_post(self, step: FormStep, data: Posted | Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """The raw answers of a step in a posted form. What was left empty is null, so that it replaces a former answer.

        A date may come as one field or as ``name-year``, ``name-month`` and ``name-day``.
        """

        def posted(name: str) -> list[Any]:
            if isinstance(data, Posted):
                return data.getlist(name)
            return list(data.get(name, ()))

        return {field.name: _posted_answer(field, posted) for field in step.fields}

    def _asked(self, answers: Mapping[str, Any]) -> Iterator[tuple[FormStep, tuple[Field, ...]]]:
        """Step by step, so that whoever looks for one need not read the answers to the pages after it."""
        for _id, settled in groupby(self._settle(answers), key=lambda each: each.step.id):
            found = tuple(settled)
            yield found[0].step, tuple(each.field for each in found)

    def _settle(self, answers: Mapping[str, Any]) -> Iterator[_Settled]:
        facts: dict[str, Any] = dict.fromkeys(self.fields)
        for step in self.steps:
            if step.when is not None and step.when.evaluate(facts) is not True:
                continue
            for field in step.fields:
                if field.when is None or field.when.evaluate(facts) is True:
                    answer = self.read(field, answers.get(field.name))
                    facts[field.name] = answer.fact
                    yield _Settled(step, field, answer)

    def read(self, field: Field, raw: Any) -> Answer:
        """One answer as this form reads it: a number that is on record is right although its check fails."""
        answer = read_answer(field, raw)
        reader = (self.readers or {}).get(field.format)
        if reader is None or answer.code != f"format.{field.format}":
            return answer
        try:
            number = reader(str(raw))
        except NumberError:
            return answer
        return Answer(kept=number, fact=number)

    def _result(self, answers: Mapping[str, Any], step: FormStep | None) -> FormResult:
        clean: dict[str, Any] = {}
        errors: list[FieldError] = []
        for settled in self._settle(answers):
            if step is not None and settled.step.id != step.id:
                continue
            error = _error(settled)
            if error is not None:
                errors.append(error)
            elif settled.answer.given:
                clean[settled.field.name] = settled.answer.kept
        errors.extend(FieldError(str(name), "unknown", {}) for name in answers if name not in self.fields)
        return FormResult(clean, tuple(errors))


def _error(settled: _Settled) -> FieldError | None:
    answer, field = settled.answer, settled.field
    if answer.code:
        return FieldError(field.name, answer.code, answer.params)
    if field.required and not answer.given:
        return FieldError(field.name, "required", {})
    return None


def _posted_answer(field: Field, posted: Any) -> Any:
    values: list[Any] = posted(field.name)
    if field.type == "array":
        return [value for value in values if value != ""] or None
    if not values and field.format == "date":
        parts = [str(next(iter(posted(f"{field.name}-{part}")), "")).strip() for part in ("year", "month", "day")]
        # A part left empty leaves a text that is no date, which is what the person is then told.
        return "-".join(parts) if any(parts) else None
    return values[-1] if values and values[-1] != "" else None
