"""What can be wrong with audits."""

from typing import ClassVar

__all__ = [
    "AuditError",
    "AuditMoved",
    "AuditUnderWay",
    "FindingIncomplete",
    "NotImpartial",
    "NotToAudit",
    "NothingToAudit",
    "ReasonMissing",
    "TooWide",
    "UnknownAudit",
]


class AuditError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "audit.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownAudit(AuditError):
    """There is no such audit or sample, or none that this reader may know of: they are not told which."""

    code = "audit.unknown"


class NotToAudit(AuditError):
    """The reader sees it, and it is not theirs to do this to it."""

    code = "audit.not-allowed"


class NotImpartial(AuditError):
    """Nobody audits a file in which they had a step, nor one of a department in which they serve."""

    code = "audit.not-impartial"


class AuditMoved(AuditError):
    """It is not, or no longer, where this could be done to it."""

    code = "audit.moved"


class AuditUnderWay(AuditError):
    """An earlier audit of this file is not closed: another one begins after it."""

    code = "audit.under-way"


class FindingIncomplete(AuditError):
    """Each question is answered; a defect names at least one that is not in order, and what is in order names none."""

    code = "audit.finding-incomplete"


class ReasonMissing(AuditError):
    """Defects, answers and rulings give reasons; so does choosing files."""

    code = "audit.reason-missing"


class NothingToAudit(AuditError):
    """No decided file fits, or each that does was audited before."""

    code = "audit.nothing"


class TooWide(AuditError):
    """A sample looks at a time that is over, of a year at most."""

    code = "audit.too-wide"
