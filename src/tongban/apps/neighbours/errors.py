"""What can be wrong with a message between two systems, or with what is set for it."""

from typing import ClassVar

__all__ = [
    "BodyChanged",
    "FromTheFuture",
    "KeyExpired",
    "Malformed",
    "NeighbourAway",
    "NeighbourError",
    "NeighbourRefused",
    "NeighboursOff",
    "NeighboursUnusable",
    "NotForUs",
    "NotGranted",
    "OwnKeyExpired",
    "Refuse",
    "Replayed",
    "SignatureWrong",
    "TargetForbidden",
    "TooLarge",
    "TooOften",
    "TooOld",
    "UnknownKey",
    "UnknownNeighbour",
    "UnknownService",
    "Unsigned",
    "WireError",
]


class NeighbourError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence, which names the cure for whoever runs the city."""

    code: ClassVar[str] = "neighbour.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class NeighboursOff(NeighbourError):
    """Nothing to sign with is set."""

    code = "neighbour.off"
    sentence = (
        "There is no key to sign messages with: make one with `openssl rand -base64 32`, and set it with its last day "
        "in TONGBAN_NEIGHBOUR_KEYS, such as `…=@2027-12-31`."
    )


class OwnKeyExpired(NeighbourError):
    """The last day of every key of ours is over."""

    code = "neighbour.own-key-expired"
    sentence = "Every key of TONGBAN_NEIGHBOUR_KEYS is past its last day. Add a new one and tell your neighbours."


class NeighboursUnusable(NeighbourError):
    """The list of neighbours, or a key in the settings, cannot be used."""

    code = "neighbour.unusable"
    sentence = "{where}: {why}"


class UnknownNeighbour(NeighbourError):
    """No such neighbour is configured."""

    code = "neighbour.unknown"
    sentence = "There is no neighbour {neighbour} in neighbours.yaml."


class NeighbourAway(NeighbourError):
    """No answer that can be trusted: away, slow, or something in between answered. It is tried again."""

    code = "neighbour.away"
    sentence = "{neighbour} did not answer ({why}). What waits for it is sent again by itself."


class NeighbourRefused(NeighbourError):
    """The neighbour answered, signed, that it does not do this: ``refusal`` is its code, ``told`` what goes with it."""

    code = "neighbour.refused"
    sentence = "{neighbour} does not do this: {refusal}."

    @property
    def is_final(self) -> bool:
        """Whether it would not go differently later: what is wrong with keys, clocks or grants can be put right."""
        return not str(self.params.get("refusal", "")).startswith("wire.")


class TargetForbidden(NeighbourError):
    """An address that this server must not call; ``why`` is a short code."""

    code = "neighbour.target"
    sentence = "This address is not called ({why})."


class Refuse(Exception):
    """A service's own answer that it does not do this: ``code`` goes back to who asked, with ``told``."""

    def __init__(self, code: str, **told: object) -> None:
        super().__init__(code)
        self.code, self.told = code, told


class WireError(Exception):
    """Base of why a message is not taken in; ``code`` and ``status`` go into the answer."""

    code: ClassVar[str] = "wire.error"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = ""

    def __str__(self) -> str:
        return self.sentence


class Malformed(WireError):
    """What was sent is not a message of this kind."""

    code = "wire.malformed"
    sentence = "The message cannot be read."


class Unsigned(WireError):
    """No signature, or one that does not cover what has to be covered."""

    code, status = "wire.unsigned", 401
    sentence = "The message is not signed, or the signature leaves out something that it has to cover."


class UnknownKey(WireError):
    """Nobody whom we know signs with this key."""

    code, status = "wire.unknown-key", 401
    sentence = "The key is none that we know. Have both sides run `tongban neighbours refresh`."


class KeyExpired(WireError):
    """The key's last day is over, or its first has not come."""

    code, status = "wire.key-expired", 401
    sentence = "The key is not in force today."


class TooOld(WireError):
    """It was signed too long ago, or is past its end."""

    code, status = "wire.expired", 401
    sentence = "The message has expired. Compare the clocks of both sides."


class FromTheFuture(WireError):
    """It was signed later than now."""

    code, status = "wire.from-the-future", 401
    sentence = "The message was signed in the future. Compare the clocks of both sides."


class BodyChanged(WireError):
    """The body is not the one whose digest was signed."""

    code, status = "wire.body-changed", 401
    sentence = "The body is not the one that was signed."


class SignatureWrong(WireError):
    """The signature is not of this key over this message."""

    code, status = "wire.signature", 401
    sentence = "The signature does not fit the message."


class NotForUs(WireError):
    """It is signed well, but for somebody else."""

    code, status = "wire.not-for-us", 421
    sentence = "The message is for somebody else."


class Replayed(WireError):
    """This very message has been here before."""

    code, status = "wire.replayed", 409
    sentence = "This message has been taken in before."


class NotGranted(WireError):
    """The neighbour may not ask for this."""

    code, status = "wire.not-granted", 403
    sentence = "This is not granted to you."


class UnknownService(WireError):
    """Nothing here is called that."""

    code, status = "wire.unknown-service", 404
    sentence = "There is no such service."


class TooLarge(WireError):
    """More than is taken in at once."""

    code, status = "wire.too-large", 413
    sentence = "The message is too large."


class TooOften(WireError):
    """More messages than are taken in within a minute."""

    code, status = "wire.too-often", 429
    sentence = "Too many messages at once."
