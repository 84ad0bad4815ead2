"""What can be wrong with messages of the public, and with what is written to them, as types with codes."""

from typing import ClassVar

__all__ = [
    "CorrespondenceError",
    "MessageForged",
    "MessageLate",
    "MessageTooLarge",
    "MessageUnreadable",
    "NoCorrespondent",
    "NothingToSay",
    "UnknownMessage",
]


class CorrespondenceError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "correspondence.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class MessageForged(CorrespondenceError):
    """It is not signed by whom it claims to come from, or meant for another account."""

    code = "correspondence.forged"


class MessageLate(CorrespondenceError):
    """It was signed too long ago, or for later: somebody may be sending again what they have seen."""

    code = "correspondence.late"


class MessageTooLarge(CorrespondenceError):
    """It has more bytes than messages of this way have."""

    code = "correspondence.too-large"


class MessageUnreadable(CorrespondenceError):
    """It is signed, but nothing that this way's messages look like."""

    code = "correspondence.unreadable"


class NoCorrespondent(CorrespondenceError):
    """The case did not come in by message or mail, or who wrote has been forgotten: nobody can be written to."""

    code = "correspondence.nobody"


class NothingToSay(CorrespondenceError):
    """There are no words, or more than one message holds (``longest``)."""

    code = "correspondence.no-words"


class UnknownMessage(CorrespondenceError):
    """There is no such message, or it is not the reader's to see."""

    code = "correspondence.unknown-message"
