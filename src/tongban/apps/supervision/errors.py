"""What can be wrong with cards."""

from typing import ClassVar

__all__ = [
    "AppealTooLate",
    "CardError",
    "CardMoved",
    "NotResponsible",
    "OwnDepartment",
    "ReasonMissing",
    "UnknownCard",
]


class CardError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "card.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownCard(CardError):
    """There is no such card, or none that this reader may know of: they are not told which."""

    code = "card.unknown"


class NotResponsible(CardError):
    """The reader sees the card, and it is not theirs to do this to it."""

    code = "card.not-responsible"


class OwnDepartment(CardError):
    """Nobody rules on the appeal of a department in which they serve."""

    code = "card.own-department"


class CardMoved(CardError):
    """The card is not, or no longer, where this could be done to it."""

    code = "card.moved"


class AppealTooLate(CardError):
    """The time for an appeal is over; ``due`` was its end."""

    code = "card.appeal-too-late"


class ReasonMissing(CardError):
    """Answers, appeals and rulings give reasons."""

    code = "card.reason-missing"
