"""One form field as the templates under ``components/fields`` draw it, whatever it was made from.

A page that renders a JSON Schema builds ``Field`` itself; a page with a Django form passes the bound field. Both end
in the same markup: label, hint, error, control, each tied to the other by id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.forms import BoundField, widgets

from tongban.web.wording import field_error_words

__all__ = ["KINDS", "Field", "Option", "field_of"]

_MISSING = forms.Field.default_error_messages["required"]
KINDS = ("text", "textarea", "select", "radios", "checkboxes", "checkbox", "date", "file", "rating", "hidden")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select, of radios or of checkboxes."""

    value: str
    label: str
    hint: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """What a control needs to be drawn.

    ``name`` is the name in the posted form and, unless ``id`` says otherwise, the id in the page. ``width`` is the
    number of characters expected (2, 3, 4, 5, 10, 20, 30; 0 fills the line). ``heading`` makes the label the h1 of a
    page that asks one question. ``attributes`` go onto the control as they are. The parts of a date are posted as
    ``name-year``, ``name-month`` and ``name-day``, see ``parts``.
    """

    kind: str
    name: str
    label: str
    hint: str = ""
    value: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = True
    id: str = ""
    type: str = "text"
    width: int = 0
    rows: int = 4
    heading: bool = False
    inline: bool = False
    prefix: str = ""
    suffix: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    accept: str = ""
    multiple: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def ident(self) -> str:
        """The id of the control."""
        return self.id or f"id_{self.name}"

    @property
    def anchor(self) -> str:
        """The id that an error summary links to: the first control that can be put right."""
        if self.kind == "date":
            return f"{self.ident}-year"
        if self.kind in ("radios", "checkboxes", "rating") and self.options:
            return f"{self.ident}-1"
        return self.ident

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, as ``aria-describedby`` wants them."""
        ids = [f"{self.ident}-hint"] if self.hint else []
        if self.errors:
            ids.append(f"{self.ident}-error")
        return " ".join(ids)


def _kind_of(widget: widgets.Widget) -> str:
    table: tuple[tuple[type[widgets.Widget], str], ...] = (
        (widgets.HiddenInput, "hidden"),
        (widgets.Textarea, "textarea"),
        (widgets.CheckboxSelectMultiple, "checkboxes"),
        (widgets.RadioSelect, "radios"),
        (widgets.Select, "select"),
        (widgets.CheckboxInput, "checkbox"),
        (widgets.FileInput, "file"),
    )
    return next((kind for kind_class, kind in table if isinstance(widget, kind_class)), "text")


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[object, object]]:
    """Choices without their groups: a group's own choices stand in its place."""
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


def _options_of(bound: BoundField) -> tuple[Option, ...]:
    choices: Iterable[tuple[object, object]] = getattr(bound.field, "choices", ())
    value = bound.value()
    chosen = (
        {str(item) for item in value} if isinstance(value, (list, tuple)) else {"" if value is None else str(value)}
    )
    return tuple(Option(value=str(key), label=str(label), selected=str(key) in chosen) for key, label in _flat(choices))


def _errors_of(bound: BoundField) -> tuple[str, ...]:
    """What is wrong with the answer; where a form says no more than that one is missing, the question is named."""
    found = bound.form.errors.as_data().get(bound.name, [])
    if any(error.code == "required" for error in found) and bound.field.error_messages["required"] == _MISSING:
        return (field_error_words(code="required", params={}, label=str(bound.label)),)
    return tuple(str(error) for error in bound.errors)


def field_of(bound: BoundField) -> Field:
    """A Django form's field, ready to be drawn. Widget attributes (``autocomplete``, ``inputmode``, …) are kept."""
    widget = bound.field.widget
    attributes = {key: str(value) for key, value in widget.attrs.items() if value not in (None, False)}
    kind = str(attributes.pop("data-kind", _kind_of(widget)))
    value = bound.value()
    if kind == "checkbox":
        value = "on" if value else ""
    elif isinstance(value, (list, tuple)) or kind == "file" or isinstance(widget, widgets.PasswordInput):
        value = ""  # the options hold it, or it is not ours to write back
    return Field(
        kind=kind,
        name=bound.html_name,
        label=str(bound.label),
        hint=str(bound.help_text),
        value="" if value is None else str(value),
        errors=_errors_of(bound),
        options=_options_of(bound) if kind in ("select", "radios", "checkboxes", "rating") else (),
        required=bound.field.required,
        id=bound.auto_id or bound.html_name,
        type=str(attributes.pop("type", getattr(widget, "input_type", None) or "text")),
        width=int(attributes.pop("data-width", "0")),
        rows=int(attributes.pop("rows", "4")),
        autocomplete=attributes.pop("autocomplete", ""),
        inputmode=attributes.pop("inputmode", ""),
        accept=attributes.pop("accept", ""),
        multiple=bool(attributes.pop("multiple", "")),
        attributes={key: v for key, v in attributes.items() if key not in ("cols", "placeholder", "id", "name")},
    )
