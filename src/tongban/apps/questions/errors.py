"""What can be wrong with questions to colleagues."""

from typing import ClassVar

__all__ = [
    "AskedAlready",
    "ColleagueUnfit",
    "NotYourCase",
    "NotYourQuestion",
    "QuestionError",
    "QuestionMoved",
    "UnknownQuestion",
    "WordsUnfit",
]


class QuestionError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "question.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownQuestion(QuestionError):
    """There is no such question, or none that this reader may know of: they are not told which."""

    code = "question.unknown"


class NotYourQuestion(QuestionError):
    """The reader sees the question, and it is not theirs to do this to it."""

    code = "question.not-yours"


class NotYourCase(QuestionError):
    """Only who has a step to do in a case asks colleagues about it."""

    code = "question.not-your-case"


class ColleagueUnfit(QuestionError):
    """Nobody who serves there now, oneself, or somebody whose own case it is."""

    code = "question.colleague-unfit"


class AskedAlready(QuestionError):
    """The same colleague has an open question of the asker's about this case; ``number`` is its number."""

    code = "question.asked-already"


class WordsUnfit(QuestionError):
    """There are no words, or more than ``most`` characters."""

    code = "question.words-unfit"


class QuestionMoved(QuestionError):
    """The question has been answered or taken back, or its case is over."""

    code = "question.moved"
