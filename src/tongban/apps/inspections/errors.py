"""What stands against a record of a visit."""

from collections.abc import Sequence
from typing import ClassVar

from tongban.apps.catalog.definitions import Lack

__all__ = [
    "InspectionError",
    "NotSent",
    "OtherPhoto",
    "PictureUnreadable",
    "RecordLacks",
    "TooManyPhotos",
    "UnknownInspection",
]


class InspectionError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence."""

    code: ClassVar[str] = "inspection.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class UnknownInspection(InspectionError):
    """There is no such record, or it is not the reader's to see."""

    code = "inspection.unknown"
    sentence = "There is no such record."


class PictureUnreadable(InspectionError):
    """The bytes are no picture that can be opened, or one too large to be."""

    code = "inspection.picture-unreadable"
    sentence = "This is no picture that can be opened."


class TooManyPhotos(InspectionError):
    """More photos than anybody looks through; ``most`` is how many there may be."""

    code = "inspection.too-many-photos"
    sentence = "There are {most} photos already."


class OtherPhoto(InspectionError):
    """Another photo was sent under the same key before."""

    code = "inspection.other-photo"
    sentence = "Another photo has this key."


class NotSent(InspectionError):
    """Photos of the record have not arrived; ``photos`` are their keys."""

    code = "inspection.photos-missing"
    sentence = "Photos have not arrived: {photos}."


class RecordLacks(InspectionError):
    """Something is missing or wrong. ``lacks`` are those of the checklist, ``fields`` codes by name of the field."""

    code = "inspection.lacks"
    sentence = "Something is missing."

    def __init__(self, *, lacks: Sequence[Lack], fields: dict[str, str]) -> None:
        super().__init__()
        self.lacks, self.fields = lacks, fields
