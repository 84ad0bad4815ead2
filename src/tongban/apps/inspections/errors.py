"""What stands against a record of a visit."""

from collections.abc import Sequence
from typing import ClassVar

from tongban.apps.catalog.definitions import Lack

__all__ = [
    "InspectionError",
    "NotSent",
    "OfficerUnfit",
    "OtherDayAsked",
    "OtherPhoto",
    "PictureUnreadable",
    "RecordLacks",
    "TimeUnfit",
    "TooManyPhotos",
    "UnknownInspection",
    "VisitMoved",
    "VisitNotYet",
    "VisitThere",
    "VisitTooLate",
    "VisitWithoutOthers",
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


class VisitMoved(InspectionError):
    """The joint visit does not stand any more as it did on the page: somebody was quicker, or it is not theirs."""

    code = "inspection.visit-moved"
    sentence = "The joint visit has moved on since."


class VisitThere(InspectionError):
    """A joint visit of this case is proposed or fixed already."""

    code = "inspection.visit-there"
    sentence = "There is a joint visit already."


class VisitWithoutOthers(InspectionError):
    """Fewer than two departments have an open step for which somebody could go there."""

    code = "inspection.visit-without-others"
    sentence = "There is nobody to go there with."


class TimeUnfit(InspectionError):
    """The time is not on one working day after today, in office hours."""

    code = "inspection.visit-time-unfit"
    sentence = "The time is not in the office hours of a day to come."


class VisitTooLate(InspectionError):
    """By then the step of a department is over; ``until`` is the last day on which all of them still have theirs."""

    code = "inspection.visit-too-late"
    sentence = "By then a step is over; until {until} all have theirs."


class OfficerUnfit(InspectionError):
    """Nobody who may do that department's step."""

    code = "inspection.visit-officer-unfit"
    sentence = "Whoever goes there must be able to do the step."


class OtherDayAsked(InspectionError):
    """The applicant has asked for another day before, or the visit has begun."""

    code = "inspection.visit-other-day"
    sentence = "Another day can be asked for once, before the visit."


class VisitNotYet(InspectionError):
    """Nobody records what they found on a day that has not come."""

    code = "inspection.visit-not-yet"
    sentence = "The visit has not been yet."


class RecordLacks(InspectionError):
    """Something is missing or wrong. ``lacks`` are those of the checklist, ``fields`` codes by name of the field."""

    code = "inspection.lacks"
    sentence = "Something is missing."

    def __init__(self, *, lacks: Sequence[Lack], fields: dict[str, str]) -> None:
        super().__init__()
        self.lacks, self.fields = lacks, fields
