"""Asking registers: least fields, a purpose, a record on both sides, and no answer without one."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongban.apps.catalog.city import get_registers
from tongban.apps.catalog.definitions.registers import Grant, Register
from tongban.apps.exchange import circuit
from tongban.apps.exchange.connectors import Away, connector_of, provide
from tongban.apps.exchange.errors import ConsentMissing, NotGranted, RegisterAway, UnknownRegister
from tongban.apps.exchange.record import close_record, open_record
from tongban.apps.exchange.requests import About, Answer, Request, digest
from tongban.apps.exchange.rounds import Round

__all__ = [
    "About",
    "Answer",
    "Request",
    "Round",
    "ask",
    "close_record",
    "fetch",
    "get_register",
    "granted",
    "open_record",
    "provide",
]

TRIES = 2


def get_register(*, code: str) -> Register:
    """Return a data service of this city. Raises ``UnknownRegister``."""
    register = get_registers().get(code)
    if register is None:
        raise UnknownRegister(register=code)
    return register


def ask(
    *,
    register: str,
    key: str,
    consumer: str,
    purpose: str,
    about: About,
    actor: str,
    at: datetime,
    fields: Sequence[str] = (),
    consent: bool = False,
    within: Round | None = None,
    now: Callable[[], datetime] = timezone.now,
) -> Answer:
    """Ask a register about the person or body with the number ``key``; return the granted fields and no others.

    ``fields``: fewer than are granted; all of these without it. ``consent``: whoever is asked about has agreed to this
    request. ``within``: the round of questions that it belongs to. It is on record before it is made, and answered on
    record before the answer is handed on. Never inside a transaction: it waits for others. Raises ``UnknownRegister``,
    ``NotGranted``, ``ConsentMissing``, ``RegisterAway`` and ``RecordNotWritten``. (State Council Order 716, 8; Personal
    Information Protection Law, 6, 13 and 14.)
    """
    service = get_register(code=register)
    grant = _grant(service, consumer, purpose, about, fields)
    if grant.consent and not consent:
        raise ConsentMissing(register=register)
    request = Request(
        register=register,
        provider=service.department,
        consumer=consumer,
        purpose=purpose,
        fields=tuple(fields or grant.fields),
        key=key,
        about=about,
        consent=grant.consent,
        actor=actor,
    )
    peer = str(service.connector.get("peer", ""))
    side = "consumer" if peer else "both"
    number = open_record(request=request, request_hash=digest(request.plain()), at=at, side=side, peer=peer)
    return _asked(service, request, number, within or Round(), now)


def granted(*, service: Register, request: Request, consumer: str, actor: str) -> Request:
    """Return what a neighbour asks as what it was granted, in ``consumer``'s name. Raises as ``ask`` does."""
    grant = _grant(service, consumer, request.purpose, request.about, request.fields)
    if grant.consent and not request.consent:
        raise ConsentMissing(register=service.code)
    return replace(
        request, provider=service.department, consumer=consumer, consent=grant.consent, actor=f"neighbour:{actor}"
    )


def fetch(*, service: Register, request: Request, number: int) -> Mapping[str, Any] | None:
    """Return what the register itself says, for a request that is on record. Raises ``connectors.Away``."""
    return _fetch(service, request, number)


def _grant(service: Register, consumer: str, purpose: str, about: About, fields: Sequence[str]) -> Grant:
    grant = service.grant(consumer=consumer, purpose=purpose)
    if grant is None or (grant.matters and about.matter not in grant.matters) or not set(fields) <= set(grant.fields):
        raise NotGranted(register=service.code, consumer=consumer, purpose=purpose)
    return grant


def _asked(service: Register, request: Request, number: int, within: Round, now: Callable[[], datetime]) -> Answer:
    started = time.perf_counter()
    try:
        is_said, found = within.said(service=service, request=request)
        if not is_said:
            found = _fetch(service, request, number)
            within.note(service=service, request=request, found=found)
    except Away as away:
        within.note_away(service=service, away=away)
        spent = _milliseconds(started)
        close_record(number=number, outcome="away", reason=away.reason, at=now(), milliseconds=spent)
        raise RegisterAway(register=service.code, reason=away.reason, number=number) from away
    values = {} if found is None else {name: found[name] for name in request.fields}
    at = now()
    close_record(
        number=number,
        outcome="absent" if found is None else "found",
        answer_hash=digest(values),
        at=at,
        milliseconds=_milliseconds(started),
    )
    return Answer(
        number=number,
        is_found=found is not None,
        values=values,
        fetched_at=at,
        fresh_until=at + service.freshness,
    )


def _fetch(service: Register, request: Request, number: int) -> Mapping[str, Any] | None:
    """One answer within the time allowed, tried twice where that may help. Raises ``Away``."""
    if circuit.is_open(register=service.code):
        raise Away("circuit")
    until = time.monotonic() + float(service.connector.get("timeout", settings.REGISTER_SECONDS))
    for left in reversed(range(TRIES)):
        try:
            found = connector_of(register=service).fetch(
                request=request, number=number, fields=request.fields, seconds=max(until - time.monotonic(), 0.05)
            )
        except Away as away:
            circuit.note_failure(register=service.code)
            if not (left and away.again and time.monotonic() < until) or circuit.is_open(register=service.code):
                raise
        else:
            circuit.note_answer(register=service.code)
            return found
    raise AssertionError("the last try raises or returns")


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
