"""What can be wrong with what officers keep at their desks."""

from typing import ClassVar

__all__ = [
    "AskedAlready",
    "DeskError",
    "PhraseChanged",
    "StepMoved",
    "TooLateToSay",
    "TooManyFilters",
    "TooManyNotes",
    "TooManyPhrases",
    "UnknownFilter",
    "UnknownNote",
    "UnknownPhrase",
    "WordsTooLong",
]


class DeskError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence."""

    code: ClassVar[str] = "desk.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class UnknownPhrase(DeskError):
    """There is no such text, or it is neither the reader's own nor their department's."""

    code = "desk.unknown-phrase"
    sentence = "There is no such text."


class PhraseChanged(DeskError):
    """A colleague has changed the department's text since it was opened."""

    code = "desk.phrase-changed"
    sentence = "The text has been changed meanwhile."


class TooManyPhrases(DeskError):
    """Nobody finds anything in a longer list; ``most`` is how many there may be."""

    code = "desk.too-many-phrases"
    sentence = "There are {most} texts already."


class StepMoved(DeskError):
    """What is written belongs to something that the officer cannot do, or no longer."""

    code = "desk.step-moved"
    sentence = "This is not possible any more."


class WordsTooLong(DeskError):
    """Much more was written than the form takes."""

    code = "desk.words-too-long"
    sentence = "This is too long to be kept."


class UnknownFilter(DeskError):
    """The reader has no such filter."""

    code = "desk.unknown-filter"
    sentence = "There is no such filter."


class TooManyFilters(DeskError):
    """They all stand at the side of the page; ``most`` is how many there may be."""

    code = "desk.too-many-filters"
    sentence = "There are {most} filters already."


class UnknownNote(DeskError):
    """The case has no such note, or nothing that a note could be on, or there are no words."""

    code = "desk.unknown-note"
    sentence = "There is no such note."


class TooManyNotes(DeskError):
    """Nobody reads more notes on one case; ``most`` is how many there may be."""

    code = "desk.too-many-notes"
    sentence = "There are {most} notes already."


class AskedAlready(DeskError):
    """The applicant has been asked for what is missing, once; nothing is added to it."""

    code = "desk.asked-already"
    sentence = "The applicant has been asked already."


class TooLateToSay(DeskError):
    """The five working days within which the applicant is asked for everything are over."""

    code = "desk.too-late-to-say"
    sentence = "The days within which the applicant can be asked are over."
