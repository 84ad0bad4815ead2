"""What is checked of a call beyond its shape, before the domain is asked."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import get_language

from tongban.api.v1.errors import Invalid, Wrong
from tongban.apps.catalog.definitions import FieldError, Form, MatterDefinition
from tongban.apps.evidence.queries import fits, list_files
from tongban.apps.people.actors import Actor

__all__ = ["OTHER", "require_own_files", "wrong_answers"]

OTHER = "other"
"""What is asked for in words that are neither a material nor a field of the matter is handed in under this code."""
_OTHER_ACCEPT, _OTHER_MEGABYTES = ("pdf", "jpg", "png"), 10


def require_own_files(
    *, definition: MatterDefinition, materials: Mapping[str, Sequence[UUID]], actor: Actor, other: bool = False
) -> None:
    """Raise ``Invalid`` unless every file was uploaded by this client and fits the material; one query."""
    ids = [each for given in materials.values() for each in given]
    known = list_files(ids=ids, by=actor.id) if ids else {}
    wrong = []
    for code, given in materials.items():
        spec = definition.material(code)
        if not (spec is not None and spec.is_asked) and not (other and code == OTHER):
            wrong.append(Wrong(field=f"materials.{code}", code="material.unknown"))
            continue
        accept, megabytes = (spec.accept, spec.max_mb) if spec else (_OTHER_ACCEPT, _OTHER_MEGABYTES)
        for index, file_id in enumerate(given):
            file = known.get(file_id)
            if file is None:
                wrong.append(Wrong(field=f"materials.{code}.{index}", code="api.file-unknown"))
            elif not fits(file=file, allowed=accept, max_megabytes=megabytes):
                wrong.append(Wrong(field=f"materials.{code}.{index}", code="api.file-unfit"))
    if wrong:
        raise Invalid(wrong)


def wrong_answers(form: Form, errors: Iterable[FieldError]) -> list[Wrong]:
    """What the form finds wrong, with the words of its questions."""
    language = get_language() or "zh-hans"
    return [
        Wrong(
            field=f"answers.{error.field}",
            code=error.code,
            params=error.params,
            label=field.title.in_language(language) if (field := form.fields.get(error.field)) else error.field,
            control=field.control if field else "text",
        )
        for error in errors
    ]
