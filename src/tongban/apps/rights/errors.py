"""What can be wrong when people use their rights."""

from typing import ClassVar

__all__ = [
    "LookNotRecorded",
    "NotOffered",
    "NotToCarryOut",
    "ReasonMissing",
    "RightsError",
    "UnknownExport",
    "UnknownHold",
    "UnknownLook",
]


class RightsError(Exception):
    """Base; ``code`` is stable, ``params`` fill its sentence."""

    code: ClassVar[str] = "rights.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class LookNotRecorded(RightsError):
    """That somebody looks could not be put on record, so nothing is shown."""

    code = "rights.look-not-recorded"


class UnknownLook(RightsError):
    """There is no such look at the reader's data."""

    code = "rights.unknown-look"


class NotOffered(RightsError):
    """This city takes no such request online."""

    code = "rights.not-offered"


class NotToCarryOut(RightsError):
    """It was not granted, has been carried out already, or is no request of this kind."""

    code = "rights.not-to-carry-out"


class ReasonMissing(RightsError):
    """A hold names its reason."""

    code = "rights.reason-missing"


class UnknownHold(RightsError):
    """There is no such hold, or it was lifted."""

    code = "rights.unknown-hold"


class UnknownExport(RightsError):
    """There is no such copy of the reader's data, or it has run out."""

    code = "rights.unknown-export"
