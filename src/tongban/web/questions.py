"""A matter's questions as fields of a page, and its answers as rows of a review."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.answers import mask_answers
from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import FieldError, Form, MaterialSpec
from tongban.web.fields import Field, Option
from tongban.web.templatetags.tongban_ui import aside, local, phrase, sentences, spoken
from tongban.web.templatetags.tongban_ui import day as said_day
from tongban.web.wording import field_error_words

__all__ = ["answer_rows", "answer_words", "error_texts", "fields_of", "upload_field"]

_KINDS = {
    "text": "text",
    "number": "text",
    "textarea": "textarea",
    "date": "date",
    "radios": "radios",
    "checkboxes": "checkboxes",
    "yes-no": "radios",
    "confirm": "checkbox",
}
_PARTS = ("year", "month", "day")
_INPUTS: Mapping[str, tuple[str, str, int]] = {  # format: inputmode, autocomplete, width
    "mobile": ("tel", "tel-national", 20),
    "identity-number": ("text", "off", 20),
    "credit-code": ("text", "off", 20),
    "email": ("email", "email", 0),
    "postcode": ("numeric", "postal-code", 10),
}
_MANY = 6  # more choices than this are easier to find in a list


def fields_of(
    *, asked: Sequence[Asked], answers: Mapping[str, Any], errors: Iterable[FieldError] = (), known: str = ""
) -> list[Field]:
    """The questions as a page draws them, with what was answered and what is wrong with it.

    ``known`` is said beside answers that were filled in from what government has on file already.
    """
    texts = error_texts(asked=asked, errors=errors)
    return [_field(each, answers.get(each.name), texts.get(each.name, ()), known) for each in asked]


def error_texts(*, asked: Sequence[Asked], errors: Iterable[FieldError]) -> dict[str, tuple[str, ...]]:
    """What is wrong, in words, by the name of the question."""
    by_name = {each.name: each for each in asked}
    found: dict[str, tuple[str, ...]] = {}
    for error in errors:
        question = by_name.get(error.field)
        label = question.title.in_language(_language()) if question else error.field
        control = question.control if question else "text"
        words = field_error_words(code=error.code, params=error.params, label=label, control=control)
        found[error.field] = (*found.get(error.field, ()), words)
    return found


def _field(asked: Asked, value: Any, errors: tuple[str, ...], known: str) -> Field:
    kind = "select" if asked.control == "radios" and len(asked.choices) > _MANY else _KINDS[asked.control]
    inputmode, autocomplete, width = _INPUTS.get(asked.format, ("", "", 0))
    if asked.control == "number":
        inputmode, width = ("numeric" if asked.type == "integer" else "decimal"), 10
    hint = spoken(asked.hint) if asked.hint else ""
    if asked.prefill and value and known:
        hint = phrase("%(hint)s %(known)s", hint=hint, known=known) if hint else known
    return Field(
        kind=kind,
        name=asked.name,
        label=spoken(asked.title),
        hint=hint,
        value=_value(asked, value),
        errors=errors,
        options=_options(asked, value, kind),
        required=asked.required,
        width=width,
        rows=max(asked.lines, 3),
        inline=asked.control == "yes-no",
        suffix=asked.unit.in_language(_language()) if asked.unit else "",
        inputmode=inputmode,
        autocomplete=autocomplete,
        parts=_date_parts(value) if asked.control == "date" else {},
    )


def _value(asked: Asked, value: Any) -> str:
    if asked.control == "confirm":
        return "on" if value in (True, "true", "on") else ""
    return "" if value is None or isinstance(value, (bool, list)) else str(value)


def _options(asked: Asked, value: Any, kind: str) -> tuple[Option, ...]:
    if asked.control == "yes-no":
        chosen = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        words = (("true", _("Yes")), ("false", _("No")))
        return tuple(Option(value=each, label=label, selected=each == chosen) for each, label in words)
    picked = {str(each) for each in value} if isinstance(value, (list, tuple)) else {str(value)}
    worded = local if kind == "select" else spoken  # a list to choose from holds nothing but text
    options = tuple(
        Option(value=choice.value, label=worded(choice.label), selected=choice.value in picked)
        for choice in asked.choices
    )
    if kind == "select":
        return (Option(value="", label=_("Please choose"), selected=value in (None, "")), *options)
    return options


def _date_parts(value: Any) -> dict[str, str]:
    parts = (str(value) if value else "").split("-")
    return dict(zip(_PARTS, parts, strict=False))


# --- answers to read --------------------------------------------------------------------------------------------------


def answer_words(*, asked: Asked, value: Any) -> str:
    """An answer as people read it."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple)):
        return format_html_join(_(", "), "{}", ((_choice(asked, each),) for each in value))
    if asked.choices:
        return _choice(asked, value)
    if asked.format == "date":
        return _day(str(value))
    unit = asked.unit.in_language(_language()) if asked.unit else ""
    return f"{value} {unit}".strip()


def _choice(asked: Asked, value: Any) -> str:
    return next((spoken(each.label) for each in asked.choices if each.value == value), str(value))


def answer_rows(
    *,
    form: Form,
    asked: Sequence[Asked],
    answers: Mapping[str, Any],
    where: Callable[..., str] | None = None,
    unconfirmed: Collection[str] = (),
) -> list[dict[str, str]]:
    """Rows of a summary: question, answer, and where (``question``) to change it. Numbers of people are masked.

    ``unconfirmed``: questions whose register has not answered; their rows are marked.
    """
    given = {name: value for name, value in answers.items() if value not in (None, "")}
    shown = mask_answers(form=form, answers=given)
    return [
        {
            "key": spoken(each.title),
            "value": answer_words(asked=each, value=shown.get(each.name)),
            "url": where(question=each.name) if where is not None else "",
            "tag": _("to be confirmed") if each.name in unconfirmed else "",
        }
        for each in asked
    ]


def _day(text: str) -> str:
    try:
        return said_day(date.fromisoformat(text))
    except ValueError:
        return text


# --- files ------------------------------------------------------------------------------------------------------------


def upload_field(*, spec: MaterialSpec, errors: tuple[str, ...] = (), name: str = "", note: str = "") -> Field:
    """The control by which a material is handed in; its ``name``, if not that of the material.

    ``note``: a sentence beside the matter's own hint.
    """
    kinds = _(", ").join(ending.upper() for ending in spec.accept)
    rule = _("%(kinds)s, at most %(limit)s MB") % {"kinds": kinds, "limit": spec.max_mb}
    said = phrase("%(hint)s%(rule)s", hint=spec.hint, rule=aside(rule)) if spec.hint else aside(rule).strip()
    return Field(
        kind="file",
        name=name or f"file-{spec.code}",
        label=spoken(spec.name),
        hint=phrase(sentences(("%(said)s", "%(note)s")), said=said, note=note) if note else said,
        errors=errors,
        required=spec.is_necessary,
        accept=",".join(f".{ending}" for ending in spec.accept),
    )


def _language() -> str:
    return get_language() or "zh-hans"
