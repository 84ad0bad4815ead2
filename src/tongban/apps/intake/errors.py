"""Why a draft cannot be opened, filled in or filed."""

from collections.abc import Sequence
from typing import ClassVar

from tongban.apps.catalog.definitions import FieldError

__all__ = [
    "DraftFiled",
    "DraftIncomplete",
    "DraftOutdated",
    "IntakeError",
    "NoMandate",
    "NotServed",
    "TooManyFiles",
    "UnknownDraft",
    "UnknownMaterial",
    "UnknownStep",
]


class IntakeError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "intake.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownDraft(IntakeError):
    """No such draft, or somebody else's."""

    code = "draft.unknown"


class DraftFiled(IntakeError):
    """The draft has been filed as case ``number``; it does not change any more."""

    code = "draft.filed"


class NoMandate(IntakeError):
    """The actor may not ask in this applicant's name for this matter."""

    code = "applicant.no-mandate"


class NotServed(IntakeError):
    """The matter is not for applicants of this kind: persons, or organisations."""

    code = "applicant.not-served"


class DraftOutdated(IntakeError):
    """The matter was published anew since the draft was begun. The draft now follows it; nothing was filed or lost."""

    code = "draft.outdated"


class TooManyFiles(IntakeError):
    """``limit`` files are enough for one material."""

    code = "material.too-many"


class UnknownMaterial(IntakeError):
    """The matter does not ask for this material as an upload."""

    code = "material.unknown"


class UnknownStep(IntakeError):
    """The form has no such step."""

    code = "draft.unknown-step"


class DraftIncomplete(IntakeError):
    """Something is missing or wrong; nothing was filed. ``errors`` name fields, ``materials`` codes."""

    code = "draft.incomplete"

    def __init__(self, *, errors: Sequence[FieldError], materials: Sequence[str]) -> None:
        super().__init__()
        self.errors = tuple(errors)
        self.materials = tuple(materials)
