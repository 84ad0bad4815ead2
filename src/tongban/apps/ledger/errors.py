"""What can be wrong with signing the log, or with proving a part of it."""

from typing import ClassVar

__all__ = [
    "KeyMissing",
    "KeyRetired",
    "KeyUnusable",
    "LedgerError",
    "LogIsElsewhere",
    "NotCovered",
    "NumbersTaken",
    "UnknownEvent",
    "UnknownFollower",
    "UnknownStream",
    "WrongKey",
]


class LedgerError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence, which names the cure for whoever runs the city."""

    code: ClassVar[str] = "ledger.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class KeyMissing(LedgerError):
    """No key to sign with is set."""

    code = "ledger.key-missing"
    sentence = (
        "There is no key to sign checkpoints with: make one with `openssl rand -base64 32`, keep it apart from the "
        "database, and set it in TONGBAN_CHECKPOINT_KEYS for `tongban work` and `tongban checkpoint`."
    )


class KeyUnusable(LedgerError):
    """A key in the settings is not one."""

    code = "ledger.key-unusable"
    sentence = "Key {number} of TONGBAN_CHECKPOINT_KEYS cannot be used: it is not base64 of 32 bytes."


class KeyRetired(LedgerError):
    """The new key is one that signed before."""

    code = "ledger.key-retired"
    sentence = "Key {key} signed before and was changed for another. Make a new one with `openssl rand -base64 32`."


class WrongKey(LedgerError):
    """The first key in the settings is not the one that signs now."""

    code = "ledger.wrong-key"
    sentence = (
        "Checkpoints are signed by key {current}, but the first of TONGBAN_CHECKPOINT_KEYS is key {given}. To change "
        "over to it, set `new,old` and run `tongban checkpoint rotate-key`; otherwise put key {current} first again."
    )


class UnknownEvent(LedgerError):
    """The case has no such event."""

    code = "ledger.unknown-event"
    sentence = "There is no such event in the log."


class NotCovered(LedgerError):
    """No checkpoint covers the event yet."""

    code = "ledger.not-covered"
    sentence = "No checkpoint covers this yet. The log of a day is signed after the day is over: `tongban checkpoint`."


class LogIsElsewhere(LedgerError):
    """The database was restored into another cluster, and the order of the log not yet carried on there."""

    code = "ledger.elsewhere"
    sentence = (
        "The database was restored into another PostgreSQL cluster, whose transactions are numbered anew: nobody "
        "follows the log until `tongban migrate` or `tongban followers mend` has carried its order on."
    )


class UnknownFollower(LedgerError):
    """Nobody follows the log under that name."""

    code = "ledger.unknown-follower"
    sentence = "Nobody follows the log as {name}; `tongban followers list` shows who does."


class UnknownStream(LedgerError):
    """There is no log of that number."""

    code = "ledger.unknown-stream"
    sentence = "There is no log with the number {number}."


class NumbersTaken(LedgerError):
    """Five numbers in a row that were drawn for a log were in use: not chance, something is wrong."""

    code = "ledger.numbers-taken"
    sentence = "No free number was found for a log. Look whether the machine's source of random numbers works."
