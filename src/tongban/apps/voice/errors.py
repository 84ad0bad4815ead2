"""What can go wrong when messages are read and sorted, as types with codes."""

from typing import ClassVar

__all__ = ["ModelUnusable", "TableUnreadable", "TooFewExamples", "VoiceError"]


class VoiceError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "voice.error"

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.params = params


class TableUnreadable(VoiceError):
    """A file is no table of messages: no text, no label, or in no encoding that is known."""

    code = "voice.table-unreadable"


class TooFewExamples(VoiceError):
    """Nothing can be learned: there are not two categories with examples."""

    code = "voice.too-few-examples"


class ModelUnusable(VoiceError):
    """A model's file is missing, broken, or was written by another version."""

    code = "voice.model-unusable"
