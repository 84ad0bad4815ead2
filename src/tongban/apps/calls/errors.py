"""What can be wrong with a call."""

from typing import ClassVar

__all__ = [
    "CallBackOver",
    "CallBackUnfit",
    "CallError",
    "CallOpen",
    "CallOver",
    "ChecklistLimit",
    "NoPhoneDesk",
    "NotShown",
    "NothingFiled",
    "TelephoneUnfit",
    "TooFewTries",
    "TriesUsed",
    "UnknownCall",
    "UnknownCallBack",
]


class CallError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence."""

    code: ClassVar[str] = "call.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class ChecklistLimit(CallError):
    """As many lists as may be were sent in this call, or to this telephone within a day."""

    code = "call.checklist-limit"
    sentence = "Enough was sent in this call, or to this telephone."


class NoPhoneDesk(CallError):
    """The city's ``phone.yaml`` does not let this clerk answer the telephone."""

    code = "call.no-desk"
    sentence = "This clerk does not answer the telephone."


class UnknownCall(CallError):
    """There is no such call, or a colleague has it."""

    code = "call.unknown"
    sentence = "There is no such call."


class CallOpen(CallError):
    """A clerk has one call at a time; ``number`` is the one that is open."""

    code = "call.open"
    sentence = "Another call is open."


class CallOver(CallError):
    """The call was ended, or has lasted so long that it was forgotten."""

    code = "call.over"
    sentence = "The call is over."


class TelephoneUnfit(CallError):
    """What was given is no telephone number."""

    code = "call.telephone"
    sentence = "This is no telephone number."


class NotShown(CallError):
    """The caller has not shown who they are, or not for this: it is not told, not opened and not filed."""

    code = "call.not-shown"
    sentence = "The caller has not shown that this is theirs."


class NothingFiled(CallError):
    """The city has no words that a caller could say yes to, so nothing is filed by telephone."""

    code = "call.nothing-filed"
    sentence = "Nothing is filed by telephone here."


class TriesUsed(CallError):
    """The caller has tried as often as one may in a call."""

    code = "call.tries-used"
    sentence = "The caller has tried too often."


class UnknownCallBack(CallError):
    """There is no such promise, or another department has it."""

    code = "call-back.unknown"
    sentence = "There is no such promise of a call."


class CallBackOver(CallError):
    """They were called already, or given up."""

    code = "call-back.over"
    sentence = "This call was made already."


class CallBackUnfit(CallError):
    """A promise needs a telephone, a question, a time that the city offers and a department that there is."""

    code = "call-back.unfit"
    sentence = "Something is missing for this promise."


class TooFewTries(CallError):
    """Nobody is given up before they were called ``least`` times."""

    code = "call-back.too-few-tries"
    sentence = "Try more often before giving up."
