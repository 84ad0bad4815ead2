"""Why a register was not asked, or gave no answer."""

from typing import ClassVar

__all__ = [
    "ConsentMissing",
    "ExchangeError",
    "NotGranted",
    "RecordNotWritten",
    "RegisterAway",
    "UnknownRegister",
]


class ExchangeError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "exchange.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownRegister(ExchangeError):
    """No department of this city publishes such a data service."""

    code = "exchange.unknown-register"


class NotGranted(ExchangeError):
    """The department that asks has no grant for that purpose, or not for that field."""

    code = "exchange.not-granted"


class ConsentMissing(ExchangeError):
    """The grant rests on consent, and nobody has given it."""

    code = "exchange.consent-missing"


class RegisterAway(ExchangeError):
    """The register does not answer, or not sensibly: ``reason`` says how. ``number`` is the record of the attempt."""

    code = "exchange.register-away"


class RecordNotWritten(ExchangeError):
    """The record of a request or of its answer cannot be written: nothing is asked, and nothing told, without one."""

    code = "exchange.record-not-written"
