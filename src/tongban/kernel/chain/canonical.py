"""Canonical JSON (RFC 8785): one value, one sequence of bytes."""

import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from tongban.kernel.chain.errors import ChainError

__all__ = ["canonical"]

_LARGEST = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value: dicts (other mappings too), lists, tuples, text, numbers, booleans, None.

    Raises `ChainError`: `chain.integer` beyond 2^53 - 1, `chain.number` for NaN and infinities, `chain.text` for
    half a surrogate pair, `chain.key`, `chain.type`, `chain.depth`.
    """
    try:
        if _is_plain(value):
            return _encode(value).encode()
        plain = _checked(value)
        return rfc8785.dumps(plain)
    except UnicodeEncodeError:
        raise ChainError("chain.text") from None
    except RecursionError:
        raise ChainError("chain.depth") from None
    except rfc8785.CanonicalizationError as problem:
        if isinstance(problem.__cause__, UnicodeEncodeError):
            raise ChainError("chain.text") from None
        raise


def _is_plain(value: Any) -> bool:
    """True when the standard encoder writes exactly what RFC 8785 asks for.

    It does for text, small integers, booleans and null. It orders keys by code point and not by UTF-16 unit, which
    differs only when keys reach beyond the basic plane; and it writes floats in its own way.
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is dict:
        for key in value:
            if type(key) is not str or not (key.isascii() or max(key) <= "\uffff"):
                return False
        return all(map(_is_plain, value.values()))
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return False


def _checked(value: Any) -> Any:
    """The same value in plain types, or the refusal that says what is wrong with it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ChainError("chain.integer", value=value)
        return int(value)
    if isinstance(value, float):
        if value - value != 0:
            raise ChainError("chain.number", value=value)
        return float(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ChainError("chain.key", key=repr(key))
        return {key: _checked(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(member) for member in value]
    raise ChainError("chain.type", type=type(value).__name__)
