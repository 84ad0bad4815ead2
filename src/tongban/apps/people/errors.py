"""What can go wrong with people, as types with codes; screens turn codes into words."""

__all__ = [
    "AssuranceTooLow",
    "ChildNeedsGuardian",
    "GuardianIsNone",
    "MandateAnswered",
    "MandateByLaw",
    "MandateForOneself",
    "MandatePending",
    "MandatePeriod",
    "NameDiffers",
    "NotAllowed",
    "PeopleError",
    "PseudonymTaken",
    "ReasonMissing",
    "SealBroken",
    "StandInPeriod",
    "StandInUnfit",
    "UnknownAccount",
    "UnknownClaim",
    "UnknownDepartment",
    "UnknownMandate",
    "UnknownOther",
    "UnknownStandIn",
    "UsernameTaken",
]


class PeopleError(Exception):
    """Base of this app's errors; ``code`` is stable and names the words on the screen."""

    code = "people.error"

    def __init__(self, *args: object, **params: object) -> None:
        super().__init__(*args)
        self.params = params


class NotAllowed(PeopleError):
    """The person may not do this."""

    code = "people.not-allowed"


class SealBroken(PeopleError):
    """A sealed number does not open: its key is missing or a byte was changed."""

    code = "people.seal-broken"


class NameDiffers(PeopleError):
    """The number is on file under another name: a slip of the finger must not file in another person's name."""

    code = "people.name-differs"


class StandInUnfit(PeopleError):
    """Nobody stands in for themselves, and only who serves in a department stands in for a colleague."""

    code = "people.stand-in-unfit"


class StandInPeriod(PeopleError):
    """It ends before it begins, or has ended already."""

    code = "people.stand-in-period"


class UnknownStandIn(PeopleError):
    """There is none, or it has been revoked, or the reader has nothing to do with it."""

    code = "people.unknown-stand-in"


class UnknownAccount(PeopleError):
    """Nobody signs in under this name."""

    code = "people.unknown-account"


class UnknownDepartment(PeopleError):
    """There is no department of this code."""

    code = "people.unknown-department"


class UsernameTaken(PeopleError):
    """Somebody signs in under this name already."""

    code = "people.username-taken"


class AssuranceTooLow(PeopleError):
    """The sign-in is not as sure as this needs (``needed``): confirm it with a second step, or come to a window."""

    code = "people.assurance-too-low"


class ChildNeedsGuardian(PeopleError):
    """Under fourteen a guardian acts."""

    code = "people.child-needs-guardian"


class MandateForOneself(PeopleError):
    """Nobody needs a mandate for themselves."""

    code = "people.mandate-for-oneself"


class MandatePending(PeopleError):
    """Between these two one waits for its answer already."""

    code = "people.mandate-pending"


class MandatePeriod(PeopleError):
    """It would be over before it begins, is over, has no last day, or lasts longer than five years."""

    code = "people.mandate-period"


class MandateAnswered(PeopleError):
    """It has been answered already, or has ended."""

    code = "people.mandate-answered"


class MandateByLaw(PeopleError):
    """A guardian or a legal representative acts by law: that ends where it was put on record, not here."""

    code = "people.mandate-by-law"


class GuardianIsNone(PeopleError):
    """A guardian is a person's, a legal representative an organisation's."""

    code = "people.guardian-is-none"


class ReasonMissing(PeopleError):
    """What a clerk does for somebody at a counter has a reason on record."""

    code = "people.reason-missing"


class UnknownMandate(PeopleError):
    """There is none, or the reader has nothing to do with it."""

    code = "people.unknown-mandate"


class UnknownOther(PeopleError):
    """Nobody who signs in here has this name and this number: one answer for all that does not fit."""

    code = "people.unknown-other"


class UnknownClaim(PeopleError):
    """No pseudonym waits under this code, or it has run out."""

    code = "people.unknown-claim"


class PseudonymTaken(PeopleError):
    """The pseudonym belongs to another account, or the account has ended."""

    code = "people.pseudonym-taken"
