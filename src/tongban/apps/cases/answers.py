"""A form's answers at rest: identity and phone numbers sealed, the rest as given."""

from collections.abc import Mapping
from typing import Any

from tongban.apps.catalog.definitions import Field, Form
from tongban.apps.people.sealing import is_sealed, open_sealed, seal
from tongban.kernel.numbers import mask_identity, mask_phone

__all__ = ["mask_answer", "mask_answers", "open_answers", "seal_answers"]

_MASKS = {"identity-number": mask_identity, "mobile": mask_phone}


def seal_answers(*, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers, given as they were typed, as they are stored.

    Words that only look like a seal are sealed too: else they could not be told from one when the answers are opened,
    and whoever types such words would lock the case for everybody.
    """
    return {
        name: seal(value) if isinstance(value, str) and (_is_sensitive(form, name) or is_sealed(value)) else value
        for name, value in answers.items()
    }


def open_answers(*, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as they were given, for rules and for the form itself."""
    return {name: open_sealed(value) if is_sealed(value) else value for name, value in answers.items()}


def mask_answers(*, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as screens show them: enough of a number to recognise it, not enough to use it."""
    return {
        name: mask_answer(field=form.fields[name], value=value) if _is_sensitive(form, name) else value
        for name, value in answers.items()
    }


def mask_answer(*, field: Field, value: Any) -> str:
    """Return one sensitive answer, masked."""
    return _MASKS[field.format](open_sealed(value) if is_sealed(value) else str(value))


def _is_sensitive(form: Form, name: str) -> bool:
    field = form.fields.get(name)
    return field is not None and field.sensitive
