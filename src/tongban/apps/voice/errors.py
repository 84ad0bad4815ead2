"""What can go wrong when messages are read and sorted, as types with codes."""

from collections.abc import Sequence
from typing import ClassVar

from tongban.apps.catalog.definitions import FieldError

__all__ = [
    "AgainTooEarly",
    "AgainTooLate",
    "AskedAgain",
    "DayPassed",
    "HandTakenBack",
    "ModelUnusable",
    "NoPlaceToSpeak",
    "NotForThem",
    "NotToPublish",
    "NothingSaid",
    "RoomClosed",
    "SourceMissing",
    "StillPersonal",
    "TableUnreadable",
    "ThemeThere",
    "TooFewExamples",
    "TooFewTopics",
    "TooLong",
    "TopicGone",
    "TopicNotAnswered",
    "UnknownCategory",
    "UnknownCommitment",
    "UnknownInquiry",
    "UnknownRoom",
    "UnknownTheme",
    "UnknownTopic",
    "VoiceError",
    "WordsRefused",
]


class VoiceError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "voice.error"

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.params = params


class TableUnreadable(VoiceError):
    """A file is no table of messages: no text, no label, or in no encoding that is known."""

    code = "voice.table-unreadable"


class TooFewExamples(VoiceError):
    """Nothing can be learned: there are not two categories with examples."""

    code = "voice.too-few-examples"


class ModelUnusable(VoiceError):
    """A model's file is missing, broken, or was written by another version."""

    code = "voice.model-unusable"


class NothingSaid(VoiceError):
    """An inquiry has no words, or fewer than can be understood."""

    code = "voice.nothing-said"


class TooLong(VoiceError):
    """An inquiry is longer than can be read; ``limit`` is how many characters can."""

    code = "voice.too-long"


class NoPlaceToSpeak(VoiceError):
    """The city has no matter in which anything can be said."""

    code = "voice.no-matter"


class WordsRefused(VoiceError):
    """The form refuses an answer; ``refused`` says which and why."""

    code = "voice.words-refused"

    def __init__(self, refused: Sequence[FieldError]) -> None:
        super().__init__(f"the form refuses {', '.join(each.field for each in refused)}")
        self.refused = refused


class UnknownInquiry(VoiceError):
    """There is no such inquiry, or none that this reader may know of."""

    code = "voice.unknown"


class UnknownCategory(VoiceError):
    """The dispatch directory has no such category."""

    code = "voice.unknown-category"


class NotForThem(VoiceError):
    """Only a coordinator, or the department that answers, may do that."""

    code = "voice.not-for-them"


class NotToPublish(VoiceError):
    """Whoever said it does not want it public."""

    code = "voice.not-to-publish"


class StillPersonal(VoiceError):
    """What is to be made public has a number in it that is surely somebody's; ``words`` shows which."""

    code = "voice.still-personal"


class UnknownTopic(VoiceError):
    """There is no such topic, or no such change of one."""

    code = "voice.unknown-topic"


class TopicGone(VoiceError):
    """The topic has gone into another; ``into`` is the number of that one."""

    code = "voice.topic-gone"


class TooFewTopics(VoiceError):
    """There is nothing to put together, or nothing would be left of what is put apart."""

    code = "voice.too-few-topics"


class HandTakenBack(VoiceError):
    """What was put together or apart has been taken back already, or could not be done."""

    code = "voice.hand-taken-back"


class TopicNotAnswered(VoiceError):
    """What nobody has answered cannot be called settled."""

    code = "voice.topic-not-answered"


class UnknownRoom(VoiceError):
    """There is no such event, or nothing in it that this reader may read."""

    code = "voice.unknown-event"


class RoomClosed(VoiceError):
    """The event is over, and nothing is added to it."""

    code = "voice.event-closed"


class SourceMissing(VoiceError):
    """What is said of an event has no source, or the event none that it is known from."""

    code = "voice.source-missing"


class UnknownTheme(VoiceError):
    """There is no such theme, or it is done."""

    code = "voice.unknown-theme"


class ThemeThere(VoiceError):
    """The topic is a theme of that month already."""

    code = "voice.theme-there"


class DayPassed(VoiceError):
    """A theme is to be done by a day that is over."""

    code = "voice.day-passed"


class AgainTooEarly(VoiceError):
    """It has not been answered yet, so there is nothing to look into once more."""

    code = "voice.again-too-early"


class AgainTooLate(VoiceError):
    """It was answered more than ``days`` days ago."""

    code = "voice.again-too-late"


class AskedAgain(VoiceError):
    """It was looked into once more already: that is done once."""

    code = "voice.asked-again"


class UnknownCommitment(VoiceError):
    """There is no such promise."""

    code = "voice.unknown-commitment"
