"""Messages between systems: asking a neighbour, and taking in what a neighbour asks.

An app registers what it answers to in its ``ready()``. A message is taken in once; whoever sends it again signs it
anew, and the app that answers knows by the message itself what it has done already.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.apps.catalog.city import get_city
from tongban.apps.neighbours.calling import SECONDS, NoAnswer, call
from tongban.apps.neighbours.directory import Neighbour, get_neighbour, get_neighbours, signing
from tongban.apps.neighbours.errors import (
    Malformed,
    NeighbourAway,
    NeighbourError,
    NeighbourRefused,
    NotGranted,
    Refuse,
    Replayed,
    TargetForbidden,
    UnknownService,
    WireError,
)
from tongban.apps.neighbours.keys import find_key, learn, list_keys
from tongban.apps.neighbours.models import Nonce
from tongban.apps.neighbours.signatures import (
    Answer,
    Checked,
    Request,
    check_answer,
    check_request,
    sign_answer,
    sign_request,
)

__all__ = [
    "LARGEST",
    "PATH",
    "Taken",
    "ask",
    "forget_nonces",
    "keep_keys",
    "largest_of",
    "receive",
    "refresh_keys",
    "register",
    "send_file",
    "turn_away",
]

PATH = "/neighbours/v1/"
"""Where messages go, below the address of a neighbour."""
LARGEST = 1_000_000
"""The most bytes of a message or an answer; a file may be as large as an upload."""

_JSON, _BYTES, _PROBLEM = "application/json", "application/octet-stream", "application/problem+json"

log = logging.getLogger(__name__)


class Take(Protocol):
    """Does what a neighbour asks and returns the answer; ``said`` is empty for a file, which is ``body``.

    Raises ``Refuse`` where it does not do this.
    """

    def __call__(
        self, *, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime
    ) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class _Service:
    take: Take
    may: str
    files: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to send back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


_registered: dict[str, _Service] = {}


def register(*, service: str, take: Take, may: str = "", files: bool = False) -> None:
    """Let ``take`` answer to messages for ``service``, from neighbours who ``may``; all of them, if that is empty.

    ``files``: it takes bytes of a file instead of JSON.
    """
    _registered[service] = _Service(take, may, files)


# --- asking ----------------------------------------------------------------------------------------------------------


def ask(
    *, neighbour: str, service: str, said: Mapping[str, Any], at: datetime, seconds: float = SECONDS
) -> Mapping[str, Any]:
    """Ask a neighbour and return what it answers, signed by it; each wait lasts ``seconds`` at most.

    Raises ``UnknownNeighbour``, ``NeighboursOff``, ``OwnKeyExpired``; ``NeighbourAway`` when there is no answer that
    can be trusted; ``NeighbourRefused`` when it says that it does not do this.
    """
    return _ask(neighbour, service, _json(said), _JSON, at, seconds)[0]


def send_file(*, neighbour: str, service: str, content: bytes, at: datetime) -> Mapping[str, Any]:
    """Send a neighbour the bytes of a file; returns and raises what ``ask`` does."""
    return _ask(neighbour, service, content, _BYTES, at)[0]


def refresh_keys(*, neighbour: str, at: datetime) -> int:
    """Ask a neighbour for its keys and keep them; return how many are new. Raises what ``ask`` raises."""
    said, checked = _ask(neighbour, "keys", b"{}", _JSON, at)
    try:
        with transaction.atomic():
            return learn(neighbour=neighbour, said=said, told_by=checked.key, at=at)
    except Malformed as error:
        raise NeighbourAway(neighbour=neighbour, why=f"answer-{error.code}") from error


def keep_keys(*, at: datetime) -> None:
    """Once in a while: learn the neighbours' keys, say in the log which end soon, forget what is too old to come again.

    Who does not answer is asked again the next time.
    """
    for code in get_neighbours():
        try:
            refresh_keys(neighbour=code, at=at)
        except NeighbourError as error:
            log.warning("No keys of %s: %s", code, error)
    for row in list_keys(us=get_city().code, at=at):
        if row.state != "good":
            log.warning("Key %s/%s %s: its last day is %s", row.owner, row.key, row.state, row.until)
    forget_nonces(at=at)


def _ask(
    code: str, service: str, body: bytes, kind: str, at: datetime, seconds: float = SECONDS
) -> tuple[Mapping[str, Any], Checked]:
    neighbour = get_neighbour(code)
    request = Request(
        method="POST",
        url=f"{neighbour.url}{PATH}{service}",
        headers={"Content-Type": kind, "Accept": _JSON, "User-Agent": "tongban"},
        body=body,
    )
    sign_request(request=request, to=code, by=signing(us=get_city().code, on=at.astimezone(UTC).date()), at=at)
    try:
        said = call(
            method="POST", url=request.url, body=body, headers=request.headers, largest=LARGEST + 1, seconds=seconds
        )
    except NoAnswer as error:
        raise NeighbourAway(neighbour=code, why=str(error)) from error
    except TargetForbidden as error:
        raise NeighbourAway(neighbour=code, why=f"target-{error.params['why']}") from error
    answer = Answer(status_code=said.status, headers=dict(said.headers), body=said.body, request=request)
    return _believed(neighbour, answer, at)


def _believed(neighbour: Neighbour, answer: Answer, at: datetime) -> tuple[Mapping[str, Any], Checked]:
    """What an answer says. One that is not signed by the neighbour may be a proxy's: it decides nothing."""
    try:
        checked = check_answer(answer=answer, sender=neighbour.code, find_key=find_key, at=at)
        said = _read(answer.body)
    except WireError as error:
        raise NeighbourAway(neighbour=neighbour.code, why=f"answer-{error.code} {answer.status_code}") from error
    if answer.status_code != 200:
        told = said.get("told")
        refusal = str(said.get("code", ""))[:60]
        raise NeighbourRefused(
            neighbour=neighbour.code, refusal=refusal, told=told if isinstance(told, Mapping) else {}
        )
    return said, checked


