"""Why something cannot be done to a case. A kernel refusal (``flow.Refused``) passes through as it is."""

from typing import ClassVar

from tongban.kernel.flow import Refused

__all__ = ["AlreadyRated", "CaseError", "NotYours", "NumbersExhausted", "Refused", "UnknownCase"]


class CaseError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "case.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownCase(CaseError):
    """No such case, or none that this reader may know of: a stranger is not told which."""

    code = "case.unknown"


class NotYours(CaseError):
    """The reader sees the case but may not do this to it; ``role`` is what it takes."""

    code = "case.not-yours"


class AlreadyRated(CaseError):
    """A case is rated once."""

    code = "case.already-rated"


class NumbersExhausted(CaseError):
    """Five fresh numbers in a row were taken; something is wrong with the source of randomness."""

    code = "case.numbers-exhausted"
