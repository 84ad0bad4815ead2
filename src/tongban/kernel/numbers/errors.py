"""What is wrong with a number, by code."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["NumberError"]

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "number.length": "a number of this kind ({kind}) has {expected} characters, this has {length}",
        "number.digits": "a number of this kind ({kind}) may not contain other characters than its own",
        "number.check": "the check character of this number ({kind}) does not fit: one is wrong or two are swapped",
        "number.date": "this number ({kind}) holds a day that is not in the calendar",
    }
)


class NumberError(ValueError):
    """A number that cannot be right. `code` is stable; `params["kind"]` says which kind of number was expected.

    The number itself is never part of the message: it may be personal.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: Mapping[str, object] = params
        super().__init__(code, params)

    def __str__(self) -> str:
        return f"{self.code}: {_SENTENCES[self.code].format(**self.params)}"
