"""What can go wrong with people, as types with codes; screens turn codes into words."""

__all__ = ["NameDiffers", "NotAllowed", "PeopleError", "SealBroken"]


class PeopleError(Exception):
    """Base of this app's errors; ``code`` is stable and names the words on the screen."""

    code = "people.error"


class NotAllowed(PeopleError):
    """The person may not do this."""

    code = "people.not-allowed"


class SealBroken(PeopleError):
    """A sealed number does not open: its key is missing or a byte was changed."""

    code = "people.seal-broken"


class NameDiffers(PeopleError):
    """The number is on file under another name: a slip of the finger must not file in another person's name."""

    code = "people.name-differs"
