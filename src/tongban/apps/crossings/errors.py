"""What can be wrong with matters and cases of other cities."""

from typing import ClassVar

__all__ = ["CannotAdopt", "CrossingError"]


class CrossingError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence."""

    code: ClassVar[str] = "crossing.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class CannotAdopt(CrossingError):
    """A matter that a neighbour offers cannot be offered here. ``fee``: because it costs something there."""

    code = "crossing.cannot-adopt"
    sentence = "{matter} of {neighbour} is not offered here: {why}."
