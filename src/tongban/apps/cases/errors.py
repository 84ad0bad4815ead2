"""Why something cannot be done to a case. A kernel refusal (``flow.Refused``) passes through as it is."""

from typing import ClassVar

from tongban.kernel.flow import Refused

__all__ = [
    "AlreadyRated",
    "CaseError",
    "CaseUnderWay",
    "CertificateChanged",
    "CheckGone",
    "CheckReasonMissing",
    "CheckTooLate",
    "DraftOwed",
    "NoRuleDecided",
    "NotTogether",
    "NotYours",
    "NumbersExhausted",
    "RectificationDays",
    "RectificationGone",
    "RectificationRunning",
    "RectificationWordsMissing",
    "Refused",
    "RepairGone",
    "RepairReasonMissing",
    "RepairTooEarly",
    "SameEyes",
    "UnfitPerson",
    "UnknownCase",
    "UnknownEvent",
]


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


class CaseUnderWay(CaseError):
    """The case is not over; whatever is asked of it, its answers and files stay."""

    code = "case.under-way"


class NoRuleDecided(CaseError):
    """A person looks at what a rule has decided; a person has decided this, or nobody has yet."""

    code = "check.no-rule"


class CheckGone(CaseError):
    """It has been asked for before, or somebody has concluded it meanwhile: a case is checked once."""

    code = "check.gone"


class CheckTooLate(CaseError):
    """A check is asked for within so long after the decision; ``days`` says how long."""

    code = "check.too-late"


class CheckReasonMissing(CaseError):
    """Whoever concludes a check says why."""

    code = "check.reason-missing"


class RectificationGone(CaseError):
    """There is nothing to put right here, or not any more: no such check is open, or it was answered already."""

    code = "rectification.gone"


class RectificationDays(CaseError):
    """Not so many working days: at least ``least``, and no later than the day ``last``."""

    code = "rectification.days"


class RectificationRunning(CaseError):
    """It can be put right until the day ``due``: before that nothing is held against them."""

    code = "rectification.running"


class RectificationWordsMissing(CaseError):
    """Whoever orders it says what is to be put right; whoever answers says what was done, or shows it."""

    code = "rectification.words-missing"


class RepairGone(CaseError):
    """No bar holds that could end early, the matter knows of no such thing, or it is asked for or answered already."""

    code = "repair.gone"


class RepairTooEarly(CaseError):
    """It can be asked for from the day ``since`` on."""

    code = "repair.too-early"


class RepairReasonMissing(CaseError):
    """Whoever asks for it says why, and so does whoever decides on it."""

    code = "repair.reason-missing"


class CertificateChanged(CaseError):
    """Something was done to the certificate since it was shown to whoever wants to change it now."""

    code = "certificate.changed-since"


class AlreadyRated(CaseError):
    """A case is rated once."""

    code = "case.already-rated"


class NotTogether(CaseError):
    """The case does not pass by itself, so it is not taken along with others: something in it wants to be looked at."""

    code = "case.not-together"


class NumbersExhausted(CaseError):
    """Five fresh numbers in a row were taken; something is wrong with the source of randomness."""

    code = "case.numbers-exhausted"


class UnfitPerson(CaseError):
    """Whoever was named does not serve there, or may not do such a step; or nobody of the department may."""

    code = "case.unfit-person"


class SameEyes(CaseError):
    """Who would review or decide has handled the case, in their own name or in somebody's place."""

    code = "case.same-eyes"


class DraftOwed(CaseError):
    """The step drafts the decision, and its result says nothing of it or gives no reasons."""

    code = "case.draft-owed"


class UnknownEvent(CaseError):
    """The case's process never waits for a message or signal of that ``name``."""

    code = "event.unknown"
