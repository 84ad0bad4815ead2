"""Why a draft cannot be opened, filled in or filed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from tongban.apps.catalog.definitions import FieldError

__all__ = [
    "ConsentMissing",
    "DeclineTooLate",
    "DraftFiled",
    "DraftIncomplete",
    "DraftOutdated",
    "EmptyOrder",
    "IntakeError",
    "NoMandate",
    "NotByCall",
    "NotServed",
    "NotUnasked",
    "OrderIncomplete",
    "OrderSent",
    "PledgeBarred",
    "ShareGone",
    "TooManyFiles",
    "UnderWay",
    "UnknownDraft",
    "UnknownMaterial",
    "UnknownOffer",
    "UnknownOrder",
    "UnknownStep",
    "WordsChanged",
]


class IntakeError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "intake.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownOffer(IntakeError):
    """This is not offered to them, or not any more."""

    code = "offer.unknown"


class UnknownDraft(IntakeError):
    """No such draft, or somebody else's."""

    code = "draft.unknown"


class DraftFiled(IntakeError):
    """The draft has been filed as case ``number``; it does not change any more."""

    code = "draft.filed"


class NotByCall(IntakeError):
    """The matter cannot be filed by a call; ``ways`` are the others."""

    code = "matter.not-by-call"


class ConsentMissing(IntakeError):
    """Nobody has said yes on the telephone to what is filed for them."""

    code = "consent.not-spoken"


class NoMandate(IntakeError):
    """The actor may not ask in this applicant's name for this matter."""

    code = "applicant.no-mandate"


class PledgeBarred(IntakeError):
    """A pledge of theirs was broken in this matter: until the day ``until`` no other counts; other ways are open."""

    code = "pledge.barred"


class NotUnasked(IntakeError):
    """It was not granted without asking, or has been declined already."""

    code = "unasked.unknown"


class DeclineTooLate(IntakeError):
    """The time in which it could be declined ended with the day ``until``; other ways are open."""

    code = "unasked.too-late"


class NotServed(IntakeError):
    """The matter is not for applicants of this kind: persons, or organisations."""

    code = "applicant.not-served"


class DraftOutdated(IntakeError):
    """The matter was published anew since the draft was begun. The draft now follows it; nothing was filed or lost."""

    code = "draft.outdated"


class TooManyFiles(IntakeError):
    """``limit`` files are enough for one material."""

    code = "material.too-many"


class UnknownMaterial(IntakeError):
    """The matter does not ask for this material as an upload."""

    code = "material.unknown"


class UnknownStep(IntakeError):
    """The form has no such step."""

    code = "draft.unknown-step"


class DraftIncomplete(IntakeError):
    """Something is missing or wrong; nothing was filed. ``errors`` name fields, ``materials`` codes."""

    code = "draft.incomplete"

    def __init__(self, *, errors: Sequence[FieldError], materials: Sequence[str]) -> None:
        super().__init__()
        self.errors = tuple(errors)
        self.materials = tuple(materials)


class UnknownOrder(IntakeError):
    """No such order, or somebody else's."""

    code = "order.unknown"


class OrderSent(IntakeError):
    """The order has been sent under ``number``; it does not change any more."""

    code = "order.sent"


class UnderWay(IntakeError):
    """The applicant is asking for this already; nothing was put in or filed. ``matters`` are which."""

    code = "order.under-way"

    def __init__(self, *, matters: Sequence[str]) -> None:
        super().__init__()
        self.matters = tuple(matters)


class EmptyOrder(IntakeError):
    """Nothing is in it, so nothing can be filed."""

    code = "order.empty"


class ShareGone(IntakeError):
    """The link was taken back, has run out, or somebody else has used it."""

    code = "order.share-gone"


class OrderIncomplete(IntakeError):
    """Something is missing or wrong; nothing was filed. ``problems`` are what is, by matter."""

    code = "order.incomplete"

    def __init__(self, problems: Mapping[str, DraftIncomplete]) -> None:
        super().__init__()
        self.problems = dict(problems)


class WordsChanged(IntakeError):
    """The words of a consent were changed while they were read; nothing was agreed to."""

    code = "consent.words-changed"
