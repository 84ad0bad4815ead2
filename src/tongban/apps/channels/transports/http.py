"""Calls to other servers, as channels make them: what may be tried again, and what may not (``neighbours.calling``)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tongban.apps.channels.errors import TargetForbidden
from tongban.apps.channels.transports import Later, Never
from tongban.apps.neighbours import calling
from tongban.apps.neighbours.errors import TargetForbidden as Forbidden

__all__ = ["Answer", "check_target", "post", "request"]

_LARGEST = 64 * 1024
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises ``Later`` for anything else: a proxy's page, half an answer."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Later("answer-not-json")
        return found


def post(*, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post ``body``; return what came back with a status of 2xx.

    Raises ``Later`` when the server is away, slow or busy, ``Never`` when it says that it will not take this.
    """
    answer = request(method="POST", url=url, body=body, headers=headers)
    if 200 <= answer.status < 300:
        return answer
    code = f"http-{answer.status}"
    if answer.status in _BUSY:
        raise Later(code, _wanted_pause(answer))
    raise Never(code, gone=answer.status in (404, 410))


def request(*, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Call a server once. Raises ``Later`` when there is no answer, ``Never`` for an address not to be called."""
    try:
        said = calling.call(method=method, url=url, body=body, headers=headers, largest=_LARGEST)
    except Forbidden as error:
        if error.params["why"] == "unknown-host":
            raise Later("unknown-host") from error
        raise Never(f"target-{error.params['why']}") from error
    except calling.NoAnswer as error:
        raise Later(str(error)) from error
    return Answer(said.status, said.headers, said.body)


def check_target(*, url: str) -> tuple[str, int, list[str]]:
    """Return host, port and the addresses that may be called. Raises ``TargetForbidden`` (``why``)."""
    try:
        return calling.check_target(url=url)
    except Forbidden as error:
        raise TargetForbidden(why=error.params["why"]) from error


def _wanted_pause(answer: Answer) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(said), 86_400)) if said.isdecimal() else None
