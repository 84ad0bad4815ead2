"""``tongban verify``: prove that nobody rewrote the log, or name the first event where it breaks."""

import json
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.cases.proof import Proof, verify
from tongban.apps.ledger.errors import LedgerError
from tongban.apps.ledger.queries import Broken
from tongban.apps.ledger.services import signing_keys
from tongban.kernel import chain
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number

__all__ = ["Command"]

_TOLD = 100
"""So many broken logs are named; of more, only the number is told."""
_EVERY = 5.0
"""Seconds between two lines that say how far it is."""


class Command(BaseCommand):
    help = "Recompute every hash of every case's log, compare them with cases and checkpoints; or check a proof."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", help="one case number; without it, all")
        parser.add_argument("--case", help="the same")
        parser.add_argument("--since", type=_day, help="only logs that grew on this day or later, such as 2026-03-02")
        parser.add_argument("--proof", type=Path, help="check this file of `tongban prove` instead; needs no database")
        parser.add_argument("--key", action="append", default=[], help="a public key to rely on, in hexadecimal")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["proof"] is not None:
            self._check_proof(options["proof"], [*options["key"]])
            return
        typed = options["number"] or options["case"]
        number = None
        if typed:
            try:
                number = parse_case_number(typed)
            except NumberError as error:
                raise CommandError(str(error)) from error
        self._check_log(number, options["since"])

    def _check_log(self, number: int | None, since: date | None) -> None:
        started = time.monotonic()
        proof = verify(case=number, since=since, progress=self._progress(started))
        for broken in proof.broken[:_TOLD]:
            where = f"case {format_case_number(broken.case)}, event {broken.seq} ({broken.kind})"
            self.stderr.write(f"BROKEN at {where}: {_REASONS[broken.reason](broken)}")
        if len(proof.broken) > _TOLD:
            self.stderr.write(f"… and {len(proof.broken) - _TOLD} logs more.")
        for fault in proof.faults[:_TOLD]:
            self.stderr.write(f"BROKEN at the checkpoint of {fault.day}: {_FAULTS[fault.code]}")
        seconds = time.monotonic() - started
        self.stdout.write(f"{proof.logs} logs, {proof.events} events checked in {seconds:.1f} s.")
        if proof.broken:
            raise CommandError(f"{len(proof.broken)} logs do not verify; the first breaks are named above.")
        if proof.faults:
            raise CommandError(f"{len(proof.faults)} faults in checkpoints, named above.")
        self.stdout.write("Every log verifies.")

    def _progress(self, started: float) -> Callable[[Proof], None]:
        told = started

        def progress(proof: Proof) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _EVERY:
                told = now
                rate = proof.events / (now - started)
                self.stderr.write(f"… {proof.events:,} events of {proof.logs:,} logs, {rate:,.0f} events/s")
                self.stderr.flush()

        return progress

    def _check_proof(self, path: Path, keys: list[str]) -> None:
        try:
            trusted = [bytes.fromhex(key) for key in keys] or _own_keys()
        except ValueError as error:
            raise CommandError("--key is not hexadecimal: copy it from /open/checkpoints/.") from error
        try:
            proof = chain.Proof.from_json(json.loads(path.read_text(encoding="utf-8")))
            proven = chain.check_proof(proof, trusted=trusted)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"NOT PROVEN: {error}") from error
        self._tell(proven)

    def _tell(self, proven: chain.Proven) -> None:
        what = f"event {proven.seq} of case" if proven.seq else f"the log up to event {proven.head_seq} of case"
        signed = proven.checkpoint
        self.stdout.write(
            f"Proven: {what} {format_case_number(proven.case)} was in the log at the end of {signed.day}."
        )
        self.stdout.write(f"Signed {signed.signed_at.isoformat()} for {signed.city} with key {signed.key}.")
        if proven.body is not None:
            self.stdout.write(json.dumps(dict(proven.body), ensure_ascii=False, indent=2, sort_keys=True))
        if not proven.trusted:
            self.stdout.write(
                f"The key is the one in the file: {proven.public.hex()}\n"
                "Compare it with the key that the city publishes at /open/checkpoints/, or give that one with --key."
            )


def _own_keys() -> list[bytes]:
    """Where the city's own keys are at hand, they are relied on."""
    try:
        return [key.public for key in signing_keys()]
    except LedgerError:
        return []


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day on the calendar has no zone


def _rewritten(broken: Broken) -> str:
    if broken.kind == "?":
        return "it, and what followed, is gone although a checkpoint covers it"
    span = "it is" if broken.seq == broken.last else f"it, or one up to event {broken.last}, is"
    return f"{span} not what the checkpoint of its day was signed over; hashes were computed anew"


_REASONS: dict[str, Callable[[Broken], str]] = {
    "hash": lambda _: "its content or an earlier one was changed",
    "gap": lambda _: "events are missing before it",
    "tail": lambda _: "the case says that more, or other, events followed",
    "orphan": lambda _: "there is no such case",
    "rewritten": _rewritten,
}
_FAULTS = {
    "day": "checkpoints are missing before it",
    "gone": "it was removed; the ends of logs that it covered are still kept",
    "previous": "it does not follow the checkpoint before it",
    "key": "the key that it names is not one that signed then",
    "signature": "its signature does not fit",
    "heads": "the ends of logs kept for it are not those that were signed: one of its cases was rewritten with its end",
    "rotation": "the key that signs from then on was not endorsed by the one before",
}
