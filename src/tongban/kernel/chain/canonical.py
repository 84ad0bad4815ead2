"""Canonical JSON (RFC 8785): one value, one sequence of bytes."""

import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from tongban.kernel.chain.errors import ChainError

__all__ = ["MOST_EXACT", "canonical"]

MOST_EXACT = 2**53 - 1
"""The largest integer that is exact in JSON."""

_encode = json.JSONEncoder(
    check_circular=False, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value: dicts (other mappings too), lists, tuples, text, numbers, booleans, None.

    Raises `ChainError`: `chain.integer` beyond 2^53 - 1, `chain.number` for NaN and infinities, `chain.text` for
    half a surrogate pair, `chain.key`, `chain.type`, `chain.depth`.
    """
    try:
        if _is_plain(value):
            return _encode(value).encode()
        return rfc8785.dumps(_checked(value))
    except UnicodeEncodeError:
        raise ChainError("chain.text") from None
    except RecursionError:
        raise ChainError("chain.depth") from None


def _is_plain(value: Any) -> bool:
    """True when the standard encoder writes exactly what RFC 8785 asks for.

    It does for text, small integers, booleans and null. It orders keys by code point and not by UTF-16 unit, which
    differs only when keys reach beyond the basic plane; and it writes floats in its own way.
    """
    kind = type(value)
    if kind is dict:
        try:
            names = "".join(value)
        except TypeError:  # a key is not text
            return False
        if not names.isascii() and max(names) > "\uffff":
            return False
        members = value.values()
    else:
        members = value if kind is list or kind is tuple else (value,)
    for member in members:
        kind = type(member)
        if kind is str or member is None or kind is bool:
            continue
        if kind is int:
            if not -MOST_EXACT <= member <= MOST_EXACT:
                return False
        elif not (kind is dict or kind is list or kind is tuple) or not _is_plain(member):
            return False
    return True


def _checked(value: Any) -> Any:
    """The same value in plain types, or the refusal that says what is wrong with it."""
    if isinstance(value, str):
        value.encode()  # half a surrogate pair shows itself here
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MOST_EXACT:
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
