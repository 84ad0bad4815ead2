"""A form's answers at rest: identity and phone numbers sealed, the rest as given."""

from collections.abc import Mapping
from typing import Any

from tongban.apps.catalog.definitions import Form
from tongban.apps.people.sealing import is_sealed, open_sealed, seal
from tongban.kernel.numbers import mask_identity, mask_phone

__all__ = ["mask_answers", "open_answers", "seal_answers"]

_SEALED_FORMATS = {"identity-number": mask_identity, "mobile": mask_phone}


def seal_answers(*, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as they are stored."""
    return {
        name: seal(value) if _is_sensitive(form, name) and isinstance(value, str) and not is_sealed(value) else value
        for name, value in answers.items()
    }


def open_answers(*, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as they were given, for rules and for the form itself."""
    return {name: open_sealed(value) if is_sealed(value) else value for name, value in answers.items()}


def mask_answers(*, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as screens show them: enough of a number to recognise it, not enough to use it."""
    shown = {}
    for name, value in answers.items():
        field = form.fields.get(name)
        mask = _SEALED_FORMATS.get(field.format or "") if field else None
        opened = open_sealed(value) if is_sealed(value) else value
        shown[name] = mask(opened) if mask and isinstance(opened, str) else opened
    return shown


def _is_sensitive(form: Form, name: str) -> bool:
    field = form.fields.get(name)
    return field is not None and field.format in _SEALED_FORMATS
