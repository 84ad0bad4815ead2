"""Registers of neighbours, and ours for neighbours: the same request, by signed messages, on record on both sides.

The asker's record is opened before the message goes out. Whoever holds the register opens one of its own, for a
consumer that its grants call ``neighbour-<code>``, with the asker's record and the asker's hash of the request in it;
its answer names its own record and the hash of that record's entry, which go into the asker's. So either record leads
to the other, and neither side can change its own unseen.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from tongban.apps.exchange import services
from tongban.apps.exchange.connectors import Away
from tongban.apps.exchange.connectors.interface import Found
from tongban.apps.exchange.errors import ConsentMissing, ExchangeError, NotGranted, RecordNotWritten
from tongban.apps.exchange.record import close_record, note_peer, open_record
from tongban.apps.exchange.requests import About, Request, digest
from tongban.apps.ledger.queries import get_hash
from tongban.apps.neighbours.errors import Malformed, NeighbourAway, NeighbourError, NeighbourRefused, Refuse
from tongban.apps.neighbours.services import ask

__all__ = ["OverWire", "answer_neighbour"]

_SERVICE = "registers/ask"


class OverWire:
    """The register ``service`` (left out: of the same code) of the neighbour ``peer``."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._peer = str(given["peer"])
        self._service = str(given.get("service", ""))

    def fetch(self, *, request: Request, number: int, fields: Sequence[str], seconds: float) -> Found:
        """See ``Connector``."""
        said = {
            "register": self._service or request.register,
            "purpose": request.purpose,
            "fields": list(fields),
            "key": request.key,
            "consent": request.consent,
            "record": f"{number:016d}",
            "hash": digest(request.plain()),
        }
        try:
            told = ask(neighbour=self._peer, service=_SERVICE, said=said, at=timezone.now(), seconds=seconds)
        except NeighbourRefused as error:
            raise Away(str(error.params["refusal"])[:64]) from error
        except NeighbourError as error:
            raise Away("connection", again=isinstance(error, NeighbourAway)) from error
        try:
            note_peer(number=number, peer_record=f"{told['record']}/{str(told['hash'])[:40]}")
            return {name: told["values"][name] for name in fields} if told["found"] else None
        except (KeyError, TypeError) as error:
            raise Away("answer") from error


def answer_neighbour(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """The service ``registers/ask``: a neighbour asks one of our registers, and gets what it was granted."""
    wanted, record, request_hash = _read(said)
    try:
        service = services.get_register(code=wanted.register)
        request = services.granted(service=service, request=wanted, consumer=f"neighbour-{sender}", actor=sender)
        number = open_record(
            request=request, request_hash=request_hash, at=at, side="provider", peer=sender, peer_record=record
        )
    except (NotGranted, ConsentMissing, RecordNotWritten, ExchangeError) as error:
        raise Refuse(error.code) from error
    started = time.perf_counter()
    try:
        found = services.fetch(service=service, request=request, number=number)
    except Away as away:
        _close(number, "away", started, reason=away.reason)
        raise Refuse("exchange.register-away", reason=away.reason) from away
    values = {} if found is None else {name: found[name] for name in request.fields}
    _close(number, "absent" if found is None else "found", started, answer_hash=digest(values))
    return {
        "found": found is not None,
        "values": values,
        "record": f"{number:016d}",
        "hash": get_hash(case=number, seq=1).hex(),
    }


def _close(number: int, outcome: str, started: float, **given: str) -> None:
    spent = round((time.perf_counter() - started) * 1000)
    try:
        close_record(number=number, outcome=outcome, at=timezone.now(), milliseconds=spent, **given)
    except RecordNotWritten as error:
        raise Refuse(error.code) from error


def _read(said: Mapping[str, Any]) -> tuple[Request, str, str]:
    try:
        fields = said["fields"]
        if not isinstance(fields, list) or not fields or len(fields) > 100:
            raise Malformed
        request = Request(
            register=str(said["register"])[:64],
            provider="",
            consumer="",
            purpose=str(said["purpose"])[:64],
            fields=tuple(str(each) for each in fields),
            key=str(said["key"])[:32],
            about=About(),
            consent=said.get("consent") is True,
            actor="",
        )
        return request, str(said["record"])[:64], str(said["hash"])[:64]
    except (KeyError, TypeError) as error:
        raise Malformed from error