# --- being asked -----------------------------------------------------------------------------------------------------


def largest_of(*, service: str) -> int:
    """Return how many bytes a message for ``service`` may have."""
    held = _registered.get(service)
    return settings.UPLOAD_MAX_MEGABYTES * 1_000_000 if held is not None and held.files else LARGEST


def receive(*, service: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Taken:
    """Take in one message for ``service`` and return the answer, signed; whatever is wrong with it is in the answer.

    What it says goes into no log: only who sent it, for what, and how it went.
    """
    started = perf_counter()
    request = Request(
        method="POST", url=f"{settings.BASE_URL.rstrip('/')}{PATH}{service}", headers=dict(headers), body=body
    )
    us, sender = get_city().code, ""
    try:
        sender = _check_sender(request, us, at)
        status, said = 200, _do(service, sender, us, request, at)
    except WireError as error:
        status, said = error.status, {"code": error.code, "title": str(error)}
    except Refuse as error:
        status, said = 422, {"code": error.code, "title": error.code, "told": error.told}
    code = "" if status == 200 else f" {said['code']}"
    took = round((perf_counter() - started) * 1000)
    log.info("Message from %s for %s: %s%s in %s ms", sender or "somebody", service[:60], status, code, took)
    return _answer(request, us, status, said, at)


def _check_sender(request: Request, us: str, at: datetime) -> str:
    checked = check_request(request=request, us=us, find_key=find_key, at=at)
    try:
        with transaction.atomic():
            Nonce.objects.create(sender=checked.sender, nonce=checked.nonce, until=checked.until)
    except IntegrityError as error:
        raise Replayed from error
    return checked.sender


def _do(service: str, sender: str, us: str, request: Request, at: datetime) -> Mapping[str, Any]:
    held = _registered.get(service)
    if held is None:
        raise UnknownService
    if held.may and held.may not in get_neighbours()[sender].may:
        raise NotGranted
    said = {} if held.files else _read(request.body)
    return held.take(sender=sender, us=us, said=said, body=request.body if held.files else b"", at=at)


def _answer(request: Request, us: str, status: int, said: Mapping[str, Any], at: datetime) -> Taken:
    kind = _JSON if status == 200 else _PROBLEM
    answer = Answer(status_code=status, headers={"Content-Type": kind}, body=_json(said), request=request)
    try:
        sign_answer(answer=answer, by=signing(us=us, on=at.astimezone(UTC).date()), at=at)
    except NeighbourError as error:
        log.error("An answer could not be signed: %s", error)
        return Taken(503, {"Content-Type": _PROBLEM}, b'{"code":"wire.off"}')
    return Taken(status, answer.headers, answer.body)


def turn_away(*, error: WireError) -> Taken:
    """The answer to somebody whose message is not even read: too large, or one too many. It is not signed."""
    return Taken(error.status, {"Content-Type": _PROBLEM}, _json({"code": error.code, "title": str(error)}))


def forget_nonces(*, at: datetime) -> int:
    """Delete the marks of messages that are too old to be taken in again; return how many."""
    return Nonce.objects.filter(until__lt=at).delete()[0]


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(found, dict):
        raise Malformed
    return found
