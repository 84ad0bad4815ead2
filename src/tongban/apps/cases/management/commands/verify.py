"""``tongban verify``: prove that nobody rewrote the log, or name the first event where it breaks."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.cases.proof import verify
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Recompute every hash of every case's log, and compare the heads with the cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", nargs="?", help="one case number; without it, all")

    def handle(self, *args: Any, **options: Any) -> None:
        number = None
        if options["case"]:
            try:
                number = parse_case_number(options["case"])
            except NumberError as error:
                raise CommandError(str(error)) from error
        started = time.monotonic()
        proof = verify(case=number)
        for broken in proof.broken:
            where = f"case {format_case_number(broken.case)}, event {broken.seq} ({broken.kind})"
            self.stderr.write(f"BROKEN at {where}: {_REASONS[broken.reason]}")
        seconds = time.monotonic() - started
        self.stdout.write(f"{proof.cases} cases, {proof.events} events checked in {seconds:.1f} s.")
        if proof.broken:
            raise CommandError(f"{len(proof.broken)} logs do not verify; the first breaks are named above.")
        self.stdout.write("Every log verifies.")


_REASONS = {
    "hash": "its content or an earlier one was changed",
    "gap": "events are missing before it",
    "tail": "the case says that more, or other, events followed",
    "orphan": "there is no such case",
}
