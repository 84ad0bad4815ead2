"""What the chain refuses, by code."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ChainError"]

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "chain.integer": "the integer {value} is not exact in JSON: keep it within 2^53 - 1, or write it as a string",
        "chain.number": "{value} is not a number in JSON: use null or a string",
        "chain.text": "text with half a surrogate pair cannot be written as UTF-8: clean it before it is recorded",
        "chain.key": "the key {key} is not a string: JSON has no other keys",
        "chain.type": "a value of type {type} is not JSON: turn it into text, numbers, lists and objects first",
        "chain.depth": "this is nested too deeply to be a record: flatten it",
        "chain.hash": "a link is {expected} bytes, this is {length}: start a chain with GENESIS",
    }
)


class ChainError(ValueError):
    """A value that cannot be chained. `code` is stable; `params` fills the words."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: Mapping[str, object] = params
        super().__init__(code, params)

    def __str__(self) -> str:
        return f"{self.code}: {_SENTENCES[self.code].format(**self.params)}"
