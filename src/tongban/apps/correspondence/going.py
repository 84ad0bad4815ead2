"""Calls to providers: only where we may call, bounded, and said as what may be tried again and what may not."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tongban.apps.neighbours import calling
from tongban.apps.neighbours.errors import TargetForbidden

__all__ = ["Held", "Later", "Never", "ask", "ask_json", "pause_before"]

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST, _PAUSE = timedelta(seconds=20), timedelta(hours=8)


class Later(Exception):
    """It did not go now; the text is a short code for operators."""


class Never(Exception):
    """It would not go differently; the text is a short code for operators."""


class Held(Exception):
    """The provider lets us write to them only after they have written: it waits until they do."""


def pause_before(*, tries: int, key: str) -> timedelta:
    """How long to wait after so many attempts: doubled each time up to 8 hours, spread by a half either way by ``key``:
    those that failed together do not come back together.
    """
    spread = 0.5 + int(key[:8], 16) / 0x1_0000_0000
    pause: timedelta = min(_FIRST * 2 ** min(tries - 1, 12), _PAUSE)
    return pause * spread


def ask(
    *, method: str, url: str, largest: int, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> calling.Said:
    """Call a provider once; return what it answered, of at most ``largest`` bytes. Raises ``Later``, ``Never``."""
    try:
        said = calling.call(method=method, url=url, body=body, headers=headers, largest=largest + 1)
    except TargetForbidden as error:
        if error.params["why"] == "unknown-host":
            raise Later("unknown-host") from error
        raise Never(f"target-{error.params['why']}") from error
    except calling.NoAnswer as error:
        raise Later(str(error)) from error
    if said.status in _BUSY:
        raise Later(f"http-{said.status}")
    if not 200 <= said.status < 300:
        raise Never(f"http-{said.status}")
    if len(said.body) > largest:
        raise Never("answer-too-large")
    return said


def ask_json(
    *, method: str, url: str, body: bytes | None = None, kind: str = "application/json; charset=utf-8"
) -> dict[str, Any]:
    """The same where an object of JSON is answered. Raises ``Later`` for anything else: a proxy's page, half of it.

    ``kind``: what ``body`` is.
    """
    headers = {"Content-Type": kind} if body is not None else None
    said = ask(method=method, url=url, largest=64 * 1024, body=body, headers=headers)
    try:
        found = json.loads(said.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Later("answer-not-json")
    return found
