"""What can go wrong when a picture is read, or when what was read is taken."""

from collections.abc import Mapping
from typing import ClassVar

__all__ = [
    "NotConfirmed",
    "ReaderFailed",
    "ReaderMissing",
    "RecognitionError",
    "TooManyReadings",
    "UnknownReading",
]


class RecognitionError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "reading.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class ReaderFailed(RecognitionError):
    """The reader came to an end, or took too long. The picture may be right: it can be tried again."""

    code = "reading.failed"


class ReaderMissing(RecognitionError):
    """This machine has no reader installed."""

    code = "reading.missing"


class TooManyReadings(RecognitionError):
    """``limit`` pictures of one person wait at a time."""

    code = "reading.too-many"


class UnknownReading(RecognitionError):
    """There is none, it is somebody else's, or it was forgotten meanwhile."""

    code = "reading.unknown"


class NotConfirmed(RecognitionError):
    """Something must be put right first: ``fields`` says what, by name, as a code."""

    code = "reading.not-confirmed"

    def __init__(self, *, fields: Mapping[str, str]) -> None:
        super().__init__(fields=dict(fields))
        self.fields = fields
