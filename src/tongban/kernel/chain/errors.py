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
        "chain.hash": "{length} bytes that name no known algorithm are no link: start a chain with GENESIS",
        "chain.key-length": "a key is 32 bytes, this is {length}: make one with `openssl rand -base64 32`",
        "chain.key-text": "this key is not base64: make one with `openssl rand -base64 32`",
        "chain.checkpoint": "this is not a checkpoint in JSON ({problem}): pass what was published",
        "chain.proof": "this is not a proof in JSON ({problem}): pass what `tongban prove` wrote",
        "chain.proof-event": "the event is not the one that was recorded: its content does not give its hash",
        "chain.proof-chain": "the events after it do not lead to the end of the log that the checkpoint covers",
        "chain.proof-path": "the end of the log is not among those that the checkpoint covers",
        "chain.proof-key": "the key in the proof is not the one that the checkpoint names",
        "chain.proof-signature": "the checkpoint does not bear the signature of its key",
        "chain.proof-trust": "the proof is signed by key {key}, which is not the one that you trust",
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
